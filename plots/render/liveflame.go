package render

import (
	"strings"

	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// liveFlame is a tree of stacks as the script of an interactive page draws it,
// with the colours and words of the plain picture.
type liveFlame struct {
	Box    [4]float64  `json:"box"` // left, top, right, bottom of the frames
	Form   plots.Form  `json:"form,omitempty"`
	What   string      `json:"what"`
	All    string      `json:"all"` // the total
	Unit   string      `json:"unit,omitempty"`
	Total  float64     `json:"total"`
	Fills  [][2]string `json:"fills"` // colours of frames and of the text on them
	Frames []liveFrame `json:"frames"`
}

// liveFrame is one frame; the keys are short because there may be thousands.
type liveFrame struct {
	Name   string  `json:"n"`
	Words  string  `json:"w"` // after the name, for hovering
	Parent int     `json:"p"`
	Value  float64 `json:"v"`
	Fill   int     `json:"f"`           // index in Fills
	Share  string  `json:"s,omitempty"` // of a difference: the change
}

// body begins the part of the frames on an interactive page, and returns what
// ends it.
func (f *flames) body(area draw.Canvas) (end func()) {
	svg := asLive(&f.canvas)
	if svg == nil || !svg.live.single {
		return func() {}
	}
	d := f.data
	out := &liveFlame{Box: svg.pageBox(area.Rectangle), Form: d.Form, What: d.What, All: plots.SI(d.Total, d.Unit), Unit: d.Unit, Total: d.Total}
	fills := map[[2]string]int{}
	fill := func(i int) int {
		c := f.colour(i)
		key := [2]string{hex(c), hex(readableOn(c))}
		at, ok := fills[key]
		if !ok {
			at = len(out.Fills)
			fills[key] = at
			out.Fills = append(out.Fills, key)
		}
		return at
	}
	out.Fills = append(out.Fills, [2]string{hex(neutral), hex(readableOn(neutral))}) // of the total
	for i, frame := range d.Frames {
		l := liveFrame{Name: frame.Name, Words: strings.TrimPrefix(f.words(frame), frame.Name), Parent: frame.Parent, Value: frame.Value, Fill: fill(i)}
		if d.Diff {
			l.Share = plots.Points(d.Change(frame))
		}
		out.Frames = append(out.Frames, l)
	}
	svg.live.flames = append(svg.live.flames, out)
	svg.region(`data-part="redrawn"`)
	return func() { svg.region("") }
}
