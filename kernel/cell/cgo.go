package cell

import (
	"fmt"
	"regexp"
	"strings"
)

// renderPreamble writes import "C" with the C code of the newest cell up to n
// that has one. Functions that are defined there should be static: each file
// that uses C gets its own copy, as in Go. A //line directive would become part
// of the C code; a #line in it tells the C compiler the place instead.
func (r *rewriter) renderPreamble(b *strings.Builder, n int) {
	for i := len(r.scope.cgo) - 1; i >= 0; i-- {
		p := r.scope.cgo[i]
		if p.cell > n {
			continue
		}
		line, _ := p.src.position(p.start)
		text := p.src.Text[p.start:p.end]
		directive := fmt.Sprintf("#line %d %q\n", line, lineName(p.cell))
		switch {
		case strings.HasPrefix(text, "/*"):
			b.WriteString("\n/*\n" + directive + text[2:])
		case strings.HasPrefix(text, "//"):
			b.WriteString("\n//" + directive + text)
		default:
			b.WriteString(text)
		}
		b.WriteString("\n//line " + generatedFile + ":1\n")
		return
	}
}

// aboutFunction is a directive about a C function.
var aboutFunction = regexp.MustCompile(`(?m)^((?://)?[ \t]*)#cgo[ \t]+(?:noescape|nocallback)[ \t]+(\w+)[ \t;]*$`)

// blankDirectives removes directives about C functions that no file of the package
// names, which cgo takes for mistakes: the code that calls them may have been left
// out (reachable), or stand in another cell's package.
func blankDirectives(files []File) {
	named := map[string]bool{}
	for _, f := range files {
		if f.Cgo {
			for _, name := range namedInC.FindAllStringSubmatch(f.Text, -1) {
				named[name[1]] = true
			}
		}
	}
	for i := range files {
		if files[i].Cgo {
			files[i].Text = aboutFunction.ReplaceAllStringFunc(files[i].Text, func(line string) string {
				if m := aboutFunction.FindStringSubmatch(line); !named[m[2]] {
					return m[1]
				}
				return line
			})
		}
	}
}

// namedInC is a name of C as Go writes it.
var namedInC = regexp.MustCompile(`\bC\.(\w+)`)
