package profiling

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots/recording/profiles"
)

// prunKept is what the session keeps of profiles: the last one under "".
func prunKept(h magic.Host) map[string]*storedPrun {
	return h.Keep("profiles", func() any { return map[string]*storedPrun{} }).(map[string]*storedPrun)
}

func keepPrun(h magic.Host, in *measuring.Input, st *storedPrun) {
	prunKept(h)[""] = st
	if in.Common("name") {
		prunKept(h)[in.Args.Text("name", "")] = st
	}
}

// storedProfile is the profile of --base: that of a label, or a file.
func storedProfile(h magic.Host, name string) ([]byte, error) {
	if st := prunKept(h)[name]; st != nil && name != "" {
		return st.raw, nil
	}
	path, err := magic.Path(h, name)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, fmt.Errorf("there is no profile with the label %q, and no file %s", name, path)
	}
	return raw, err
}

// prunView is a way to look at the last profile.
type prunView struct {
	name string
	of   bool // of a function
	text func(v *viewed, match func(string) bool) string
}

// viewed is a profile with its functions added up.
type viewed struct {
	*storedPrun
	functions []profiles.Function
	names     []string
	source    func(f profiles.Function, line int) string
}

func prunViews() []prunView {
	return []prunView{
		{"peek", true, prunPeek}, {"callers", true, prunCallers}, {"callees", true, prunCallees}, {"list", true, prunList},
		{"tree", false, func(v *viewed, _ func(string) bool) string { return prunTree(v.storedPrun) }}, {"traces", false, prunTraces},
	}
}

// view reads `peek F` and the like where a statement would be; a variable or
// function of that name goes first.
func (p *prun) view(h magic.Host) (view prunView, of string, ok bool) {
	words := strings.Fields(p.in.Args.Rest)
	if p.in.Form == magic.Cell || len(words) == 0 || len(words) > 2 {
		return view, "", false
	}
	for _, v := range prunViews() {
		if v.name == words[0] && v.of == (len(words) == 2) && !slices.Contains(h.Variables(), v.name) {
			return v, words[len(words)-1], true
		}
	}
	return view, "", false
}

// viewOfStatement refuses a view with a statement behind it, which isn't Go either.
func (p *prun) viewOfStatement(h magic.Host) error {
	words := strings.Fields(p.in.Args.Rest)
	if p.in.Form == magic.Cell || len(words) < 2 {
		return nil
	}
	for _, v := range prunViews() {
		wanted, usage := 1, v.name
		if v.of {
			wanted, usage = 2, v.name+" F"
		}
		second, _ := utf8.DecodeRuneInString(words[1])
		if v.name == words[0] && len(words) > wanted && (unicode.IsLetter(second) || strings.HasPrefix(words[1], "(*")) && !slices.Contains(h.Variables(), v.name) {
			return p.in.Magic.Usagef("%s %s looks at the last profile: give it the statement first, %s STATEMENT, and then %s %s", p.in.Magic.Title(), v.name, p.in.Magic.Title(), p.in.Magic.Title(), usage)
		}
	}
	return nil
}

// showView shows a view of the last profile.
func (p *prun) showView(ctx context.Context, h magic.Host, view prunView, of string) (magic.Result, error) {
	st := prunKept(h)[""]
	if st == nil {
		return magic.Result{}, p.in.Magic.Usagef("%s %s looks at the last profile, and there is none yet", p.in.Magic.Title(), view.name)
	}
	v := &viewed{storedPrun: st, functions: st.data.Functions(st.value), source: linesOf(ctx, h)}
	for _, f := range v.functions {
		v.names = append(v.names, profiles.Name(f.Func, f.File))
	}
	match := func(string) bool { return true }
	if view.of {
		re, err := regexp.Compile(of)
		if err != nil {
			return magic.Result{}, p.in.Magic.Usagef("%s %s %s: %v", p.in.Magic.Title(), view.name, of, err)
		}
		match = func(name string) bool { return name == of }
		if !slices.ContainsFunc(v.names, match) {
			match = re.MatchString
		}
		if !slices.ContainsFunc(v.names, match) {
			return magic.Result{}, p.in.Magic.Usagef("%s %s %s: the profile has no function of that name%s", p.in.Magic.Title(), view.name, of, didYouMean(of, v.names))
		}
	}
	chosen := st.result
	chosen.Rows = slices.DeleteFunc(slices.Clone(chosen.Rows), func(r result.PrunRow) bool { return view.of && !match(r.Name) })
	o := report.Output{Magic: "prun", Params: map[string]any{"view": view.name, "function": of}, Text: view.text(v, match), Result: chosen, Raw: st.raw, Untimed: true}
	return measuring.Finish(ctx, h, p.in, o)
}

func didYouMean(name string, names []string) string {
	if near := magic.Nearest(name, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// linesOf returns what tells the lines of functions.
func linesOf(ctx context.Context, h magic.Host) func(f profiles.Function, line int) string {
	known := map[string]magic.Function{} // those of packages
	return func(f profiles.Function, line int) string {
		var lines []string
		if inCellFile.MatchString(f.File) {
			lines = strings.Split(sourceText(h, f.File), "\n")
		} else {
			of, ok := known[f.Func]
			if !ok {
				of, _ = h.Function(ctx, f.Func) // without a source there are no lines
				if path.Base(of.File) != path.Base(f.File) {
					of = magic.Function{} // only declared in Go: the code is in assembly
				}
				if text, err := os.ReadFile(f.File); len(of.Lines) == 0 && err == nil {
					of = magic.Function{First: 1, Lines: strings.Split(string(text), "\n")} // of another program
				}
				known[f.Func] = of
			}
			lines, line = of.Lines, line-of.First+1
		}
		if line < 1 || line > len(lines) {
			return ""
		}
		return lines[line-1]
	}
}

// sourceText is the text of a cell; "" where there is none.
func sourceText(h magic.Host, file string) string {
	n, ok := cellNumber(file)
	if !ok {
		return ""
	}
	for _, in := range h.Inputs() {
		if in.Cell == n {
			return in.Text
		}
	}
	if now, _ := h.At(); now == n {
		return h.CellText()
	}
	return ""
}

// chosen are the functions that match, the largest first.
func (v *viewed) chosen(match func(string) bool) []int {
	var list []int
	for i, name := range v.names {
		if match(name) {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(v.functions[b].Total, v.functions[a].Total) })
	return list
}

func (v *viewed) amount(x float64) string { return v.result.Amount(x * v.scale) }

// edges writes callers or callees, the largest first.
func (v *viewed) edges(b *strings.Builder, to map[int]float64, of float64, format string) {
	list := make([]int, 0, len(to))
	for i := range to {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b int) int { return cmp.Or(cmp.Compare(to[b], to[a]), cmp.Compare(a, b)) })
	for _, i := range list {
		name := "(nobody)"
		if i >= 0 {
			name = v.names[i]
		}
		fmt.Fprintf(b, format, v.amount(to[i]), quantity.Percent(to[i]/of), name)
	}
}

// prunPeek is pprof's: callers above, callees below.
func prunPeek(v *viewed, match func(string) bool) string {
	var b strings.Builder
	for _, i := range v.chosen(match) {
		f := v.functions[i]
		fmt.Fprintf(&b, "%10s %10s  called by | function | calls\n", "self", "total")
		v.edges(&b, f.Callers, f.Total, "%21s %8s |   %s\n")
		fmt.Fprintf(&b, "%10s %10s          | %s\n", v.amount(f.Self), v.amount(f.Total), v.names[i])
		v.edges(&b, f.Callees, f.Total, "%21s %8s |   %s\n")
		b.WriteString("\n")
	}
	return b.String()
}

// prunCallers is pstats' print_callers.
func prunCallers(v *viewed, match func(string) bool) string {
	return v.relations(match, "was called by...", "<-", func(f profiles.Function) map[int]float64 { return f.Callers })
}

// prunCallees is pstats' print_callees.
func prunCallees(v *viewed, match func(string) bool) string {
	return v.relations(match, "called...", "->", func(f profiles.Function) map[int]float64 { return f.Callees })
}

func (v *viewed) relations(match func(string) bool, title, arrow string, to func(profiles.Function) map[int]float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Function %s\n", title)
	for _, i := range v.chosen(match) {
		fmt.Fprintf(&b, "%s  %s\n", v.names[i], arrow)
		v.edges(&b, to(v.functions[i]), v.functions[i].Total, "%12s %8s  %s\n")
	}
	return b.String()
}

// prunList is the lines of functions with what they took.
func prunList(v *viewed, match func(string) bool) string {
	var b strings.Builder
	for _, i := range v.chosen(match) {
		f := v.functions[i]
		fmt.Fprintf(&b, "%s in %s\n%10s %10s  of %s\n", v.names[i], f.File, v.amount(f.Self), v.amount(f.Total), v.result.Amount(v.result.Total))
		first, last := f.Start, f.Start
		for n := range f.Lines {
			if first == 0 || n < first {
				first = n
			}
			last = max(last, n)
		}
		for n := first; n <= last; n++ {
			self, total, text := ".", ".", strings.ReplaceAll(v.source(f, n), "\t", "    ")
			l := f.Lines[n]
			if l == nil && text == "" && !inCellFile.MatchString(f.File) {
				continue
			}
			if l != nil {
				total = v.amount(l.Total)
				if l.Self > 0 {
					self = v.amount(l.Self)
				}
			}
			fmt.Fprintln(&b, strings.TrimRight(fmt.Sprintf("%10s %10s %5d  %s", self, total, n, text), " "))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// prunTraces is the stacks themselves.
func prunTraces(v *viewed, _ func(string) bool) string {
	const most = 30
	stacks := slices.Clone(v.data.Stacks)
	slices.SortStableFunc(stacks, func(a, b profiles.Stack) int { return cmp.Compare(b.Values[v.value], a.Values[v.value]) })
	var b strings.Builder
	for _, s := range stacks[:min(len(stacks), most)] {
		b.WriteString("-----------+-------------------------------------------------------\n")
		lead := v.amount(float64(s.Values[v.value]))
		for _, f := range s.Frames {
			mark := ""
			if f.Inlined {
				mark = " (inline)"
			}
			fmt.Fprintf(&b, "%10s   %s%s %s:%d\n", lead, profiles.Name(f.Func, f.File), mark, shortFile(f.File), f.Line)
			lead = ""
		}
		if len(s.Frames) == 0 {
			fmt.Fprintf(&b, "%10s   (no stack)\n", lead)
		}
	}
	if more := len(stacks) - most; more > 0 {
		fmt.Fprintf(&b, "%s more\n", quantity.Counted(more, "stack"))
	}
	return b.String()
}
