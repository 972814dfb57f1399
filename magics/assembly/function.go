package assembly

// Function is the machine code of one function.
type Function struct {
	Name  string
	Arch  string // GOARCH
	File  string // as the compiler was told: a path, or "cell 3"
	Line  int    // on which the function begins
	Entry uint64 // address in the file
	Size  int    // bytes, without those that fill the space behind it
	// Instructions in the order of their addresses.
	Instructions []Instruction
}

// Instruction is one machine instruction.
type Instruction struct {
	Offset int    // bytes from the function's entry
	Size   int    // bytes
	Text   string // in Go's syntax; targets of jumps inside the function are offsets
	GNU    string // in the syntax of GNU binutils
	// Stack is where it stands in the source, innermost first: behind the place in
	// code that was inlined comes that of the call. The last is in the function
	// itself. Instructions of one place share it.
	Stack []Position
	// Target is the offset to which it may jump inside the function; -1: nowhere.
	Target int
	// Conditional says that execution may also go on behind it.
	Conditional bool
	// Call is the function that it calls, or to which it jumps at its end; ""
	// where it does neither. Indirect calls have the name Indirect.
	Call string
	// Via says through what an indirect call goes, where the instructions before it
	// tell; "" where they don't.
	Via Via
	// Vector is the width in bits of the registers in which it computes with several
	// elements at once: 128, 256 or 512; 0 if it doesn't.
	Vector int
	// Packed says that these elements are computed with, not only moved or cleared.
	Packed bool
}

// Indirect stands for a function that only the running program knows: calls of
// closures, and through interfaces.
const Indirect = "(indirect)"

// Via is through what an indirect call goes.
type Via string

// The ways of indirect calls.
const (
	Interface Via = "interface"
	Closure   Via = "function value"
)

// Position is a place in the source.
type Position struct {
	Func string
	File string
	Line int
}

// At is where the instruction stands in the function itself: the place of the
// call for what was inlined.
func (in *Instruction) At() Position {
	if len(in.Stack) == 0 {
		return Position{}
	}
	return in.Stack[len(in.Stack)-1]
}

// Inlined reports whether the instruction comes from another function's source.
func (in *Instruction) Inlined() bool { return len(in.Stack) > 1 }

// Index returns the index of the instruction that covers an offset; -1: none does.
func (f *Function) Index(offset int) int {
	lo, hi := 0, len(f.Instructions)
	for lo < hi {
		mid := (lo + hi) / 2
		if in := &f.Instructions[mid]; in.Offset+in.Size <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(f.Instructions) || f.Instructions[lo].Offset > offset {
		return -1
	}
	return lo
}

// Targets are the offsets to which instructions of the function jump.
func (f *Function) Targets() map[int]bool {
	to := map[int]bool{}
	for _, in := range f.Instructions {
		if in.Target >= 0 {
			to[in.Target] = true
		}
	}
	return to
}
