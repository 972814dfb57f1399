package render

import (
	"hpgo/plots"
)

// liveGantt is a timeline as the script of an interactive page draws it.
type liveGantt struct {
	Box   [4]float64        `json:"box"` // left, top, right, bottom of the rows
	Axis  liveAxis          `json:"axis"`
	Pitch float64           `json:"pitch"` // of a lane
	First []int             `json:"first"` // the lane with which each row begins
	Lanes []int             `json:"lanes"` // of each row
	Rows  []string          `json:"rows"`
	Kinds []liveKind        `json:"kinds"`
	Spans []liveSpan        `json:"spans"`
	Marks []plots.GanttMark `json:"marks,omitempty"`
}

// liveKind is the look of spans.
type liveKind struct {
	Name string          `json:"name,omitempty"`
	Fill string          `json:"fill"`
	Ink  string          `json:"ink"` // of text on it
	Look plots.GanttLook `json:"look,omitempty"`
}

// liveSpan is one span; the keys are short because there may be thousands.
type liveSpan struct {
	Row   int     `json:"r"`
	Kind  int     `json:"k"`
	Depth int     `json:"d,omitempty"`
	From  float64 `json:"a"`
	To    float64 `json:"b"`
	Name  string  `json:"n,omitempty"`
	Many  int     `json:"m,omitempty"` // spans that it stands for
}

// livePart begins a part of the drawing on an interactive page, or ends one.
// The first one, of the rows, records what the script draws anew.
func (t *timeline) livePart(name string) {
	svg := asLive(&t.canvas)
	switch {
	case svg == nil || !svg.live.single:
		return
	case name == "":
		svg.region("")
		return
	case name == "redrawn":
		svg.live.gantts = append(svg.live.gantts, t.live(svg))
	}
	svg.region(`data-part="` + name + `"`)
}

func (t *timeline) live(svg *svgCanvas) *liveGantt {
	a := t.ticks.data
	out := &liveGantt{Box: svg.pageBox(t.body), Pitch: t.pitch.Points(), First: t.first, Lanes: t.lanes, Rows: t.data.Rows, Marks: t.data.Marks,
		Axis: liveAxis{Label: a.Label, Unit: a.Unit, Log: a.Log, Min: a.Min, Max: a.Max, Most: t.ticks.most}}
	for _, k := range t.data.Kinds {
		c := colorOf(k)
		out.Kinds = append(out.Kinds, liveKind{Name: k.Name, Fill: hex(c), Ink: hex(readableOn(c)), Look: k.Look})
	}
	for _, s := range t.data.Spans {
		out.Spans = append(out.Spans, liveSpan{Row: s.Row, Kind: s.Kind, Depth: s.Depth, From: s.From, To: s.To, Name: s.Name, Many: s.Joined})
	}
	return out
}
