package report

import (
	"encoding/json"
	"strings"
	"testing"

	nethtml "golang.org/x/net/html"

	"hpgo/kernel/notebook"
)

func TestANSI(t *testing.T) {
	tests := map[string]string{
		"plain <b> & \"q\"":                      "plain &lt;b&gt; &amp; &#34;q&#34;",
		"\x1b[31mred\x1b[0m no":                  `<span class="a-f1">red</span> no`,
		"\x1b[1;32mboth\x1b[22mgreen\x1b[mend":   `<span class="a-f2 a-bold">both</span><span class="a-f2">green</span>end`,
		"\x1b[94;41mx":                           `<span class="a-f12 a-b1">x</span>`,
		"\x1b[38;5;9mx\x1b[39my":                 `<span class="a-f9">x</span>y`,
		"\x1b[38;5;208mx":                        `<span style="color:#ff8700">x</span>`,
		"\x1b[48;5;244mx":                        `<span style="background-color:#808080">x</span>`,
		"\x1b[38;2;1;2;300mx":                    `<span style="color:#0102ff">x</span>`,
		"\x1b[38;5mx":                            "x",
		"\x1b[7mx\x1b[27my":                      `<span class="a-inverse">x</span>y`,
		"\x1b[7;31mx":                            `<span class="a-b1">x</span>`,
		"\x1b[2J\x1b[10;3Hx\x1b[?25l":            "x",
		"\x1b]8;;http://x\x07link\x1b]8;;\x1b\\": "link",
		"\x1b]0;open title":                      "",
		"a\x00b\x07c\u0085d\te":                  "abcd\te",
		"\x1b[99999999999999999999mx":            "x",
		"x\x1b":                                  "x",
	}
	for in, want := range tests {
		if got := ansiHTML(in); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", in, got, want)
		}
	}
}

func plainBuilder() *builder { return newBuilder(notebook.New(), Meta{}) }

func TestMarkdown(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"dollars of money", "costs $5 and $10", "<p>costs $5 and $10</p>"},
		{"dollars in code", "`$x$`", "<p><code>$x$</code></p>"},
		{"escaped dollars", `\$x\$`, "<p>$x$</p>"},
		{"underscores in formulas", "$a_1 b_2$", "<p>MATH(a_1 b_2)</p>"},
		{"stars in formulas", "$a*b*c$ *em*", "<p>MATH(a*b*c) <em>em</em></p>"},
		{"formula over lines", "$a\n+b$", "<p>MATH(a +b)</p>"},
		{"display in a line", "so $$x$$ here", "<p>so MATH(x) here</p>"},
		{"display block", "$$\na\n- b\n$$", `<div class="math">MATH(a - b)</div>`},
		{"display block in a list", "- x\n\n  $$a$$", `<ul> <li> <p>x</p> <div class="math">MATH(a)</div> </li> </ul>`},
		{"display ends a paragraph", "text\n$$a$$\nmore", `<p>text</p> <div class="math">MATH(a)</div> <p>more</p>`},
		{"no end", "$$\na\n\nb", "<p>$$ a</p> <p>b</p>"},
		{"environment", "\\begin{align}a\\end{align}", `<div class="math">MATH(\begin{align}a\end{align})</div>`},
		{"brackets", "\\[a\\] \\(b\\)", "<p>[a] MATH(b)</p>"},
		{"bracket block", "\\[\na\n\\]", `<div class="math">MATH(a)</div>`},
		{"unknown command", `$\foo$`, `<p><code class="tex" title="formula: unknown command \foo">$\foo$</code></p>`},
		{"pipes in table cells", "| a |\n|---|\n| $x$ |", "<table> <thead> <tr> <th>a</th> </tr> </thead> <tbody> <tr> <td>MATH(x)</td> </tr> </tbody> </table>"},
		{"script", "a<script>alert(1)</script>b", "<p>ab</p>"},
		{"handlers", `<b onclick="x()">a</b>`, "<p><b>a</b></p>"},
		{"styles", `<p style="position:fixed;color:red;background-color:url(x)">a</p>`, `<p style="color:red">a</p>`},
		{"unknown element", "<blink>a</blink>", "<p>a</p>"},
		{"stray ends", "a</p></div></section></main></body></html>b", "<p>a</p>b<p></p>"},
		{"unclosed", "<div><b>x", "<div><b>x</b></div>"},
		{"comment", "a <!-- b --> c", "<p>a  c</p>"},
		{"bad links", `[a](javascript:alert(1)) <a href="vbscript:x">b</a> [c](data:text/html,x)`, `<p><a>a</a> <a>b</a> <a>c</a></p>`},
		{"good links", `[a](https://x.org/?a=1&b=2) <a name="n"></a>`, `<p><a href="https://x.org/?a=1&amp;b=2">a</a> <a id="n"></a></p>`},
		{"remote image", "![alt](http://x.org/i.png)", `<p><a href="http://x.org/i.png">[image: alt]</a></p>`},
		{"data image", "![alt](data:image/png;base64,QUJD)", `<p><img alt="alt" src="data:image/png;base64,QUJD"/></p>`},
		{"image without a description", "![](attachment:no) ![](dir/fig.png) ![](data:image/png;base64,QUJD)", `<p>[image: no] <a href="dir/fig.png">[image: fig.png]</a> <img alt="image" src="data:image/png;base64,QUJD"/></p>`},
		{"svg is not markdown's", "<svg onload=x><circle/></svg>", "<p></p>"},
		{"form", `<form><input name="a"><input type="checkbox" checked></form>`, ""},
		{"class", `<div class="skip math">a</div>`, `<div class="math">a</div>`},
		{"strike", "~~a~~", "<p><del>a</del></p>"},
		{"task", "- [x] a", `<ul> <li><input type="checkbox" disabled="" checked="" aria-label="done"/> a</li> </ul>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := plainBuilder().markdown(tt.in, markdownContext{})
			got = strings.Join(strings.Split(strings.TrimSpace(sourceOnly(got)), "\n"), " ")
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// sourceOnly replaces each formula by MATH(its source).
func sourceOnly(s string) string {
	for {
		before, rest, ok := strings.Cut(s, "<math")
		if !ok {
			return s
		}
		_, rest, _ = strings.Cut(rest, `x-tex">`)
		tex, after, _ := strings.Cut(rest, "</annotation></semantics></math>")
		s = before + "MATH(" + tex + ")" + after
	}
}

func TestFootnotesOfTwoCells(t *testing.T) {
	reportOf(t, Meta{}, markdownCell("a[^1]\n\n[^1]: x"), markdownCell("b[^1]\n\n[^1]: y"))
}

func output(data map[string]any, metadata notebook.Object) *notebook.Output {
	return &notebook.Output{Type: notebook.DisplayOutput, Data: data, Metadata: metadata}
}

const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEElEQVR4nGP8z8Dwn4GBgQEADQEB/7uxWfYAAAAASUVORK5CYII="

const greyPixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="

func TestRichOutputs(t *testing.T) {
	tests := []struct {
		name string
		out  *notebook.Output
		want string
	}{
		{"html before all", output(map[string]any{"text/html": "<i>x</i>", "image/png": pixel, "text/plain": "p"}, nil), `<div class="html" id="o1"><i>x</i></div>`},
		{"svg before png", output(map[string]any{"image/svg+xml": "<svg/>", "image/png": pixel}, nil), `<figure class="paper" id="o1"><svg role="img" aria-label="Figure: output of cell 1"></svg></figure>`},
		{"figure of hpgo", output(map[string]any{"image/svg+xml": "<svg/>", figureMIME: notebook.Object{}}, nil), `<figure class="themed" id="o1">`},
		{"transparent png", output(map[string]any{"image/png": pixel}, nil), `<figure class="paper">`},
		{"opaque png", output(map[string]any{"image/png": greyPixel}, nil), `<figure class="opaque">`},
		{"png with sizes", output(map[string]any{"image/png": pixel, "text/plain": "0xc000"}, notebook.Object{"image/png": notebook.Object{"width": json.Number("4"), "alt": "A \"dot\""}}), `alt="A &#34;dot&#34;" width="4" height="2"`},
		{"broken png", output(map[string]any{"image/png": "???", "text/plain": "p"}, nil), `<pre class="text">p</pre>`},
		{"broken svg", output(map[string]any{"image/svg+xml": "no svg", "text/plain": "p"}, nil), `<pre class="text">p</pre>`},
		{"empty html", output(map[string]any{"text/html": " ", "text/plain": "p"}, nil), `<pre class="text">p</pre>`},
		{"latex", output(map[string]any{"text/latex": `$$x$$`}, nil), `<math display="block">`},
		{"javascript is not run", output(map[string]any{"application/javascript": "alert(1)", "text/plain": "js"}, nil), `<pre class="text">js</pre>`},
		{"json", output(map[string]any{"application/json": []any{json.Number("1.0")}}, nil), "[\n  1.0\n]"},
		{"taken back", output(map[string]any{"text/html": ""}, nil), ""},
		{"unknown", output(map[string]any{"a/b": "x"}, nil), "Output without a text form: a/b"},
		{"nothing", output(map[string]any{}, nil), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := plainBuilder().rich(1, tt.out); !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestTrusted(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"stray ends", "</div></main></body></html><p>a", `<div class="html" id="o1"><p>a</p></div>`},
		{"ids", `<a href="#x">l</a><b id="x" style="fill:url(#x)"></b><label for="x y"></label>`, `<div class="html" id="o1"><a href="#o1-x">l</a><b id="o1-x" style="fill:url(#o1-x)"></b><label for="o1-x y"></label></div>`},
		{"style", `<style>/* c */ body{margin:0} #x .a>b{color:red} @keyframes k{to{top:0}} @import "x";</style><i id="x">a</i>`, `<div class="html" id="o1"><style>@keyframes k{to{top:0}}#o1{body{margin:0}#o1-x .a>b{color:red}}</style><i id="o1-x">a</i></div>`},
		{"style that doesn't balance", `<style>a{b:c}} *{display:none}</style>x`, `<div class="html" id="o1"><style></style>x</div>`},
		{"page-wide", `<base href="//x"><meta http-equiv="refresh"><link rel="stylesheet" href="//x"><title>t</title>a`, `<div class="html" id="o1">a</div>`},
		{"remote picture", `<img src="http://x/y.png" alt="A">`, `<div class="html" id="o1"><span><a href="http://x/y.png">[image: A]</a></span></div>`},
		{"a widget's script", `<div>a<script data-hpgo-server>x()</script></div>`, `<div class="html" id="o1"><div>a</div></div>`},
		{"data script is no script", `<script type="application/json">{}</script>a`, `<div class="html" id="o1"><script type="application/json">{}</script>a</div>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := plainBuilder().trustedHTML(tt.in, "alt", "plain"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	for _, in := range []string{`<script>x()</script>`, `<b onclick="x()">a</b>`, `<a href=" JavaScript:x">a</a>`, `<iframe srcdoc="a"></iframe>`,
		`<iframe title="t" sandbox="allow-scripts allow-same-origin" srcdoc="a"></iframe>`, `<iframe title="t" sandbox="allow-scripts" srcdoc="a"></iframe><script>x()</script>`, `<svg><script>x</script></svg>`} {
		got := plainBuilder().trustedHTML(in, `an "alt"`, "plain")
		if !strings.HasPrefix(got, `<iframe class="frame" name="frame-1" sandbox="allow-scripts" title="an &#34;alt&#34;" srcdoc="`) || strings.Contains(got, in) {
			t.Errorf("%s: not framed: %s", in, got)
		}
	}
	b := plainBuilder()
	sealed := `<iframe sandbox="allow-scripts" title="t" srcdoc="&lt;script&gt;x()&lt;/script&gt;"></iframe>`
	if got := b.trustedHTML(sealed, "alt", "plain"); got != `<div class="html" id="o1">`+sealed+"</div>" || b.frames != 1 {
		t.Errorf("a frame of its own: %s, %d frames", got, b.frames)
	}
	for _, in := range []string{`<script src="https://x/y.js"></script>`, `<script>load("https://x/y.min.js")</script>`} {
		got := plainBuilder().trustedHTML(in, "alt", "plain")
		if !strings.Contains(got, "loads scripts from the network") || !strings.Contains(got, "plain") {
			t.Errorf("remote script: %s", got)
		}
	}
}

func TestSVG(t *testing.T) {
	b := plainBuilder()
	one := `<?xml version="1.0"?><!DOCTYPE svg><svg width="10px" height="5" xmlns:xlink="x"><title>T</title><defs><g id="a"/></defs><rect fill="url('#a')" clip-path="url(#none)"/></svg>`
	got := b.svg(one, "alt", false) + b.svg(one, "alt", false)
	for _, want := range []string{`id="o1-a"`, `id="o2-a"`, `url(&#39;#o1-a&#39;)`, `url(#none)`, `viewBox="0 0 10 5"`, `aria-label="T"`, `class="paper"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if got := b.svg(`<svg><script>x</script></svg>`, "a", false); !strings.HasPrefix(got, "<iframe") {
		t.Errorf("scripts: %s", got)
	}
	if got := b.svg(`<svg><style>a{}</style><g id="x"/><use xlink:href="#x"/></svg>`, "a", false); !strings.Contains(got, `<img src="data:image/svg+xml;base64,`) {
		t.Errorf("style and use: %s", got)
	}
}

func TestHighlight(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"go", "x := 1", `<span class="nx">x</span>`},
		{"line magic", "%timeit -n 1 f()\ng()", `<span class="magic">%timeit</span> -n 1 f()` + "\n"},
		{"shell line", "!*ls $A", `<span class="magic">!*</span>`},
		{"raw string", "x := `\n%% no\n`", `<span class="s">`},
		{"block comment", "/*\n% no\n*/", `<span class="cm">% no`},
		{"cell magic", "%%bash\nfor i in 1; do", `<span class="k">for</span>`},
		{"gonb prefix", "//gonb:%%\nx()", `<span class="magic">//gonb:%%</span>`},
		{"not equal", "!= x", `<span class="o">!=</span>`},
		{"continued magic", "%args a \\\n  b\nx", `<span class="magic">  b</span>`},
		{"writefile", "%%writefile a.json\n{\"a\": 1}", `<span class="nt">&#34;a&#34;</span>`},
		{"escaped", "%%writefile x\n<b>", `&lt;b&gt;`},
		{"timed Go", "%%time\nx := 1", `<span class="nx">x</span>`},
	}
	for _, tt := range tests {
		got := highlightCell(tt.in)
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %s\nwant %s", tt.name, got, tt.want)
		}
		nodes, err := parseFragment("<pre>" + got + "</pre>")
		if err != nil || strings.TrimRight(textOf(nodes...), "\n") != strings.TrimRight(tt.in, "\n") {
			t.Errorf("%s: the text changed: %q", tt.name, textOf(nodes...))
		}
	}
}

// FuzzReport puts foreign text into every place of a page and wants a sound
// page.
func FuzzReport(f *testing.F) {
	f.Add("# T\n\n$x$ <div>", "<b>", "<svg>", "\x1b[31mx", "%%bash\nls")
	f.Add("</main>", "</body><script>", "<svg><style>}", "\x1b]", "`%")
	f.Add("$$\n\\[\n$$[^1]\n\n[^1]: a", "<table><p>", "<svg></main>", "", "")
	f.Add("<math><mi><style>", "<math><mtext><table>", "<svg><foreignObject><p>", "\x1b[38;5", "!")
	f.Add("<select><h1><h1>", "<template><p id=a>", "<svg id=main>", "", "//gonb:")
	f.Add("<plaintext>a", "<plaintext>a", "<svg><plaintext>", "", "x")
	f.Add("a", "<noscript></main></noscript><form><form><a><a>", "<svg><title><main>", "", "x")
	f.Add("a", "<table><table><td><svg><desc><p></table>", "<svg><style><!--</style><img>", "", "x")
	f.Add("<math></p><mtext><p></math>", "<math><annotation-xml encoding=text/html><p>", "<svg><p>", "", "x")
	f.Fuzz(func(t *testing.T, markdown, htmlOutput, svg, text, code string) {
		nb := notebook.New()
		nb.Cells = []*notebook.Cell{
			markdownCell(markdown),
			{Type: notebook.Code, Source: code, Outputs: []*notebook.Output{
				{Type: notebook.StreamOutput, Name: "stdout", Text: text},
				output(map[string]any{"text/html": htmlOutput}, nil),
				output(map[string]any{"image/svg+xml": svg}, nil),
				{Type: notebook.ErrorOutput, EName: text, EValue: text},
			}},
		}
		var page strings.Builder
		if err := Write(&page, nb, Meta{}); err != nil {
			t.Fatal(err)
		}
		body := page.String()
		root, err := nethtml.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		inside := func(n *nethtml.Node, ancestor string) bool {
			for ; n != nil; n = n.Parent {
				if n.Data == ancestor {
					return true
				}
			}
			return false
		}
		cells, footers := 0, 0
		walkAll([]*nethtml.Node{root}, func(n *nethtml.Node) {
			switch {
			case n.Type != nethtml.ElementNode || n.Namespace != "":
			case n.Data == "section" && attribute(n, "id") == "cell-2" && n.Parent.Data == "main":
				cells++
			case n.Data == "footer" && n.Parent.Data == "body" && !inside(n, "main"):
				footers++
			case n.Data == "script" && n.Parent.Data != "body" && !dataScript.MatchString(attribute(n, "type")):
				t.Errorf("a script got into the page: %s", textOf(n))
			}
		})
		if cells != 1 || footers != 1 {
			t.Errorf("the page's structure is gone: %d cells, %d footers in place", cells, footers)
		}
	})
}
