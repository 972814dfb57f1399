package result

import (
	"strings"
	"testing"
)

// Remarks that differ only in their reasons have one label; checks of one index name
// it once.
func TestLabels(t *testing.T) {
	l := AnnotatedLine{Line: 1, Remarks: []Remark{
		{Kind: RemarkEscape, What: "make(grid, n)", Why: "it is stored in a", Count: 1},
		{Kind: RemarkBounds, What: "g[i]", Count: 1},
		{Kind: RemarkEscape, What: "make(grid, n)", Why: "it is stored in b", Count: 1},
		{Kind: RemarkBounds, What: "g[i]", Count: 1},
		{Kind: RemarkBounds, What: "h[i]", Count: 1},
		{Kind: RemarkMoved, What: "#state1", Count: 1},
	}}
	if got, want := strings.Join(l.labels(false), ", "), "heap: make(grid, n) ×2, bounds check ×3, heap: the loop's state"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := strings.Join(l.labels(true), ", "), "heap: make(grid, n) (it is stored in a), bounds check ×3: g[i], h[i], heap: make(grid, n) (it is stored in b), heap: the loop's state"; got != want {
		t.Errorf("with reasons: %s, want %s", got, want)
	}
}
