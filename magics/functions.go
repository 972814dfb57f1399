package magics

import "context"

// Sources finds the code of functions.
type Sources interface {
	// Function returns the function that an expression names: of the session ("f",
	// "T.m", "(*T).m", or "v.m" with a variable v), or of a package that cells may
	// import ("math.Hypot", "gonum/mat.(*Dense).Mul"). The error is one line and
	// names what is near.
	Function(ctx context.Context, expr string) (Function, error)
	// Functions returns all functions of a package, or with "" those of the session.
	Functions(ctx context.Context, path string) ([]Function, error)
}

// Function is a function with its source.
type Function struct {
	Key     string // "f", "T.m": for cell.Counted, and for Program.CountIn
	Name    string // "f", "(*T).m", "mat.(*Dense).Mul"
	Package string // import path; "" for the session
	Cell    int    // of the session's
	File    string // where the source is: "cell 3", or a path
	First   int    // number of the first line
	Lines   []string
	// NoGo says why there is no Go code to look at: it is written in assembly, or
	// the linker puts another function in its place.
	NoGo string
}
