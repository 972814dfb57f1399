package report

import (
	"strings"
	"testing"
)

func TestListing(t *testing.T) {
	l := Listing{Columns: []Column{{Name: "Instr"}}, Lines: []ListingLine{
		{Number: 7, Source: "\tif a < b && \"<script>\" != \"\" {", Cells: []Cell{Count(3)}, Shade: 1, Change: '+',
			Badges: []Badge{{Text: "heap: &T{<x>}", Tone: Costly, Title: `it is "kept"`}},
			More:   []Block{Highlighted{{Text: "CALL f<T>(SB)", Tone: Costly}, {Text: "RET"}}}},
		{Number: 8, Source: "}"},
	}}
	var w writer
	Beside{l, Stack{Note("x"), Link{Text: "a & b", Target: "ssa-f g.html"}}}.write(&w)
	page := w.b.String()
	for _, want := range []string{
		"<details", "    if a &lt; b &amp;&amp; &#34;&lt;script&gt;&#34;", "heap: &amp;T{&lt;x&gt;}", `title="it is &#34;kept&#34;"`, "CALL f&lt;T&gt;(SB)</span>", "RET\n",
		">+</td>", ">3</td>", "rgba(234,179,8,0.55)", `href="ssa-f%20g.html"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	for _, bad := range []string{"<script", "onclick", "http"} {
		if strings.Contains(page, bad) {
			t.Errorf("there is %s in\n%s", bad, page)
		}
	}
	var wrapped writer
	l.Wraps = true
	l.write(&wrapped)
	if strings.Contains(page, "pre-wrap") || !strings.Contains(wrapped.b.String(), "white-space:pre-wrap") {
		t.Errorf("source wraps only where it is asked to:\n%s", wrapped.b.String())
	}
	if n := strings.Count(page, "<details"); n != 1 {
		t.Errorf("%d lines open, want the one that has more", n)
	}
	for _, tag := range []string{"table", "td", "tr", "details", "summary", "div", "span", "pre"} {
		if strings.Count(page, "<"+tag+">")+strings.Count(page, "<"+tag+" ") != strings.Count(page, "</"+tag+">") {
			t.Errorf("<%s> isn't balanced", tag)
		}
	}
}
