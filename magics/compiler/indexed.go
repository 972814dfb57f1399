package compiler

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"hpgo/magics/result"
)

// nameIndexed gives remarks about checks of indices the Go that they are about, which
// the compiler doesn't name: its position is that of the bracket.
func nameIndexed(remarks []result.Remark, line string) {
	for i := range remarks {
		switch remarks[i].Kind {
		case result.RemarkBounds, result.RemarkSliceBounds, result.RemarkProved:
			if remarks[i].From == nil {
				remarks[i].What = indexed(line, remarks[i].Col-1)
			}
		}
	}
}

// indexed is the index expression whose bracket stands at an offset of a line; "":
// there is none, or it goes on in another line.
func indexed(line string, at int) string {
	if at <= 0 || at >= len(line) || line[at] != '[' {
		return ""
	}
	end, depth := at, 0
	for ; end < len(line); end++ {
		if line[end] == '[' {
			depth++
		} else if line[end] == ']' {
			if depth--; depth == 0 {
				break
			}
		}
	}
	if end == len(line) {
		return ""
	}
	start := operand(line[:at])
	return strings.TrimSpace(line[start : end+1])
}

// operand is where the operand begins that ends a text: a name, with what is
// selected, indexed or called on the way.
func operand(text string) int {
	for at := len(text); at > 0; {
		r, n := utf8.DecodeLastRuneInString(text[:at])
		switch {
		case r == ')' || r == ']':
			open := opening(text[:at])
			if open < 0 {
				return at
			}
			at = open
		case r == '.' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			at -= n
		default:
			return at
		}
		if at == 0 {
			return 0
		}
	}
	return 0
}

// opening is where the bracket opens that closes a text; -1: in another line.
func opening(text string) int {
	depth := 0
	for at := len(text) - 1; at >= 0; at-- {
		switch text[at] {
		case ')', ']', '}':
			depth++
		case '(', '[', '{':
			if depth--; depth == 0 {
				return at
			}
		}
	}
	return -1
}

// literal is the end of the compiler's name of a function literal.
var literal = regexp.MustCompile(`\.func\d+(?:\.\d+)*$`)

// nameLiterals gives remarks about function literals that the user didn't write, as
// the bodies of loops over functions, the Go that they are, and leaves out whether
// goroutines can be inlined: nothing inlines them.
func nameLiterals(remarks []result.Remark, line string) []result.Remark {
	for i := range remarks {
		if r := &remarks[i]; r.What == "func literal" && r.Col > 0 {
			switch at := line[min(r.Col-1, len(line)):]; {
			case strings.HasPrefix(at, "go "):
				r.What, r.Why = "function and arguments of the goroutine", ""
			case strings.HasPrefix(at, "for "):
				r.What = "body of the loop"
			}
		}
	}
	return slices.DeleteFunc(remarks, func(r result.Remark) bool {
		if r.Kind != result.RemarkCannotInline && r.Kind != result.RemarkCanInline || r.Col == 0 || !literal.MatchString(r.Func) {
			return false
		}
		at := min(r.Col-1, len(line))
		return strings.HasPrefix(line[at:], "go ") || strings.HasSuffix(line[:at], "go ")
	})
}
