package plots

import (
	"math"
	"strings"
	"testing"
	"time"
)

func samples() []MemorySample {
	return []MemorySample{
		{T: 0, RSS: 10 << 20, Heap: 4 << 20, Goal: 8 << 20, Cycles: 3},
		{T: 10 * time.Millisecond, RSS: 14 << 20, Heap: 7 << 20, Goal: 8 << 20, Cycles: 3},
		{T: 20 * time.Millisecond, RSS: 14 << 20, Heap: 5 << 20, Goal: 9 << 20, Cycles: 4},
	}
}

func TestMemoryLayers(t *testing.T) {
	m := Memory{Title: "M", Samples: samples(), HighWater: 15 << 20, Regions: []Task{
		{Name: "inner", From: 2 * time.Millisecond, To: 5 * time.Millisecond}, {Name: "outer", From: 1 * time.Millisecond, To: 19 * time.Millisecond}},
		Runs: []Memory{{T: []float64{0, 0.01, 0.02}, RSS: []int{9 << 20, 30 << 20, 9 << 20}}}}
	d, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range d.Layers {
		words := string(l.Kind) + " " + l.Name
		if l.Mark != nil {
			words = d.markText(l.Mark)
		}
		if l.Hollow {
			words += ", dashed"
		}
		got = append(got, words)
	}
	want := `span of x from 1 ms to 19 ms: outer 18 ms
span of x from 2 ms to 5 ms: inner 3 ms
line RSS
line heap
line GC goal
rug 1 collection
peak at 10 ms, 14 MiB: peak 14 MiB
line RSS, run 1, dashed
peak at 10 ms, 30 MiB: run 1: peak 30 MiB
rule at y = 15 MiB: high-water mark 15 MiB`
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("layers\n%s", s)
	}
	if d.Layers[1].Mark.Depth != 1 || !d.Layers[3].Fill || !d.Layers[4].Step || d.Layers[5].X[0] != 0.02 || d.Y.Unit != "MiB" || d.Y.Min != 0 {
		t.Errorf("%+v", d.Layers)
	}
}

func TestMemoryFields(t *testing.T) {
	type row struct {
		At   time.Duration
		Heap uint64
	}
	d, err := Memory{Data: []row{{0, 1 << 20}, {time.Second, 2 << 20}}, T: "At", Heap: "Heap", GC: []time.Duration{time.Second / 2}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Layers) != 3 || d.Layers[0].Name != "heap" || d.Layers[2].Mark.Label != "peak 2 MiB" {
		t.Errorf("%+v", d.Layers)
	}
	if text := (Memory{Samples: samples()}).String(); !strings.Contains(text, "peak at 10 ms, 14 MiB: peak 14 MiB") {
		t.Errorf("%s", text)
	}
}

func TestBadMemory(t *testing.T) {
	for name, tt := range map[string]struct {
		m    Memory
		want string
	}{
		"nothing":    {Memory{}, "memory: T is nil, not a slice of numbers"},
		"empty":      {Memory{Samples: []MemorySample{}}, "memory: it has no samples"},
		"unknown":    {Memory{Samples: []MemorySample{{T: 1, Goal: 5}}}, "memory: it has neither RSS nor Heap"},
		"both":       {Memory{Samples: samples(), T: []int{1}}, "memory: Samples come alone"},
		"lengths":    {Memory{T: []int{1, 2}, RSS: []int{1}}, "memory: T has 2 values and RSS has 1"},
		"negative":   {Memory{T: []int{1, 2}, RSS: []int{1, -500}}, "memory: RSS is -500 B at value 2; memory has no sizes below zero"},
		"backwards":  {Memory{T: []int{0, 2, 1}, RSS: []int{1, 1, 1}}, "memory: T goes back from 2 s to 1 s at value 3"},
		"names":      {Memory{T: []int{1}, RSS: []string{"a"}}, "memory: RSS holds names"},
		"collection": {Memory{Samples: samples(), GC: 3}, "memory: GC is int, not a slice of times"},
		"region":     {Memory{Samples: samples(), Regions: []Task{{Name: "r", From: time.Second, To: time.Millisecond}}}, `memory: region 1 ("r") from 1s to 1ms has no place in time`},
		"run":        {Memory{Samples: samples(), Runs: []Memory{{Name: "old"}}}, `memory: run 1 ("old"): T is nil`},
		"nan":        {Memory{T: []float64{math.NaN()}, RSS: []float64{1}}, `line "RSS": all of its 1 values are NaN or infinite`},
	} {
		if _, err := tt.m.Encode(); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s", name, err, tt.want)
		}
	}
}

func TestBadRugs(t *testing.T) {
	for name, tt := range map[string]struct {
		fig  Figure
		want string
	}{
		"nil":       {Figure{Layers: Layers{Rug{Name: "r"}}}, `rug "r": X is nil`},
		"names":     {Figure{Layers: Layers{Rug{X: []string{"a"}}}}, "rug: it needs an axis of numbers"},
		"on names":  {Figure{Layers: Layers{Bars{Values: []int{1}}, Rug{X: []int{1}}}}, "rug: it needs an axis of numbers"},
		"nothing":   {Figure{X: Axis{Log: true}, Layers: Layers{Line{X: []int{1}, Y: []int{1}}, Rug{X: []float64{0, math.NaN()}}}}, "rug: none of its 2 values can be drawn"},
		"alone":     {Figure{Layers: Layers{Rug{X: []int{1}}}}, "the y axis has nothing to show"},
		"durations": {Figure{Layers: Layers{Line{Y: []int{1}}, Rug{Name: "gc", X: []time.Duration{1}}}}, `rug "gc": durations and plain numbers share the x axis`},
	} {
		if _, err := tt.fig.Encode(); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s", name, err, tt.want)
		}
	}
	d, err := Figure{X: Axis{Log: true}, Layers: Layers{Line{X: []int{1, 10}, Y: []int{1, 2}}, Rug{X: []float64{0, 2, math.NaN()}}}}.Encode()
	if err != nil || strings.Join(d.Notes, "|") != "rug: 1 of 3 values is NaN or infinite and left out|rug: 1 of 3 values is not above zero and left out on the log axis" {
		t.Errorf("notes %q: %v", d.Notes, err)
	}
}

func TestHighWaterBelowThePeak(t *testing.T) {
	d, err := Memory{T: []int{0, 1}, RSS: []int{100, 300}, HighWater: 250}.Encode()
	if err != nil || len(d.Notes) != 1 || !strings.HasPrefix(d.Notes[0], "memory: RSS reaches 300 B, more than the high-water mark of 250 B") {
		t.Errorf("%q %v", d.Notes, err)
	}
}

func TestMemoryUnits(t *testing.T) {
	for most, want := range map[float64]string{900: "B", 1000: "KiB", 1 << 20: "MiB", 1100 << 20: "GiB"} {
		rss := []float64{1, most}
		d, err := Memory{T: []int{0, 1}, RSS: rss, HighWater: uint64(most * 0.99), Runs: []Memory{{T: []int{0}, Heap: []int{5}}}}.Encode()
		if err != nil || d.Y.Unit != want || rss[1] != most || len(d.Notes) != 0 {
			t.Errorf("%v: %s, %v, %q", most, d.Y.Unit, err, d.Notes)
		}
	}
}
