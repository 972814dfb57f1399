package plots

// Form is the shape in which a tree of stacks is drawn.
type Form string

// The forms of a Flame.
const (
	Flames   Form = ""         // callers below, callees above
	Icicle   Form = "icicle"   // callers above, callees below
	Sunburst Form = "sunburst" // callers inside, callees outside
)
