package result

import (
	"strings"
	"testing"
)

// Text and HTML name functions alike: statements after their cell, those of packages with
// the import path. What only the display needs counts for no allocation.
func TestAnnotatedTitles(t *testing.T) {
	for want, f := range map[string]AnnotatedFunction{
		"cell 4":                                 {Name: EntryName, File: "cell 4", First: 2},
		"f, cell 4:7":                            {Name: "f", File: "cell 4", First: 7},
		"strings.Fields, strings/strings.go:384": {Name: "strings.Fields", Package: "strings", File: "/usr/local/go/src/strings/strings.go", First: 384},
		"sub.(*T).M, example.com/mod/sub/s.go:3": {Name: "sub.(*T).M", Package: "example.com/mod/sub", File: "/home/x/mod@v1/sub/s.go", First: 3},
	} {
		if got := f.Title(", "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if text := (Annotate{Functions: []AnnotatedFunction{f}}).String(); !strings.HasPrefix(text, want+"\n") {
			t.Errorf("text %q", text)
		}
	}
	shown := AnnotatedLine{Remarks: []Remark{{Kind: RemarkShown, What: "len(m)", Why: "it is the cell's value", Count: 1}}}
	if shown.Count(RemarkEscape, RemarkMoved) != 0 || shown.Remarks[0].Label() != "heap, to show it: len(m)" {
		t.Errorf("%+v", shown)
	}
}

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
