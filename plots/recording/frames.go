package recording

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/google/pprof/profile"

	"hpgo/plots"
)

// stackReader turns the samples of a profile into stacks.
type stackReader struct {
	value  int     // index of the value that counts
	factor float64 // from its unit to that of the figure
	label  string  // the label whose value goes under all stacks, if any
	// anyCell drops the numbers of cells from names: those of two profiles that
	// are compared differ, though the code is the same.
	anyCell bool
}

// stacks are the samples, outermost frame first. Frames that the session puts
// around a cell are left away.
func (r stackReader) stacks(p *profile.Profile) []plots.Stack {
	out := make([]plots.Stack, 0, len(p.Sample))
	for _, s := range p.Sample {
		frames := inSession(callsOf(s))
		stack := plots.Stack{Value: float64(s.Value[r.value]) * r.factor}
		if r.label != "" {
			stack.Frames = append(stack.Frames, labelled(s, r.label))
		}
		for _, c := range frames {
			stack.Frames = append(stack.Frames, c.frame(r.anyCell))
		}
		if len(stack.Frames) == 0 {
			stack.Frames = []plots.StackFrame{{Name: "(no stack)", Group: groupOther}}
		}
		out = append(out, stack)
	}
	return out
}

// labelled is the frame of a sample's label, as pprof.Do sets it.
func labelled(s *profile.Sample, key string) plots.StackFrame {
	text := strings.Join(s.Label[key], ", ")
	if text == "" {
		var values []string
		for i, v := range s.NumLabel[key] {
			unit := ""
			if units := s.NumUnit[key]; i < len(units) {
				unit = " " + units[i]
			}
			values = append(values, fmt.Sprint(v)+unit)
		}
		text = strings.Join(values, ", ")
	}
	if text == "" {
		text = "none"
	}
	return plots.StackFrame{Name: key + "=" + text, Group: "label"}
}

// call is one frame of a sample.
type call struct {
	fn     string // as the linker names it
	file   string
	line   int64
	inline bool
	object string // the file of a frame without a function
}

// callsOf lists the calls of a sample from the outermost one; a location stands
// for several when some were inlined.
func callsOf(s *profile.Sample) []call {
	var out []call
	for _, l := range slices.Backward(s.Location) {
		if l == nil {
			continue
		}
		if len(l.Line) == 0 {
			c := call{object: "unknown"}
			if l.Mapping != nil && l.Mapping.File != "" {
				c.object = path.Base(l.Mapping.File)
			}
			out = append(out, c)
			continue
		}
		for i, line := range slices.Backward(l.Line) {
			c := call{line: line.Line, inline: i < len(l.Line)-1}
			if line.Function != nil {
				c.fn, c.file = line.Function.Name, line.Function.Filename
			}
			if c.fn == "" {
				c.fn, c.object = "", "unknown"
			}
			out = append(out, c)
		}
	}
	return out
}

// What the session generates around the code of cells; a test compares it with
// package cell.
const (
	sessionPrefix = "hpgo/session."
	mainPrefix    = "main."
	entryName     = "HpgoCell"
	againPrefix   = "hpgo__again_"
	versionMark   = "ʹ"
	generatedFile = "hpgo_generated.go"
)

var (
	cellFile  = regexp.MustCompile(`^cell \d+$`)
	version   = regexp.MustCompile(versionMark + `[0-9]+`)
	generated = regexp.MustCompile(`^hpgo__(main|init)(_\d+)?`)
	major     = regexp.MustCompile(`^v\d+$`)
)

// Cells are a package of the session; profiles that were written to be read
// elsewhere have it as main (package profiles).
func (c call) inCell() bool {
	return (strings.HasPrefix(c.fn, sessionPrefix) || strings.HasPrefix(c.fn, mainPrefix)) && cellFile.MatchString(c.file)
}

// Name is what figures call a function that the linker names so: "f" and "cell 3"
// in cells, "math.Hypot" elsewhere.
func Name(linker, file string) string {
	return call{fn: linker, file: file}.frame(false).Name
}

// around reports whether the frame is of what runs a cell.
func (c call) around() bool {
	for _, p := range []string{"hpgo/kernel/", "hpgo/c0", "runtime.main", "runtime.goexit", "main.main"} {
		if strings.HasPrefix(c.fn, p) {
			return true
		}
	}
	return c.file == generatedFile
}

// inSession drops the frames that only run a cell: those outside of its
// outermost function, and generated ones within.
func inSession(calls []call) []call {
	first := slices.IndexFunc(calls, call.inCell)
	if first < 0 {
		return calls
	}
	var out []call
	for i, c := range calls {
		if i < first && c.around() || c.file == generatedFile {
			continue
		}
		out = append(out, c)
	}
	return out
}

// groupOther is code that isn't Go.
const groupOther = "not Go"

// frame is the call as it is drawn.
func (c call) frame(anyCell bool) plots.StackFrame {
	f := plots.StackFrame{Where: c.where()}
	switch {
	case c.fn == "":
		f.Name, f.Group = "["+c.object+"]", groupOther
		return f
	case c.inCell():
		f.Name, f.Group = c.cellName(anyCell), plots.GroupOwn
		f.Full = f.Name
	case strings.HasPrefix(c.fn, sessionPrefix):
		// A library's function literal that was inlined into a cell bears the
		// cell's name; the file tells its package.
		f.Full = path.Base(path.Dir(c.file)) + "." + c.fn[strings.LastIndexByte(c.fn, '.')+1:]
		f.Name = f.Full
	default:
		f.Name, f.Full = readableName(c.fn), c.fn
		f.Group = c.group()
	}
	return f
}

// group is the kind of code by the function's name and, for assembler symbols
// without a package, its file.
func (c call) group() string {
	switch {
	case strings.HasPrefix(c.fn, "hpgo/"):
		return plots.GroupModule
	case strings.ContainsRune(c.fn, '.'):
		return plots.GroupOf(c.fn)
	case strings.HasSuffix(c.file, ".s"):
		return plots.GroupRuntime
	}
	return groupOther
}

// cellName is what the user calls a function of the session.
func (c call) cellName(anyCell bool) string {
	name := version.ReplaceAllString(strings.TrimPrefix(strings.TrimPrefix(c.fn, sessionPrefix), mainPrefix), "")
	entry := c.file // "cell 2"
	if anyCell {
		entry = "cell"
	}
	if rest, ok := strings.CutPrefix(name, entryName); ok {
		return entry + rest
	}
	if rest, ok := strings.CutPrefix(c.fn, mainPrefix+"main"); ok && (rest == "" || rest[0] == '.') {
		return entry + rest
	}
	if strings.HasPrefix(name, againPrefix) {
		return entry
	}
	return withoutTypes(generated.ReplaceAllString(name, "$1"))
}

// where is the place of the call: "cell 2:10", or a file with as much of its
// path as tells it from others.
func (c call) where() string {
	if c.file == "" {
		return ""
	}
	file := c.file
	if !cellFile.MatchString(file) {
		file = shortFile(file)
	}
	if c.line > 0 {
		file = fmt.Sprintf("%s:%d", file, c.line)
	}
	if c.inline {
		file += " (inlined)"
	}
	return file
}

// shortFile leaves out where this machine keeps the toolchain and modules.
func shortFile(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	if _, rest, ok := strings.Cut(file, "/pkg/mod/"); ok {
		return rest
	}
	for _, root := range []string{"$GOROOT/src/", "/go/src/"} {
		if _, rest, ok := strings.Cut(file, root); ok {
			return rest
		}
	}
	return path.Join(path.Base(path.Dir(file)), path.Base(file))
}

// readableName is a Go function's name with its package's name in place of the
// path, and without type arguments: "sort.Slice", "bar.(*T[...]).M".
func readableName(fn string) string {
	name := withoutTypes(fn)
	slash := strings.LastIndexByte(name, '/')
	if slash < 0 {
		return name
	}
	short := name[slash+1:]
	if pkg, rest, ok := strings.Cut(short, "."); ok && major.MatchString(pkg) {
		// of "github.com/a/b/v2" the package is called b
		short = path.Base(name[:slash]) + "." + rest
	}
	return strings.ReplaceAll(short, "%2e", ".")
}

// withoutTypes replaces type arguments by three dots, as tracebacks do.
func withoutTypes(name string) string {
	if !strings.Contains(name, "[") {
		return name
	}
	var b strings.Builder
	depth := 0
	for _, r := range name {
		switch {
		case r == '[':
			if depth == 0 {
				b.WriteString("[...]")
			}
			depth++
		case r == ']' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
