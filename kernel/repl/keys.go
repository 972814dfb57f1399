package repl

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// key is one press of a key, or several characters at once.
type key struct {
	name string // "enter", "ctrl-a", "alt-left"; keyText, keyPaste, keyWake
	text string // of keyText and keyPaste
}

// The names of keys that carry text, and of what is no key.
const (
	keyText   = "text"
	keyPaste  = "paste"
	keyWake   = "wake"   // something else than a key came: a new size, a note
	keyIgnore = "ignore" // a sequence that means nothing here
)

// controlKeys names the control characters that have names of their own.
var controlKeys = map[byte]string{
	'\t': "tab", '\r': "enter", 0x7f: "backspace", 0x08: "backspace", 0x00: "ctrl-space",
	0x1c: `ctrl-\`, 0x1d: "ctrl-]", 0x1e: "ctrl-^", 0x1f: "ctrl-_",
}

const escape = 0x1b

// maxSequence is the longest control sequence that is waited for: a longer one
// is noise, not a key.
const maxSequence = 64

// decodeKey reads the first key of b and returns its length, 0 when more bytes
// are needed to tell. With final no more will come soon: a lone escape byte is
// the Escape key.
func decodeKey(b []byte, final bool) (key, int) {
	if len(b) == 0 {
		return key{}, 0
	}
	c := b[0]
	switch {
	case c == escape:
		return decodeEscape(b, final)
	case c < ' ' || c == 0x7f:
		if name, ok := controlKeys[c]; ok {
			return key{name: name}, 1
		}
		return key{name: "ctrl-" + string(rune('a'+c-1))}, 1
	}
	n := 0
	for n < len(b) && b[n] >= ' ' && b[n] != 0x7f {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size == 1 {
			if n == 0 && (final || utf8.FullRune(b)) {
				return key{name: keyIgnore}, 1
			}
			break
		}
		if !unicode.IsPrint(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Zs, r) {
			if n == 0 {
				return key{name: keyIgnore}, size
			}
			break
		}
		n += size
	}
	return key{keyText, string(b[:n])}, n
}

// decodeEscape reads a key that begins with an escape byte.
func decodeEscape(b []byte, final bool) (key, int) {
	switch {
	case len(b) == 1 && final, len(b) > 1 && b[1] == escape:
		return key{name: "esc"}, 1
	case len(b) == 1:
		return key{}, 0
	case b[1] == '[' && (len(b) > 2 || !final):
		return decodeCSI(b, final)
	case b[1] == 'O' && len(b) > 2:
		return key{name: withModifiers(finalKeys[b[2]], 0)}, 3
	case b[1] == 'O' && !final:
		return key{}, 0
	}
	if k := controlKeys[b[1]]; b[1] < ' ' && k != "enter" && k != "backspace" {
		return key{name: "esc"}, 1 // two keys in quick succession
	}
	k, n := decodeKey(b[1:], final)
	if n == 0 {
		return key{}, 0
	}
	if k.name == keyText {
		// Only the first character was pressed with Alt.
		r, size := utf8.DecodeRuneInString(k.text)
		return key{name: "alt-" + string(unicode.ToLower(r))}, 1 + size
	}
	return key{name: "alt-" + k.name}, 1 + n
}

// finalKeys names keys by the last byte of their sequence.
var finalKeys = map[byte]string{
	'A': "up", 'B': "down", 'C': "right", 'D': "left", 'H': "home", 'F': "end", 'M': "enter", 'Z': "shift-tab",
}

// numberedKeys names keys whose sequence ends in a tilde.
var numberedKeys = map[int]string{
	1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown", 7: "home", 8: "end",
}

// pasteEnd closes what a terminal pastes in brackets.
var pasteEnd = []byte("\x1b[201~")

const pasteStart = 200

// decodeCSI reads a control sequence: parameters, then a letter or a tilde.
func decodeCSI(b []byte, final bool) (key, int) {
	end := 2
	for end < len(b) && b[end] >= 0x20 && b[end] <= 0x3f {
		end++
	}
	switch {
	case end > maxSequence, end < len(b) && (b[end] < 0x40 || b[end] > 0x7e):
		return key{name: keyIgnore}, end // cut short by something else
	case end == len(b) && final:
		return key{name: keyIgnore}, end
	case end == len(b):
		return key{}, 0
	}
	params := numbers(string(b[2:end]))
	n := end + 1
	switch last := b[end]; {
	case last == '~' && params[0] == pasteStart:
		at := bytes.Index(b[n:], pasteEnd)
		if at < 0 {
			return key{}, 0 // a paste takes as long as it takes
		}
		return key{keyPaste, pasted(b[n : n+at])}, n + at + len(pasteEnd)
	case last == '~' && params[0] == 27: // xterm: 27;modifiers;code~
		return key{name: withModifiers(codeKey(params[2]), params[1])}, n
	case last == 'u': // code;modifiers u
		return key{name: withModifiers(codeKey(params[0]), params[1])}, n
	case last == '~':
		return key{name: withModifiers(numberedKeys[params[0]], params[1])}, n
	default:
		return key{name: withModifiers(finalKeys[last], params[1])}, n
	}
}

// numbers reads the first three parameters of a sequence; those missing are 0.
func numbers(s string) (p [3]int) {
	for i, field := range strings.SplitN(s, ";", 4) {
		if i < len(p) {
			field, _, _ = strings.Cut(field, ":")
			p[i], _ = strconv.Atoi(field) // no number: 0, like a missing one
		}
	}
	return p
}

// codeKey names the key of a character code, for terminals that report all
// keys in this way.
func codeKey(code int) string {
	switch {
	case code == escape:
		return "esc"
	case code > 0 && code < 0x80:
		if name, ok := controlKeys[byte(code)]; ok {
			return name
		}
		if code > ' ' {
			return strings.ToLower(string(rune(code)))
		}
	}
	return ""
}

// withModifiers adds the modifiers of a sequence, 1 plus a sum of bits.
func withModifiers(name string, modifiers int) string {
	if name == "" {
		return keyIgnore
	}
	if modifiers < 2 {
		return name
	}
	bits := modifiers - 1
	for _, m := range [...]struct {
		bit  int
		name string
	}{{1, "shift-"}, {2, "alt-"}, {4, "ctrl-"}} {
		if bits&m.bit != 0 {
			name = m.name + name
		}
	}
	return name
}

// pasted is a pasted text with newlines between its lines, whatever the
// terminal sent, and without characters that can't be shown.
func pasted(b []byte) string {
	text := strings.ToValidUTF8(string(b), "\uFFFD")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}
