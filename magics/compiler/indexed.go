package compiler

import (
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
