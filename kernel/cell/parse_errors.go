package cell

import (
	"fmt"
	"slices"
	"strings"
)

// Codes of the diagnostics that parsing makes.
const (
	CodeSyntax     = "syntax"     // Go syntax
	CodeIncomplete = "incomplete" // Go syntax that more text could complete
	CodeMagic      = "magic"      // a magic or shell line in the wrong place or form
	CodeEncoding   = "encoding"   // bytes that can't stand in Go source
)

// Diagnostic is one error in cell coordinates.
type Diagnostic struct {
	Cell      int // execution count of the cell; 0 when not known (Parse leaves it 0)
	Line, Col int // from 1, Col in bytes; Line 0 when there is no position
	EndCol    int // column after the last marked byte, on the same line
	Msg       string
	Code      string // kind of the error, one of the Code constants or the compiler's
}

// Error formats the diagnostic as `cell 3:2:14: message`.
func (d Diagnostic) Error() string {
	switch {
	case d.Line == 0 && d.Cell == 0:
		return d.Msg
	case d.Line == 0:
		return fmt.Sprintf("cell %d: %s", d.Cell, d.Msg)
	case d.Cell == 0:
		return fmt.Sprintf("%d:%d: %s", d.Line, d.Col, d.Msg)
	}
	return fmt.Sprintf("cell %d:%d:%d: %s", d.Cell, d.Line, d.Col, d.Msg)
}

// Errors is a list of diagnostics.
type Errors []Diagnostic

// Error formats the list, one diagnostic per line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, d := range e {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns the list as an error, or nil when it is empty.
func (e Errors) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// Sort orders the list by cell, line, column and message. Diagnostics without
// a position go last: they are usually summaries.
func (e Errors) Sort() {
	slices.SortStableFunc(e, func(a, b Diagnostic) int {
		for _, c := range [...]int{boolToInt(a.Line == 0) - boolToInt(b.Line == 0),
			a.Cell - b.Cell, a.Line - b.Line, a.Col - b.Col} {
			if c != 0 {
				return c
			}
		}
		return strings.Compare(a.Msg, b.Msg)
	})
}

// Dedupe drops diagnostics that repeat an earlier one's place and message. The
// list must be sorted. The result shares the list's memory.
func (e Errors) Dedupe() Errors {
	return slices.CompactFunc(e, func(a, b Diagnostic) bool {
		return a.Cell == b.Cell && a.Line == b.Line && a.Col == b.Col && a.Msg == b.Msg
	})
}

// Cut keeps the first n diagnostics and says in one more how many were left
// out. It never replaces a single diagnostic by that remark.
func (e Errors) Cut(n int) Errors {
	if n < 1 || len(e) <= n+1 {
		return e
	}
	cut := slices.Clone(e[:n])
	return append(cut, Diagnostic{Msg: fmt.Sprintf("... and %d more errors", len(e)-n)})
}

// InCell returns a copy of the list with the execution count set.
func (e Errors) InCell(n int) Errors {
	out := slices.Clone(e)
	for i := range out {
		out[i].Cell = n
	}
	return out
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
