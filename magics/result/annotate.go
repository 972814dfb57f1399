package result

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"hpgo/magics/quantity"
)

// Annotate is what the compiler made of functions, line by line: what %annotate,
// %escape, %bce and %inline show.
type Annotate struct {
	Functions []AnnotatedFunction `json:"functions"`
	About     []string            `json:"about,omitempty"`   // kinds of remarks that were asked for; none: all
	Hits      bool                `json:"hits,omitempty"`    // lines have their executions, of a run with counters
	Samples   int64               `json:"samples,omitempty"` // in all lines, of a run of the plain build
}

// AnnotatedFunction is one function, or the statements of a cell.
type AnnotatedFunction struct {
	Name    string          `json:"name"`             // "f", "(*T).m", "math.Hypot", or <cell>
	Package string          `json:"package"`          // import path; "" for the session
	File    string          `json:"file"`             // "cell 3", or a path
	First   int             `json:"first"`            // its first line
	Inline  string          `json:"inline,omitempty"` // whether calls of it are inlined
	NoCode  string          `json:"noCode,omitempty"` // why there is no machine code of it
	Code    Code            `json:"code"`
	Lines   []AnnotatedLine `json:"lines"`
}

// EntryName is the name of the statements of a cell outside of its functions.
const EntryName = "<cell>"

// ShortFile is the file without directories, but with the import path of its package;
// cells keep their name.
func (f AnnotatedFunction) ShortFile() string {
	if f.Package == "" {
		return f.File
	}
	return f.Package + "/" + f.File[strings.LastIndexByte(f.File, '/')+1:]
}

// Title is the function and its place, with something between; statements of a cell are
// called after that.
func (f AnnotatedFunction) Title(between string) string {
	if f.Name == EntryName {
		return f.File
	}
	return fmt.Sprintf("%s%s%s:%d", f.Name, between, f.ShortFile(), f.First)
}

// AnnotatedLine is one line.
type AnnotatedLine struct {
	Line    int      `json:"line"`
	Text    string   `json:"text"`
	Remarks []Remark `json:"remarks,omitempty"`
	Code    Code     `json:"code"`
	// Score is how much is done for the line beside what it says itself: heap
	// escapes, calls of the runtime, write barriers, bounds checks, calls that only
	// the running program knows the target of.
	Score   int     `json:"score,omitempty"`
	Hits    uint64  `json:"hits,omitempty"`    // executions
	Samples int64   `json:"samples,omitempty"` //
	Share   float64 `json:"share,omitempty"`   // of all samples
	Change  string  `json:"change,omitempty"`  // in a comparison: "-" only the first function has it, "+" only the second
}

// Count adds up the remarks of some kinds on the line.
func (l AnnotatedLine) Count(kinds ...string) int { return countRemarks(l.Remarks, kinds) }

// Count adds up the remarks of some kinds in the function.
func (f AnnotatedFunction) Count(kinds ...string) int {
	n := 0
	for _, l := range f.Lines {
		n += countRemarks(l.Remarks, kinds)
	}
	return n
}

func countRemarks(all []Remark, kinds []string) int {
	n := 0
	for _, r := range all {
		if slices.Contains(kinds, r.Kind) {
			n += r.Count
		}
	}
	return n
}

// Line returns a line by its number; one that the function hasn't is empty.
func (f AnnotatedFunction) Line(number int) AnnotatedLine {
	for _, l := range f.Lines {
		if l.Line == number {
			return l
		}
	}
	return AnnotatedLine{Line: number}
}

// Function returns the function of a name; nil: there is none.
func (a Annotate) Function(name string) *AnnotatedFunction {
	for i := range a.Functions {
		if a.Functions[i].Name == name {
			return &a.Functions[i]
		}
	}
	return nil
}

// Label is the remark in a word or two.
func (r Remark) Label() string {
	times := r.times()
	switch r.Kind {
	case RemarkEscape, RemarkMoved:
		return "heap: " + r.subject() + times
	case RemarkShown:
		return "heap, to show it: " + r.subject() + times
	case RemarkConstant:
		return "constant: " + r.subject() + times
	case RemarkStack:
		return "stack: " + r.subject() + times
	case RemarkLeak:
		return r.What + " leaks"
	case RemarkBounds:
		return "bounds check" + times
	case RemarkSliceBounds:
		return "slice bounds" + times
	case RemarkProved:
		return "no check needed" + times
	case RemarkNilCheck:
		return "nil check" + times
	case RemarkCanInline:
		return fmt.Sprintf("can be inlined, cost %d", r.Cost)
	case RemarkCannotInline:
		return "can't be inlined"
	case RemarkInlined:
		return "inlined " + r.What + times
	case RemarkNotInlined:
		return strings.TrimSpace("not inlined " + r.What)
	case RemarkDevirtual:
		return "devirtualized " + r.What + times
	case RemarkBarrier:
		return "write barrier"
	case RemarkCopy:
		return "copies " + quantity.Bytes(float64(r.Bytes)) + times
	}
	return r.Kind
}

// subject is what the remark is about; the compiler's names for what has none in
// Go are said in words.
func (r Remark) subject() string {
	switch {
	case strings.HasPrefix(r.What, "~r"):
		return "a call's result"
	case strings.HasPrefix(r.What, "#"): // of a loop over a function: #state1, #next
		return "the loop's state"
	}
	return r.What
}

func (r Remark) times() string { return repeated(r.Count) }

// Sentence is the whole of the remark.
func (r Remark) Sentence() string {
	text := r.Label()
	switch r.Kind {
	case RemarkEscape:
		text = r.subject() + " is allocated on the heap"
	case RemarkShown:
		text = r.subject() + " is put on the heap to be shown: that is the display's doing"
	case RemarkMoved:
		text = "the variable " + r.subject() + " is allocated on the heap"
	case RemarkConstant:
		text = r.subject() + " escapes, but is a constant and needs no memory"
	case RemarkStack:
		text = r.subject() + " stays on the stack"
	case RemarkLeak:
		text = "parameter " + r.What + " leaks"
	case RemarkProved:
		text = "proved to need no bounds check" + r.times()
	case RemarkCanInline:
		text = fmt.Sprintf("%s can be inlined: its cost is %d", r.Func, r.Cost)
	case RemarkCannotInline:
		text = r.Func + " can't be inlined"
	}
	if r.isCheck() && r.What != "" {
		text += ": " + r.What
	}
	if r.Why != "" {
		text += ": " + r.Why
	}
	if r.From != nil {
		text += fmt.Sprintf(" (inlined from %s:%d)", r.From.File, r.From.Line)
	}
	return text
}

// String is the source with the remarks behind the lines.
func (a Annotate) String() string {
	var b strings.Builder
	for i, f := range a.Functions {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(f.Title(", "))
		if f.Inline != "" {
			fmt.Fprintf(&b, ", %s", f.Inline)
		}
		if f.NoCode != "" {
			fmt.Fprintf(&b, "\nno machine code: %s", f.NoCode)
		} else if f.Code.Instructions > 0 {
			fmt.Fprintf(&b, "\n%s", f.Code.Summary())
		}
		b.WriteString("\n")
		a.writeLines(&b, f)
	}
	return strings.TrimRight(b.String(), "\n")
}

// maxRemarkColumn is how far to the right remarks are set for the sake of long lines.
const maxRemarkColumn = 60

func (a Annotate) writeLines(b *strings.Builder, f AnnotatedFunction) {
	head := fmt.Sprintf("%5s", "Line")
	coded := f.Code.Instructions > 0
	why := len(a.About) > 0
	if coded {
		head += fmt.Sprintf(" %5s", "Instr")
	}
	if a.Hits {
		head += fmt.Sprintf(" %12s", "Hits")
	}
	if a.Samples > 0 {
		head += fmt.Sprintf(" %6s", "% time")
	}
	compared := slices.ContainsFunc(f.Lines, func(l AnnotatedLine) bool { return l.Change != "" })
	if compared {
		head += " "
	}
	b.WriteString(head + "  Source\n")
	width := 0
	for _, l := range f.Lines {
		if len(l.labels(why)) > 0 {
			width = min(maxRemarkColumn, max(width, utf8.RuneCountInString(untabbed(l.Text))))
		}
	}
	for _, l := range f.Lines {
		text := fmt.Sprintf("%5d", l.Line)
		if coded {
			text += fmt.Sprintf(" %5s", known(l.Code.Instructions))
		}
		if a.Hits {
			text += fmt.Sprintf(" %12s", known(l.Hits))
		}
		if a.Samples > 0 {
			share := ""
			if l.Samples > 0 {
				share = fmt.Sprintf("%.1f", 100*l.Share)
			}
			text += fmt.Sprintf(" %6s", share)
		}
		if compared {
			text += fmt.Sprintf(" %1s", l.Change)
		} else {
			text += " "
		}
		text += " " + untabbed(l.Text)
		if labels := l.labels(why); len(labels) > 0 {
			gap := max(0, width-utf8.RuneCountInString(untabbed(l.Text)))
			text += strings.Repeat(" ", gap) + "  ◂ " + strings.Join(labels, ", ")
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
}

func untabbed(line string) string { return strings.ReplaceAll(line, "\t", "    ") }

// known is a count; "" for none.
func known[N ~int | ~uint64](n N) string {
	if n == 0 {
		return ""
	}
	return quantity.Count(n)
}

// Grouped is the line's remarks with those that say the same of several places on
// the line in one. It has the column and the flow of the first.
func (l AnnotatedLine) Grouped() []Remark {
	var out []Remark
	for _, r := range l.Remarks {
		check := r.isCheck()
		i := slices.IndexFunc(out, func(g Remark) bool {
			return g.Kind == r.Kind && (check || g.What == r.What) && g.Func == r.Func && g.Why == r.Why && g.Bytes == r.Bytes
		})
		if i < 0 {
			out = append(out, r)
			continue
		}
		out[i].Count += r.Count
		if check && r.What != "" && !slices.Contains(strings.Split(out[i].What, ", "), r.What) {
			out[i].What = strings.TrimPrefix(out[i].What+", "+r.What, ", ")
		}
	}
	return out
}

// Labelled is Grouped with those of one label side by side, which say why in
// different ways.
func (l AnnotatedLine) Labelled() [][]Remark {
	var out [][]Remark
	for _, r := range l.Grouped() {
		i := slices.IndexFunc(out, func(g []Remark) bool { return once(g[0]).Label() == once(r).Label() })
		if i < 0 {
			out = append(out, []Remark{r})
		} else {
			out[i] = append(out[i], r)
		}
	}
	return out
}

func once(r Remark) Remark {
	r.Count = 1
	return r
}

// Together is the first of remarks with one label, with the counts of all.
func Together(all []Remark) Remark {
	r := all[0]
	for _, x := range all[1:] {
		r.Count += x.Count
	}
	return r
}

// isCheck reports whether the remark is about checks of indices, whose What are the
// indexed values.
func (r Remark) isCheck() bool {
	return r.Kind == RemarkBounds || r.Kind == RemarkSliceBounds || r.Kind == RemarkProved
}

// labels are the line's remarks and what its machine code calls, in a word or two
// each; why: with reasons.
func (l AnnotatedLine) labels(why bool) []string {
	var out []string
	groups := l.Labelled()
	if why {
		groups = nil
		for _, r := range l.Grouped() {
			groups = append(groups, []Remark{r})
		}
	}
	for _, g := range groups {
		r := Together(g)
		label := r.Label()
		if why && r.Why != "" {
			label += " (" + r.Why + ")"
		}
		if why && r.isCheck() && r.What != "" {
			label += ": " + r.What
		}
		if r.Kind != RemarkBarrier || l.Code.Barriers == 0 {
			out = append(out, label)
		}
	}
	return append(out, l.Code.Labels()...)
}

// Labels are what the code of a line does that no remark of the compiler tells.
func (c Code) Labels() []string {
	var out []string
	add := func(n int, what string) {
		if n > 0 {
			out = append(out, what+repeated(n))
		}
	}
	add(c.Barriers, "write barrier")
	add(c.Interface, "interface call")
	add(c.Closure, "call of a function value")
	add(c.Dynamic-c.Interface-c.Closure, "indirect call")
	names := make([]string, 0, len(c.Calls))
	for name := range c.Calls {
		if !strings.HasPrefix(name, "runtime.") || OrdinaryRuntime(name) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, cmp.Compare[string])
	for _, name := range names {
		add(c.Calls[name], "calls "+strings.TrimPrefix(name, "main."))
	}
	return out
}

func repeated(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" ×%d", n)
}
