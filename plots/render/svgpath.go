package render

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// compactFrom is the number of points from which a path is written with
// relative coordinates, in half the bytes. Shorter ones stay easy to read.
const compactFrom = 400

// compactPath writes a path of straight lines by the steps from point to point,
// in tenths of a point, which is a tenth of the width of a line, or hundredths
// for a page that enlarges it. Steps are taken between rounded points: errors
// don't add up. It returns nil for a path that has curves or is short.
func (c *svgCanvas) compactPath(p vg.Path) []byte {
	if len(p) < compactFrom {
		return nil
	}
	w := stepWriter{digits: c.stepDigits()}
	for _, comp := range p {
		x, y := c.page(comp.Pos.X.Points(), comp.Pos.Y.Points())
		switch comp.Type {
		case vg.MoveComp:
			w.move(x, y)
		case vg.LineComp:
			w.line(x, y)
		case vg.CloseComp:
			w.close()
		default:
			return nil
		}
	}
	return w.out
}

// compactDots writes dots as lines of no length, in rows: steps between
// neighbours are short.
func (c *svgCanvas) compactDots(pts []vg.Point) []byte {
	w := stepWriter{digits: c.stepDigits()}
	at := make([][2]int, len(pts))
	for i, p := range pts {
		x, y := c.page(p.X.Points(), p.Y.Points())
		at[i] = [2]int{w.round(x), w.round(y)}
	}
	slices.SortFunc(at, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0])) })
	for _, p := range slices.Compact(at) {
		w.moveTo(p[0], p[1])
		w.out = append(w.out, "h0"...)
	}
	return w.out
}

func (c *svgCanvas) stepDigits() int {
	if c.live != nil {
		return 2
	}
	return 1
}

// stepWriter writes the data of an SVG path as relative steps. Places are whole
// numbers of the last digit.
type stepWriter struct {
	out            []byte
	digits         int
	x, y           int // the pen
	startX, startY int // of the subpath
	op             byte
}

// round finds a place. Paths are clipped to the page, but what comes from
// foreign data must not overflow.
func (w *stepWriter) round(v float64) int {
	return int(math.Round(math.Min(math.Max(v, -1e6), 1e6) * math.Pow10(w.digits)))
}

func (w *stepWriter) move(x, y float64) { w.moveTo(w.round(x), w.round(y)) }

func (w *stepWriter) moveTo(x, y int) {
	w.startX, w.startY = x, y
	w.step('m', x-w.x, y-w.y)
	w.x, w.y = x, y
	w.op = 'l' // what numbers after a move mean
}

func (w *stepWriter) line(x, y float64) {
	tx, ty := w.round(x), w.round(y)
	dx, dy := tx-w.x, ty-w.y
	switch {
	case dx == 0 && dy == 0:
		return
	case dx == 0:
		w.steps('v', dy)
	case dy == 0:
		w.steps('h', dx)
	default:
		w.step('l', dx, dy)
	}
	w.x, w.y = tx, ty
}

func (w *stepWriter) close() {
	w.out = append(w.out, 'z')
	w.x, w.y, w.op = w.startX, w.startY, 'z'
}

func (w *stepWriter) step(op byte, dx, dy int) {
	w.steps(op, dx)
	w.number(dy, true)
}

// steps writes a command and its first number; the letter is left out where it
// is that of the command before.
func (w *stepWriter) steps(op byte, v int) {
	follows := op == w.op && op != 'm'
	if !follows {
		w.out = append(w.out, op)
	}
	w.op = op
	w.number(v, follows)
}

// number writes a step without needless zeros. After another number, minus
// signs part the two.
func (w *stepWriter) number(v int, follows bool) {
	if v < 0 {
		w.out = append(w.out, '-')
		v = -v
	} else if follows {
		w.out = append(w.out, ' ')
	}
	unit := int(math.Pow10(w.digits))
	whole, part := v/unit, v%unit
	if whole != 0 || part == 0 {
		w.out = strconv.AppendInt(w.out, int64(whole), 10)
	}
	if part == 0 {
		return
	}
	w.out = append(w.out, '.')
	for unit /= 10; unit > 0 && part > 0; unit /= 10 {
		w.out = append(w.out, byte('0'+part/unit))
		part %= unit
	}
}
