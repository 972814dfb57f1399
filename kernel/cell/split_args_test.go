package cell

import (
	"slices"
	"testing"
)

func TestSplitArgs(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
		err  string
	}{
		{"", nil, ""},
		{"  \t ", nil, ""},
		{"a", []string{"a"}, ""},
		{"a b  c", []string{"a", "b", "c"}, ""},
		{" a\tb ", []string{"a", "b"}, ""},
		{"a\nb", []string{"a", "b"}, ""},
		{"-x=17 --who=world", []string{"-x=17", "--who=world"}, ""},
		{`""`, []string{""}, ""},
		{`''`, []string{""}, ""},
		{`"" ''`, []string{"", ""}, ""},
		{`"a b"`, []string{"a b"}, ""},
		{`'a b'`, []string{"a b"}, ""},
		{`a" "b`, []string{"a b"}, ""},
		{`--name="a b"c`, []string{"--name=a bc"}, ""},
		{`'a"b'`, []string{`a"b`}, ""},
		{`"a'b"`, []string{`a'b`}, ""},
		{`"a\"b"`, []string{`a"b`}, ""},
		{`"a\\b"`, []string{`a\b`}, ""},
		{`"a\nb"`, []string{`a\nb`}, ""},
		{`'a\b'`, []string{`a\b`}, ""},
		{`a\ b`, []string{"a b"}, ""},
		{`a\\b`, []string{`a\b`}, ""},
		{`\"a`, []string{`"a`}, ""},
		{`\'`, []string{`'`}, ""},
		{`'日本 語' é`, []string{"日本 語", "é"}, ""},
		{`\é`, []string{"é"}, ""},
		{`$HOME ~ *`, []string{"$HOME", "~", "*"}, ""},
		{`a # b`, []string{"a", "#", "b"}, ""},
		{`"a`, nil, `missing closing "`},
		{`'a`, nil, `missing closing '`},
		{`a "b c`, nil, `missing closing "`},
		{`"a\"`, nil, `missing closing "`},
		{`a\`, nil, "backslash at the end of the line"},
	} {
		got, err := SplitArgs(c.in)
		msg := ""
		if err != nil {
			msg = err.Error()
		}
		if !slices.Equal(got, c.want) || msg != c.err {
			t.Errorf("SplitArgs(%q) = %q, %q; want %q, %q", c.in, got, msg, c.want, c.err)
		}
	}
}
