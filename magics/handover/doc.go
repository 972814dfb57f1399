// Package handover carries values between the process of the cells and that of
// another language, through a file that normally lies in shared memory. It is
// linked into cells that hand something over: the standard library is all it
// uses.
//
// A file begins with Mark and the length of its head, 8 bytes each, little
// endian. The head is a JSON list of variables, each a Node: a tree of lists,
// maps and scalars. What is large lies behind the head, at offsets that count
// from the first multiple of Align after it: the elements of arrays as they are
// in memory, little endian, and the bytes of strings. So an array of ten million
// numbers is copied once when it is written, and mapped or copied once when it
// is read.
package handover

import "fmt"

// Mark begins a file.
const Mark = "hpgohov1"

// Align is what offsets of bulk data are multiples of.
const Align = 64

// The kinds of nodes.
const (
	kindArray   = "array"   // Dtype, Shape, At
	kindStrings = "strings" // Lengths, At, Size
	kindList    = "list"    // Items
	kindMap     = "map"     // Keys, Values
	kindRows    = "rows"    // Names, Items: the columns of a list of records
	kindStruct  = "struct"  // Names, Items: the fields of one record
	kindNone    = "none"
	kindScalar  = "scalar" // Dtype, Text
)

// Node is one value in the head of a file.
type Node struct {
	Kind string `json:"k"`
	Name string `json:"name,omitempty"` // of a variable
	// Dtype is the kind of a number: b1 (bool), i1 to i8, u1 to u8, f4, f8, c8,
	// c16 (size in bytes), M8 (time, in nanoseconds since 1970, or noTime), m8
	// (duration, in nanoseconds), and for scalars str and int, an integer of any
	// size.
	Dtype   string   `json:"t,omitempty"`
	Shape   []int    `json:"shape,omitempty"`
	At      int64    `json:"at,omitempty"`
	Size    int64    `json:"size,omitempty"`
	Text    string   `json:"v,omitempty"` // of a scalar; "re im" of a complex one
	Lengths *Node    `json:"lengths,omitempty"`
	Keys    *Node    `json:"keys,omitempty"`
	Values  *Node    `json:"values,omitempty"`
	Names   []string `json:"names,omitempty"`
	Items   []*Node  `json:"items,omitempty"`
	Count   int      `json:"n,omitempty"` // of rows
}

// ReportMIME is the MIME type under which a Report travels.
const ReportMIME = "application/vnd.hpgo.handover+json"

// Report says what Save did.
type Report struct {
	File  string `json:"file"`  // what was written
	Error string `json:"error"` // why nothing was
}

// MIMEBundle gives the report to the kernel.
func (r Report) MIMEBundle() map[string]any {
	return map[string]any{ReportMIME: r, "text/plain": fmt.Sprintf("handed over in %s", r.File)}
}
