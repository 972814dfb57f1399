package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"strings"
)

// gonbPrefix may stand before any special line, which keeps the file valid Go
// for Jupytext.
const gonbPrefix = "//gonb:"

// assignment matches `name := %magic`, `a, b = !cmd` and the like at the start
// of a line.
var assignment = regexp.MustCompile(`^([\pL_][\pL\pN_]*(?:[ \t]*,[ \t]*[\pL_][\pL\pN_]*)*)[ \t]*(:?=)[ \t]*([%!].*)`)

// joinedLine is a special line with its continuation lines.
type joinedLine struct {
	text       string // without newlines, backslashes before them, and the prefix
	start, end int    // offsets; end excludes the last newline
	parts      []part
}

// part says where a piece of the joined text comes from.
type part struct{ text, source int }

// source returns the offset in the cell of a byte of the joined text.
func (l joinedLine) source(i int) int {
	p := l.parts[0]
	for _, q := range l.parts[1:] {
		if q.text <= i {
			p = q
		}
	}
	return min(p.source+i-p.text, l.end)
}

// readLine reads the special line at off, which may begin with gonb's prefix.
// A backslash at the end of a line joins the next one.
func (c *Cell) readLine(off int) joinedLine {
	l := joinedLine{start: off}
	prefixed := strings.HasPrefix(c.Text[off:], gonbPrefix)
	at := off
	if prefixed {
		at += len(gonbPrefix)
	}
	var text strings.Builder
	for {
		l.parts = append(l.parts, part{text.Len(), at})
		rest := c.Text[at:]
		end := strings.IndexByte(rest, '\n')
		last := end < 0
		if last {
			end = len(rest)
		}
		line := rest[:end]
		l.end = at + end
		if last || !continues(line) {
			text.WriteString(strings.TrimRight(line, " \t\r"))
			break
		}
		text.WriteString(line[:len(line)-1])
		at += end + 1
		if prefixed && strings.HasPrefix(c.Text[at:], gonbPrefix) {
			at += len(gonbPrefix)
		}
	}
	l.text = text.String()
	return l
}

// continues reports whether a line ends in an unescaped backslash.
func continues(line string) bool {
	n := len(line) - len(strings.TrimRight(line, `\`))
	return n%2 == 1
}

// magicLine takes the special line at off out of the Go text.
func (s *splitter) magicLine(off int) {
	l := s.cell.readLine(off)
	m := newMagic(l, 0)
	m.Line, _ = s.cell.Position(l.start)
	s.take(m)
}

// helpRequest matches `name?`, `pkg.Name??` and `?name`: IPython's question for
// documentation. No Go has a question mark outside of strings and comments.
var helpRequest = regexp.MustCompile(`^(\?{0,2})[ \t]*([\pL_][\pL\pN_]*(?:\.[\pL_][\pL\pN_]*)*)[ \t]*(\?{0,2})[ \t]*$`)

// helpLine recognises a question for documentation in a line and takes it, as
// the magic %pinfo, or %pinfo2 with two marks.
func (s *splitter) helpLine(l lexeme) bool {
	if l.tok != token.IDENT && !l.tok.IsKeyword() && l.lit != "?" {
		return false
	}
	line := s.cell.readLine(l.off)
	g := helpRequest.FindStringSubmatchIndex(line.text)
	if g == nil || (g[3] > g[2]) == (g[7] > g[6]) {
		return false
	}
	m := Magic{Kind: MagicLine, Name: "pinfo", Args: line.text[g[4]:g[5]], Start: line.start, End: line.end, ArgsAt: line.source(g[4])}
	if g[3]-g[2] == 2 || g[7]-g[6] == 2 {
		m.Name = "pinfo2"
	}
	m.Line, _ = s.cell.Position(line.start)
	s.take(m)
	return true
}

// newMagic reads a special line's text from an index on.
func newMagic(l joinedLine, from int) Magic {
	m := Magic{Start: l.start, End: l.end}
	rest := l.text[from:]
	switch {
	case strings.HasPrefix(rest, "%%"):
		m.Kind, rest = MagicCell, rest[2:]
	case strings.HasPrefix(rest, "%"):
		m.Kind, rest = MagicLine, strings.TrimLeft(rest[1:], " \t")
	case strings.HasPrefix(rest, "!*"):
		m.Kind, rest = MagicShellTmp, rest[2:]
	default:
		m.Kind, rest = MagicShell, rest[1:]
	}
	if m.Kind == MagicLine || m.Kind == MagicCell {
		n := strings.IndexAny(rest, " \t")
		if n < 0 {
			n = len(rest)
		}
		m.Name, rest = rest[:n], rest[n:]
	}
	m.Args = strings.TrimLeft(rest, " \t")
	m.ArgsAt = l.source(len(l.text) - len(m.Args))
	return m
}

// take files a special line where it belongs and goes on after it.
func (s *splitter) take(m Magic) {
	c := s.cell
	main := m.Kind == MagicCell && (m.Name == "" || m.Name == "main") || m.Kind == MagicLine && m.Name == "main"
	switch {
	case m.Assign != "" && (main || m.Kind == MagicCell):
		s.magicError(m, fmt.Sprintf("%s has no value to assign", m.display()))
	case main && c.Main:
		s.magicError(m, fmt.Sprintf("a second %s line: the first is line %d", m.display(), c.MainLine))
	case main:
		c.Main, c.MainArgs, c.MainLine = true, m.Args, m.Line
	case m.Kind == MagicCell && len(s.chunks)+len(c.Magics) == 0 && !c.Main && s.onlyComments():
		m.BodyAt = min(m.End+1, len(c.Text))
		m.Body = c.Text[m.BodyAt:]
		c.CellMagic = &m
		s.blank(m.Start, len(s.src))
		s.stop = true
		return
	case m.Kind == MagicCell:
		s.magicError(m, fmt.Sprintf("%s can only appear at the start of the cell", m.display()))
		s.blank(m.Start, len(s.src))
		s.stop = true // what follows was meant for the magic
		return
	case m.Kind == MagicLine && m.Name == "":
		s.magicError(m, "% needs the name of a magic")
	case m.Kind != MagicLine && m.Args == "":
		s.magicError(m, "! needs a command")
	default:
		c.Magics = append(c.Magics, m)
	}
	s.blank(m.Start, m.End)
	s.restart(m.End)
	s.lastEnd = m.End
}

// onlyComments reports whether nothing but comments and blank lines has been
// read so far.
func (s *splitter) onlyComments() bool {
	return len(s.errs) == 0 && s.lastEnd == s.bodyStart
}

// display names a special line in messages.
func (m Magic) display() string {
	switch m.Kind {
	case MagicCell:
		return "%%" + m.Name
	case MagicLine:
		return "%" + m.Name
	}
	return "!"
}

func (s *splitter) magicError(m Magic, msg string) {
	s.errs = append(s.errs, s.cell.diag(CodeMagic, msg, m.Start, m.End))
}

// assignedMagic recognises an assignment from a magic or a shell command at
// off and takes it. `x := !y` can be Go: see isNegation.
func (s *splitter) assignedMagic(off int) bool {
	l := s.cell.readLine(off)
	g := assignment.FindStringSubmatchIndex(l.text)
	if g == nil {
		return false
	}
	rhs := l.text[g[6]:g[7]]
	if rhs[0] == '!' && s.isNegation(off, rhs) {
		return false
	}
	m := newMagic(l, g[6])
	names := strings.FieldsFunc(l.text[g[2]:g[3]], func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	m.Assign, m.Define = strings.Join(names, ", "), l.text[g[4]:g[5]] == ":="
	m.Line, _ = s.cell.Position(l.start)
	s.take(m)
	return true
}

// isNegation decides whether `name := !text` is Go's negation rather than a
// shell command. It is Go when the statement parses and ! negates something
// that can be a boolean; `x := !ls -la` parses too, but nobody subtracts from
// a negation. A space after the ! always means the shell, and a bare word
// always means Go: `x := ! ls`, `ok := !done`.
func (s *splitter) isNegation(off int, rhs string) bool {
	if len(rhs) < 2 || rhs[1] == ' ' || rhs[1] == '\t' || rhs[1] == '*' {
		return false
	}
	probe := newProbe(s.cell, s.src, off)
	end := probe.statementEnd()
	if probe.unclosed {
		return goCall.MatchString(rhs)
	}
	a, ok := s.parse(off, end, nil).stmt.(*ast.AssignStmt)
	return ok && negates(a.Rhs[0])
}

// goCall matches a negated call or parenthesis: what `name := !text` must
// look like to be taken for unfinished Go.
var goCall = regexp.MustCompile(`^!+([\pL_][\pL\pN_.]*)?\(`)

// negates reports whether ! can stand in x as Go's operator.
func negates(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.UnaryExpr:
		return x.Op.String() == "!" && (!hasOperator(x.X) || negates(x.X))
	case *ast.BinaryExpr:
		switch x.Op.String() {
		case "&&", "||", "==", "!=":
			return negates(x.X)
		}
	}
	return false
}

// hasOperator reports whether x is itself an operation.
func hasOperator(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.UnaryExpr:
		return x.Op.String() != "<-"
	case *ast.BinaryExpr:
		return true
	}
	return false
}
