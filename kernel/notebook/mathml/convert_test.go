package mathml

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// formulas is the golden's content: what notebooks contain.
var formulas = []string{
	`x`, `x^2`, `x_i^2`, `x_{i,j}`, `f'(x)`, `f''^2`, `2x+1`, `33{,}219{,}980`, `3.14`, `a-b`, `a<b \& c>d`, `|x|`,
	`\frac{a}{b}`, `\frac12`, `\dfrac{1}{1+\frac{1}{x}}`, `\sqrt{x}`, `\sqrt[3]{x}`, `\binom{n}{k}`,
	`\sum_{i=0}^{n} x_i`, `\sum\nolimits_i`, `\int\limits_0^1`, `\int_0^\infty e^{-x}\,dx`, `\lim_{n\to\infty} a_n`, `\max_i x_i`,
	`\alpha\beta\Gamma`, `\mathbb{R}^n`, `\mathcal{O}(n \log n)`, `\mathbf{v}`, `\boldsymbol{\alpha}`, `\mathrm{max}`, `\mathrm{d}x`, `\mathtt{ab1}`,
	`\hat{x}`, `\bar{x} \pm \sigma`, `\vec v`, `\overline{ab}`, `\underbrace{a+b}_{n}`, `\overset{!}{=}`,
	`\text{time in }\mu s`, `\text{if $x>0$ then}`, `\operatorname{argmin}_x`, `\operatorname*{argmin}_x`,
	`\left(\frac{a}{b}\right)`, `\left\{ x \middle| y \right\}`, `\left. x \right|_0`, `\bigl( x \bigr)`, `\lfloor x \rfloor`,
	`\begin{pmatrix}1&2\\3&4\end{pmatrix}`, `\begin{cases}1&x>0\\0&\text{else}\end{cases}`, `\begin{align*}a&=b\\c&=d\\\end{align*}`,
	`\begin{array}{l|r}a&b\\\hline c&d\end{array}`, `a\\b`, `\displaystyle\sum_i`, `\not=`, `a \bmod n`, `a \pmod n`,
	`z_{n+1} = z_n^2 + c % the map`, `\xrightarrow[n]{f}`, `\substack{a\\b}`, `{}^2x`, `\{a\}`, `\textcolor{red}{x}`, `E=mc^2\tag{1}`, `\int`, `ä`,
}

func TestConvert(t *testing.T) {
	var b strings.Builder
	for _, f := range formulas {
		got, err := Convert(f, false)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		wellFormed(t, f, got)
		body, _, _ := strings.Cut(strings.TrimPrefix(got, "<math><semantics>"), "<annotation")
		fmt.Fprintf(&b, "%s\n    %s\n", f, body)
	}
	const golden = "testdata/formulas.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		g, w := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
		for i := range g {
			if i >= len(w) || g[i] != w[i] {
				t.Fatalf("line %d of %s (-update rewrites it):\ngot  %s\nwant %s", i+1, golden, g[i], w[min(i, len(w)-1)])
			}
		}
		t.Fatal("golden is longer")
	}
}

// wellFormed checks that the elements are balanced and known, and that no
// element has the wrong number of children.
func wellFormed(t *testing.T, source, mathml string) {
	t.Helper()
	children := map[string]int{"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3, "mroot": 2, "math": 1, "semantics": 2}
	type open struct {
		name string
		n    int
	}
	var stack []open
	dec := xml.NewDecoder(strings.NewReader(mathml))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v in %s", source, err, mathml)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if n := len(stack); n > 0 {
				stack[n-1].n++
			}
			stack = append(stack, open{name: tok.Name.Local})
			if !strings.HasPrefix(tok.Name.Local, "m") && tok.Name.Local != "semantics" && tok.Name.Local != "annotation" {
				t.Fatalf("%q: element %s", source, tok.Name.Local)
			}
			for _, a := range tok.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" {
					t.Fatalf("%q: attribute %s", source, a.Name.Local)
				}
			}
		case xml.EndElement:
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if want, fixed := children[top.name]; fixed && top.n != want {
				t.Fatalf("%q: %s has %d children, want %d: %s", source, top.name, top.n, want, mathml)
			}
		}
	}
}

func TestDisplayAndSource(t *testing.T) {
	got, err := Convert(` a < b `, true)
	if err != nil {
		t.Fatal(err)
	}
	want := `<math display="block"><semantics><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow><annotation encoding="application/x-tex">a &lt; b</annotation></semantics></math>`
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestErrors(t *testing.T) {
	tests := map[string]string{
		`\foo{x}`: `unknown command \foo`, `\begin{tikz}\end{tikz}`: `unknown environment tikz`,
		`\frac{a}`: `something is missing at the end`, `{`: `{ without }`, `}`: `} without {`, `x^`: `something is missing at the end`, `x^}`: `something is missing before }`,
		`x^2^3`: `double superscript`, `x_2_3`: `double subscript`, `\left( x`: `\left without \right`, `\right)`: `\right without \left`, `\left x`: `x is no delimiter`,
		`\begin{matrix}a`: `\begin{matrix} without \end`, `\begin{matrix}a\end{pmatrix}`: `\begin{matrix} ends with \end{pmatrix}`, `\sqrt[3`: `[ without ]`,
		`{a & b}`: `& in a group`, strings.Repeat("{", 200): `nested more than 100 deep`, strings.Repeat("x", 70000): `more than 65536`, "\xff": `no UTF-8`,
		`\text{a`: `{ without }`, `\href{javascript:alert(1)}{x}`: `unknown command \href`, `\`: `unknown command \`,
	}
	for in, want := range tests {
		got, err := Convert(in, false)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %s, error %v, want %s", in, got, err, want)
		}
	}
}

func TestEscapes(t *testing.T) {
	for _, in := range []string{`\text{<script>alert(1)</script>}`, `<b>`, `\operatorname{<i>}`, `\mathrm{<i>}`, `\tag{"><i>}`, `"onclick="`, `\textcolor{"><i>}{x}`, `\not<`} {
		got, err := Convert(in, false)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		wellFormed(t, in, got)
	}
}

func FuzzConvert(f *testing.F) {
	for _, s := range formulas {
		f.Add(s)
	}
	f.Add(`\left\{\begin{cases}`)
	f.Add(`\text{$`)
	f.Fuzz(func(t *testing.T, tex string) {
		if got, err := Convert(tex, true); err == nil {
			wellFormed(t, tex, got)
		}
	})
}
