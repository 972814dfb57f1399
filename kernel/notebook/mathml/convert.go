package mathml

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxLength  = 64 << 10 // bytes of source
	maxNesting = 100      // groups within groups
)

// Convert returns a <math> element for TeX source without its dollar signs;
// display asks for a formula on a line of its own. The source is kept as an
// annotation, so that it can be copied.
func Convert(tex string, display bool) (string, error) {
	if len(tex) > maxLength {
		return "", fmt.Errorf("formula of %d bytes: more than %d", len(tex), maxLength)
	}
	if !utf8.ValidString(tex) {
		return "", fmt.Errorf("formula is no UTF-8")
	}
	tex = strings.TrimSpace(strings.Map(printable, tex))
	p := &parser{in: tex}
	row, err := p.document()
	if err != nil {
		return "", fmt.Errorf("formula: %w", err)
	}
	attr := ""
	if display {
		attr = ` display="block"`
	}
	return "<math" + attr + "><semantics>" + wrapRow(row) +
		`<annotation encoding="application/x-tex">` + html.EscapeString(tex) + "</annotation></semantics></math>", nil
}

// printable turns what neither HTML nor XML may hold into blanks.
func printable(r rune) rune {
	if unicode.IsControl(r) && r != '\n' || r&0xfffe == 0xfffe || 0xfdd0 <= r && r <= 0xfdef {
		return ' '
	}
	return r
}

// limits says where the scripts of a node go.
type limits int

const (
	beside  limits = iota
	movable        // above and below in display style, as for \sum
	always         // above and below, as for \underbrace
)

// node is a finished piece of MathML.
type node struct {
	xml    string
	limits limits
}

func row(nodes []node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(n.xml)
	}
	return b.String()
}

// wrapRow makes exactly one element of a list of nodes.
func wrapRow(nodes []node) string {
	if len(nodes) == 1 {
		return nodes[0].xml
	}
	return "<mrow>" + row(nodes) + "</mrow>"
}

// parser reads TeX from left to right and builds MathML as it goes.
type parser struct {
	in    string
	pos   int
	depth int
	font  string // the alphabet that letters are set in, see alphabets
}

// stop says what ends a row.
type stop int

const (
	atEnd stop = iota
	atBrace
	atBracket
	atRight // \right, \middle
	atCell  // &, \\, \end
)

func (p *parser) document() ([]node, error) {
	rows, err := p.lines()
	if err != nil {
		return nil, err
	}
	if p.pos < len(p.in) {
		return nil, fmt.Errorf("unexpected %q", p.peekToken())
	}
	if len(rows) == 1 && len(rows[0]) == 1 {
		return rows[0][0], nil
	}
	// A bare \\ or & outside of an environment, which MathJax accepts.
	return []node{{xml: table(rows, alignedColumns, "")}}, nil
}

func (p *parser) enter() error {
	if p.depth++; p.depth > maxNesting {
		return fmt.Errorf("nested more than %d deep", maxNesting)
	}
	return nil
}

// space skips blanks and comments.
func (p *parser) space() {
	for p.pos < len(p.in) {
		switch c := p.in[p.pos]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			p.pos++
		case c == '%':
			end := strings.IndexByte(p.in[p.pos:], '\n')
			if end < 0 {
				p.pos = len(p.in)
				return
			}
			p.pos += end + 1
		default:
			return
		}
	}
}

// peekToken is the next character or command, blanks skipped; "" at the end.
func (p *parser) peekToken() string {
	p.space()
	rest := p.in[p.pos:]
	if rest == "" {
		return ""
	}
	if rest[0] != '\\' {
		_, size := utf8.DecodeRuneInString(rest)
		return rest[:size]
	}
	n := 1
	for n < len(rest) && isASCIILetter(rest[n]) {
		n++
	}
	if n == 1 && n < len(rest) {
		_, size := utf8.DecodeRuneInString(rest[1:])
		n += size
	}
	return rest[:n]
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func (p *parser) next() string {
	t := p.peekToken()
	p.pos += len(t)
	return t
}

// row reads nodes up to what ends the row, which it leaves unread.
func (p *parser) row(until stop) ([]node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func(font string) { p.depth--; p.font = font }(p.font)
	var nodes []node
	for {
		t := p.peekToken()
		if ends(t, until) {
			return nodes, nil
		}
		switch t {
		case "}":
			return nil, fmt.Errorf("} without {")
		case `\right`, `\middle`:
			return nil, fmt.Errorf("%s without \\left", t)
		case "&", `\\`, `\cr`, `\end`:
			return nil, fmt.Errorf("%s in a group", t)
		case `\displaystyle`, `\textstyle`, `\scriptstyle`:
			// Holds to the end of the row, like TeX's declaration.
			p.next()
			rest, err := p.row(until)
			if err != nil {
				return nil, err
			}
			styled := "<mstyle" + styleAttributes[t] + ">" + row(rest) + "</mstyle>"
			return append(nodes, node{xml: styled}), nil
		}
		n, err := p.scripted()
		if err != nil {
			return nil, err
		}
		if n.xml != "" {
			nodes = append(nodes, n)
		}
	}
}

var styleAttributes = map[string]string{
	`\displaystyle`: ` displaystyle="true" scriptlevel="0"`,
	`\textstyle`:    ` displaystyle="false" scriptlevel="0"`,
	`\scriptstyle`:  ` displaystyle="false" scriptlevel="1"`,
}

func ends(t string, until stop) bool {
	switch t {
	case "":
		return true
	case "}":
		return until == atBrace
	case "]":
		return until == atBracket
	case `\right`, `\middle`:
		return until == atRight
	case "&", `\\`, `\cr`, `\end`:
		return until == atCell
	}
	return false
}

// atom reads one thing without scripts.
func (p *parser) atom() (node, error) {
	t := p.peekToken()
	if t == "" {
		return node{}, fmt.Errorf("something is missing at the end")
	}
	if t == "{" {
		xml, err := p.group()
		// Braces take an operator's spacing away: 33{,}219 is one number.
		if rest, ok := strings.CutPrefix(xml, "<mo>"); ok && !strings.Contains(rest, "<mo>") {
			xml = `<mo lspace="0" rspace="0">` + rest
		}
		return node{xml: xml}, err
	}
	if t[0] == '\\' {
		p.next()
		return p.command(t)
	}
	r, _ := utf8.DecodeRuneInString(t)
	if '0' <= r && r <= '9' || r == '.' && p.digitAt(p.pos+1) {
		return node{xml: p.number()}, nil
	}
	p.next()
	return p.character(r), nil
}

func (p *parser) digitAt(i int) bool {
	return i < len(p.in) && '0' <= p.in[i] && p.in[i] <= '9'
}

// number reads digits, with . and , between digits: 33,219,980 is one number.
func (p *parser) number() string {
	start := p.pos
	for p.pos < len(p.in) {
		c := p.in[p.pos]
		if '0' <= c && c <= '9' || (c == '.' || c == ',') && p.digitAt(p.pos+1) {
			p.pos++
			continue
		}
		break
	}
	return "<mn>" + styledText(p.in[start:p.pos], p.font) + "</mn>"
}

func (p *parser) character(r rune) node {
	switch r {
	case '-':
		return operator("−")
	case '*':
		return operator("∗")
	case '~':
		return node{xml: `<mspace width="0.333em"></mspace>`}
	case '(', ')', '[', ']':
		return node{xml: `<mo stretchy="false">` + string(r) + "</mo>"}
	case '|':
		return node{xml: `<mo stretchy="false" lspace="0" rspace="0">|</mo>`}
	case '/':
		return node{xml: `<mo lspace="0" rspace="0">/</mo>`}
	case '.', '"', '@', '`':
		return node{xml: "<mi>" + html.EscapeString(string(r)) + "</mi>"}
	}
	if unicode.IsLetter(r) {
		return identifier(string(r), p.font)
	}
	return operator(string(r))
}

func operator(s string) node {
	return node{xml: "<mo>" + html.EscapeString(s) + "</mo>"}
}

// identifier sets letters in an alphabet; "" is TeX's default, italic for
// single letters.
func identifier(s, font string) node {
	if font == "normal" && utf8.RuneCountInString(s) == 1 {
		return node{xml: `<mi mathvariant="normal">` + html.EscapeString(s) + "</mi>"}
	}
	return node{xml: "<mi>" + styledText(s, font) + "</mi>"}
}
