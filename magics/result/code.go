package result

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hpgo/magics/quantity"
)

// Code counts machine instructions: of a function, or of what a line became.
type Code struct {
	Instructions int `json:"instructions"`
	Bytes        int `json:"bytes"`
	// Calls are those of functions whose names the code has, runtime included, by
	// name; Interface and Closure those of methods through interfaces and of function
	// values, Dynamic all whose target only the running program knows.
	Calls     map[string]int `json:"calls,omitempty"`
	Interface int            `json:"interface,omitempty"`
	Closure   int            `json:"closure,omitempty"`
	Dynamic   int            `json:"dynamic,omitempty"`
	Bounds    int            `json:"bounds,omitempty"`   // conditional jumps of bounds checks
	Barriers  int            `json:"barriers,omitempty"` // calls of the write barrier
	Packed    int            `json:"packed,omitempty"`   // instructions that compute with several numbers at once
	Vector    int            `json:"vector,omitempty"`   // bits of the widest register in which they do
}

// RuntimeCalls is how often the code calls the runtime in its ordinary course: not
// to grow the stack, to panic, or for write barriers, which are counted themselves.
func (c Code) RuntimeCalls() int {
	n := 0
	for name, count := range c.Calls {
		if OrdinaryRuntime(name) {
			n += count
		}
	}
	return n
}

// OrdinaryRuntime reports whether a function is one of the runtime's that does work
// when nothing is wrong.
func OrdinaryRuntime(name string) bool {
	name, ok := strings.CutPrefix(name, "runtime.")
	if !ok {
		return false
	}
	for _, p := range []string{"morestack", "panic", "goPanic", "gopanic", "gcWriteBarrier", "wbZero", "wbMove"} {
		if strings.HasPrefix(name, p) {
			return false
		}
	}
	return true
}

// Summary is the counts in words.
func (c Code) Summary() string {
	parts := []string{quantity.Counted(c.Instructions, "instruction"), quantity.Counted(c.Bytes, "byte")}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, quantity.Counted(n, what))
		}
	}
	add(c.Bounds, "bounds check")
	add(c.Barriers, "write barrier")
	add(c.Interface, "interface call")
	add(c.Closure, "function value call")
	add(c.Dynamic-c.Interface-c.Closure, "other indirect call")
	if c.Packed > 0 {
		parts = append(parts, fmt.Sprintf("%s in %d-bit registers", quantity.Counted(c.Packed, "vector instruction"), c.Vector))
	}
	return strings.Join(parts, ", ")
}

// CallList names what is called, the most frequent first.
func (c Code) CallList() string {
	names := slices.Collect(maps.Keys(c.Calls))
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(c.Calls[b], c.Calls[a]), cmp.Compare(a, b)) })
	for i, name := range names {
		if n := c.Calls[name]; n > 1 {
			names[i] = fmt.Sprintf("%s ×%d", name, n)
		}
	}
	return strings.Join(names, ", ")
}

// Disasm is the machine code that %disasm shows.
type Disasm struct {
	Functions []DisasmFunction `json:"functions"`
}

// DisasmFunction is the machine code of one function.
type DisasmFunction struct {
	Name         string              `json:"name"`             // as in the code: "main.f", "math.Hypot"
	File         string              `json:"file"`             // "cell 3", or a path
	First        int                 `json:"first"`            // the line on which it begins
	Arch         string              `json:"arch"`             // GOARCH
	Build        string              `json:"build"`            // where the code is from: "live", "go build GOAMD64=v3"
	Code         Code                `json:"code"`             //
	Note         string              `json:"note,omitempty"`   // what one should know of it
	Instructions []DisasmInstruction `json:"instructions"`     //
	Source       map[int]string      `json:"source,omitempty"` // the function's lines
}

// DisasmInstruction is one instruction.
type DisasmInstruction struct {
	Offset int    `json:"offset"` // bytes from the function's start
	Size   int    `json:"size"`
	Line   int    `json:"line"`             // of the function's source; that of the call for what was inlined
	Text   string `json:"text"`             // the instruction, in Go's syntax or GNU's
	Target *int   `json:"target,omitempty"` // offset that it may jump to
	Call   string `json:"call,omitempty"`   // the function that it calls
	Via    string `json:"via,omitempty"`    // "interface", "function value": what an indirect call goes through
	From   string `json:"from,omitempty"`   // the function that it was inlined from, with its line
	Marked bool   `json:"marked,omitempty"` // something jumps here
}

// String is the listing in the form of Python's dis: the source line where it
// begins, >> where something jumps to, the offset, the instruction.
func (d Disasm) String() string {
	var b strings.Builder
	for i, f := range d.Functions {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s, %s:%d, %s, %s\n%s\n", f.Name, f.File, f.First, f.Arch, f.Build, f.Code.Summary())
		if calls := f.Code.CallList(); calls != "" {
			fmt.Fprintf(&b, "calls %s\n", calls)
		}
		if f.Note != "" {
			fmt.Fprintf(&b, "note: %s\n", f.Note)
		}
		last := -1
		for _, in := range f.Instructions {
			b.WriteString(in.text(in.Line != last) + "\n")
			last = in.Line
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// text is the instruction's line.
func (in DisasmInstruction) text(first bool) string {
	line, mark := "", ""
	if first {
		line = fmt.Sprint(in.Line)
	}
	if in.Marked {
		mark = ">>"
	}
	text := fmt.Sprintf("%5s  %2s %#6x  %s", line, mark, in.Offset, in.Text)
	if in.From != "" {
		text = fmt.Sprintf("%-64s ; %s", text, in.From)
	}
	return text
}

// Function returns the function of a name; nil: there is none.
func (d Disasm) Function(name string) *DisasmFunction {
	for i := range d.Functions {
		if d.Functions[i].Name == name {
			return &d.Functions[i]
		}
	}
	return nil
}
