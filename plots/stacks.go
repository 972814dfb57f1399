package plots

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Stack is one call stack with what was measured in its innermost frame.
type Stack struct {
	Frames []StackFrame // outermost first
	Value  float64
}

// StackFrame is one call of a Stack. It needn't be code: directories, or
// anything else that contains others, do as well.
type StackFrame struct {
	Name  string // as drawn
	Full  string // the unabridged name, if Name is short; frames of one Full are one
	Where string // file and line
	Group string // kind of code, which gives the colour; found from the name if empty
}

func (f StackFrame) key() string {
	if f.Full != "" {
		return f.Full
	}
	return f.Name
}

// matches reports whether the frame's name holds one of the words, which | sets
// apart.
func (f StackFrame) matches(words string) bool {
	for word := range strings.SplitSeq(words, "|") {
		if word != "" && (strings.Contains(f.Name, word) || strings.Contains(f.Full, word)) {
			return true
		}
	}
	return false
}

func (s Stack) first(words string) int {
	for i, f := range s.Frames {
		if f.matches(words) {
			return i
		}
	}
	return -1
}

// Groups of frames that have colours of their own. Any other name may be given
// as well.
const (
	GroupOwn      = "your code"
	GroupModule   = "other modules"
	GroupStandard = "standard library"
	GroupRuntime  = "runtime"
)

// usualGroups is their order in legends.
var usualGroups = []string{GroupOwn, GroupModule, GroupStandard, GroupRuntime}

// standardRoots are the first elements of the import paths of the standard
// library, which no other module's paths begin with.
var standardRoots = wordSet(`archive bufio builtin bytes cmp compress container context crypto database
	debug embed encoding errors expvar flag fmt go hash html image index internal io iter log maps math mime
	net os path plugin reflect regexp runtime simd slices sort strconv strings structs sync syscall testing text
	time unicode unique unsafe vendor weak`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// GroupOf tells from the full name of a Go function, "net/http.(*conn).serve",
// what kind of code it is; a name without a package counts as the user's own.
func GroupOf(name string) string {
	name, _, _ = strings.Cut(name, "[")
	slash := strings.LastIndexByte(name, '/')
	dot := strings.IndexByte(name[slash+1:], '.')
	if dot < 0 && slash < 0 {
		return GroupOwn
	}
	pkg := name
	if dot >= 0 {
		pkg = name[:slash+1+dot]
	}
	root, _, _ := strings.Cut(pkg, "/")
	switch {
	case pkg == "runtime" || strings.HasPrefix(pkg, "runtime/internal/") || strings.HasPrefix(pkg, "internal/runtime/") || pkg == "internal/abi":
		return GroupRuntime
	case standardRoots[root]:
		return GroupStandard
	case root == "cmd" || slash >= 0 && strings.Contains(root, "."):
		return GroupModule
	}
	return GroupOwn
}

// readStacks reads what a user may call stacks: folded text, a map from folded
// stacks to numbers, or a slice of Stack. The unit is that of durations.
func readStacks(v any) (stacks []Stack, unit string, err error) {
	switch v := v.(type) {
	case []Stack:
		for i, s := range v {
			if slices.ContainsFunc(s.Frames, func(f StackFrame) bool { return f.Name == "" }) {
				return nil, "", fmt.Errorf("number %d has a frame without a name", i+1)
			}
		}
		return v, "", nil
	case string:
		stacks, err = foldedLines(v)
		return stacks, "", err
	case []byte:
		stacks, err = foldedLines(string(v))
		return stacks, "", err
	}
	if !isMap(v) {
		return nil, "", fmt.Errorf("is %s, not a map from stacks like \"main;sort;less\" to numbers, folded text or []plots.Stack", typeText(v))
	}
	if reflect.TypeOf(v).Key().Kind() != reflect.String {
		return nil, "", fmt.Errorf("is %s, whose keys are no stacks like \"main;sort;less\"", typeText(v))
	}
	keys, values, err := mapColumns(v)
	if err != nil {
		return nil, "", err
	}
	if values.labels != nil {
		return nil, "", fmt.Errorf("is %s, whose values are no numbers", typeText(v))
	}
	for i, folded := range keys.labels {
		frames, err := unfold(folded)
		if err != nil {
			return nil, "", err
		}
		stacks = append(stacks, Stack{frames, values.v[i]})
	}
	return stacks, values.unit, nil
}

// foldedLines reads Brendan Gregg's folded format: on each line frames from the
// outermost, set apart by semicolons, then a space and a number.
func foldedLines(text string) ([]Stack, error) {
	var stacks []Stack
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		space := strings.LastIndexAny(line, " \t")
		value, err := strconv.ParseFloat(line[space+1:], 64)
		if space < 0 || err != nil {
			return nil, fmt.Errorf("line %d, %q, is no folded stack like \"main;sort;less 12\"", n, shortText(line))
		}
		frames, err := unfold(strings.TrimSpace(line[:space]))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		stacks = append(stacks, Stack{frames, value})
	}
	return stacks, nil
}

func unfold(folded string) ([]StackFrame, error) {
	var frames []StackFrame
	for name := range strings.SplitSeq(folded, ";") {
		name = strings.TrimSpace(name)
		if name == "" {
			return nil, fmt.Errorf("the stack %q has a frame without a name", shortText(folded))
		}
		frames = append(frames, StackFrame{Name: name})
	}
	return frames, nil
}

// shortText keeps foreign text in an error to one short line.
func shortText(s string) string { return strings.TrimRight(padded(oneLine(s), 60), " ") }
