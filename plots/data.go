package plots

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// MIME is the type under which a figure's Data travels.
const MIME = "application/vnd.hpgo.figure+json"

// Version is the version of the Data format.
const Version = 1

// Data is a checked picture on its way to the renderer: numbers are finite or
// NaN (a gap), lengths agree, every layer has something to draw.
//
// Title, Alt, size and notes are the same for all. Exactly one body follows:
// axes with layers, or one of the pointers.
type Data struct {
	Version     int      `json:"version"`
	Title       string   `json:"title,omitempty"`
	Alt         string   `json:"alt"`
	Width       float64  `json:"width"`  // inches
	Height      float64  `json:"height"` // inches
	Notes       []string `json:"notes,omitempty"`
	Interactive bool     `json:"interactive,omitempty"`

	X      AxisData    `json:"x,omitzero"`
	Y      AxisData    `json:"y,omitzero"`
	Layers []LayerData `json:"layers,omitempty"`
	Table  *TableData  `json:"table,omitempty"` // stands under the axes

	Grid       *GridData       `json:"grid,omitempty"`
	Flame      *FlameData      `json:"flame,omitempty"`
	Gantt      *GanttData      `json:"gantt,omitempty"`
	Source     *SourceData     `json:"source,omitempty"`
	Movie      *MovieData      `json:"movie,omitempty"`
	Comparison *ComparisonData `json:"comparison,omitempty"`
	Recording  *RecordingData  `json:"recording,omitempty"` // becomes one of the others before it is drawn
}

// AxisData is an axis with its range settled.
type AxisData struct {
	Label      string   `json:"label,omitempty"`
	Unit       string   `json:"unit,omitempty"`
	Log        bool     `json:"log,omitempty"`
	Min        float64  `json:"min"`
	Max        float64  `json:"max"`
	Fixed      bool     `json:"fixed,omitempty"` // the range was given: add no margin
	Whole      bool     `json:"whole,omitempty"` // counts: no ticks between whole numbers
	Categories []string `json:"categories,omitempty"`
}

// Kind names what a layer draws.
type Kind string

// The kinds of layers.
const (
	KindLine    Kind = "line"
	KindScatter Kind = "scatter"
	KindBars    Kind = "bars"
	KindHeat    Kind = "heat"
	KindImage   Kind = "image"
	KindBins    Kind = "bins"   // of a histogram: X to Right, 0 to Y
	KindBox     Kind = "box"    // quartiles of groups
	KindViolin  Kind = "violin" // densities of groups
	KindStrip   Kind = "strip"  // values of groups, one mark each, in run order
	KindRug     Kind = "rug"    // ticks at X along the x axis
	KindMark    Kind = "mark"   // an annotation
)

// LayerData is one layer. Which fields are set depends on the kind.
type LayerData struct {
	Kind    Kind         `json:"kind"`
	Name    string       `json:"name,omitempty"`
	Series  int          `json:"series,omitempty"` // which look it has; several layers may share one
	X       Numbers      `json:"xs,omitempty"`
	Y       Numbers      `json:"ys,omitempty"`
	Low     Numbers      `json:"low,omitempty"`   // lower end of a band or whisker, absolute
	High    Numbers      `json:"high,omitempty"`  // upper end
	Right   Numbers      `json:"right,omitempty"` // right ends of bins
	Base    Numbers      `json:"base,omitempty"`  // where stacked bars begin; Y is where they end
	Of      int          `json:"of,omitempty"`    // points before thinning, if there were more
	Step    bool         `json:"step,omitempty"`
	Markers bool         `json:"markers,omitempty"`
	Hollow  bool         `json:"hollow,omitempty"`
	Values  bool         `json:"values,omitempty"` // write the numbers beside the marks
	Flat    bool         `json:"flat,omitempty"`   // horizontal bars
	Fill    bool         `json:"fill,omitempty"`   // a line's area down to zero
	Thin    bool         `json:"thin,omitempty"`   // a lesser line: a fit, a candidate
	Dash    int          `json:"dash,omitempty"`   // a line's pattern, where it isn't that of the series
	Width   float64      `json:"width,omitempty"`  // of boxes and violins, along the category axis; the room of a bar at a number, on a log axis in decades
	Heat    *HeatData    `json:"heat,omitempty"`
	Boxes   []BoxData    `json:"boxes,omitempty"` // also tells what strips, violins, bins and densities are made of
	Violins []ViolinData `json:"violins,omitempty"`
	Mark    *MarkData    `json:"mark,omitempty"`
	PNG     []byte       `json:"png,omitempty"` // an image, rows from the top
	Extent  Extent       `json:"extent,omitzero"`
}

// Extent is the rectangle that a heat map or image covers.
type Extent struct {
	X0 float64 `json:"x0"`
	X1 float64 `json:"x1"`
	Y0 float64 `json:"y0"`
	Y1 float64 `json:"y1"`
}

// HeatData is a field of numbers as 255 levels between Min and Max.
type HeatData struct {
	Rows      int     `json:"rows"`
	Cols      int     `json:"cols"`
	Min       float64 `json:"min"`
	Max       float64 `json:"max"`
	Least     float64 `json:"least,omitempty"`    // of all values, before those of neighbours were averaged;
	Greatest  float64 `json:"greatest,omitempty"` // Min and Max are the ends of the colours
	Log       bool    `json:"log,omitempty"`
	Diverging bool    `json:"diverging,omitempty"` // colours on both sides of zero
	Label     string  `json:"label,omitempty"`
	Unit      string  `json:"unit,omitempty"`
	Levels    []byte  `json:"levels"`           // a grey PNG: 0 is missing, 1 to 255 from Min to Max; row 0 first
	Values    Numbers `json:"values,omitempty"` // the numbers themselves, of a small field
}

// Numbers is a slice of floats whose NaNs JSON can hold, as null.
type Numbers []float64

// MarshalJSON writes NaN and infinities as null.
func (n Numbers) MarshalJSON() ([]byte, error) {
	out := append(make([]byte, 0, 2+10*len(n)), '[')
	for i, v := range n {
		if i > 0 {
			out = append(out, ',')
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			out = append(out, "null"...)
			continue
		}
		out = strconv.AppendFloat(out, v, 'g', -1, 64)
	}
	return append(out, ']'), nil
}

// UnmarshalJSON reads null as NaN.
func (n *Numbers) UnmarshalJSON(data []byte) error {
	text := bytes.TrimSpace(data)
	if string(text) == "null" {
		return nil
	}
	if len(text) < 2 || text[0] != '[' || text[len(text)-1] != ']' {
		return fmt.Errorf("read numbers: %.20q is no list", text)
	}
	text = bytes.TrimSpace(text[1 : len(text)-1])
	*n = make(Numbers, 0, bytes.Count(text, []byte{','})+1)
	for len(text) > 0 {
		one, rest, _ := bytes.Cut(text, []byte{','})
		v := math.NaN()
		if one = bytes.TrimSpace(one); string(one) != "null" {
			var err error
			if v, err = strconv.ParseFloat(string(one), 64); err != nil {
				return fmt.Errorf("read numbers: %w", err)
			}
		}
		*n, text = append(*n, v), rest
	}
	return nil
}
