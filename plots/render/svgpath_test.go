package render

import (
	"math"
	"regexp"
	"strconv"
	"testing"

	"gonum.org/v1/plot/vg"
)

var pathToken = regexp.MustCompile(`[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)`)

// followed reads the data of an SVG path of relative lines and returns the
// points that it passes; those after a move have a NaN before them.
func followed(t *testing.T, data []byte) [][2]float64 {
	t.Helper()
	tokens := pathToken.FindAllString(string(data), -1)
	var out [][2]float64
	var x, y, startX, startY float64
	op := byte(0)
	next := func() float64 {
		if len(tokens) == 0 {
			t.Fatal("the path ends in a command")
		}
		v, err := strconv.ParseFloat(tokens[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		tokens = tokens[1:]
		return v
	}
	for len(tokens) > 0 {
		if c := tokens[0][0]; c >= 'a' && c <= 'z' {
			op, tokens = c, tokens[1:]
		}
		switch op {
		case 'm':
			x, y = x+next(), y+next()
			startX, startY, op = x, y, 'l'
			out = append(out, [2]float64{math.NaN(), math.NaN()})
		case 'l':
			x, y = x+next(), y+next()
		case 'h':
			x += next()
		case 'v':
			y += next()
		case 'z':
			x, y = startX, startY
		default:
			t.Fatalf("command %q", op)
		}
		out = append(out, [2]float64{x, y})
	}
	return out
}

func TestCompactPaths(t *testing.T) {
	c := newSVGCanvas(400, 300, adaptive())
	var p vg.Path
	var want [][2]float64
	var gen noise = 9
	for i := range 3000 {
		pt := vg.Point{X: vg.Length(i) / 8, Y: vg.Length(150 + 300*gen.next())}
		switch {
		case i%500 == 0:
			p.Move(pt)
			want = append(want, [2]float64{math.NaN(), math.NaN()})
		case i%7 == 0:
			pt.X = p[len(p)-1].Pos.X
			p.Line(pt)
		case i%11 == 0:
			pt.Y = p[len(p)-1].Pos.Y
			p.Line(pt)
		default:
			p.Line(pt)
		}
		want = append(want, [2]float64{pt.X.Points(), 300 - pt.Y.Points()})
	}
	data := c.compactPath(p)
	got := followed(t, data)
	if len(got) != len(want) || len(data) > 10*len(want) {
		t.Fatalf("%d points in %d bytes, want %d", len(got), len(data), len(want))
	}
	for i := range want {
		if math.Abs(got[i][0]-want[i][0]) > 0.0501 || math.Abs(got[i][1]-want[i][1]) > 0.0501 || math.IsNaN(got[i][0]) != math.IsNaN(want[i][0]) {
			t.Fatalf("point %d is %v, want %v", i, got[i], want[i])
		}
	}

	var area vg.Path
	for range compactFrom {
		area.Move(vg.Point{X: 10, Y: 10})
		area.Line(vg.Point{X: 20, Y: 10})
		area.Line(vg.Point{X: 20, Y: 20})
		area.Close()
	}
	for i, p := range followed(t, c.compactPath(area)) {
		if want := [][2]float64{{math.NaN(), 0}, {10, 290}, {20, 290}, {20, 280}, {10, 290}}[i%5]; p != want && i%5 > 0 {
			t.Fatalf("point %d is %v, want %v", i, p, want)
		}
	}
	curved := append(area, vg.PathComp{Type: vg.ArcComp, Radius: 3, Angle: 1})
	if c.compactPath(curved) != nil || c.compactPath(area[:100]) != nil {
		t.Error("curves and short paths are written in full")
	}
}
