package repl

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// decodeAll names all keys of a text, as if no more came.
func decodeAll(text string) string {
	var names []string
	for b := []byte(text); len(b) > 0; {
		k, n := decodeKey(b, true)
		if n == 0 {
			names = append(names, "?"+string(b))
			break
		}
		name := k.name
		if k.text != "" {
			name += "(" + k.text + ")"
		}
		names = append(names, name)
		b = b[n:]
	}
	return strings.Join(names, " ")
}

func TestDecodeKey(t *testing.T) {
	for _, test := range []struct{ bytes, want string }{
		{"abc", "text(abc)"},
		{"größe 漢", "text(größe 漢)"},
		{"a\tb\r", "text(a) tab text(b) enter"},
		{"\x01\x05\x7f\x08\x1f\x00", "ctrl-a ctrl-e backspace backspace ctrl-_ ctrl-space"},
		{"\x1b[A\x1b[B\x1bOC\x1b[1;5D", "up down right ctrl-left"},
		{"\x1b[H\x1b[4~\x1b[3~\x1b[3;5~", "home end delete ctrl-delete"},
		{"\x1bb\x1bF\x1b\x7f\x1b\r", "alt-b alt-f alt-backspace alt-enter"},
		{"\x1b[Z\x1b[13;2u\x1b[27;3;13~\x1b[13;6u", "shift-tab shift-enter alt-enter ctrl-shift-enter"},
		{"\x1b", "esc"},
		{"\x1b\x1b[A", "esc up"},
		{"\x1b\x03", "esc ctrl-c"},
		{"\x1b[200~a\r\nb\rc\x07\x1b[201~d", "paste(a\nb\nc) text(d)"},
		{"\x1b[200~begun", "?\x1b[200~begun"},
		{"\x1b[5", "ignore"},
		{"\x1b[5\x01", "ignore ctrl-a"},
		{"\x1b[999q\x1bOz", "ignore ignore"},
		{"\xffa\xe2\x82", "ignore text(a) ignore ignore"},
		{"\u0085x", "ignore text(x)"},
	} {
		if got := decodeAll(test.bytes); got != test.want {
			t.Errorf("%q: %s, want %s", test.bytes, got, test.want)
		}
	}
}

// TestDecodeKeyWaits: what may be the begin of a key waits for the rest.
func TestDecodeKeyWaits(t *testing.T) {
	for _, text := range []string{"\x1b", "\x1b[", "\x1b[1;", "\x1bO", "\xe6\xbc", "\x1b[200~abc\x1b[20"} {
		if k, n := decodeKey([]byte(text), false); n != 0 {
			t.Errorf("%q is %v already", text, k)
		}
	}
}

func FuzzDecodeKey(f *testing.F) {
	for _, s := range []string{"a\x1b[1;5C\r", "\x1b[200~x\x1b[201~", "\x1b\x1bOA\xff\xe2", "\x1b[27;2;13~"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for len(b) > 0 {
			k, n := decodeKey(b, true)
			if n < 0 || n > len(b) {
				t.Fatalf("%d of %d bytes", n, len(b))
			}
			if n == 0 {
				if !strings.HasPrefix(string(b), "\x1b[200") {
					t.Fatalf("%q waits for ever", b)
				}
				return
			}
			if k.name == "" || !utf8.ValidString(k.text) {
				t.Fatalf("%q is %v", b[:n], k)
			}
			b = b[n:]
		}
	})
}
