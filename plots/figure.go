package plots

// The size of a figure that sets none, in inches.
const (
	defaultWidth  = 6.5
	defaultHeight = 4.0
	maxSide       = 40.0
)

// Figure is one panel: axes and the layers drawn over each other.
type Figure struct {
	Title  string
	Alt    string // what a screen reader says; made from the data if empty
	X, Y   Axis
	Layers Layers
	Width  float64 // inches; 6.5 if 0
	Height float64 // inches; 4 if 0, and more for many names under each other or a Table
	Notes  []string
	Table  bool // write the numbers under the axes, one row for each layer
	// Interactive shows a version to zoom and search beside the plain picture,
	// where the front end runs scripts.
	Interactive bool
}

// Layers is the list of a figure's layers, the first one at the bottom.
type Layers []Layer

// MIMEBundle shows the layers as a figure.
func (ls Layers) MIMEBundle() map[string]any { return show(Figure{Layers: ls}) }

// Axis describes an axis; the zero value fits itself to the data.
type Axis struct {
	Label  string
	Unit   string     // "s", "B": numbers get SI prefixes, the unit stands with the label
	Log    bool       // logarithmic
	Zero   bool       // the range includes zero
	Limits [2]float64 // the range, if the two differ
}

// Layer is something that a figure draws between its axes.
type Layer interface {
	encode(e *encoder) ([]LayerData, error)
}

// Encode checks the figure and returns it as data to draw. Errors name the
// layer that they come from.
func (f Figure) Encode() (Data, error) {
	e := &encoder{fig: f}
	return e.encode()
}

// MIMEBundle shows the figure in a notebook: its data, which the kernel draws,
// and a summary as text. A figure that can't be drawn is shown as the error.
func (f Figure) MIMEBundle() map[string]any { return show(f) }

// String is the figure's summary, so that fmt prints something to read.
func (f Figure) String() string { return spoken(f) }
