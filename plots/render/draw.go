package render

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
	"hpgo/plots/recording"
)

// SVG draws a figure as an SVG document.
func SVG(d plots.Data) (out []byte, err error) {
	defer recovered(&err)
	if d, err = recording.Resolve(d); err != nil {
		return nil, err
	}
	if err := check(d); err != nil {
		return nil, err
	}
	t := adaptive()
	c := newSVGCanvas(vg.Length(d.Width)*vg.Inch, vg.Length(d.Height)*vg.Inch, t)
	if err := (&sheet{data: d, theme: t, canvas: draw.New(c)}).draw(); err != nil {
		return nil, err
	}
	return c.document(d.Title, d.Alt), nil
}

// DPI is the resolution of PNGs: twice that of a plain screen.
const DPI = 192

// PNG draws a figure as a PNG picture on white.
func PNG(d plots.Data) (out []byte, err error) {
	defer recovered(&err)
	if d, err = recording.Resolve(d); err != nil {
		return nil, err
	}
	if err := check(d); err != nil {
		return nil, err
	}
	if d.Movie != nil {
		return moving(d)
	}
	c, err := painted(d, min(DPI, int(8000/math.Max(d.Width, d.Height))))
	if err != nil {
		return nil, err
	}
	return c.encoded()
}

// painted draws a picture on white.
func painted(d plots.Data, dpi int) (*pngCanvas, error) {
	t := onWhite()
	c := newPNGCanvas(vg.Length(d.Width)*vg.Inch, vg.Length(d.Height)*vg.Inch, dpi, t.background)
	if err := (&sheet{data: d, theme: t, canvas: draw.New(c)}).draw(); err != nil {
		return nil, err
	}
	return c, nil
}

// recovered turns a panic of the drawing library into an error: figures may
// come from a notebook that someone else wrote.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("draw figure: panic: %v", p)
	}
}

// sheet is a picture being drawn: what all bodies share.
type sheet struct {
	data   plots.Data
	theme  *theme
	canvas draw.Canvas
}

// Distances in points.
const (
	margin    = 6
	gap       = 5
	barWidth  = 10 // of a colour bar
	tickMark  = 3
	noteLines = 6
	// titleLines is where a title is cut. It is whole in the file's title.
	titleLines = 3
)

// draw places title and notes and the body between them.
func (s *sheet) draw() error {
	return s.drawIn(draw.Crop(s.canvas, margin, -margin, margin, -margin))
}

// drawIn draws into a part of the canvas, as a panel of a grid is.
func (s *sheet) drawIn(area draw.Canvas) error {
	area = s.title(area)
	area = s.notes(area)
	if !(area.Max.X-area.Min.X > 20 && area.Max.Y-area.Min.Y > 20) {
		return s.tooSmall()
	}
	if s.data.Grid != nil {
		return (&multiples{sheet: s, data: s.data.Grid}).draw(area)
	}
	if s.data.Movie != nil {
		return fmt.Errorf("a movie can't be drawn as a still picture")
	}
	if s.data.Source != nil {
		return (&listing{sheet: s, data: s.data.Source}).draw(area)
	}
	if s.data.Flame != nil {
		return (&flames{sheet: s, data: s.data.Flame}).draw(area)
	}
	if s.data.Comparison != nil {
		return (&comparison{sheet: s, data: s.data.Comparison}).draw(area)
	}
	if s.data.Gantt != nil {
		return (&timeline{sheet: s, data: s.data.Gantt}).draw(area)
	}
	return (&panel{sheet: s}).draw(area)
}

func (s *sheet) tooSmall() error {
	return fmt.Errorf("draw figure: %.3g x %.3g inches are too small for its labels", s.data.Width, s.data.Height)
}

func (s *sheet) title(area draw.Canvas) draw.Canvas {
	if s.data.Title == "" {
		return area
	}
	sty := bold(textStyle(titleSize, s.theme.ink))
	for _, line := range someLines(s.data.Title, titleLines, func(t string) bool { return sty.Width(t) <= area.Max.X-area.Min.X }) {
		area.FillText(sty, vg.Point{X: area.Min.X, Y: area.Max.Y}, line)
		area.Max.Y -= titleSize * 1.3
	}
	area.Max.Y -= gap
	return area
}

// notes stand below the axes; what doesn't fit is in the alternative text.
func (s *sheet) notes(area draw.Canvas) draw.Canvas {
	sty := textStyle(noteSize, s.theme.ink)
	var lines []string
	for _, n := range s.data.Notes {
		lines = append(lines, someLines("note: "+n, noteLines+1, func(t string) bool { return sty.Width(t) <= area.Max.X-area.Min.X })...)
	}
	if len(lines) > noteLines {
		lines = append(lines[:noteLines-1], fmt.Sprintf("… %d more lines of notes", len(lines)-noteLines+1))
	}
	for i := len(lines) - 1; i >= 0; i-- {
		area.Min.Y += noteSize * 1.3
		area.FillText(sty, vg.Point{X: area.Min.X, Y: area.Min.Y}, lines[i])
	}
	if len(lines) > 0 {
		area.Min.Y += gap
	}
	return area
}

// wrapped breaks text between words so that each line fits.
func wrapped(text string, fits func(string) bool) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case fits(line + " " + word):
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// someLines breaks text like wrapped, and cuts it after a number of lines and
// words that are longer than one.
func someLines(text string, most int, fits func(string) bool) []string {
	lines := wrapped(text, fits)
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] = within(lines[most-1], func(t string) bool { return fits(strings.TrimSuffix(t, "…") + " …") })
		if !strings.HasSuffix(lines[most-1], "…") {
			lines[most-1] += " …"
		}
	}
	for i := range lines {
		lines[i] = within(lines[i], fits)
	}
	return lines
}

// within cuts a text to what fits.
func within(text string, fits func(string) bool) string {
	if fits(text) {
		return text
	}
	runes := []rune(text)
	n := sort.Search(len(runes), func(n int) bool { return !fits(string(runes[:n]) + "…") })
	return strings.TrimRight(string(runes[:max(n-1, 0)]), " ") + "…"
}
