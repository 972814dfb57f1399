package render

import (
	"hash/fnv"
	"image/color"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// The fills of frames have a luminance between 0.2 and 0.3, whatever their hue:
// they keep a contrast of 3 to 1 on white and on black, and black text on them
// has one of 5 to 1. Hues are Okabe and Ito's; within a family they vary a
// little, by package or function, so that neighbours differ.
var (
	warmShades   = []color.NRGBA{{0xde, 0x6c, 0x2e, 255}, {0xdd, 0x7a, 0x2d, 255}, {0xdf, 0x63, 0x3b, 255}, {0xd8, 0x7f, 0x18, 255}}
	blueShades   = []color.NRGBA{{0x49, 0x97, 0xc2, 255}, {0x55, 0x91, 0xcd, 255}, {0x76, 0x97, 0xc6, 255}, {0x56, 0x98, 0xc9, 255}}
	greenShades  = []color.NRGBA{{0x47, 0x9f, 0x7c, 255}, {0x5b, 0xa4, 0x76, 255}, {0x3b, 0x9d, 0x82, 255}}
	greyShades   = []color.NRGBA{{0x91, 0x91, 0x91, 255}, {0x95, 0x95, 0x95, 255}}
	purpleShades = []color.NRGBA{{0xc6, 0x73, 0xa4, 255}, {0xc2, 0x7d, 0xb3, 255}, {0xca, 0x71, 0x95, 255}}
	oliveShades  = []color.NRGBA{{0x98, 0x92, 0x39, 255}, {0xa7, 0x95, 0x3d, 255}, {0x8d, 0x92, 0x45, 255}}
)

// groupShades are the families of the usual groups.
var groupShades = map[string][]color.NRGBA{
	plots.GroupOwn:      warmShades,
	plots.GroupModule:   greenShades,
	plots.GroupStandard: blueShades,
	plots.GroupRuntime:  greyShades,
}

// otherShades are those of other groups, in the order in which they come.
var otherShades = [][]color.NRGBA{purpleShades, oliveShades, greenShades, blueShades, warmShades}

// The colours of differences: a smaller share, an equal one, a larger one.
var (
	shrunk  = color.NRGBA{0x36, 0x81, 0xba, 255}
	neutral = color.NRGBA{0x96, 0x96, 0x96, 255}
	grown   = color.NRGBA{0xd0, 0x54, 0x32, 255}
)

// shades is the family of a group.
func (f *flames) shades(group int) []color.NRGBA {
	if group >= len(f.data.Groups) {
		return warmShades
	}
	if s, ok := groupShades[f.data.Groups[group]]; ok {
		return s
	}
	n := 0
	for _, g := range f.data.Groups[:group] {
		if _, usual := groupShades[g]; !usual {
			n++
		}
	}
	return otherShades[n%len(otherShades)]
}

// colour is the fill of a frame.
func (f *flames) colour(i int) color.NRGBA {
	frame := f.data.Frames[i]
	if f.data.Diff {
		return changeColour(f.data.Change(frame) / f.spread)
	}
	name := frame.Name
	if f.family(frame) == plots.GroupStandard || f.family(frame) == plots.GroupModule {
		name, _, _ = strings.Cut(name, ".") // one colour for a package
	}
	h := fnv.New32a()
	h.Write([]byte(name))
	s := f.shades(frame.Group)
	return s[h.Sum32()%uint32(len(s))]
}

func (f *flames) family(frame plots.FlameFrame) string {
	if frame.Group < len(f.data.Groups) {
		return f.data.Groups[frame.Group]
	}
	return ""
}

// changeColour is the colour of a change from -1 to 1.
func changeColour(v float64) color.NRGBA {
	end := grown
	if v < 0 {
		end, v = shrunk, -v
	}
	v = min(max(v, 0), 1)
	mix := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*v + 0.5) }
	return color.NRGBA{mix(neutral.R, end.R), mix(neutral.G, end.G), mix(neutral.B, end.B), 255}
}

// maxLegend limits the groups in the legend of foreign data.
const maxLegend = 12

// legend writes what the colours mean and returns the height that it took.
func (f *flames) legend(area draw.Canvas) vg.Length {
	sty := textStyle(legendSize, f.theme.ink)
	if f.data.Diff {
		return f.changeBar(area, sty)
	}
	if len(f.data.Groups) < 2 {
		return 0
	}
	x, y := area.Min.X, area.Max.Y
	for i, name := range f.data.Groups {
		if i == maxLegend {
			name = "…"
		}
		name = shortened(name, 40)
		width := 14 + sty.Width(name) + 12
		if x+width-12 > area.Max.X && x > area.Min.X {
			x, y = area.Min.X, y-legendRow
		}
		if i < maxLegend {
			f.swatch(vg.Rectangle{Min: vg.Point{X: x, Y: y - legendSize - 1.5}, Max: vg.Point{X: x + 10, Y: y - 1.5}}, f.shades(i)[0])
		}
		f.canvas.FillText(sty, vg.Point{X: x + 14, Y: y}, name)
		x += width
		if i == maxLegend {
			break
		}
	}
	return area.Max.Y - y + legendRow + 2
}

func (f *flames) swatch(box vg.Rectangle, fill color.NRGBA) {
	f.canvas.SetColor(fill)
	f.canvas.Fill(box.Path())
}

// changeBar is the legend of a difference: a scale from shrunk to grown.
func (f *flames) changeBar(area draw.Canvas, sty text.Style) vg.Length {
	const steps, step = 11, 10
	x, y := area.Min.X, area.Max.Y
	write := func(words string) {
		f.canvas.FillText(sty, vg.Point{X: x, Y: y}, words)
		x += sty.Width(words) + 5
	}
	write("change of share: " + plots.Points(-f.spread))
	for i := range steps {
		f.swatch(vg.Rectangle{Min: vg.Point{X: x, Y: y - legendSize - 1.5}, Max: vg.Point{X: x + step, Y: y - 1.5}}, changeColour(float64(i)*2/(steps-1)-1))
		x += step
	}
	x += 5
	write(plots.Points(f.spread))
	return legendRow + 2
}
