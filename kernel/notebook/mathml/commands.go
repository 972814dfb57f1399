package mathml

import (
	"fmt"
	"html"
	"strings"
	"unicode"
)

// command handles a command whose name has been read.
func (p *parser) command(t string) (node, error) {
	name := t[1:]
	if s, ok := symbols[name]; ok {
		return s.node(p.font), nil
	}
	if w, ok := spaces[name]; ok {
		return node{xml: `<mspace width="` + w + `"></mspace>`}, nil
	}
	if f, ok := functions[name]; ok {
		return functionName(f.text, f.limits), nil
	}
	if a, ok := accents[name]; ok {
		return p.accent(a)
	}
	if font, ok := fonts[name]; ok {
		return p.inFont(font)
	}
	if style, ok := texts[name]; ok {
		return p.text(style)
	}
	if size, ok := bigDelimiters[name]; ok {
		return p.bigDelimiter(size)
	}
	if f, ok := structures[name]; ok {
		return f(p)
	}
	if len(name) == 1 && !isASCIILetter(name[0]) {
		if strings.Contains("{}%$#&_", name) {
			return node{xml: `<mo stretchy="false">` + html.EscapeString(name) + "</mo>"}, nil
		}
		if name == "\n" {
			return node{xml: `<mspace width="0.333em"></mspace>`}, nil
		}
	}
	return node{}, fmt.Errorf("unknown command %s", t)
}

// structures are the commands with arguments of their own kind. It is filled
// in init because its functions lead back to command.
var structures map[string]func(*parser) (node, error)

func init() {
	fraction := func(attr string, style string) func(*parser) (node, error) {
		return func(p *parser) (node, error) { return p.fraction(attr, style) }
	}
	structures = map[string]func(*parser) (node, error){
		"frac":         fraction("", ""),
		"dfrac":        fraction("", `\displaystyle`),
		"cfrac":        fraction("", `\displaystyle`),
		"tfrac":        fraction("", `\textstyle`),
		"binom":        (*parser).binomial,
		"dbinom":       (*parser).binomial,
		"tbinom":       (*parser).binomial,
		"sqrt":         (*parser).root,
		"left":         (*parser).leftRight,
		"begin":        (*parser).environment,
		"operatorname": (*parser).operatorName,
		"mathop":       func(p *parser) (node, error) { x, err := p.argument(); return node{x, movable}, err },
		"mathbin":      (*parser).argumentNode,
		"mathrel":      (*parser).argumentNode,
		"mathord":      (*parser).argumentNode,
		"mathopen":     (*parser).argumentNode,
		"mathclose":    (*parser).argumentNode,
		"mathinner":    (*parser).argumentNode,
		"mathpunct":    (*parser).argumentNode,
		"overset":      func(p *parser) (node, error) { return p.stack("mover") },
		"stackrel":     func(p *parser) (node, error) { return p.stack("mover") },
		"underset":     func(p *parser) (node, error) { return p.stack("munder") },
		"substack":     (*parser).substack,
		"not":          (*parser).negated,
		"bmod":         func(*parser) (node, error) { return node{xml: `<mo lspace="0.222em" rspace="0.222em">mod</mo>`}, nil },
		"pmod":         (*parser).pmod,
		"phantom":      func(p *parser) (node, error) { return p.wrapped("<mphantom>", "</mphantom>") },
		"boxed": func(p *parser) (node, error) {
			return p.wrapped(`<mrow style="border:1px solid;padding:0.3em">`, "</mrow>")
		},
		"xrightarrow": func(p *parser) (node, error) { return p.arrow("→") },
		"xleftarrow":  func(p *parser) (node, error) { return p.arrow("←") },
		"label":       (*parser).ignored,
		"tag":         (*parser).tagged,
		"nonumber":    nothing,
		"notag":       nothing,
		"limits":      nothing,
		"nolimits":    nothing,
		"hline":       nothing,
		"color":       (*parser).ignored,
		"textcolor":   (*parser).coloured,
	}
}

func nothing(*parser) (node, error) { return node{}, nil }

func (p *parser) ignored() (node, error) {
	_, err := p.rawGroup()
	return node{}, err
}

// coloured drops the colour: it could not be trusted to be readable in both
// themes.
func (p *parser) coloured() (node, error) {
	if _, err := p.rawGroup(); err != nil {
		return node{}, err
	}
	return p.argumentNode()
}

func (p *parser) argumentNode() (node, error) {
	x, err := p.argument()
	return node{xml: x}, err
}

func (p *parser) wrapped(open, end string) (node, error) {
	x, err := p.argument()
	return node{xml: open + x + end}, err
}

func (p *parser) twoArguments() (a, b string, err error) {
	if a, err = p.argument(); err == nil {
		b, err = p.argument()
	}
	return a, b, err
}

func (p *parser) fraction(attr, style string) (node, error) {
	a, b, err := p.twoArguments()
	xml := "<mfrac" + attr + ">" + a + b + "</mfrac>"
	if style != "" {
		xml = "<mstyle" + styleAttributes[style] + ">" + xml + "</mstyle>"
	}
	return node{xml: xml}, err
}

func (p *parser) binomial() (node, error) {
	a, b, err := p.twoArguments()
	return node{xml: `<mrow><mo>(</mo><mfrac linethickness="0">` + a + b + `</mfrac><mo>)</mo></mrow>`}, err
}

func (p *parser) root() (node, error) {
	degree, there, err := p.optional()
	if err != nil {
		return node{}, err
	}
	x, err := p.argument()
	if there {
		return node{xml: "<mroot>" + x + degree + "</mroot>"}, err
	}
	return node{xml: "<msqrt>" + x + "</msqrt>"}, err
}

func (p *parser) stack(element string) (node, error) {
	script, base, err := p.twoArguments()
	return node{xml: "<" + element + ">" + base + script + "</" + element + ">"}, err
}

func (p *parser) arrow(symbol string) (node, error) {
	below, there, err := p.optional()
	if err != nil {
		return node{}, err
	}
	above, err := p.argument()
	mo := `<mo stretchy="true">` + symbol + "</mo>"
	if there {
		return node{xml: "<munderover>" + mo + below + above + "</munderover>"}, err
	}
	return node{xml: "<mover>" + mo + above + "</mover>"}, err
}

func (p *parser) accent(a accent) (node, error) {
	x, err := p.argument()
	element, attribute := "mover", "accent"
	if a.under {
		element, attribute = "munder", "accentunder"
	}
	stretch := "false"
	if a.stretchy {
		stretch = "true"
	}
	n := node{xml: fmt.Sprintf(`<%s %s="true">%s<mo stretchy="%s">%s</mo></%s>`, element, attribute, x, stretch, a.mark, element)}
	if a.brace {
		n.limits = always
	}
	return n, err
}

func (p *parser) inFont(font string) (node, error) {
	old := p.font
	p.font = font
	defer func() { p.font = old }()
	// \mathrm{max} is one word, not three variables.
	save := p.pos
	if raw, err := p.rawGroup(); err == nil && isWord(raw) {
		return identifier(raw, font), nil
	}
	p.pos = save
	return p.argumentNode()
}

func isWord(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return s != ""
}

// text reads \text{...}: words in the page's letters, with $...$ inside.
func (p *parser) text(style string) (node, error) {
	raw, err := p.rawGroup()
	if err != nil {
		return node{}, err
	}
	if err := p.enter(); err != nil {
		return node{}, err
	}
	defer func() { p.depth-- }()
	var b strings.Builder
	for i, part := range strings.Split(raw, "$") {
		if i%2 == 1 {
			inner := &parser{in: part, depth: p.depth}
			nodes, err := inner.row(atEnd)
			if err != nil {
				return node{}, err
			}
			b.WriteString(wrapRow(nodes))
			continue
		}
		if part == "" {
			continue
		}
		b.WriteString("<mtext" + style + ">" + html.EscapeString(plainText(part)) + "</mtext>")
	}
	return node{xml: "<mrow>" + b.String() + "</mrow>"}, nil
}

var textEscapes = strings.NewReplacer(`\_`, "_", `\%`, "%", `\&`, "&", `\#`, "#", `\$`, "$", `\{`, "{", `\}`, "}", `\ `, " ", "~", " ", "``", "“", "''", "”", "{", "", "}", "")

// plainText undoes TeX's escapes and keeps blanks at the ends, which MathML
// would drop.
func plainText(s string) string {
	s = textEscapes.Replace(s)
	const nbsp = "\u00a0"
	if strings.HasPrefix(s, " ") {
		s = nbsp + strings.TrimLeft(s, " ")
	}
	if strings.HasSuffix(s, " ") {
		s = strings.TrimRight(s, " ") + nbsp
	}
	return s
}

func (p *parser) operatorName() (node, error) {
	where := beside
	if strings.HasPrefix(p.in[p.pos:], "*") {
		p.pos++
		where = movable
	}
	raw, err := p.rawGroup()
	if err != nil {
		return node{}, err
	}
	raw = strings.NewReplacer(`\,`, " ", `\;`, " ", `\ `, " ", `\mathrm`, "", `\rm`, "", "{", "", "}", "").Replace(raw)
	return functionName(strings.TrimSpace(raw), where), nil
}

func functionName(text string, where limits) node {
	text = html.EscapeString(text)
	if where == movable {
		return node{xml: `<mo movablelimits="true" rspace="0.167em">` + text + "</mo>", limits: movable}
	}
	// An operator, so that it gets the thin space of a function name.
	return node{xml: `<mo lspace="0.167em" rspace="0.167em">` + text + "</mo>"}
}

func (p *parser) negated() (node, error) {
	n, err := p.atom()
	if err != nil {
		return node{}, err
	}
	// The overlay goes behind the last character of the operator.
	if i := strings.LastIndex(n.xml, "</m"); i > 0 {
		n.xml = n.xml[:i] + "\u0338" + n.xml[i:]
	}
	return n, nil
}

func (p *parser) pmod() (node, error) {
	x, err := p.argument()
	return node{xml: `<mrow><mspace width="1em"></mspace><mo stretchy="false">(</mo><mo rspace="0.333em">mod</mo>` + x + `<mo stretchy="false">)</mo></mrow>`}, err
}

func (p *parser) tagged() (node, error) {
	raw, err := p.rawGroup()
	return node{xml: `<mrow><mspace width="2em"></mspace><mtext>(` + html.EscapeString(plainText(raw)) + ")</mtext></mrow>"}, err
}

// delimiter reads the bracket behind \left, \right or \big; "." is none.
func (p *parser) delimiter() (string, error) {
	t := p.next()
	if d, ok := delimiters[t]; ok {
		return d, nil
	}
	if t == "" {
		return "", fmt.Errorf("a delimiter is missing at the end")
	}
	return "", fmt.Errorf("%s is no delimiter", t)
}

func (p *parser) leftRight() (node, error) {
	open, err := p.delimiter()
	if err != nil {
		return node{}, err
	}
	var b strings.Builder
	b.WriteString("<mrow>" + fence(open, "prefix"))
	for {
		nodes, err := p.row(atRight)
		if err != nil {
			return node{}, err
		}
		b.WriteString(row(nodes))
		end := p.next()
		if end == "" {
			return node{}, fmt.Errorf("\\left without \\right")
		}
		d, err := p.delimiter()
		if err != nil {
			return node{}, err
		}
		if end == `\right` {
			b.WriteString(fence(d, "postfix") + "</mrow>")
			return node{xml: b.String()}, nil
		}
		b.WriteString(fence(d, "infix"))
	}
}

func fence(d, form string) string {
	if d == "" {
		return ""
	}
	return `<mo fence="true" stretchy="true" form="` + form + `">` + html.EscapeString(d) + "</mo>"
}

func (p *parser) bigDelimiter(size string) (node, error) {
	d, err := p.delimiter()
	if err != nil || d == "" {
		return node{}, err
	}
	return node{xml: `<mo stretchy="true" minsize="` + size + `" maxsize="` + size + `">` + html.EscapeString(d) + "</mo>"}, nil
}

// styledText moves letters and digits into one of Unicode's alphabets.
func styledText(s, font string) string {
	a, ok := alphabets[font]
	if !ok {
		return html.EscapeString(s)
	}
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(a.letter(r))
	}
	return html.EscapeString(b.String())
}
