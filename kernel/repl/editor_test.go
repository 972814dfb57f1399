package repl

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"hpgo/kernel/cell"
	"hpgo/kernel/repl/repltest"
)

// typist is a keyboard on which a text is typed. It pauses before each key, so
// that everything is drawn.
type typist struct {
	text          []byte
	width, height int
	hurry         bool
}

func (t *typist) key(context.Context) (key, error) {
	k, n := decodeKey(t.text, true)
	if n == 0 {
		return key{}, io.EOF
	}
	t.text = t.text[n:]
	return k, nil
}

func (t *typist) more() bool                { return t.hurry && len(t.text) > 0 }
func (t *typist) size() (width, height int) { return t.width, t.height }

// cellQuestion is how the console asks for a cell.
func cellQuestion(past ...string) question {
	return question{prompt: "In [1]: ", more: "   ...: ", status: cell.IsComplete, colour: highlight,
		past: func() []string { return past }, complete: func(_ context.Context, text string, at int) completion {
			return testCompletion(text, at)
		}, explain: func(context.Context, string, int) string { return "func Println(a ...any)" }}
}

// testCompletion knows four names.
func testCompletion(text string, at int) completion {
	from := strings.LastIndexAny(text[:at], " .(\n\t") + 1
	c := completion{from: from, to: at}
	for _, name := range []string{"Print", "Printf", "Println", "größe"} {
		if strings.HasPrefix(name, text[from:at]) {
			c.items = append(c.items, candidate{name, "about " + name})
		}
	}
	return c
}

// keys that the tests type.
const (
	kUp, kDown, kLeft, kRight = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C"
	kEnter, kAltEnter, kTab   = "\r", "\x1b\r", "\t"
	kBack, kEsc               = "\x7f", "\x1b[27u"
	ctrlA, ctrlC, ctrlD       = "\x01", "\x03", "\x04"
)

func TestRead(t *testing.T) {
	past := []string{"x := 1", "for {\n\tbreak\n}", "fmt.Println(x)"}
	for _, test := range []struct{ name, typed, want string }{
		{"a line", "1+1" + kEnter, "1+1"},
		{"indented lines", "if x {" + kEnter + "y()" + kEnter + "}" + kEnter, "if x {\n\ty()\n}"},
		{"deeper", "for {" + kEnter + "if x {" + kEnter + "}" + kEnter + "}" + kEnter, "for {\n\tif x {\n\t}\n}"},
		{"a cell magic ends with an empty line", "%%bash" + kEnter + "ls" + kEnter + kEnter, "%%bash\nls\n"},
		{"a raw string", "`a" + kEnter + kEnter + "b`" + kEnter, "`a\n\nb`"},
		{"what can't be mended is run", "x := )" + kEnter, "x := )"},
		{"alt-enter", "a()" + kAltEnter + "b()" + kEnter, "a()\nb()"},
		{"enter within a line", "f(1)" + kLeft + kLeft + kEnter, "f(1)"},
		{"enter within lines", "a()" + kAltEnter + "b()" + kUp + kEnter + "c()" + kDown + kEnter, "a()\nc()\nb()"},
		{"paste", "\x1b[200~if a {\r\tb()\r}\r\x1b[201~" + kEnter, "if a {\n\tb()\n}"},
		{"backspace takes whole characters", "e\u0301👨‍👩‍👧漢" + kBack + kBack + "x" + kEnter, "e\u0301x"},
		{"left over wide ones", "漢字" + kLeft + "," + kLeft + kLeft + "a" + kEnter, "a漢,字"},
		{"words", "foo.barBaz(qux)" + "\x1bb\x1bb" + "\x1bd" + "x" + kEnter, "foo.x(qux)"},
		{"cut and put back", "one two" + "\x17\x17" + "\x19\x19" + kEnter, "one twoone two"},
		{"cut to the end", "abc def" + "\x1bb" + "\x0b" + ctrlA + "\x19" + " " + kEnter, "def abc "},
		{"cut to the begin", "abc" + kLeft + "\x15" + kEnter, "c"},
		{"undo", "ab\x17\x1f" + kEnter, "ab"},
		{"undo twice", "a" + kEsc + "b\x1f\x1fc" + kEnter, "c"},
		{"delete", "abc" + ctrlA + ctrlD + "\x1b[3~" + kEnter, "c"},
		{"up", kUp + kEnter, "fmt.Println(x)"},
		{"up to several lines, from the last to the first", kUp + kUp + kUp + kUp + "\x1b[F" + "0" + "\x1b>" + kEnter, "for {0\n\tbreak\n}"},
		{"up and down", "x" + kUp + kDown + "2" + kEnter, "x2"},
		{"up with a prefix", "for" + kUp + kEnter, "for {\n\tbreak\n}"},
		{"page up skips lines", "\x1b[5~\x1b[5~\x1b[5~" + kEnter, "x := 1"},
		{"search runs with enter", "\x12brea" + kEnter, "for {\n\tbreak\n}"},
		{"search again", "\x12x\x12" + kEnter, "x := 1"},
		{"search to edit", "\x12Pri" + kEsc + "Q" + kEnter, "fmt.QPrintln(x)"},
		{"search goes on with another key", "\x12:=\x05" + "0" + kEnter, "x := 10"},
		{"search given up", "ab\x12x\x07c" + kEnter, "abc"},
		{"search in vain", "\x12nothing\x7f\x7f\x7f\x7f\x7f\x7f\x7fx := " + kEnter, "x := 1"},
		{"complete", "gr" + kTab + kEnter, "größe"},
		{"complete a common part", "fmt.Pr" + kTab + "f" + kEnter, "fmt.Printf"},
		{"complete by choice", "fmt.Pr" + kTab + kTab + kTab + kEnter + "()" + kEnter, "fmt.Printf()"},
		{"complete backwards", "fmt.Pr" + kTab + "\x1b[Z" + kEnter + kEnter, "fmt.Println"},
		{"complete given up", "fmt.Pr" + kTab + kTab + kTab + kEsc + kEnter, "fmt.Print"},
		{"complete nothing", "zz" + kTab + kEnter, "zz"},
		{"complete is undone at once", "fmt.Pr" + kTab + kTab + kTab + kEnter + "\x1f" + kEnter, "fmt.Print"},
		{"tab indents", "if x {" + kAltEnter + kTab + "y" + kAltEnter + "}" + kEnter, "if x {\n\ty\n}"},
		{"explain", "x" + "\x1b[Z" + kEnter, "x"},
	} {
		e := newEditor(&typist{[]byte(test.typed), 40, 10, false}, repltest.NewScreen(40, 10), false, nil)
		got, err := e.read(t.Context(), cellQuestion(past...))
		if err != nil || got != test.want {
			t.Errorf("%s: %q, %v; want %q", test.name, got, err, test.want)
		}
	}
}

func TestReadEnds(t *testing.T) {
	for _, test := range []struct {
		typed string
		want  error
	}{
		{"abc" + ctrlC, errCleared}, {ctrlD, errLeave}, {"a" + kBack + ctrlD, errLeave}, {"abc", io.EOF},
	} {
		e := newEditor(&typist{[]byte(test.typed), 40, 10, false}, io.Discard, false, nil)
		if _, err := e.read(t.Context(), cellQuestion()); err != test.want {
			t.Errorf("%q: %v, want %v", test.typed, err, test.want)
		}
	}
}

// TestScreen looks at what is on the terminal when the keys have been typed.
func TestScreen(t *testing.T) {
	for _, test := range []struct {
		name, typed string
		want        string
	}{
		{"a prompt", "", "In [1]: _"},
		{"lines", "if x {" + kEnter + "y", "In [1]: if x {\n   ...:     y_"},
		{"wrapped", strings.Repeat("1234567890", 2) + "x", "In [1]: 12345678901\n234567890x_"},
		{"full rows", strings.Repeat("12345678901", 1), "In [1]: 12345678901_"},
		{"wide", strings.Repeat("漢", 6), "In [1]: 漢漢漢漢漢\n漢_"},
		{"control", "\x1b[200~a\tb\x1b[201~", "In [1]: a   b_"},
		{"menu", "fmt.Pr" + kTab, "In [1]: fmt.Print_\nPrint    Printf\nPrintln"},
		{"chosen", "fmt.Pr" + kTab + kTab + kTab, "In [1]: fmt.Printf_\nPrint    Printf\nPrintln\nabout Printf"},
		{"menu gone", "fmt.Pr" + kTab + kTab + "x", "In [1]: fmt.Printx_"},
		{"search", "\x12y", "In [1]: x\n   ...: _y\nsearch back: y_"},
		{"tip", "x\x1b[Z", "In [1]: x_\nfunc Println(a ...a\nny)"},
		{"taller than the screen", strings.Repeat("a"+kAltEnter, 9) + "b", "   ...: a\n   ...: a\n   ...: a\n   ...: a\n   ...: a\n   ...: b_"},
		{"its upper end", strings.Repeat("a"+kAltEnter, 9) + "b" + "\x1b<", "In [1]: _a\n   ...: a\n   ...: a\n   ...: a\n   ...: a\n   ...: a"},
	} {
		s := repltest.NewScreen(20, 6)
		e := newEditor(&typist{[]byte(test.typed), 20, 6, false}, s, false, nil)
		q := cellQuestion("x\ny")
		stopped := make(chan string, 1)
		e.keys = &lastLook{typist: e.keys.(*typist), look: func() { stopped <- s.Cursor() }}
		_, _ = e.read(t.Context(), q)
		if got := <-stopped; got != test.want || len(s.Unknown) > 0 {
			t.Errorf("%s:\n%s\nwant\n%s\n%q", test.name, got, test.want, s.Unknown)
		}
	}
}

// lastLook looks at the screen when all keys were typed.
type lastLook struct {
	*typist
	look func()
}

func (l *lastLook) key(ctx context.Context) (key, error) {
	if len(l.text) == 0 {
		l.look()
	}
	return l.typist.key(ctx)
}

// TestDrawing types at random, changes the size now and then, and compares what
// small changes left on the screen with what should be there.
func TestDrawing(t *testing.T) {
	pieces := []string{"a", "foo(", ")", "{", "}", "漢字", "👨‍👩‍👧", "e\u0301", " ", kEnter, kAltEnter, kTab, kBack, kUp, kDown, kLeft, kRight,
		ctrlA, "\x05", "\x0b", "\x15", "\x1f", "\x12", "x", kEsc, "Pr", "\x1b[200~one\rtwo\tthree\rfour\x1b[201~", "\x1b[Z", ctrlC}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		var typed strings.Builder
		for range r.IntN(60) {
			typed.WriteString(pieces[r.IntN(len(pieces))])
		}
		s := repltest.NewScreen(12+r.IntN(30), 2+r.IntN(8))
		keys := &typist{text: []byte(typed.String()), width: s.Width, height: s.Height}
		e := newEditor(nil, s, false, nil)
		e.keys = &looker{keys, func() {
			if r.IntN(10) == 0 {
				s.Resize(12 + r.IntN(30))
				keys.width = s.Width
				e.draw()
			}
			if problem := differs(s, e); problem != "" {
				t.Fatalf("seed %d, %dx%d, %q: %s\n%s", seed, s.Width, s.Height, typed.String(), problem, s.Cursor())
			}
		}}
		for {
			if _, err := e.read(t.Context(), cellQuestion("x := 1", "for {\n\tbreak\n}")); err == io.EOF {
				break
			}
		}
	}
}

// looker looks at the screen before each key.
type looker struct {
	*typist
	look func()
}

func (l *looker) key(ctx context.Context) (key, error) {
	l.look()
	return l.typist.key(ctx)
}

// differs compares the screen with the editor's picture.
func differs(s *repltest.Screen, e *editor) string {
	p := e.picture()
	p.below = e.below(s.Width, s.Height)
	want := lay(p, s.Width)
	top := s.Row - (want.row - e.view.top)
	for i := range min(s.Height, len(want.list)) {
		row := withoutColours(want.list[e.view.top+i])
		if got := strings.Join(*s.Line(top + i), ""); strings.TrimRight(got, " ") != strings.TrimRight(row, " ") {
			return fmt.Sprintf("row %d is %q, want %q", top+i, got, row)
		}
	}
	for i := top + len(want.list); i < s.Height; i++ {
		if got := strings.Join(*s.Line(i), ""); got != "" {
			return fmt.Sprintf("row %d is %q, want none", i, got)
		}
	}
	if s.Col != want.col || len(s.Unknown) > 0 {
		return fmt.Sprintf("column %d, want %d; unknown %q", s.Col, want.col, s.Unknown)
	}
	return ""
}

// FuzzEditor: whatever is typed, the screen shows the text, and the cursor stands
// between two characters of it.
func FuzzEditor(f *testing.F) {
	for _, s := range []string{"for {\r}\r", "漢字\x1b[D\x7f\x1bb", "\x12fo\x12\r", "Pr\t\t\x1b[Z", "\x1b[200~a\tb\r\x1b[201~\x1f\x17\x19", "e\u0301\u200d\x02x"} {
		f.Add([]byte(s), uint8(20), uint8(5))
	}
	f.Fuzz(func(t *testing.T, typed []byte, width, height uint8) {
		s := repltest.NewScreen(9+int(width)%60, 1+int(height)%10)
		e := newEditor(nil, s, false, nil)
		e.keys = &looker{&typist{text: typed, width: s.Width, height: s.Height}, func() {
			if !utf8.ValidString(e.buf.text) || !utf8.ValidString(e.buf.text[:e.buf.at]) {
				t.Fatalf("cursor %d in %q", e.buf.at, e.buf.text)
			}
			if problem := differs(s, e); problem != "" {
				t.Fatalf("%s\n%s", problem, s.Cursor())
			}
		}}
		for {
			if _, err := e.read(t.Context(), cellQuestion("x := 1", "for {\n\tbreak\n}")); err == io.EOF {
				break
			}
		}
	})
}
