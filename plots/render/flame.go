package render

import (
	"fmt"
	"image/color"
	"math"
	"regexp"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// flames draws a tree of stacks: as rows of bars, or as rings.
type flames struct {
	*sheet
	data   *plots.FlameData
	depth  []int     // of each frame, 0 for outermost
	start  []float64 // where each begins, of Total
	spread float64   // the change in share that has the deepest colour
}

// Sizes in points.
const (
	flameRow    = 15.0 // height of a row where there is room
	flameLeast  = 4.0
	flameText   = 8.0
	flamePad    = 2.5 // between a frame's edge and its text
	flameGap    = 0.6 // between frames
	flameNarrow = 11  // of a frame that has text
	legendRow   = 13
)

// maxFlames limits the frames of foreign data.
const maxFlames = 20_000

// checkFlame refuses trees that don't add up.
func checkFlame(d *plots.FlameData) error {
	switch d.Form {
	case plots.Flames, plots.Icicle, plots.Sunburst:
	default:
		return fmt.Errorf("flame graph has the unknown form %q; a newer program made it", d.Form)
	}
	if !(d.Total > 0) || !finite(d.Total) || len(d.Frames) == 0 || len(d.Frames) > maxFlames {
		return fmt.Errorf("flame graph has %d frames and a total of %v", len(d.Frames), d.Total)
	}
	sums := make([]float64, len(d.Frames)+1)
	for i, f := range d.Frames {
		if f.Parent < -1 || f.Parent >= i || f.Group < 0 || f.Group > 0 && f.Group >= len(d.Groups) {
			return fmt.Errorf("flame graph: frame %d has parent %d and group %d", i, f.Parent, f.Group)
		}
		if !(f.Value > 0 && f.Value <= d.Total*2) || !(f.Self >= 0) || !finite(f.Self) || !(f.Base >= 0) || !finite(f.Base) {
			return fmt.Errorf("flame graph: frame %d has the values %v, %v and %v", i, f.Value, f.Self, f.Base)
		}
		sums[f.Parent+1] += f.Value
	}
	for i, sum := range sums {
		all := d.Total
		if i > 0 {
			all = d.Frames[i-1].Value
		}
		if sum > all*(1+1e-6) {
			return fmt.Errorf("flame graph: the frames inside frame %d add up to %v of %v", i-1, sum, all)
		}
	}
	return nil
}

// draw places the legend and the frames.
func (f *flames) draw(area draw.Canvas) error {
	f.place()
	area.Max.Y -= f.legend(area)
	defer f.body(area)()
	if f.data.Form == plots.Sunburst {
		return (&sunburst{f}).draw(area)
	}
	rows := 1
	for _, d := range f.depth {
		rows = max(rows, d+2) // the first is the total
	}
	height := min((area.Max.Y-area.Min.Y)/vg.Length(rows), flameRow)
	width := area.Max.X - area.Min.X
	if height < flameLeast || width < 50 {
		return f.tooSmall()
	}
	row := func(n int) (lo, hi vg.Length) {
		if f.data.Form == plots.Icicle {
			return area.Max.Y - vg.Length(n+1)*height + flameGap, area.Max.Y - vg.Length(n)*height
		}
		return area.Min.Y + vg.Length(n)*height, area.Min.Y + vg.Length(n+1)*height - flameGap
	}
	sty := textStyle(min(flameText, height*0.72), color.Black)
	lo, hi := row(0)
	all := f.all()
	f.bar(vg.Rectangle{Min: vg.Point{X: area.Min.X, Y: lo}, Max: vg.Point{X: area.Max.X, Y: hi}}, neutral, sty, all, fullest(sty, []string{all}, width-2*flamePad))
	for i, frame := range f.data.Frames {
		lo, hi := row(f.depth[i] + 1)
		x0 := area.Min.X + width*vg.Length(f.start[i]/f.data.Total)
		x1 := x0 + width*vg.Length(frame.Value/f.data.Total)
		if x1-x0 > 3*flameGap {
			x1 -= flameGap
		}
		words := ""
		if x1-x0 >= flameNarrow {
			words = fullest(sty, f.labels(frame), x1-x0-2*flamePad)
		}
		f.bar(vg.Rectangle{Min: vg.Point{X: x0, Y: lo}, Max: vg.Point{X: x1, Y: hi}}, f.colour(i), sty, f.words(frame), words)
	}
	return nil
}

// all is the text of the frame of everything.
func (f *flames) all() string {
	s := f.data.What + " " + plots.SI(f.data.Total, f.data.Unit)
	if f.data.Diff {
		s += ", base " + plots.SI(f.data.Base, f.data.Unit)
	}
	return s
}

// place finds where each frame begins and how deep it is.
func (f *flames) place() {
	n := len(f.data.Frames)
	f.depth, f.start = make([]int, n), make([]float64, n)
	next := make([]float64, n+1) // where the next child of a frame begins; of the roots at 0
	for i, frame := range f.data.Frames {
		if frame.Parent >= 0 {
			f.depth[i] = f.depth[frame.Parent] + 1
		}
		f.start[i] = next[frame.Parent+1]
		next[frame.Parent+1] += frame.Value
		next[i+1] = f.start[i]
		if f.data.Diff {
			f.spread = math.Max(f.spread, math.Abs(f.data.Change(frame)))
		}
	}
	f.spread = math.Max(f.spread, 0.01) // noise shouldn't look like a change
}

// bar draws one frame of a flame graph or icicle.
func (f *flames) bar(box vg.Rectangle, fill color.NRGBA, sty text.Style, title, words string) {
	c := &f.canvas
	svg := svgOf(c)
	switch {
	case svg != nil && words == "":
		c.SetColor(fill)
		svg.block(box, title)
		return
	case svg != nil:
		svg.Begin(title)
		c.SetColor(fill)
		svg.block(box, "")
	default:
		c.SetColor(fill)
		c.Fill(box.Path())
	}
	if words != "" {
		sty.Color = readableOn(fill)
		sty.YAlign = draw.YCenter
		c.FillText(sty, vg.Point{X: box.Min.X + flamePad, Y: (box.Min.Y+box.Max.Y)/2 + 0.5}, words)
	}
	if svg != nil {
		svg.End()
	}
}

// svgOf is the SVG canvas below c, or nil.
func svgOf(c *draw.Canvas) *svgCanvas {
	t, _ := asTitled(c)
	svg, _ := t.(*svgCanvas)
	return svg
}

// block fills an upright rectangle, in the few bytes that allow for a thousand
// of them. The title is its own unless it is empty.
func (c *svgCanvas) block(box vg.Rectangle, title string) {
	x0, y0 := c.page(box.Min.X.Points(), box.Max.Y.Points())
	x1, y1 := c.page(box.Max.X.Points(), box.Min.Y.Points())
	tenth := func(v float64) float64 { return math.Round(v*10) / 10 }
	x0, y0, x1, y1 = tenth(x0), tenth(y0), math.Max(tenth(x1), tenth(x0)+0.1), tenth(y1)
	fmt.Fprintf(&c.buf, `<path d="M%s %sh%sv%sh%sz"%s`, num(x0), num(y0), num(x1-x0), num(y1-y0), num(x0-x1), c.paint("fill"))
	if title == "" || c.live != nil && c.live.redrawn {
		c.buf.WriteString("/>")
		return
	}
	c.buf.WriteString("><title>" + escape(title) + "</title></path>\n")
}

// words is what a frame's hover title says.
func (f *flames) words(frame plots.FlameFrame) string {
	d := f.data
	s := frame.Name + ", " + d.Amount(frame.Value)
	switch {
	case frame.Self == frame.Value:
		s += ", all self"
	case frame.Self > 0:
		s += ", self " + d.Amount(frame.Self)
	}
	switch {
	case d.Diff && frame.Base == 0:
		s += ", new"
	case d.Diff:
		s += ", before " + plots.SI(frame.Base*d.Base/d.Total, d.Unit) + " (" + plots.SI(100*frame.Base/d.Total, "%") + ")"
	}
	if frame.Detail != "" {
		s += "\n" + frame.Detail
	}
	return s
}

// labels are the texts of a frame from the fullest to the shortest.
func (f *flames) labels(frame plots.FlameFrame) []string {
	share := plots.SI(100*frame.Value/f.data.Total, "%")
	if f.data.Diff {
		share = plots.Points(f.data.Change(frame))
	}
	labels := []string{frame.Name + " " + share, frame.Name}
	if _, usual := groupShades[f.family(frame)]; !usual && f.family(frame) != "" {
		return labels // not code: "notes.md" is no md of a package notes
	}
	plain := unqualified(frame.Name)
	labels = append(labels, plain)
	if _, method, ok := strings.Cut(plain, ")."); ok && plain[0] == '(' {
		labels = append(labels, method)
	}
	return labels
}

// literal recognises the names of function literals, which say nothing alone.
var literal = regexp.MustCompile(`^func\d`)

// unqualified is the name of a Go function without its package.
func unqualified(name string) string {
	head, _, _ := strings.Cut(name, "[")
	if strings.ContainsAny(head, " /:") || strings.HasPrefix(name, "(") {
		return name
	}
	if _, rest, ok := strings.Cut(name, "."); ok && rest != "" && !literal.MatchString(rest) {
		return rest
	}
	return name
}

// fullest is the first of the texts that is narrow enough, or the start of the
// last one; nothing where less than three letters have room.
func fullest(sty text.Style, texts []string, width vg.Length) string {
	if width <= 0 {
		return ""
	}
	for _, t := range texts {
		if t = strings.Join(strings.Fields(t), " "); sty.Width(t) <= width {
			return t
		}
	}
	letters := []rune(strings.Join(strings.Fields(texts[len(texts)-1]), " "))
	lo, hi := 0, min(len(letters), 200)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if sty.Width(string(letters[:mid])+"…") <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo < 3 {
		return ""
	}
	return strings.TrimRight(string(letters[:lo]), ".( ") + "…"
}
