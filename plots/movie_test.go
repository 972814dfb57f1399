package plots

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"
)

func movieOf(frames ...any) Movie {
	var m Movie
	for _, f := range frames {
		m.Add(f)
	}
	return m
}

func TestMovieBadInput(t *testing.T) {
	line := Line{Y: []int{1, 2}}
	figure := Figure{Layers: Layers{line}}
	slow := movieOf(line)
	slow.Delay = time.Hour
	quick := movieOf(line)
	quick.Delay = time.Millisecond
	many := movieOf()
	for range 500 {
		many.Add(line)
	}
	for name, c := range map[string]struct {
		movie Movie
		want  string
	}{
		"empty":     {Movie{}, "movie: it has no frames"},
		"bad frame": {Movie{Frames: []Figure{figure, {}}}, "movie: frame 2: the figure has no layers"},
		"bad added": {movieOf(line, Line{Name: "a", Y: []float64{math.NaN()}}, 7), `movie: frame 2: line "a": all of its 1 values are NaN or infinite`},
		"number":    {movieOf(7), "movie: frame 1: it is int, not a figure or a layer"},
		"nil":       {movieOf(line, nil), "movie: frame 2: it is nil"},
		"nil layer": {movieOf((*Line)(nil)), "movie: frame 1: it is nil"},
		"movie":     {movieOf(movieOf(line)), "movie: frame 1: it is a movie itself"},
		"slow":      {slow, "movie: Delay is 1h0m0s; it must be between 20ms and 1m0s"},
		"quick":     {quick, "movie: Delay is 1ms; it must be between 20ms and 1m0s"},
		"many":      {many, "movie: 500 frames of 6.5 x 4 inches are too many: 445 fit; show one frame in 2, or choose a smaller Width and Height"},
		"size":      {Movie{Frames: []Figure{figure}, Width: 99}, "movie: Width is 99 inches"},
		"names":     {movieOf(Bars{Values: map[string]int{"a": 1}}, Bars{Values: map[string]int{"b": 1}}), "movie: frame 2: its x axis has other names than that of frame 1"},
		"scale":     {movieOf(figure, Figure{Y: Axis{Log: true}, Layers: Layers{line}}), "movie: frame 2: its y axis has another scale than that of frame 1"},
		"unit":      {movieOf(line, Line{Y: []time.Duration{1, 2}}), "movie: frame 2: its y axis has another unit than that of frame 1"},
		"recording": {movieOf(Flame{Profile: []byte("x")}), "movie: frame 1: it is a recorded profile or trace, which can't be a frame"},
		"colours":   {movieOf(Heat{Z: [][]float64{{1e308}}}, Heat{Z: [][]float64{{-1e308}}}), "movie: frame 2: its x axis"},
	} {
		if name == "colours" {
			c.want = "movie: frame 1: colours can't span -1e+308 to 1e+308"
		}
		t.Run(name, func(t *testing.T) {
			_, err := c.movie.Encode()
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestMovieSharesAxesAndColours(t *testing.T) {
	field := [][]float64{{0, 1}, {2, 3}}
	big := make([][]float64, 30)
	for r := range big {
		big[r] = make([]float64, 30)
		for c := range big[r] {
			big[r][c] = float64(r * c)
		}
	}
	m := Movie{Frames: []Figure{{Title: "start", Layers: Layers{Heat{Z: field}}}}, Title: "Flow", Notes: []string{"mine"}}
	m.Add(Heat{Z: field, X: [2]float64{0, 5}})
	field[1][1] = 99 // Add has read it; Frames are read later
	m.Add(Heat{Z: [][]float64{{math.NaN(), 7}, {-1, 3}}})
	m.Add(Heat{Z: big})
	d, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := m.Encode()
	if err != nil || len(again.Movie.Frames) != len(d.Movie.Frames) || again.Alt != d.Alt {
		t.Errorf("encoded again: %v", err)
	}
	titles := ""
	for i, f := range d.Movie.Frames {
		titles += f.Title + "|"
		h := f.Layers[0].Heat
		if h.Min != -1 || h.Max != 841 || f.X.Min != 0 || f.X.Max != 30 || f.Width != d.Width || len(f.Notes) != 2 {
			t.Errorf("frame %d: colours %v to %v, x %v to %v, notes %q", i+1, h.Min, h.Max, f.X.Min, f.X.Max, f.Notes)
		}
	}
	if titles != "Flow: start|Flow |Flow |Flow |" {
		t.Errorf("titles %q", titles)
	}
	if got := fmt.Sprint(d.Movie.Frames[0].Layers[0].Heat.Values, d.Movie.Frames[1].Layers[0].Heat.Values); got != "[0 1 2 99] [0 1 2 3]" {
		t.Errorf("numbers %s", got)
	}
}

func TestMovieNotes(t *testing.T) {
	nan := math.NaN()
	m := movieOf(Line{Name: "a", Y: []float64{1, nan}}, Line{Name: "a", Y: []float64{1, nan, nan}}, Line{Name: "b", Y: []float64{nan, 1}}, Line{Name: "a", Y: []float64{1, nan}})
	d, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := `frame 1: line "a": 1 of 2 values is NaN or infinite and left out; alike in 2 more frames|frame 3: line "b": 1 of 2 values is NaN or infinite and left out`
	if got := strings.Join(d.Notes, "|"); got != want {
		t.Errorf("notes %s", got)
	}
}

func TestStretchedLevels(t *testing.T) {
	for _, log := range []bool{false, true} {
		var v []float64
		for i := range 1000 {
			v = append(v, 2+float64(i)/10)
		}
		v[500] = math.NaN()
		z := field{rows: 10, cols: 100, v: v, min: 2, max: 101.9}
		wide := z
		wide.min, wide.max = 1, 400
		want, err := wide.levels(log)
		if err != nil {
			t.Fatal(err)
		}
		h := HeatData{Rows: 10, Cols: 100, Min: z.min, Max: z.max, Log: log}
		if h.Levels, err = z.levels(log); err != nil {
			t.Fatal(err)
		}
		if err := h.stretch(1, 400); err != nil {
			t.Fatal(err)
		}
		for i, level := range greyOf(t, want) {
			got := greyOf(t, h.Levels)[i]
			if d := int(got) - int(level); d < -1 || d > 1 || (level == 0) != (got == 0) {
				t.Fatalf("log %v: level %d of value %v, want %d", log, got, v[i], level)
			}
		}
	}
}

func TestMovieText(t *testing.T) {
	var m Movie
	m.Title, m.Delay = "Growth", 250*time.Millisecond
	for i := range 3 {
		m.Add(Line{Name: "n", Y: []float64{1, math.NaN(), float64(i) + 2}})
	}
	want := `
Growth
movie of 3 frames, 250 ms each
first:
  Growth
  x 0 to 2; y 1 to 4
  n  ▁ ▃  1 to 2 (3 points)
last:
  Growth
  x 0 to 2; y 1 to 4
  n  ▁ █  1 to 4 (3 points)
note: line "n": 1 of 3 values is NaN or infinite and left out`[1:]
	if got := m.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for n, want := range map[int]int{1: 144, 111: 144, 200: 107, 445: 72} {
		d := Data{Width: 6.5, Height: 4, Movie: &MovieData{Frames: make([]Data, n)}}
		if got := d.DPI(); got != want {
			t.Errorf("%d frames: %d dots per inch, want %d", n, got, want)
		}
	}
}

func greyOf(t *testing.T, data []byte) []byte {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.Gray).Pix
}
