package display

// Bundle is one value in several MIME forms, as Jupyter shows them.
// Data maps a MIME type to a string (text, SVG, HTML, base64 of binary images)
// or, for types that end in "json", to any value that encoding/json accepts.
// Metadata is keyed the same way, for example {"image/png": {"width": 400}}.
type Bundle struct {
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// Op says what an Event does to the cell's output.
type Op string

const (
	// OpDisplay appends an output.
	OpDisplay Op = "display"
	// OpUpdate replaces the outputs that were shown under the same ID.
	OpUpdate Op = "update"
	// OpClear removes the cell's outputs; with Wait, only when the next one comes.
	OpClear Op = "clear"
	// OpResult is the value of the cell's last expression: Out[n].
	OpResult Op = "result"
	// OpInto directs the outputs that follow into the OutputArea whose widget has
	// the ID, in the place of those that it shows; OpBack ends that.
	OpInto Op = "into"
	OpBack Op = "back"
)

// Event is one display message on its way from user code to the front end.
type Event struct {
	Op     Op     `json:"op"`
	ID     string `json:"id,omitempty"` // display id, for updates
	Wait   bool   `json:"wait,omitempty"`
	Bundle Bundle `json:"bundle"`
}
