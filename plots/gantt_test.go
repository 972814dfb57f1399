package plots

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// job has unexported fields, as structs of a cell mostly have.
type job struct {
	worker     int
	what       string
	state      phase
	start, end time.Time
	took       time.Duration
}

type phase int

func (p phase) String() string { return [...]string{"load", "sort"}[p] }

func jobs() []job {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	return []job{
		{2, "a", 0, noon.Add(time.Second), noon.Add(3 * time.Second), 2 * time.Second},
		{1, "b", 1, noon, noon.Add(2 * time.Second), 2 * time.Second},
		{2, "c", 1, noon.Add(3 * time.Second), noon.Add(4 * time.Second), time.Second},
	}
}

func TestGanttInputs(t *testing.T) {
	pointers := []*job{}
	for _, j := range jobs() {
		pointers = append(pointers, &j)
	}
	columns := Gantt{From: []time.Duration{time.Second, 0, 3 * time.Second}, To: []time.Duration{3 * time.Second, 2 * time.Second, 4 * time.Second},
		Row: []int{2, 1, 2}, Name: []string{"a", "b", "c"}, Kind: []string{"load", "sort", "sort"}}
	for name, g := range map[string]Gantt{
		"fields":   {Data: jobs(), From: "start", To: "end", Row: "worker", Name: "what", Kind: "state"},
		"pointers": {Data: pointers, From: "start", To: "end", Row: "worker", Name: "what", Kind: "state"},
		"columns":  columns,
		"tasks": {Spans: []Task{{Row: "2", Name: "a", Kind: "load", From: time.Second, To: 3 * time.Second},
			{Row: "1", Name: "b", Kind: "sort", From: time.Duration(0), To: 2 * time.Second},
			{Row: "2", Name: "c", Kind: "sort", From: 3 * time.Second, To: 4 * time.Second}}},
	} {
		d, err := g.Encode()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := d.Gantt
		if strings.Join(got.Rows, ",") != "2,1" || got.Axis.Unit != "s" || got.Axis.Min != 0 || got.Axis.Max != 4 {
			t.Errorf("%s: rows %q, axis %+v", name, got.Rows, got.Axis)
		}
		want := []GanttSpan{{Row: 0, Kind: 0, Name: "a", From: 1, To: 3}, {Row: 0, Kind: 1, Name: "c", From: 3, To: 4}, {Row: 1, Kind: 1, Name: "b", From: 0, To: 2}}
		if fmt.Sprint(got.Spans) != fmt.Sprint(want) || strings.Join(got.Cells, " ") != "75% 50%" {
			t.Errorf("%s: spans %+v, cells %q", name, got.Spans, got.Cells)
		}
		if fmt.Sprint(got.Totals) != "[[2 1] [0 2]]" {
			t.Errorf("%s: totals %v", name, got.Totals)
		}
	}
}

func TestBadGantts(t *testing.T) {
	one := []Task{{Name: "a", From: 0, To: 1}}
	var buf *bytes.Buffer
	for _, tt := range []struct {
		name string
		g    Gantt
		want string
	}{
		{"nothing", Gantt{}, "gantt: From is nil, not a slice"},
		{"empty", Gantt{Spans: []Task{}}, "gantt: it has no spans"},
		{"both", Gantt{Spans: one, Row: []string{"a"}}, "gantt: Spans come alone"},
		{"no time", Gantt{Spans: []Task{{Name: "a", From: "noon", To: 1}}}, `gantt: span 1 ("a"): From is string, which is no time`},
		{"mixed", Gantt{Spans: []Task{{Name: "a", From: 0, To: time.Second}}}, `gantt: span 1 ("a"): To is time.Duration after others that are float64`},
		{"lengths", Gantt{From: []int{1, 2}, To: []int{3}}, "gantt: From has 2 values and To has 1"},
		{"no field", Gantt{Data: jobs(), From: "begin", To: "end"}, "gantt: From plots.job has no field begin"},
		{"no structs", Gantt{Data: 3, From: "begin", To: "end"}, "gantt: From Data is int, not a slice of structs"},
		{"no name", Gantt{From: []int{1}, To: []int{2}, Row: []any{[]int{1}}}, "gantt: Row of span 1 is []int, which is no name"},
		{"backwards", Gantt{Spans: []Task{{From: 2, To: 1}}}, "gantt: none of its 1 spans ends after it begins"},
		{"nan", Gantt{Spans: []Task{{From: math.NaN(), To: 1}, {From: 1, To: math.Inf(1)}}}, "gantt: none of its 2 spans has a beginning and an end"},
		{"zero times", Gantt{Spans: []Task{{From: time.Time{}, To: time.Time{}}}}, "gantt: none of its 1 spans has a beginning and an end"},
		{"log", Gantt{Spans: one, X: Axis{Log: true}}, "gantt: a time axis can't be logarithmic"},
		{"unit", Gantt{Spans: []Task{{From: time.Second, To: time.Minute}}, X: Axis{Unit: "h"}}, `gantt: durations are drawn in seconds, but the axis has the unit "h"`},
		{"limits", Gantt{Spans: one, X: Axis{Limits: [2]float64{5, 6}}}, "gantt: none of its spans lies within the limits"},
		{"too long", Gantt{Spans: []Task{{From: -1.7e308, To: 1.7e308}}}, "too long to draw"},
		{"width", Gantt{Spans: one, Width: 99}, "Width is 99 inches"},
		{"height", Gantt{Spans: one, Height: -1}, "Height is -1 inches"},
		{"trace and spans", Gantt{Spans: one, Trace: []byte("x")}, "gantt: Trace comes alone"},
		{"trace type", Gantt{Trace: 3}, "gantt: Trace is int, not bytes, a reader or the path of a file"},
		{"trace nil", Gantt{Trace: buf}, "gantt: Trace is a nil *bytes.Buffer"},
		{"trace nil file", Gantt{Trace: (*os.File)(nil)}, "gantt: Trace is a nil *os.File"},
		{"trace empty", Gantt{Trace: []byte{}}, "gantt: Trace is empty"},
		{"trace missing", Gantt{Trace: "/nonexistent/trace.out"}, "gantt: Trace can't be read: open /nonexistent/trace.out"},
		{"view", Gantt{Trace: []byte("x"), View: "threads"}, `gantt: View is "threads"; it may be "goroutines", "procs" or "regions"`},
		{"trace limits", Gantt{Trace: []byte("x"), X: Axis{Limits: [2]float64{0, math.Inf(1)}}}, "gantt: the trace can't be cut to 0 to +Inf s"},
		{"trace height", Gantt{Trace: []byte("x"), Height: 1e9}, "Height is 1e+09 inches"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.g.Encode()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %s", err, tt.want)
			}
			if text := tt.g.MIMEBundle()["text/plain"]; text != "plot error: "+err.Error() || tt.g.String() != text {
				t.Errorf("text %q", text)
			}
		})
	}
}

func TestGanttNotesWhatIsMissing(t *testing.T) {
	spans := []Task{{Row: "a", From: 0, To: 9}, {Row: "a", From: 3, To: 2}, {Row: "b", From: 1, To: nil}, {Row: "b", From: 20, To: 21}}
	d, err := Gantt{Spans: spans, X: Axis{Limits: [2]float64{0, 10}}, Notes: []string{"mine"}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := "mine|1 of 4 spans have no beginning or no end and are left out|1 of 4 spans end before they begin and are left out|1 of 2 spans lie outside of the limits"
	if got := strings.Join(d.Notes, "|"); got != want {
		t.Errorf("notes %s", got)
	}
	spans = nil
	for i := range 12 {
		spans = append(spans, Task{Row: "a", Kind: fmt.Sprint(i), From: 0, To: 1})
	}
	for i := range 50 {
		spans = append(spans, Task{Row: fmt.Sprint("r", i), Kind: fmt.Sprint(i), From: 0, To: float64(i) / 100})
	}
	if d, err = (Gantt{Spans: spans}).Encode(); err != nil {
		t.Fatal(err)
	}
	want = "50 kinds share 16 colours|of 51 rows, the 40 busiest are shown; MaxRows changes that|4 spans with 8 others over them at the same time in their row are left out"
	if got := strings.Join(d.Notes, "|"); got != want || len(d.Gantt.Rows) != 40 || d.Gantt.Rows[0] != "a" {
		t.Errorf("notes %s, rows %q", got, d.Gantt.Rows)
	}
}

func TestLanes(t *testing.T) {
	span := func(from, to float64) GanttSpan { return GanttSpan{From: from, To: to} }
	spans := []GanttSpan{span(0, 10), span(1, 5), span(2, 3), span(3, 4), span(5, 6), span(10, 12), {Row: 1, From: 4, To: 5}}
	if n := laneSpans(spans, 8); n != 0 {
		t.Errorf("%d too deep", n)
	}
	var got []int
	for _, s := range spans {
		got = append(got, s.Depth)
	}
	if fmt.Sprint(got) != "[0 1 2 2 1 0 0]" {
		t.Errorf("depths %v", got)
	}
}

func TestTraceTravels(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace.out")
	if err := os.WriteFile(path, []byte("trace"), 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Seek(0, 2); err != nil { // as after writing
		t.Fatal(err)
	}
	for name, v := range map[string]any{"bytes": []byte("trace"), "buffer": bytes.NewBufferString("trace"), "path": path, "file": f, "reader": strings.NewReader("trace")} {
		g := Gantt{Title: "T", Trace: v, View: ByRegion, MaxRows: 7, X: Axis{Limits: [2]float64{2, 1.5}}, Height: 3}
		for range 2 {
			d, err := g.Encode()
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			raw, err := json.Marshal(d.Recording)
			if err != nil || string(raw) != `{"trace":"dHJhY2U=","options":{"from":"1.5","rows":"7","to":"2","view":"regions"}}` || d.Height != 3 {
				t.Errorf("%s: %s %v", name, raw, err)
			}
			if text := d.Summary(); text != "T\nexecution trace of 5 B, drawn where hpgo shows it" {
				t.Errorf("%s: %q", name, text)
			}
		}
	}
}

func TestGanttText(t *testing.T) {
	d, err := Gantt{Data: jobs(), From: "start", To: "end", Row: "worker", Name: "what", Kind: "state"}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := `x: time 0 s to 4 s
█ load  ▓ sort
2            ████████████████████▓▓▓▓▓▓▓▓▓▓  load 50%, sort 25%
1  ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓                      sort 50%
mean of the rows                             sort 38%, load 25%`
	if got := d.Summary(); got != want {
		t.Errorf("text\n%s", got)
	}
	if want := "timeline of 2 rows over 4 s; 2: load 50%, sort 25%; 1: sort 50%"; d.Alt != want {
		t.Errorf("alt %s", d.Alt)
	}
}

func TestOverlappingSpansCountOnce(t *testing.T) {
	d, err := Gantt{Spans: []Task{
		{Row: "a", Name: "caller", From: 0, To: 3}, {Row: "a", Name: "callee", From: 0, To: 3},
		{Row: "b", Name: "one", From: 0, To: 1}, {Row: "b", Name: "two", From: 0.5, To: 1.5},
	}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if g := d.Gantt; g.Totals[0][0] != 3 || g.Totals[1][0] != 1.5 || g.Cells[0] != "100%" || g.Cells[1] != "50%" {
		t.Errorf("totals %v, cells %q", g.Totals, g.Cells)
	}
}
