package cell

import (
	"fmt"
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
