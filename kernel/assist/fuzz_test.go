package assist

import (
	"context"
	"testing"
	"unicode/utf8"

	"hpgo/kernel/cell"
)

// FuzzCursor puts a cursor anywhere in any text: nothing may panic, and what a
// match replaces ends at the cursor and begins and ends between characters.
func FuzzCursor(f *testing.F) {
	for _, c := range questions(f) {
		f.Add(c.q.Code, c.q.Cursor)
	}
	for _, text := range []string{"größe\r\n🎉.x", "%%time\r\n%%capture x\nfmt.", "x := `\n%cd", "//gonb:%%", "a.b.c(\"", "\x00\xff.", "/*", "'", "x?\r", "\r\n\r\n"} {
		f.Add(text, len(text)/2)
	}
	lib, err := library()
	if err != nil {
		f.Fatal(err)
	}
	scope := executed(f, lib, cell.NewScope(), 1, "type Point struct{ X int }\nvar größe = Point{}\nfunc (p Point) Show() {}")
	a := patient(f)
	f.Fuzz(func(t *testing.T, code string, cursor int) {
		q := Query{Code: code, Cursor: cursor, Scope: scope, Library: lib, Dir: t.TempDir()}
		c, err := a.Complete(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		if c.Start < 0 || c.Start > c.End || c.End > len(code) || cursor >= 0 && cursor <= len(code) && c.End > cursor {
			t.Fatalf("%q at %d: replaces %d to %d", code, cursor, c.Start, c.End)
		}
		if utf8.ValidString(code) {
			for _, at := range []int{c.Start, c.End} {
				if at < len(code) && !utf8.RuneStart(code[at]) {
					t.Fatalf("%q at %d: offset %d is inside a character", code, cursor, at)
				}
			}
		}
		if d, ok, err := a.Inspect(context.Background(), q, 1); err != nil || ok && d.Text == "" {
			t.Fatalf("%q at %d: description %+v, error %v", code, cursor, d, err)
		}
	})
}
