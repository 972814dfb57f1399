package repl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// buffer is a text being edited. The cursor stands between two characters as a
// reader sees them, never inside one that consists of several runes.
type buffer struct {
	text string
	at   int // offset of the cursor
	goal int // column that up and down try to keep, less 1; 0: the cursor's own
}

// set replaces all; the cursor goes to the end.
func (b *buffer) set(text string) { *b = buffer{text: text, at: len(text)} }

// insert puts text before the cursor.
func (b *buffer) insert(text string) { b.replace(b.at, b.at, text) }

// replace puts text in the place of a part, and the cursor behind it.
func (b *buffer) replace(from, to int, text string) {
	b.text = b.text[:from] + text + b.text[to:]
	b.at, b.goal = from+len(text), 0
}

// cut removes the text between the cursor and an offset and returns it.
func (b *buffer) cut(to int) string {
	from := b.at
	if to < from {
		from, to = to, from
	}
	gone := b.text[from:to]
	b.replace(from, to, "")
	return gone
}

// move sets the cursor.
func (b *buffer) move(to int) { b.at, b.goal = to, 0 }

// before is the offset of the character before the cursor.
func (b *buffer) before() int {
	start := 0
	line := strings.LastIndexByte(b.text[:b.at], '\n') + 1
	if line == b.at {
		return max(0, b.at-1) // the end of the line before
	}
	for rest, at := b.text[line:b.at], line; rest != ""; {
		start = at
		c, after, _, _ := uniseg.FirstGraphemeClusterInString(rest, -1)
		rest, at = after, at+len(c)
	}
	return start
}

// after is the offset behind the character after the cursor.
func (b *buffer) after() int {
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(b.text[b.at:], -1)
	return b.at + len(c)
}

// lineStart and lineEnd are the bounds of the cursor's line.
func (b *buffer) lineStart() int { return strings.LastIndexByte(b.text[:b.at], '\n') + 1 }
func (b *buffer) lineEnd() int {
	if i := strings.IndexByte(b.text[b.at:], '\n'); i >= 0 {
		return b.at + i
	}
	return len(b.text)
}

// indent is the white space that the cursor's line begins with, up to the cursor.
func (b *buffer) indent() string {
	line := b.text[b.lineStart():b.at]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// onFirstLine and onLastLine say whether up and down leave the text.
func (b *buffer) onFirstLine() bool { return b.lineStart() == 0 }
func (b *buffer) onLastLine() bool  { return b.lineEnd() == len(b.text) }

// wordBefore and wordAfter are the bounds of words as letters and digits make them.
func (b *buffer) wordBefore() int {
	at := b.at
	at = skipBack(b.text, at, func(r rune) bool { return !inWord(r) })
	return skipBack(b.text, at, inWord)
}

func (b *buffer) wordAfter() int {
	at := skipForward(b.text, b.at, func(r rune) bool { return !inWord(r) })
	return skipForward(b.text, at, inWord)
}

// spaceBefore is the begin of what stands before the cursor between spaces.
func (b *buffer) spaceBefore() int {
	at := skipBack(b.text, b.at, unicode.IsSpace)
	return skipBack(b.text, at, func(r rune) bool { return !unicode.IsSpace(r) })
}

// inWord takes marks and joiners for letters: a word never ends inside of a
// character that the cursor can't enter.
func inWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\u200d'
}

func skipBack(s string, at int, skip func(rune) bool) int {
	for at > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:at])
		if !skip(r) {
			break
		}
		at -= n
	}
	return at
}

func skipForward(s string, at int, skip func(rune) bool) int {
	for at < len(s) {
		r, n := utf8.DecodeRuneInString(s[at:])
		if !skip(r) {
			break
		}
		at += n
	}
	return at
}

// vertical moves the cursor to the line above or below, as near to its column
// as that line is long.
func (b *buffer) vertical(down bool) {
	start := b.lineStart()
	column := b.goal - 1
	if b.goal == 0 {
		column = columns(b.text[start:b.at])
	}
	line := 0 // where the other line starts
	if down {
		line = b.lineEnd() + 1
	} else {
		line = strings.LastIndexByte(b.text[:start-1], '\n') + 1
	}
	at, reached := line, 0
	for at < len(b.text) && b.text[at] != '\n' {
		c, _, w, _ := uniseg.FirstGraphemeClusterInString(b.text[at:], -1)
		next := advance(reached, c, w)
		if next > column {
			break
		}
		at, reached = at+len(c), next
	}
	b.at, b.goal = at, column+1
}
