package result

// Kinds of remarks: what a compiler can say of a line.
const (
	RemarkEscape       = "escape"        // a value is allocated on the heap where it is made
	RemarkShown        = "shown"         // a cell's value is put on the heap, to be displayed
	RemarkMoved        = "moved"         // a variable is allocated on the heap where it is declared
	RemarkConstant     = "constant"      // a constant or nothing needs no memory though it escapes
	RemarkStack        = "stack"         // a value that is made there stays on the stack
	RemarkLeak         = "leak"          // what a parameter points to leaves the function
	RemarkBounds       = "bounds"        // an index is checked when it runs
	RemarkSliceBounds  = "slice-bounds"  // a slice's bounds are checked when it runs
	RemarkProved       = "proved"        // a check was shown to be needless and is gone
	RemarkNilCheck     = "nil-check"     // an instruction of its own checks for nil
	RemarkCanInline    = "can-inline"    // calls of this function can be inlined
	RemarkCannotInline = "cannot-inline" // they can't
	RemarkInlined      = "inlined"       // a call was inlined
	RemarkNotInlined   = "not-inlined"   // a call wasn't
	RemarkDevirtual    = "devirtualized" // a call through an interface became a direct one
	RemarkBarrier      = "write-barrier" // a pointer is stored with a write barrier
	RemarkCopy         = "copy"          // 128 bytes or more are copied
)

// Remark is what the compiler says of one place.
type Remark struct {
	Kind string `json:"kind"`
	File string `json:"file"` // "cell 3", or a path
	Line int    `json:"line"`
	Col  int    `json:"col,omitempty"`
	// Func is the function it is in, where the compiler says so; for RemarkCanInline
	// and RemarkCannotInline the one that it is about.
	Func string `json:"func,omitempty"`
	// What is the value, parameter or function that it is about, in Go.
	What string `json:"what,omitempty"`
	// Why is the reason in words; Flow is how a value gets to where it outlives
	// the function.
	Why    string       `json:"why,omitempty"`
	Flow   []RemarkStep `json:"flow,omitempty"`
	Cost   int          `json:"cost,omitempty"`   // of inlining, in the compiler's units
	Budget int          `json:"budget,omitempty"` // which the cost exceeds; 0: it doesn't
	Bytes  int64        `json:"bytes,omitempty"`  // that are copied
	// Count is how many of the kind there are at this place, such as both bounds of
	// a slice. Each instance of a generic function has its own.
	Count int `json:"count"`
	// From is where the checked or copied Go stands itself, if it was inlined here.
	From *RemarkPlace `json:"from,omitempty"`
}

// RemarkPlace is a place in the source.
type RemarkPlace struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col,omitempty"`
}

// RemarkStep is a step of a value's way out of the function.
type RemarkStep struct {
	RemarkPlace
	What string `json:"what"` // in Go
	How  string `json:"how"`  // in the compiler's words: return, call parameter
}
