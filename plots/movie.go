package plots

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"strings"
	"time"
	"unicode"
)

// Movie shows figures one after another, for ever: as a PNG that moves in
// browsers, in notebooks and on GitHub, and that is its first frame elsewhere.
//
//	var movie plots.Movie
//	for range steps {
//		diffuse(field)
//		movie.Add(plots.Heat{Z: field})
//	}
//	movie
//
// All frames have the size of the first, and figures have common axes and
// colours, so that only the data move.
type Movie struct {
	// Frames are shown before those that were added. What they show must not
	// change before the movie is shown; Add takes a picture at once.
	Frames []Figure
	Delay  time.Duration // from frame to frame; 100 ms if 0. The last one stays for a second at least.
	Title  string        // stands before the titles of the frames
	Alt    string        // what a screen reader says; made from the data if empty
	Width  float64       // inches; that of the first frame if 0
	Height float64       // inches; that of the first frame if 0
	Notes  []string

	added []Data
	err   error
}

// Limits of movies.
const (
	maxFrames    = 1000
	maxDelay     = 60 * time.Second
	leastDelay   = 20 * time.Millisecond // below this browsers take their own
	movieDelay   = 100 * time.Millisecond
	movieMost    = 144  // dots per inch
	movieLeast   = 72   // below this text can't be read
	moviePixels  = 60e6 // of all frames: some ten seconds to draw
	movieSummary = "  " // before the lines of a frame's text
)

// Add appends a frame: a Figure or another picture, or a layer, which becomes a
// figure of its own. It is read at once; later changes of its data don't count.
// The movie says what is wrong with a frame when it is shown.
func (m *Movie) Add(frame any) {
	if m.err != nil {
		return
	}
	d, err := frameOf(frame)
	if err != nil {
		m.err = fmt.Errorf("frame %d: %w", len(m.Frames)+len(m.added)+1, err)
		return
	}
	m.added = append(m.added, d)
}

func frameOf(frame any) (Data, error) {
	if frame == nil || nilPointer(frame) {
		return Data{}, fmt.Errorf("it is nil")
	}
	switch f := frame.(type) {
	case Movie, *Movie:
		return Data{}, fmt.Errorf("it is a movie itself")
	case Picture:
		d, err := f.Encode()
		if err == nil && d.Recording != nil {
			err = fmt.Errorf("it is a recorded profile or trace, which can't be a frame")
		}
		return d, err
	case Layer:
		return Figure{Layers: Layers{f}}.Encode()
	}
	return Data{}, fmt.Errorf("it is %s, not a figure or a layer", typeText(frame))
}

// MIMEBundle shows the movie in a notebook.
func (m Movie) MIMEBundle() map[string]any { return show(m) }

// String is the text of the first and the last frame.
func (m Movie) String() string { return spoken(m) }

// Encode checks all frames and gives them common axes.
func (m Movie) Encode() (Data, error) {
	d, err := m.encode()
	if err != nil {
		return Data{}, fmt.Errorf("movie: %w", err)
	}
	return d, nil
}

func (m Movie) encode() (Data, error) {
	d := Data{Version: Version, Title: m.Title, Alt: m.Alt}
	if m.Delay == 0 {
		m.Delay = movieDelay
	}
	if m.Delay < leastDelay || m.Delay > maxDelay {
		return d, fmt.Errorf("Delay is %v; it must be between %v and %v", m.Delay, leastDelay, maxDelay)
	}
	var frames []Data
	for i, f := range m.Frames {
		one, err := f.Encode()
		if err != nil {
			return d, fmt.Errorf("frame %d: %w", i+1, err)
		}
		frames = append(frames, one)
	}
	if m.err != nil {
		return d, m.err
	}
	for _, one := range m.added {
		one.Layers = append([]LayerData{}, one.Layers...) // Add's copy stays as it is
		frames = append(frames, one)
	}
	if len(frames) == 0 {
		return d, fmt.Errorf("it has no frames")
	}
	var err error
	if d.Width, err = side("Width", m.Width, frames[0].Width); err != nil {
		return d, err
	}
	if d.Height, err = side("Height", m.Height, frames[0].Height); err != nil {
		return d, err
	}
	if err := m.fits(d, len(frames)); err != nil {
		return d, err
	}
	if err := together(frames); err != nil {
		return d, err
	}
	m.dress(&d, frames)
	d.Movie = &MovieData{Delay: m.Delay.Seconds(), Frames: frames}
	if d.Alt == "" {
		d.Alt = d.describe()
	}
	return d, nil
}

// fits checks that drawing the frames takes bearable time.
func (m Movie) fits(d Data, n int) error {
	most := min(maxFrames, int(moviePixels/(d.Width*d.Height*movieLeast*movieLeast)))
	if n <= most {
		return nil
	}
	return fmt.Errorf("%s of %.3g x %.3g inches are too many: %d fit; show one frame in %d, or choose a smaller Width and Height",
		counted(n, "frame"), d.Width, d.Height, most, (n+most-1)/most)
}

// DPI is the resolution at which the movie is drawn: less for a long one.
func (d Data) DPI() int {
	if d.Movie == nil || len(d.Movie.Frames) == 0 {
		return movieMost
	}
	dpi := math.Sqrt(moviePixels / (float64(len(d.Movie.Frames)) * d.Width * d.Height))
	return int(math.Min(math.Max(dpi, movieLeast), movieMost))
}

// dress gives all frames one size, one set of notes and titles of equal height:
// what moves should be the data.
func (m Movie) dress(d *Data, frames []Data) {
	d.Notes = append(append([]string{}, m.Notes...), notesOf(frames)...)
	titles := m.Title != ""
	for _, f := range frames {
		titles = titles || f.Title != ""
	}
	for i := range frames {
		f := &frames[i]
		f.Width, f.Height, f.Notes, f.Interactive = d.Width, d.Height, d.Notes, false
		switch {
		case f.Title == "" && titles:
			f.Title = m.Title + " "
		case m.Title != "":
			f.Title = m.Title + ": " + f.Title
		}
	}
}

// notesOf are the notes of all frames. Of those that differ in their numbers
// only, the first one stands for all.
func notesOf(frames []Data) []string {
	type alike struct {
		note  string
		frame int
		count int
		equal bool
	}
	var kinds []*alike
	index := map[string]*alike{}
	for i, f := range frames {
		for _, n := range f.Notes {
			shape := strings.Map(func(r rune) rune {
				if unicode.IsDigit(r) {
					return -1
				}
				return r
			}, strings.ReplaceAll(n, " values is ", " values are "))
			k := index[shape]
			if k == nil {
				k = &alike{note: n, frame: i + 1, equal: true}
				index[shape] = k
				kinds = append(kinds, k)
			}
			k.count++
			k.equal = k.equal && n == k.note
		}
	}
	var notes []string
	for _, k := range kinds {
		switch {
		case k.equal && k.count >= len(frames):
			notes = append(notes, k.note)
		case k.count == 1:
			notes = append(notes, fmt.Sprintf("frame %d: %s", k.frame, k.note))
		default:
			notes = append(notes, fmt.Sprintf("frame %d: %s; alike in %s", k.frame, k.note, counted(k.count-1, "more frame")))
		}
	}
	return notes
}

// together gives the axes and colours of figures one range. Other pictures have
// none to share.
func together(frames []Data) error {
	for i := range frames {
		f, first := &frames[i], &frames[0]
		if len(f.Layers) == 0 {
			return nil
		}
		for _, a := range []struct {
			which     string
			this, one AxisData
		}{{"x", f.X, first.X}, {"y", f.Y, first.Y}} {
			if why := unlike(a.this, a.one); why != "" {
				return fmt.Errorf("frame %d: its %s axis has %s than that of frame 1", i+1, a.which, why)
			}
		}
	}
	commonRange(frames, func(d *Data) *AxisData { return &d.X })
	commonRange(frames, func(d *Data) *AxisData { return &d.Y })
	return sameColours(frames)
}

// unlike says how an axis differs from one that it should be equal to.
func unlike(a, b AxisData) string {
	switch {
	case strings.Join(a.Categories, "\x00") != strings.Join(b.Categories, "\x00"):
		return "other names"
	case a.Log != b.Log:
		return "another scale"
	case a.Unit != b.Unit:
		return "another unit"
	}
	return ""
}

// sameColours gives the heat maps at one place in the frames' layers one range
// of colours.
func sameColours(frames []Data) error {
	ranges := map[int]*extentOf{}
	for _, f := range frames {
		for j, l := range f.Layers {
			if l.Heat == nil {
				continue
			}
			if ranges[j] == nil {
				ranges[j] = &extentOf{}
			}
			ranges[j].add(l.Heat.Min, l.Heat.Max)
		}
	}
	for i, f := range frames {
		for j, l := range f.Layers {
			if l.Heat == nil || l.Heat.Min == ranges[j].min && l.Heat.Max == ranges[j].max {
				continue
			}
			h := *l.Heat
			if !drawable(ranges[j].min, ranges[j].max, h.Log) {
				return fmt.Errorf("frame %d: colours can't span %v to %v", i+1, ranges[j].min, ranges[j].max)
			}
			if err := h.stretch(ranges[j].min, ranges[j].max); err != nil {
				return fmt.Errorf("frame %d: %w", i+1, err)
			}
			frames[i].Layers[j].Heat = &h
		}
	}
	return nil
}

// stretch changes the range of the colours. The levels of a field that keeps
// its numbers are exact; others are off by one at most.
func (h *HeatData) stretch(lo, hi float64) error {
	img, err := png.Decode(bytes.NewReader(h.Levels))
	if err != nil {
		return fmt.Errorf("read levels: %w", err)
	}
	grey, ok := img.(*image.Gray)
	if !ok {
		return fmt.Errorf("read levels: they are %T", img)
	}
	scale := func(v float64) float64 {
		if h.Log {
			return math.Log(v)
		}
		return v
	}
	from, to := scale(h.Min), scale(h.Max)
	z := field{rows: h.Rows, cols: h.Cols, min: lo, max: hi, v: make([]float64, len(grey.Pix))}
	for i, level := range grey.Pix {
		switch {
		case len(h.Values) == len(grey.Pix):
			z.v[i] = h.Values[i]
		case level == 0:
			z.v[i] = math.NaN()
		default:
			part := float64(level-1) / 254
			if z.v[i] = from*(1-part) + to*part; h.Log {
				z.v[i] = math.Exp(z.v[i])
			}
		}
	}
	h.Min, h.Max = lo, hi
	h.Levels, err = z.levels(h.Log)
	return err
}

// text is the first and the last frame.
func (m *MovieData) text() string {
	if len(m.Frames) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(m.length() + "\n")
	frame := func(name string, d Data) {
		d.Notes = nil // they stand once, below
		b.WriteString(name + ":\n")
		for line := range strings.Lines(d.Summary() + "\n") {
			b.WriteString(movieSummary + line)
		}
	}
	frame("first", m.Frames[0])
	if n := len(m.Frames); n > 1 {
		frame("last", m.Frames[n-1])
	}
	return b.String()
}

func (m *MovieData) length() string {
	return fmt.Sprintf("movie of %s, %s each", counted(len(m.Frames), "frame"), SI(m.Delay, "s"))
}

// describe is the movie in words.
func (m *MovieData) describe() string {
	if len(m.Frames) == 0 {
		return m.length()
	}
	return m.length() + "; first: " + m.Frames[0].Alt + "; last: " + m.Frames[len(m.Frames)-1].Alt
}
