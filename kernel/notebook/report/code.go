package report

import (
	"html"
	"strings"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
)

// cellLanguages are the cell magics whose body is not Go.
var cellLanguages = map[string]string{
	"bash": "bash", "sh": "bash", "script": "bash", "python": "python", "python3": "python", "html": "html",
	"javascript": "javascript", "js": "javascript", "svg": "xml", "latex": "latex", "markdown": "markdown",
}

// highlightCell colours the source of a code cell: Go, except for lines that
// are magics and for the body of a cell magic of another language.
func highlightCell(source string) string {
	source = strings.TrimRight(source, "\n")
	first, body, _ := strings.Cut(source, "\n")
	if fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(first), "//gonb:")); len(fields) > 0 {
		if name, ok := strings.CutPrefix(fields[0], "%%"); ok {
			if lexer := cellLexer(name, fields[1:]); lexer != nil {
				return magicLine(first) + highlight(lexer, body)
			}
		}
	}
	var b, block strings.Builder
	flush := func() {
		if block.Len() > 0 {
			b.WriteString(highlight(lexers.Get("go"), block.String()))
			block.Reset()
		}
	}
	inside := goText{}
	continued := false
	for line := range strings.Lines(source) {
		bare := strings.TrimSuffix(line, "\n")
		if continued || inside.outside() && isMagic(bare) {
			flush()
			b.WriteString(magicLine(bare))
			continued = strings.HasSuffix(bare, `\`)
			continue
		}
		inside.line(bare)
		block.WriteString(line)
	}
	flush()
	return b.String()
}

func cellLexer(name string, args []string) chroma.Lexer {
	if name == "writefile" && len(args) > 0 {
		if l := lexers.Match(args[len(args)-1]); l != nil {
			return l
		}
		return lexers.Get("plaintext")
	}
	if name == "script" && len(args) > 0 {
		if l := lexers.Get(args[0]); l != nil {
			return l
		}
	}
	if language, ok := cellLanguages[name]; ok {
		return lexers.Get(language)
	}
	return nil
}

func isMagic(line string) bool {
	t := strings.TrimSpace(line)
	return strings.HasPrefix(t, "%") || strings.HasPrefix(t, "!") && !strings.HasPrefix(t, "!=") || strings.HasPrefix(t, "//gonb:")
}

// magicLine colours the name of a magic; a shell line is shell.
func magicLine(line string) string {
	mark := strings.IndexAny(line, "%!")
	if mark >= 0 && line[mark] == '!' {
		end := mark + 1
		if strings.HasPrefix(line[end:], "*") {
			end++
		}
		return `<span class="magic">` + html.EscapeString(line[:end]) + "</span>" + highlight(lexers.Get("bash"), line[end:]+"\n")
	}
	name, rest := line, ""
	if i := strings.IndexAny(strings.TrimLeft(line, " \t"), " \t"); i >= 0 {
		i += len(line) - len(strings.TrimLeft(line, " \t"))
		name, rest = line[:i], line[i:]
	}
	return `<span class="magic">` + html.EscapeString(name) + "</span>" + html.EscapeString(rest) + "\n"
}

// goText knows whether a line of Go starts inside a raw string or a comment,
// where a % is no magic.
type goText struct {
	raw, comment bool
}

func (t *goText) outside() bool { return !t.raw && !t.comment }

func (t *goText) line(s string) {
	for i := 0; i < len(s); i++ {
		switch {
		case t.raw:
			t.raw = s[i] != '`'
		case t.comment:
			if strings.HasPrefix(s[i:], "*/") {
				t.comment = false
				i++
			}
		case s[i] == '`':
			t.raw = true
		case strings.HasPrefix(s[i:], "//"):
			return
		case strings.HasPrefix(s[i:], "/*"):
			t.comment = true
			i++
		case s[i] == '"' || s[i] == '\'':
			quote := s[i]
			for i++; i < len(s) && s[i] != quote; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		}
	}
}

// highlightFence colours a fence of markdown.
func highlightFence(language, source string) string {
	if language == "go" {
		return highlightCell(source)
	}
	lexer := lexers.Get(language)
	if language == "" || lexer == nil {
		return html.EscapeString(source)
	}
	return highlight(lexer, source)
}

// highlight gives spans with chroma's class names; the page's style sheet
// colours them for both themes.
func highlight(lexer chroma.Lexer, source string) string {
	if source == "" {
		return ""
	}
	plain := html.EscapeString(source)
	if lexer == nil {
		return plain
	}
	tokens, err := chroma.Coalesce(lexer).Tokenise(&chroma.TokeniseOptions{State: "root", EnsureLF: true}, source)
	if err != nil {
		return plain
	}
	var b strings.Builder
	format := chromahtml.New(chromahtml.WithClasses(true), chromahtml.PreventSurroundingPre(true))
	// Classes need no style; the package of chroma's styles reads all of them, and
	// each kernel would at its start.
	style, err := chroma.NewStyle("none", chroma.StyleEntries{})
	if err != nil {
		return plain
	}
	if err := format.Format(&b, style, tokens); err != nil {
		return plain
	}
	return b.String()
}
