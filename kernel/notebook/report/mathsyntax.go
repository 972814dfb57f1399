package report

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// mathSyntax teaches goldmark the formulas of notebooks: $..$, $$..$$,
// \(..\), \[..\] and \begin{..}..\end{..}. They have to be parsed with the
// markdown, not before it, so that code keeps its dollars, and ahead of
// emphasis and escapes, so that formulas keep their underscores.
type mathSyntax struct{}

func (mathSyntax) Extend(md goldmark.Markdown) {
	md.Parser().AddOptions(
		parser.WithBlockParsers(util.Prioritized(mathBlockParser{}, 90)),
		parser.WithInlineParsers(util.Prioritized(mathInlineParser{}, 90)),
	)
	md.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(mathRenderer{}, 90)))
}

var (
	kindMath      = ast.NewNodeKind("Math")
	kindMathBlock = ast.NewNodeKind("MathBlock")
)

// mathNode is a formula in a line of text.
type mathNode struct {
	ast.BaseInline
	tex     string
	display bool
}

func (n *mathNode) Kind() ast.NodeKind          { return kindMath }
func (n *mathNode) Dump(source []byte, lvl int) { ast.DumpHelper(n, source, lvl, nil, nil) }

// mathBlock is a formula on lines of its own; its lines are kept with their
// delimiters until it is closed.
type mathBlock struct {
	ast.BaseBlock
	open, end string
	done      bool
}

func (n *mathBlock) Kind() ast.NodeKind          { return kindMathBlock }
func (n *mathBlock) Dump(source []byte, lvl int) { ast.DumpHelper(n, source, lvl, nil, nil) }
func (n *mathBlock) IsRaw() bool                 { return true }

func (n *mathBlock) tex(source []byte) string {
	tex := strings.TrimSpace(string(n.Lines().Value(source)))
	if strings.HasPrefix(n.open, `\begin`) {
		return tex
	}
	return strings.TrimSuffix(strings.TrimPrefix(tex, n.open), n.end)
}

type mathBlockParser struct{}

func (mathBlockParser) Trigger() []byte             { return []byte{'$', '\\'} }
func (mathBlockParser) CanInterruptParagraph() bool { return true }
func (mathBlockParser) CanAcceptIndentedLine() bool { return false }

// delimiters of a block formula that a line starts with.
func blockDelimiters(line []byte) (open, end string) {
	switch {
	case bytes.HasPrefix(line, []byte("$$")):
		return "$$", "$$"
	case bytes.HasPrefix(line, []byte(`\\[`)):
		return `\\[`, `\\]`
	case bytes.HasPrefix(line, []byte(`\[`)):
		return `\[`, `\]`
	case bytes.HasPrefix(line, []byte(`\begin{`)):
		name, _, ok := bytes.Cut(line[len(`\begin{`):], []byte("}"))
		if ok {
			return `\begin{` + string(name) + "}", `\end{` + string(name) + "}"
		}
	}
	return "", ""
}

// Open takes a line that starts a formula, provided that the formula ends
// before the next blank line and nothing follows it on its last line.
func (mathBlockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	offset := pc.BlockOffset()
	if offset < 0 || offset >= len(line) {
		return nil, parser.NoChildren
	}
	open, end := blockDelimiters(line[offset:])
	if open == "" {
		return nil, parser.NoChildren
	}
	// The search looks at the raw lines, prefixes of quotes and all; it only
	// decides whether there is an end at all.
	rest := reader.Source()[segment.Start:]
	rest = rest[min(bytes.Index(rest, []byte(open))+len(open), len(rest)):]
	stop := bytes.Index(rest, []byte(end))
	if stop < 0 || bytes.Contains(rest[:stop], []byte("\n\n")) {
		return nil, parser.NoChildren
	}
	after, _, _ := bytes.Cut(rest[stop+len(end):], []byte("\n"))
	if len(bytes.TrimSpace(after)) > 0 {
		return nil, parser.NoChildren
	}
	n := &mathBlock{open: open, end: end}
	n.done = closes(line[offset+len(open):], end)
	segment.Start += offset
	n.Lines().Append(segment)
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

func closes(line []byte, end string) bool {
	return bytes.HasSuffix(bytes.TrimSpace(line), []byte(end))
}

func (mathBlockParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n := node.(*mathBlock)
	if n.done {
		return parser.Close
	}
	line, segment := reader.PeekLine()
	n.done = closes(line, n.end)
	n.Lines().Append(segment)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (mathBlockParser) Close(ast.Node, text.Reader, parser.Context) {}

type mathInlineParser struct{}

func (mathInlineParser) Trigger() []byte { return []byte{'$', '\\'} }

// inlineDelimiters that a text starts with. A single dollar must touch the
// formula on its inner side, or prices would be formulas.
func inlineDelimiters(line []byte) (open, end string) {
	for _, d := range [][2]string{{"$$", "$$"}, {"$", "$"}, {`\\(`, `\\)`}, {`\\[`, `\\]`}, {`\(`, `\)`}} {
		if bytes.HasPrefix(line, []byte(d[0])) {
			return d[0], d[1]
		}
	}
	return "", ""
}

func (mathInlineParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	open, end := inlineDelimiters(line)
	if open == "" {
		return nil
	}
	startLine, startPosition := block.Position()
	block.Advance(len(open))
	var tex strings.Builder
	for {
		line, _ := block.PeekLine()
		if line == nil {
			block.SetPosition(startLine, startPosition)
			return nil
		}
		if i := endOf(line, end); i >= 0 {
			tex.Write(line[:i])
			block.Advance(i + len(end))
			break
		}
		tex.Write(line)
		block.AdvanceLine()
	}
	source := tex.String()
	next, _ := block.PeekLine()
	if strings.TrimSpace(source) == "" || open == "$" && !touches(source, next) {
		block.SetPosition(startLine, startPosition)
		return nil
	}
	return &mathNode{tex: source, display: open == "$$" || strings.HasSuffix(open, "[")}
}

// touches is pandoc's rule for single dollars: no blank inside, no digit after.
func touches(tex string, next []byte) bool {
	blank := func(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }
	if blank(tex[0]) || blank(tex[len(tex)-1]) {
		return false
	}
	return len(next) == 0 || next[0] < '0' || next[0] > '9'
}

// endOf finds the end delimiter; an escaped dollar is none.
func endOf(line []byte, end string) int {
	for i := 0; i+len(end) <= len(line); i++ {
		if string(line[i:i+len(end)]) == end {
			return i
		}
		if line[i] == '\\' && end[0] == '$' {
			i++
		}
	}
	return -1
}

type mathRenderer struct{}

func (mathRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindMath, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if n := node.(*mathNode); entering {
			w.WriteString(formula(n.tex, n.display))
		}
		return ast.WalkSkipChildren, nil
	})
	reg.Register(kindMathBlock, func(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if n := node.(*mathBlock); entering {
			w.WriteString(`<div class="math">` + formula(n.tex(source), true) + "</div>\n")
		}
		return ast.WalkSkipChildren, nil
	})
}
