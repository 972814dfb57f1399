package magic

import (
	"context"
	"go/ast"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
)

// Meter runs Go that is composed of the user's and a magic's.
type Meter interface {
	// Measure compiles a program and runs it: in the session's worker, where it sees
	// all that cells do, or as an ordinary program. What it declares is gone when it
	// ends. Outcome and error are those of RunBody; what the harness reported before
	// an error has come through Records.
	Measure(ctx context.Context, p Program) (Outcome, error)
	// RunCounted is RunBody with counters in the cell's code. hear gets the counts,
	// and Outcome.Counters tells what they mean.
	RunCounted(ctx context.Context, count *cell.Count, hear func(harness.Record)) (Outcome, error)
	// CellText is the text of the cell, which pieces of the user's have their
	// offsets in.
	CellText() string
}

// Builder makes ordinary programs of the session.
type Builder interface {
	// Plain composes a program as Measure does and returns its files: package main
	// with the session's declarations, as one would write it. It isn't compiled.
	Plain(ctx context.Context, p Program) ([]cell.File, error)
	// Build has the go command build a program in the session's module. release
	// removes what was built.
	Build(ctx context.Context, w Work) (exe string, release func(), err error)
}

// Work is a program to be built.
type Work struct {
	Files   []cell.File // of package main, or
	Package string      // the import path of a main package
	Flags   []string    // of go build
	Env     []string    // NAME=value
}

// Piece is a part of a program's text.
type Piece struct {
	Text string
	At   int // offset in the cell's text where the user wrote it, or cell.Generated
	// Expr says that the piece is an expression whose value isn't used: it is
	// assigned to _ where Go doesn't take it for a statement.
	Expr bool
}

// Split cuts each of the user's pieces before its last statement if that is an
// expression, which is then a piece of its own whose value isn't used.
func (p Program) Split() Program {
	var pieces []Piece
	for _, piece := range p.Pieces {
		if piece.At != cell.Generated && !piece.Expr {
			rest, last := SplitLast(piece)
			if last.Text != "" {
				pieces = append(pieces, rest)
				piece = last
			}
		}
		pieces = append(pieces, piece)
	}
	p.Pieces = pieces
	return p
}

// Ours is a generated piece.
func Ours(text string) Piece { return Piece{Text: text, At: cell.Generated} }

// Program is a function body in pieces, each on lines of its own.
type Program struct {
	Pieces  []Piece
	Imports map[string]string // name -> path, for the generated pieces
	// InBLoop says that the user's pieces stand in loops over testing.B.Loop, in which
	// the compiler leaves nothing out. Elsewhere the values of expressions that stand
	// alone, and what is given to _, are kept alive.
	InBLoop bool
	Records func(harness.Record) // hears each record when it comes, one at a time
	GCFlags []string             // more flags of the compile tool
	// Count has counters compiled in. The counts come as records of the kind
	// harness.CountsKind, and Outcome.Counters tells what they mean.
	Count *cell.Count
	// Regions names functions and methods of the session ("f", "T.m") whose calls are
	// regions of package prof.
	Regions []string
	// Calls names those whose calls a trace notes when they are long (prof.Call).
	Calls []string
	// CountIn has counters compiled into functions of other packages: import path
	// -> "Hypot", "Dense.Mul". What can't be counted is in Outcome.Uncounted.
	CountIn map[string][]string
	// Fresh makes it an ordinary program, built by the go command and run in a
	// process of its own, where the statements that gave the session's variables
	// their values run again before it. They then get the values that they have in the
	// session, but for what lies behind pointers, interfaces, channels and functions.
	Fresh bool
	// Values has Plain give variables the values that they have in the session, as with
	// Fresh; the program must be started before the cell ends.
	Values bool
	Lines  bool     // Plain keeps the positions in cells, by line directives, and doesn't format
	Flags  []string // of go build, for a fresh program
	Env    []string // NAME=value, for its build and its run
	// Under is the command that runs a fresh program, with arguments of its own; the
	// program and its arguments stand behind it.
	Under []string
}

// SplitLast takes the last statement off a piece if that is an expression, which
// is then the result. Of a piece that is one expression nothing is taken off; nor
// of one that is no Go, which is found out later.
func SplitLast(p Piece) (rest, last Piece) {
	list, offset, _ := cell.Statements(p.Text)
	if len(list) < 2 {
		return p, Piece{}
	}
	x, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok {
		return p, Piece{}
	}
	from := offset(x.Pos())
	return Piece{Text: p.Text[:from], At: p.At}, Piece{Text: p.Text[from:], At: p.At + from, Expr: true}
}
