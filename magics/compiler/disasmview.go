package compiler

import (
	"fmt"
	"sort"
	"strings"

	"hpgo/magics/assembly"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// disasmOutput is the code in all its forms. begin are the indices of the functions
// that were asked for: behind each are those that the compiler made of its parts.
func disasmOutput(r result.Disasm, begin []int) report.Output {
	out := report.Output{Magic: "disasm", Result: r, Text: r.String(), Untimed: true}
	if len(begin) == 2 {
		table := codeComparison(r.Functions[begin[0]], r.Functions[begin[1]])
		out.Text += "\n\n" + table.Text()
		out.HTML = append(out.HTML, table)
	}
	var beside report.Beside
	for i, at := range begin {
		end := len(r.Functions)
		if i+1 < len(begin) {
			end = begin[i+1]
		}
		var column report.Stack
		for _, f := range r.Functions[at:end] {
			column = append(column, disasmBlocks(f)...)
		}
		beside = append(beside, column)
	}
	out.HTML = append(out.HTML, beside)
	return out
}

// disasmBlocks is one function: its source, a line's code opening with a click,
// and all of it in the order of addresses.
func disasmBlocks(f result.DisasmFunction) []report.Block {
	blocks := []report.Block{report.Heading(fmt.Sprintf("`%s` · %s:%d · %s, %s", f.Name, f.File, f.First, f.Arch, f.Build)), report.Note(f.Code.Summary())}
	if calls := f.Code.CallList(); calls != "" {
		blocks = append(blocks, report.Note("calls "+calls))
	}
	if f.Note != "" {
		blocks = append(blocks, report.Note(f.Note))
	}
	byLine := map[int][]result.DisasmInstruction{}
	for _, in := range f.Instructions {
		byLine[in.Line] = append(byLine[in.Line], in)
	}
	lines := report.Listing{Columns: []report.Column{{Name: "Instr", Title: "machine instructions"}}}
	most := 0
	for _, ins := range byLine {
		most = max(most, len(ins))
	}
	for _, line := range sortedLines(f.Source, byLine) {
		ins := byLine[line]
		x := report.ListingLine{Number: line, Source: f.Source[line], Badges: callBadges(ins)}
		if len(ins) > 0 {
			x.Cells = []report.Cell{report.Count(len(ins)).Shared(float64(len(ins)) / float64(most))}
			x.More = []report.Block{instructions(ins, nil)}
		}
		lines.Lines = append(lines.Lines, x)
	}
	return append(blocks, lines, report.Details{Summary: "all of it in the order of addresses", Blocks: []report.Block{instructions(f.Instructions, arrows(f.Instructions))}})
}

func sortedLines(source map[int]string, code map[int][]result.DisasmInstruction) []int {
	var all []int
	for line := range source {
		all = append(all, line)
	}
	for line := range code {
		if _, ok := source[line]; !ok && line > 0 {
			all = append(all, line)
		}
	}
	sort.Ints(all)
	return all
}

// indirectNames are what calls without a known target are called.
var indirectNames = map[assembly.Via]string{assembly.Interface: "interface call", assembly.Closure: "call of a function value", "": "indirect call"}

// callBadges name what a line's code calls of the runtime, and through what it calls
// what only the running program knows.
func callBadges(ins []result.DisasmInstruction) []report.Badge {
	counts := map[string]int{}
	var names []string
	for _, in := range ins {
		name := in.Call
		if name == assembly.Indirect {
			name = indirectNames[assembly.Via(in.Via)]
		} else if !strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, "runtime.morestack") {
			continue
		}
		if counts[name]++; counts[name] == 1 {
			names = append(names, name)
		}
	}
	var badges []report.Badge
	for _, name := range names {
		b := report.Badge{Text: name, Tone: report.Costly, Title: "a call of the runtime"}
		if n := counts[name]; n > 1 {
			b.Text += fmt.Sprintf(" ×%d", n)
		}
		switch {
		case assembly.IsBoundsCall(name):
			b.Tone, b.Title = report.Minor, "runs only when an index is out of range"
		case !strings.HasPrefix(name, "runtime."):
			b.Tone, b.Title = report.Minor, "the address is known only when it runs"
		}
		badges = append(badges, b)
	}
	return badges
}

// instructions are lines of code, calls of the runtime highlighted, with arrows
// before them or nil.
func instructions(ins []result.DisasmInstruction, arrows []string) report.Block {
	lines := make([]report.HighlightedLine, 0, len(ins))
	last := -1
	for i, in := range ins {
		mark, line := "  ", "     "
		if in.Marked {
			mark = ">>"
		}
		if in.Line != last {
			line = fmt.Sprintf("%5d", in.Line)
		}
		last = in.Line
		text := fmt.Sprintf("%s %s %#6x  %s", line, mark, in.Offset, in.Text)
		if arrows != nil {
			text = fmt.Sprintf("%s %s %#6x  %s", line, arrows[i], in.Offset, in.Text)
		}
		lines = append(lines, report.HighlightedLine{Text: text, Title: in.From, Tone: toneOf(in.Call)})
	}
	return report.Highlighted(lines)
}

// toneOf is the colour of a call.
func toneOf(call string) report.Tone {
	switch {
	case result.OrdinaryRuntime(call) || strings.HasPrefix(call, "runtime.gcWriteBarrier"):
		return report.Costly
	case assembly.IsBoundsCall(call) || call == assembly.Indirect:
		return report.Minor
	}
	return report.Neutral
}

// codeComparison sets the counts of two pieces of code side by side.
func codeComparison(a, b result.DisasmFunction) report.Table {
	title := func(f result.DisasmFunction) string {
		if a.Build != b.Build {
			return f.Build
		}
		return f.Name
	}
	return codesTable(title(a), title(b), a.Code, b.Code)
}

// codesTable compares counts.
func codesTable(first, second string, a, b result.Code) report.Table {
	t := report.Table{Columns: []report.Column{{Name: "", Align: report.Left}, {Name: first}, {Name: second}, {Name: "change"}}, Unsorted: true}
	row := func(what string, x, y int) {
		if x != 0 || y != 0 {
			t.Rows = append(t.Rows, report.Row{Bold: x != y, Cells: []report.Cell{report.Word(what), report.Count(x), report.Count(y), report.Word(change(x, y))}})
		}
	}
	row("instructions", a.Instructions, b.Instructions)
	row("bytes", a.Bytes, b.Bytes)
	row("bounds checks", a.Bounds, b.Bounds)
	row("write barriers", a.Barriers, b.Barriers)
	row("runtime calls", a.RuntimeCalls(), b.RuntimeCalls())
	row("indirect calls", a.Dynamic, b.Dynamic)
	row("vector instructions", a.Packed, b.Packed)
	row("bits of the widest vector register", a.Vector, b.Vector)
	return t
}

// change is a difference with its sign; "" for none.
func change(x, y int) string {
	switch {
	case y > x:
		return "+" + quantity.Count(y-x)
	case y < x:
		return "-" + quantity.Count(x-y)
	}
	return ""
}
