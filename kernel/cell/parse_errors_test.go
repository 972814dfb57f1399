package cell

import (
	"slices"
	"strings"
	"testing"
)

func TestDiagnosticError(t *testing.T) {
	for _, c := range []struct {
		d    Diagnostic
		want string
	}{
		{Diagnostic{Cell: 3, Line: 2, Col: 14, Msg: "undefined: foo"}, "cell 3:2:14: undefined: foo"},
		{Diagnostic{Line: 2, Col: 14, Msg: "undefined: foo"}, "2:14: undefined: foo"},
		{Diagnostic{Cell: 3, Msg: "no place"}, "cell 3: no place"},
		{Diagnostic{Msg: "no place"}, "no place"},
	} {
		if got := c.d.Error(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.d, got, c.want)
		}
	}
}

func TestErrorsList(t *testing.T) {
	e := Errors{
		{Cell: 1, Msg: "summary"},
		{Cell: 2, Line: 1, Col: 1, Msg: "f"},
		{Cell: 1, Line: 2, Col: 3, Msg: "d"},
		{Cell: 1, Line: 1, Col: 9, Msg: "b"},
		{Cell: 1, Line: 1, Col: 9, Msg: "a"},
		{Cell: 1, Line: 2, Col: 3, Msg: "d"},
		{Cell: 1, Line: 1, Col: 10, Msg: "c"},
		{Cell: 1, Line: 2, Col: 3, Msg: "e"},
	}
	e.Sort()
	e = e.Dedupe()
	var order string
	for _, d := range e[:len(e)-1] {
		order += d.Msg
	}
	if order != "abcdef" || e[len(e)-1].Msg != "summary" {
		t.Errorf("sorted: %v", e)
	}
	if got := e.Cut(3).Error(); got != "cell 1:1:9: a\ncell 1:1:9: b\ncell 1:1:10: c\n... and 4 more errors" {
		t.Errorf("cut: %s", got)
	}
	for _, n := range []int{-1, 0, len(e) - 1, len(e), len(e) + 1} {
		if got := e.Cut(n); len(got) != len(e) || got[len(got)-1].Msg != "summary" {
			t.Errorf("Cut(%d) = %v", n, got)
		}
	}
	if e.Err() == nil || Errors(nil).Err() != nil || Errors(nil).Error() != "" {
		t.Error("Err is not nil exactly for an empty list")
	}
	in := e.InCell(7)
	if in[0].Cell != 7 || e[0].Cell != 1 {
		t.Errorf("InCell changed %v to %v", e, in)
	}
}

func TestFloodIsCut(t *testing.T) {
	_, errs := Parse(strings.Repeat("x = = 1\n", 50))
	if len(errs) != 50 || errs[49].Line != 50 {
		t.Fatalf("%d errors", len(errs))
	}
	cut := errs.Cut(10)
	if len(cut) != 11 || cut[10].Msg != "... and 40 more errors" {
		t.Errorf("%v", cut)
	}
}

// TestEncoding has what can't stand in a golden file.
func TestEncoding(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"\ufeffx := 1", nil},
		{"x := 1\n\ufeffy := 2", []string{"2:1: byte order mark (U+FEFF) in the source"}},
		{"x := \x00\x00\x001", []string{"1:6: NUL byte in the source"}},
		{"s := \"a\xffb\"", []string{"1:8: byte 0xff is not valid UTF-8"}},
		{"s := \"\xff\"; t := \"\xfe\"", []string{"1:7: byte 0xff is not valid UTF-8", "1:17: byte 0xfe is not valid UTF-8"}},
		{"// \xff", []string{"1:4: byte 0xff is not valid UTF-8"}},
		{"!echo \xff\x00", nil},
		{"%time \xff", nil},
		{"%%bash\n\xff\x00", nil},
		{"x := 1 // é\ty\x00", []string{"1:15: NUL byte in the source"}},
		{"\xff\xfex\x00 \x00:\x00", []string{"1:1: byte 0xff is not valid UTF-8", "1:4: NUL byte in the source", "1:6: NUL byte in the source", "1:8: NUL byte in the source"}},
		{"x := 1\r\ny := )\r\n", []string{"2:6: expected operand, found ')'"}},
		{"x := `a\rb`\ny := )", []string{"2:6: expected operand, found ')'"}},
		{"x := 1 /*a\rb*/ + )", []string{"1:18: expected operand, found ')'"}},
		{"x := 1\ry", []string{"1:8: unexpected y, expected semicolon or newline"}},
	} {
		cell, errs := Parse(c.text)
		check(t, cell)
		var got []string
		for _, d := range errs {
			if d.Code == CodeEncoding || len(c.want) == len(errs) {
				got = append(got, d.Error())
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	if _, errs := Parse(strings.Repeat("\xff ", 1000)); len(errs) != maxFaults {
		t.Errorf("a binary cell has %d errors", len(errs))
	}
}
