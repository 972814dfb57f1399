package notebook

import (
	"regexp"
	"strings"
)

// Progress bars clear their line with a terminal sequence: wipe clears all
// of it, eraseEnd what stands behind the cursor, which is nothing here.
var (
	wipe     = regexp.MustCompile("\r\x1b\\[0?K|\x1b\\[2K")
	eraseEnd = regexp.MustCompile("\x1b\\[[01]?K")
)

// FoldStream applies carriage returns and backspaces to a stream's text, as
// nbclient and nbconvert do: a backspace takes the character before it, a
// carriage return drops what its line held so far. What a line was cleared
// to is kept, so a finished progress bar is one line and a bar that erased
// itself is none.
func FoldStream(s string) string {
	if !strings.ContainsAny(s, "\r\b") {
		return s
	}
	s = wipe.ReplaceAllString(s, "\r \r")
	s = eraseEnd.ReplaceAllString(s, "")
	var b strings.Builder
	b.Grow(len(s))
	for line := range strings.Lines(s) {
		end := ""
		for _, e := range []string{"\r\n", "\n"} {
			if body, ok := strings.CutSuffix(line, e); ok {
				line, end = body, "\n"
				break
			}
		}
		line = foldBackspaces(line)
		body := strings.TrimRight(line, "\r")
		if body != line && end == "" && strings.TrimSpace(body[strings.LastIndexByte(body, '\r')+1:]) == "" {
			continue // a last line wiped with blanks: nothing is left to see
		}
		if i := strings.LastIndexByte(body, '\r'); i >= 0 {
			body = body[i+1:]
		}
		b.WriteString(body)
		b.WriteString(end)
	}
	return b.String()
}

func foldBackspaces(line string) string {
	if !strings.Contains(line, "\b") {
		return line
	}
	runes := make([]rune, 0, len(line))
	for _, r := range line {
		switch {
		case r != '\b':
			runes = append(runes, r)
		case len(runes) > 0:
			runes = runes[:len(runes)-1]
		}
	}
	return string(runes)
}
