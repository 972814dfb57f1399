package magic

import (
	"context"

	"hpgo/magics/result"
)

// Compiler shows how Go is compiled.
type Compiler interface {
	// RunExplained is RunBody; the cell is compiled so that the compiler explains what
	// it does, which doesn't change the code. What was explained before an error comes
	// with it.
	RunExplained(ctx context.Context) (Outcome, Explained, error)
	// Explain compiles a program as Measure does for the session's worker, explained,
	// and doesn't run it. All of the session's declarations are compiled with it.
	Explain(ctx context.Context, p Program) (Explained, error)
	// ExplainPackage compiles a package by path once more, explained, with more in
	// the compiler's environment. It has no objects.
	ExplainPackage(ctx context.Context, path string, env ...string) (Explained, error)
}

// Explained is what a compilation said and made.
type Explained struct {
	// Remarks are of all of the session's code, with the positions that it has in
	// its cells.
	Remarks []result.Remark
	Objects []string // files with the machine code, of the session's functions at least
	// Worker is the program that the objects are loaded into, which has the packages
	// that all cells share; "": the objects have everything.
	Worker string
	Close  func() // removes the files
}

// NothingExplained is what there is where nothing was compiled.
func NothingExplained() Explained { return Explained{Close: func() {}} }
