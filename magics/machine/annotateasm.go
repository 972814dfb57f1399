package machine

import (
	"os"
	"strings"

	"hpgo/magics/assembly"
	"hpgo/magics/magic"
)

// findAssembly gives the functions that are only declared in Go the lines of the file
// in which they are written.
func (a *annotation) findAssembly() {
	for i := range a.targets {
		f := &a.targets[i]
		if f.NoGo == "" {
			continue
		}
		for _, p := range a.places {
			if shownName(p.code, p.begun) != f.Name {
				continue
			}
			if fn := a.code.function(p.code); fn != nil {
				*f = writtenIn(*f, fn)
			}
			break
		}
	}
}

// writtenIn is a function with the lines of its file that its code comes from. Where
// the file can't be read they have no text.
func writtenIn(f magic.Function, fn *assembly.Function) magic.Function {
	first, last, file := 0, 0, ""
	for _, in := range fn.Instructions {
		at := in.At()
		if at.Line == 0 || file != "" && at.File != file {
			continue
		}
		if file = at.File; first == 0 || at.Line < first {
			first = at.Line
		}
		last = max(last, at.Line)
	}
	if first == 0 {
		return f
	}
	f.File, f.First, f.Lines = file, first, make([]string, last-first+1)
	text, err := os.ReadFile(file)
	if err != nil {
		return f
	}
	all := strings.Split(string(text), "\n")
	if last <= len(all) {
		f.Lines = all[first-1 : last]
	}
	return f
}
