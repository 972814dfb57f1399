package render

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// sunburst draws a tree of stacks as rings, callers inside. It starts at the
// top and turns clockwise.
type sunburst struct{ *flames }

// ring is a part of a ring: radii in points, angles in radians from the top,
// clockwise.
type ring struct {
	center       vg.Point
	inner, outer vg.Length
	from, to     float64
}

// Sizes in points and radians.
const (
	leastRing   = 6.0
	ringGap     = 0.7
	leastAngle  = 0.002
	ringText    = 7.5
	roundedPart = 1.6 // the centre's radius in rings
)

func (s *sunburst) draw(area draw.Canvas) error {
	levels := 1
	for _, d := range s.depth {
		levels = max(levels, d+1)
	}
	radius := min(area.Max.X-area.Min.X, area.Max.Y-area.Min.Y) / 2
	width := radius / (vg.Length(levels) + roundedPart)
	if width < leastRing {
		return s.tooSmall()
	}
	center := vg.Point{X: (area.Min.X + area.Max.X) / 2, Y: (area.Min.Y + area.Max.Y) / 2}
	for i, frame := range s.data.Frames {
		r := ring{center: center, from: s.angle(s.start[i]), to: s.angle(s.start[i] + frame.Value)}
		if r.to-r.from < leastAngle {
			continue
		}
		r.inner = width * (vg.Length(s.depth[i]) + roundedPart)
		r.outer = r.inner + width - ringGap
		s.sector(r, s.colour(i), frame)
	}
	s.centre(center, width*roundedPart-2*ringGap)
	return nil
}

func (s *sunburst) angle(v float64) float64 { return 2 * math.Pi * v / s.data.Total }

// sector draws one frame.
func (s *sunburst) sector(r ring, fill color.NRGBA, frame plots.FlameFrame) {
	c := &s.canvas
	svg := svgOf(c)
	if svg != nil {
		svg.Begin(s.words(frame))
	}
	c.SetColor(fill)
	c.Fill(r.path())
	sty := textStyle(ringText, readableOn(fill))
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	if words, at, turn := r.label(sty, s.labels(frame)); words != "" {
		sty.Rotation = turn
		c.FillText(sty, at, words)
	}
	if svg != nil {
		svg.End()
	}
}

// point is at a radius and an angle.
func (r ring) point(radius vg.Length, angle float64) vg.Point {
	sin, cos := math.Sincos(angle)
	return vg.Point{X: r.center.X + radius*vg.Length(sin), Y: r.center.Y + radius*vg.Length(cos)}
}

// path is the outline. Neighbours leave a gap, unless they are too narrow.
func (r ring) path() vg.Path {
	gap := ringGap / float64(r.outer)
	from, to := r.from, r.to
	if to-from > 3*gap && to-from < 2*math.Pi-gap {
		to -= gap
	}
	// vg counts angles from the right, counterclockwise.
	turned := func(a float64) float64 { return math.Pi/2 - a }
	var p vg.Path
	p.Move(r.point(r.outer, from))
	p.Arc(r.center, r.outer, turned(from), from-to)
	p.Line(r.point(r.inner, to))
	p.Arc(r.center, r.inner, turned(to), to-from)
	p.Close()
	return p
}

// label finds the fullest text that lies inside, along the ring or across it,
// and where and how it is turned.
func (r ring) label(sty text.Style, texts []string) (words string, at vg.Point, turn float64) {
	mid := (r.from + r.to) / 2
	middle := (r.inner + r.outer) / 2
	height := sty.Font.Size * 1.15
	along, across := vg.Length(0), vg.Length(0)
	if height <= r.outer-r.inner {
		// A straight text in a bent band: its upper corners stay below the outer
		// arc, its lower ones between the sides.
		top, bottom := float64(middle+height/2), float64(middle-height/2)
		along = 2 * vg.Length(math.Sqrt(math.Max(float64(r.outer*r.outer)-top*top, 0)))
		if half := (r.to - r.from) / 2; half < math.Pi/2 {
			along = min(along, 2*vg.Length(bottom*math.Tan(half)))
		}
	}
	if half := (r.to - r.from) / 2; half >= math.Pi/2 || float64(r.inner)*math.Tan(half) >= float64(height)/2 {
		across = r.outer - r.inner
	}
	width := max(along, across) - 2*flamePad
	if words = fullest(sty, texts, width); words == "" {
		return "", at, 0
	}
	turn = -mid // upright at the top
	if across > along {
		turn = math.Pi/2 - mid
	}
	if math.Cos(turn) < -1e-9 { // never upside down
		turn += math.Pi
	}
	return words, r.point(middle, mid), turn
}

// centre writes the total in the middle.
func (s *sunburst) centre(at vg.Point, radius vg.Length) {
	whole := ring{center: at, outer: radius}
	var p vg.Path
	p.Move(whole.point(radius, math.Pi/2))
	p.Arc(at, radius, 0, 2*math.Pi)
	p.Close()
	c := &s.canvas
	svg := svgOf(c)
	if svg != nil {
		svg.Begin(s.all())
	}
	c.SetColor(neutral)
	c.Fill(p)
	sty := textStyle(ringText, readableOn(neutral))
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	width := 2*radius*0.85 - flamePad
	if words := fullest(sty, []string{s.data.What}, width); words != "" {
		c.FillText(sty, vg.Point{X: at.X, Y: at.Y + ringText*0.62}, words)
	}
	if words := fullest(bold(sty), []string{plots.SI(s.data.Total, s.data.Unit)}, width); words != "" {
		c.FillText(bold(sty), vg.Point{X: at.X, Y: at.Y - ringText*0.62}, words)
	}
	if svg != nil {
		svg.End()
	}
}
