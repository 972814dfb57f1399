package cell

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// seeds adds every golden cell and table case to a fuzz target.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/parse/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for part := range strings.SplitSeq(string(data), "\n=====\n") {
			text, _, _ := strings.Cut(part, "\n-----\n")
			f.Add(text)
		}
	}
	for _, text := range []string{"\x00", "\xff\xfe", "\ufeffx", "x\r\ny\rz", "x\r\r\ny", "`\r`", "/*\r*/", "//\r", "\"\\", "'", "for", "if{", "L:", "func(", "func(a)b[", "%", "!", "%%", "//gonb:", "x:=!", "x:=%", "//line :1"} {
		f.Add(text)
	}
}

func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		c, errs := Parse(text)
		check(t, c)
		checkErrors(t, c, errs)
		c.LastExpr()
		for _, m := range c.Magics {
			if m.Start < 0 || m.End < m.Start || m.End > len(c.Text) || m.ArgsAt < m.Start || m.ArgsAt > m.End {
				t.Errorf("%q: magic %+v", text, m)
			}
		}
		if m := c.CellMagic; m != nil {
			if len(c.Items)+len(c.Magics) > 0 || !strings.HasSuffix(c.Text, m.Body) {
				t.Errorf("%q: cell magic %+v with items %v", text, m, c.Items)
			}
			b, errs := c.ParseBody()
			check(t, b)
			checkErrors(t, b, errs)
			return
		}
		again, errs2 := Parse(c.Go)
		if len(errs) == 0 && (len(errs2) > 0 || !reflect.DeepEqual(places(c), places(again)) || again.Go != c.Go) {
			t.Errorf("%q: parsed again: %v and %v, errors %v", text, places(c), places(again), errs2)
		}
		for _, it := range c.Items {
			if assignsNot.MatchString(c.Go[it.Code:it.End]) {
				continue // after a semicolon it is Go, at the start of a line the shell's
			}
			alone, errs := Parse(c.Go[it.Start:it.End])
			if len(errs) > 0 || len(alone.Items) != 1 || alone.Items[0].Kind != it.Kind {
				t.Errorf("%q: alone: %q has %d items, errors %v", text, c.Go[it.Start:it.End], len(alone.Items), errs)
			}
		}
	})
}

// assignsNot matches Go that would be a shell line at the start of a line.
var assignsNot = regexp.MustCompile(`^([^\n]*=[ \t]*)?!`)

// places lists where items stand, without their comments.
func places(c *Cell) [][2]int {
	var out [][2]int
	for _, it := range c.Items {
		out = append(out, [2]int{it.Code, it.End})
	}
	return out
}

func checkErrors(t *testing.T, c *Cell, errs Errors) {
	t.Helper()
	lines := strings.Split(c.Text, "\n")
	for i, d := range errs {
		if d.Line < 1 || d.Line > len(lines) || d.Col < 1 || d.Col > len(lines[d.Line-1])+1 || d.EndCol <= d.Col || d.Msg == "" || d.Code == "" {
			t.Errorf("%q: diagnostic %+v", c.Text, d)
		}
		if i > 0 && errs[i-1].Line > d.Line {
			t.Errorf("%q: unsorted: %v", c.Text, errs)
		}
	}
}

func FuzzIsComplete(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		status, indent := IsComplete(text)
		_, errs := Parse(text)
		switch {
		case strings.Trim(indent, " \t") != "":
			t.Errorf("%q: indent %q", text, indent)
		case status == StatusComplete && len(errs) > 0:
			t.Errorf("%q: complete, but %v", text, errs)
		case status == StatusInvalid && len(errs) == 0:
			t.Errorf("%q: invalid, but parses", text)
		case status != StatusComplete && status != StatusInvalid && status != StatusIncomplete:
			t.Errorf("%q: status %q", text, status)
		}
	})
}

func FuzzSplitArgs(f *testing.F) {
	for _, s := range []string{"", "a b", `'a b' "c\"d" e\ f`, `""`, `'`, `\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		args, err := SplitArgs(s)
		if err != nil {
			return
		}
		var quoted []string
		for _, a := range args {
			quoted = append(quoted, "'"+strings.ReplaceAll(a, "'", `'\''`)+"'")
		}
		again, err := SplitArgs(strings.Join(quoted, " "))
		if err != nil || !(len(again) == 0 && len(args) == 0) && !reflect.DeepEqual(args, again) {
			t.Errorf("%q: %q, again %q %v", s, args, again, err)
		}
	})
}
