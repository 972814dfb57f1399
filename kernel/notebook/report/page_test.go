package report

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"hpgo/kernel/notebook"
	"hpgo/magics/report/tablesort"
)

// checkPage checks what must hold for every report: one document, unique
// ids, anchors that lead somewhere, headings in order, names for pictures
// and frames, nothing from the network.
func checkPage(t *testing.T, page []byte) {
	t.Helper()
	root, err := nethtml.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	c := &pageCheck{t: t, ids: map[string]bool{}}
	walkAll([]*nethtml.Node{root}, c.node)
	if c.mains != 1 {
		t.Errorf("%d main elements", c.mains)
	}
	for _, target := range c.targets {
		if !c.ids[target] {
			t.Errorf("link to #%s leads nowhere", target)
		}
	}
}

type pageCheck struct {
	t            *testing.T
	ids          map[string]bool
	targets      []string // of links within the page
	level, mains int
}

func (c *pageCheck) node(n *nethtml.Node) {
	if n.Type != nethtml.ElementNode {
		return
	}
	if id := attribute(n, "id"); id != "" {
		if c.ids[id] {
			c.t.Errorf("id %q twice", id)
		}
		c.ids[id] = true
	}
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") || a.Key == "src" && !strings.HasPrefix(a.Val, "data:") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
			c.t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
		}
	}
	switch {
	case n.Data == "html" && attribute(n, "lang") == "":
		c.t.Error("no lang")
	case n.Data == "main":
		c.mains++
	case n.Data == "a":
		if target, ok := strings.CutPrefix(attribute(n, "href"), "#"); ok {
			c.targets = append(c.targets, target)
		}
	case n.Data == "img" && attribute(n, "alt") == "", n.Data == "iframe" && attribute(n, "title") == "":
		c.t.Errorf("<%s> without a name", n.Data)
	case isHeading(n) && attribute(n, "role") == "":
		next := int(n.Data[1] - '0')
		if next > c.level+1 || next == 1 && c.level != 0 {
			c.t.Errorf("%s %q follows h%d", n.Data, textOf(n), c.level)
		}
		c.level = next
	case n.Data == "link", n.Data == "base", n.Data == "object", n.Data == "embed":
		c.t.Errorf("<%s>", n.Data)
	}
}

func TestSampleStructure(t *testing.T) {
	page := sampleReport(t)
	checkPage(t, page)
	for _, want := range []string{
		`<html lang="en">`, `<a class="skip" href="#main">`, "<title>A sample of everything: O(n2)</title>",
		`default-src &#39;none&#39;`, "prefers-color-scheme:dark", `alt="Time against n, rising"`, `aria-label="A triangle"`, `<dt>Total time</dt><dd>12.35s</dd>`,
	} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("no %s", want)
		}
	}
}

func reportOf(t *testing.T, meta Meta, cells ...*notebook.Cell) string {
	t.Helper()
	nb := notebook.New()
	nb.Cells = cells
	var out bytes.Buffer
	if err := Write(&out, nb, meta); err != nil {
		t.Fatal(err)
	}
	checkPage(t, out.Bytes())
	_, body, _ := strings.Cut(out.String(), "<body>")
	return body
}

func markdownCell(source string) *notebook.Cell {
	return &notebook.Cell{Type: notebook.Markdown, Source: source}
}

func TestTitleAndLevels(t *testing.T) {
	tests := []struct {
		name  string
		meta  Meta
		cells []string
		want  []string
	}{
		{"first heading", Meta{}, []string{"# T\ntext", "## A\n### B", "## C"}, []string{"1 T", "2 A", "3 B", "2 C"}},
		{"more than one first level", Meta{}, []string{"# T", "# A\n## B"}, []string{"1 T", "2 A", "3 B"}},
		{"skipped levels", Meta{}, []string{"# T", "### A\n### B\n###### C\n#### D"}, []string{"1 T", "2 A", "2 B", "3 C", "3 D"}},
		{"text before it", Meta{Source: "dir/my nb.ipynb"}, []string{"text\n\n# A"}, []string{"1 my nb", "2 A"}},
		{"given", Meta{Title: "Given <b>"}, []string{"# T", "## A"}, []string{"1 Given <b>", "2 T", "3 A"}},
		{"nothing", Meta{}, nil, []string{"1 Notebook"}},
		{"raw HTML", Meta{}, []string{"<h1>T</h1>\n\n<h4>A</h4>"}, []string{"1 T", "2 A"}},
	}
	for _, tt := range tests {
		var cells []*notebook.Cell
		for _, s := range tt.cells {
			cells = append(cells, markdownCell(s))
		}
		nodes, err := parseFragment(reportOf(t, tt.meta, cells...))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range headingsIn(nodes) {
			got = append(got, h.Data[1:]+" "+textOf(h))
		}
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestHeadingLinks(t *testing.T) {
	body := reportOf(t, Meta{}, markdownCell("# T\n\n[a](#My-Part) [b](#main-2)"), markdownCell("## My Part"), markdownCell("## My Part\n## main"))
	for _, want := range []string{`<h2 id="My-Part">`, `<h2 id="My-Part-2">`, `<h2 id="main-2">`, `<a href="#My-Part-2">My Part</a>`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
}

// luminance and contrast follow WCAG 2.
func luminance(hex string) float64 {
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		panic(err)
	}
	linear := func(shift int) float64 {
		v := float64(n>>shift&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestContrast(t *testing.T) {
	light, dark := map[string]string{}, map[string]string{}
	for _, s := range palette {
		light[s.name], dark[s.name] = s.light, s.dark
	}
	on := map[string][]string{
		"text": {"page", "code", "stderr", "error"}, "muted": {"page", "code"}, "link": {"page", "code", "error"}, "alarm": {"page", "error"},
	}
	for _, n := range strings.Fields("keyword type string number function comment magic") {
		on[n] = []string{"code"}
	}
	for i := range 16 {
		on[fmt.Sprintf("f%d", i)] = []string{"page", "stderr", "error"}
	}
	for i := range 8 {
		on["text"] = append(on["text"], fmt.Sprintf("b%d", i))
	}
	for text, grounds := range on {
		for _, ground := range grounds {
			for theme, colours := range map[string]map[string]string{"light": light, "dark": dark} {
				if c := contrast(colours[text], colours[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s has contrast %.2f", theme, text, ground, c)
				}
			}
		}
	}
}

// Tables of magics are sorted by the page's own script, not in a frame.
func TestTablesAreSortedByThePage(t *testing.T) {
	table := `<div>` + tablesort.Open + ` style="margin:0"` + tablesort.Mark + `><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table><script data-hpgo-server>1</script></div>`
	shown := func(html string) string {
		c := &notebook.Cell{Type: notebook.Code, Outputs: []*notebook.Output{output(map[string]any{"text/html": html, "text/plain": "a"}, nil)}}
		return reportOf(t, Meta{}, c)
	}
	page := shown(table)
	if !strings.Contains(page, tablesort.Script) || strings.Contains(page, "<iframe") {
		t.Error("the page doesn't sort the table itself")
	}
	if page := shown("<table><tr><td>1</td></tr></table>"); strings.Contains(page, tablesort.Script) {
		t.Error("a page without such tables has their script")
	}
}
