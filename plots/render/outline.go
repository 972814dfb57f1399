package render

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// pixel is a place on a picture, y downwards.
type pixel struct{ x, y float32 }

func (p pixel) plus(q pixel) pixel               { return pixel{p.x + q.x, p.y + q.y} }
func (p pixel) minus(q pixel) pixel              { return pixel{p.x - q.x, p.y - q.y} }
func (p pixel) times(f float32) pixel            { return pixel{p.x * f, p.y * f} }
func (p pixel) cross(q pixel) float32            { return p.x*q.y - p.y*q.x }
func (p pixel) dot(q pixel) float32              { return p.x*q.x + p.y*q.y }
func (p pixel) length() float32                  { return float32(math.Hypot(float64(p.x), float64(p.y))) }
func (p pixel) turned() pixel                    { return pixel{-p.y, p.x} } // a quarter
func (p pixel) between(q pixel, t float32) pixel { return p.plus(q.minus(p).times(t)) }

// polyline is a line of straight pieces.
type polyline struct {
	at     []pixel
	closed bool
}

// flatten turns a path into lines of pixels.
func (c *pngCanvas) flatten(p vg.Path) []polyline {
	var out []polyline
	var l polyline
	end := func() {
		if len(l.at) > 0 {
			out = append(out, l)
		}
		l = polyline{}
	}
	for _, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			end()
			l.at = append(make([]pixel, 0, min(len(p), 64)), c.pixel(comp.Pos))
		case vg.LineComp:
			l.at = append(l.at, c.pixel(comp.Pos))
		case vg.CurveComp:
			l.at = c.curve(l.at, comp)
		case vg.ArcComp:
			l.at = c.arc(l.at, comp)
		case vg.CloseComp:
			if len(l.at) > 0 {
				l.closed = true
				start := l.at[0]
				end()
				l.at = append(l.at, start)
			}
		}
	}
	if len(l.at) > 1 || len(out) == 0 {
		end()
	}
	return out
}

// arc adds the points of an arc, a tenth of a pixel from the true one at most.
func (c *pngCanvas) arc(at []pixel, comp vg.PathComp) []pixel {
	steps := arcSteps(float64(comp.Radius.Points())*c.scale, comp.Angle)
	for i := range steps + 1 {
		sin, cos := math.Sincos(comp.Start + comp.Angle*float64(i)/float64(steps))
		at = append(at, c.pixel(vg.Point{X: comp.Pos.X + comp.Radius*vg.Length(cos), Y: comp.Pos.Y + comp.Radius*vg.Length(sin)}))
	}
	return at
}

func arcSteps(radius, angle float64) int {
	if !(radius > 0.2) {
		return 4
	}
	steps := math.Abs(angle) / (2 * math.Acos(1-0.1/radius))
	if !(steps < 1000) {
		return 1000
	}
	return max(int(math.Ceil(steps)), 1)
}

// curve adds the points of a Bézier curve.
func (c *pngCanvas) curve(at []pixel, comp vg.PathComp) []pixel {
	if len(at) == 0 {
		return append(at, c.pixel(comp.Pos))
	}
	hull := []pixel{at[len(at)-1]}
	for _, p := range comp.Control {
		hull = append(hull, c.pixel(p))
	}
	hull = append(hull, c.pixel(comp.Pos))
	around := float32(0)
	for i := range hull[1:] {
		around += hull[i+1].minus(hull[i]).length()
	}
	steps := min(max(int(math.Sqrt(float64(around))*1.5), 4), 200)
	level := make([]pixel, len(hull))
	for i := 1; i <= steps; i++ { // de Casteljau
		copy(level, hull)
		for n := len(level) - 1; n > 0; n-- {
			for k := range n {
				level[k] = level[k].between(level[k+1], float32(i)/float32(steps))
			}
		}
		at = append(at, level[0])
	}
	return at
}

// dashed cuts lines into dashes.
func (c *pngCanvas) dashed(lines []polyline) []polyline {
	pattern, whole := make([]float32, len(c.now.dash)), float32(0)
	for i, d := range c.now.dash {
		pattern[i] = float32(max(d.Points(), 0) * c.scale)
		whole += pattern[i]
	}
	if !(whole > 0.5) {
		return lines
	}
	if len(pattern)%2 == 1 { // then dashes and gaps change places
		pattern = append(pattern, pattern...)
		whole *= 2
	}
	var out []polyline
	for _, l := range lines {
		pts := l.at
		if l.closed {
			pts = append(pts[:len(pts):len(pts)], pts[0])
		}
		part := 0
		left := float32(math.Mod(c.now.offset.Points()*c.scale, float64(whole)))
		for left >= pattern[part] {
			left -= pattern[part]
			part = (part + 1) % len(pattern)
		}
		left = pattern[part] - left
		dash := polyline{at: []pixel{pts[0]}}
		for i := range pts[1:] {
			from, to := pts[i], pts[i+1]
			length := to.minus(from).length()
			done := float32(0)
			for done+left < length {
				done += left
				at := from.between(to, done/length)
				if part%2 == 0 {
					out = append(out, polyline{at: append(dash.at, at)})
				}
				dash = polyline{at: []pixel{at}}
				part = (part + 1) % len(pattern)
				left = pattern[part]
			}
			left -= length - done
			if part%2 == 0 {
				dash.at = append(dash.at, to)
			} else {
				dash.at = append(dash.at[:0], to)
			}
		}
		if part%2 == 0 && len(dash.at) > 1 {
			out = append(out, dash)
		}
	}
	return out
}

// stroke adds a line of a width: a rectangle for each piece, and at each corner
// a round part between the two. All turn the same way, so none takes away what
// another covers.
func (a *areas) stroke(l polyline, half float32) {
	pts := make([]pixel, 0, len(l.at)+1)
	for _, p := range l.at {
		if len(pts) == 0 || p != pts[len(pts)-1] {
			pts = append(pts, p)
		}
	}
	if l.closed && len(pts) > 1 && pts[0] != pts[len(pts)-1] {
		pts = append(pts, pts[0])
	}
	var first, before pixel // directions
	for i := range len(pts) - 1 {
		along := pts[i+1].minus(pts[i])
		along = along.times(1 / along.length())
		side := along.turned().times(half)
		a.polygon(pts[i].plus(side), pts[i].minus(side), pts[i+1].minus(side), pts[i+1].plus(side))
		if i == 0 {
			first = along
		} else {
			a.corner(pts[i], before, along, half)
		}
		before = along
	}
	if l.closed && len(pts) > 2 {
		a.corner(pts[0], before, first, half)
	}
}

// corner rounds the outer side of a corner between two directions.
func (a *areas) corner(at, before, after pixel, half float32) {
	turn := before.cross(after)
	angle := math.Atan2(float64(turn), float64(before.dot(after)))
	if math.Abs(angle) < 0.02 {
		return
	}
	from := before.turned().times(half) // the outer side lies opposite to the turn
	if angle > 0 {
		from = from.times(-1)
	}
	steps := arcSteps(float64(half), angle)
	a.move(at)
	arm := func(i int) pixel {
		sin, cos := math.Sincos(angle * float64(i) / float64(steps))
		return at.plus(pixel{from.x*float32(cos) - from.y*float32(sin), from.x*float32(sin) + from.y*float32(cos)})
	}
	for i := range steps + 1 {
		if angle > 0 {
			a.line(arm(i))
		} else {
			a.line(arm(steps - i))
		}
	}
	a.close()
}
