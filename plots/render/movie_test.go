package render

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/draw"
	"image/png"
	"math"
	"strings"
	"testing"

	"hpgo/kernel/display"
	"hpgo/plots"
)

// diffusion is a movie of a field that spreads.
func diffusion(n int) plots.Movie {
	m := plots.Movie{Width: 4, Height: 3}
	field := make([][]float64, 40)
	for r := range field {
		field[r] = make([]float64, 40)
	}
	field[20][20] = 100
	for i := range n {
		m.Add(plots.Figure{Title: fmt.Sprintf("step %d", 10*i), Layers: plots.Layers{plots.Heat{Name: "temperature", Unit: "K", Z: field, Range: [2]float64{0, 2}}}})
		for range 10 {
			field = spread(field)
		}
	}
	return m
}

func spread(field [][]float64) [][]float64 {
	next := make([][]float64, len(field))
	for r := range field {
		next[r] = append([]float64{}, field[r]...)
		for c := range field[r] {
			if r > 0 && c > 0 && r < len(field)-1 && c < len(field[r])-1 {
				next[r][c] += 0.2 * (field[r-1][c] + field[r+1][c] + field[r][c-1] + field[r][c+1] - 4*field[r][c])
			}
		}
	}
	return next
}

// playedFrame is a frame of an animated PNG as a browser shows it.
type playedFrame struct {
	picture *image.RGBA
	millis  int
}

// played reads an animated PNG that holds frames which replace each other.
func played(t *testing.T, data []byte) []playedFrame {
	t.Helper()
	var header, control, pixels []byte
	var frames []playedFrame
	var canvas *image.RGBA
	count, sequence := 0, uint32(0)
	next := func(b []byte) {
		if got := binary.BigEndian.Uint32(b); got != sequence {
			t.Fatalf("sequence number %d, want %d", got, sequence)
		}
		sequence++
	}
	finish := func() {
		if control == nil {
			return
		}
		v := func(at int) int { return int(binary.BigEndian.Uint32(control[at:])) }
		one := apng{}
		one.buf.Write(pngSignature)
		one.chunk("IHDR", control[4:12], header[8:])
		one.chunk("IDAT", pixels)
		img, err := png.Decode(bytes.NewReader(one.end()))
		if err != nil {
			t.Fatal(err)
		}
		if canvas == nil {
			canvas = image.NewRGBA(img.Bounds())
		}
		area := image.Rect(0, 0, v(4), v(8)).Add(image.Pt(v(12), v(16)))
		if !area.In(canvas.Bounds()) {
			t.Fatalf("frame at %v", area)
		}
		draw.Draw(canvas, area, img, img.Bounds().Min, draw.Src)
		copied := image.NewRGBA(canvas.Bounds())
		copy(copied.Pix, canvas.Pix)
		frames = append(frames, playedFrame{copied, int(binary.BigEndian.Uint16(control[20:])) * 1000 / int(binary.BigEndian.Uint16(control[22:]))})
		control, pixels = nil, nil
	}
	for data = data[8:]; len(data) > 0; {
		n := binary.BigEndian.Uint32(data)
		kind, body := string(data[4:8]), data[8:8+n]
		if crc32.ChecksumIEEE(data[4:8+n]) != binary.BigEndian.Uint32(data[8+n:]) {
			t.Fatalf("checksum of %s", kind)
		}
		data = data[12+n:]
		switch kind {
		case "IHDR":
			header = body
		case "acTL":
			count = int(binary.BigEndian.Uint32(body))
		case "fcTL":
			finish()
			next(body)
			control = body
		case "IDAT":
			pixels = append(pixels, body...)
		case "fdAT":
			next(body)
			pixels = append(pixels, body[4:]...)
		}
	}
	finish()
	if len(frames) != count {
		t.Errorf("%d frames of %d", len(frames), count)
	}
	return frames
}

func TestMovie(t *testing.T) {
	d := encode(t, diffusion(4))
	got, err := PNG(d)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := PNG(encode(t, diffusion(4))); err != nil || !bytes.Equal(got, again) {
		t.Errorf("drawing twice gives two movies: %v", err)
	}
	still, err := png.Decode(bytes.NewReader(got))
	if err != nil {
		t.Fatalf("other readers: %v", err)
	}
	for i, frame := range played(t, got) {
		want, err := painted(d.Movie.Frames[i], d.DPI())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(frame.picture.Pix, want.img.Pix) {
			t.Errorf("frame %d isn't what was drawn", i+1)
		}
		if i == 0 && still.At(100, 100) != want.img.At(100, 100) {
			t.Log("the still picture is of another colour model") // RGBA or NRGBA, by the reader
		}
		if millis := []int{100, 100, 100, 1000}[i]; frame.millis != millis {
			t.Errorf("frame %d stays %d ms, want %d", i+1, frame.millis, millis)
		}
	}
	if still.Bounds().Dx() != 4*d.DPI() {
		t.Errorf("%v pixels", still.Bounds())
	}
}

func TestMovieOfEqualFrames(t *testing.T) {
	var m plots.Movie
	m.Width, m.Height = 2, 2
	for range 3 {
		m.Add(plots.Line{Y: []int{1, 2}})
	}
	got, err := PNG(encode(t, m))
	if err != nil {
		t.Fatal(err)
	}
	frames := played(t, got)
	if len(frames) != 3 || !bytes.Equal(frames[0].picture.Pix, frames[2].picture.Pix) {
		t.Error("equal frames differ")
	}
}

func TestMovieBundle(t *testing.T) {
	b := Bundle(display.Format(diffusion(3)))
	pic, err := base64.StdEncoding.DecodeString(b.Data["image/png"].(string))
	if err != nil || !bytes.Contains(pic, []byte("acTL")) {
		t.Errorf("no movie: %v", err)
	}
	text := b.Data["text/plain"].(string)
	if len(b.Data) != 2 || !strings.HasPrefix(text, "movie of 3 frames, 100 ms each\nfirst:\n  step 0\n") {
		t.Errorf("%d forms, text %s", len(b.Data), text)
	}
	if size := b.Metadata["image/png"].(map[string]any); size["width"] != 384 || size["height"] != 288 {
		t.Errorf("size %v", size)
	}
	if b := Draft(display.Format(diffusion(2))); len(b.Data) != 1 {
		t.Errorf("a draft has %d forms", len(b.Data))
	}
}

func TestForeignMovie(t *testing.T) {
	for name, spoil := range map[string]func(*plots.Data){
		"no frames": func(d *plots.Data) { d.Movie.Frames = nil },
		"delay":     func(d *plots.Data) { d.Movie.Delay = math.NaN() },
		"size":      func(d *plots.Data) { d.Movie.Frames[1].Width = 3 },
		"movie":     func(d *plots.Data) { d.Movie.Frames[1].Movie = &plots.MovieData{} },
		"recording": func(d *plots.Data) { d.Movie.Frames[1].Recording = &plots.RecordingData{} },
		"bad frame": func(d *plots.Data) { d.Movie.Frames[1].Layers[0].Kind = "hologram" },
		"nested": func(d *plots.Data) {
			*d = plots.Data{Version: 1, Width: 4, Height: 4, Grid: &plots.GridData{Columns: 1, Panels: []plots.Data{*d}}}
		},
		"large": func(d *plots.Data) {
			d.Width, d.Height = 40, 40
			for i := range d.Movie.Frames {
				d.Movie.Frames[i].Width, d.Movie.Frames[i].Height = 40, 40
			}
			for range 20 {
				d.Movie.Frames = append(d.Movie.Frames, d.Movie.Frames[0])
			}
		},
	} {
		d := encode(t, diffusion(2))
		spoil(&d)
		_ = d.Summary() // must not panic
		if _, err := PNG(d); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
	if _, err := SVG(encode(t, diffusion(2))); err == nil {
		t.Error("a movie was drawn as SVG")
	}
}

func BenchmarkMovie(b *testing.B) {
	d := encode(b, diffusion(20))
	b.ReportAllocs()
	for b.Loop() {
		data, err := PNG(d)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(data)), "B")
	}
}
