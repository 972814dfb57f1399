package cell

import (
	"errors"
	"strings"
)

// SplitArgs splits the arguments of a magic the way a shell splits words:
// white space separates, '...' is literal, in "..." a backslash protects a
// quote or a backslash, elsewhere it protects any character. Nothing is
// expanded. An empty pair of quotes is an empty argument.
func SplitArgs(s string) ([]string, error) {
	var args []string
	var word strings.Builder
	inWord := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\r':
			if inWord {
				args = append(args, word.String())
				word.Reset()
				inWord = false
			}
		case '\'', '"':
			n, ok := quoted(s[i+1:], c, &word)
			if !ok {
				return nil, errors.New("missing closing " + string(c))
			}
			i += n
			inWord = true
		case '\\':
			if i++; i == len(s) {
				return nil, errors.New("backslash at the end of the line")
			}
			word.WriteByte(s[i])
			inWord = true
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if inWord {
		args = append(args, word.String())
	}
	return args, nil
}

// quoted appends the text up to the closing quote to word, and returns how
// many bytes it took with the quote.
func quoted(s string, quote byte, word *strings.Builder) (n int, ok bool) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == quote:
			return i + 1, true
		case c == '\\' && quote == '"' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			word.WriteByte(s[i])
		default:
			word.WriteByte(c)
		}
	}
	return 0, false
}
