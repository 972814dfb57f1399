package repl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// cutAll cuts a text into cells.
func cutAll(t *testing.T, text string) []string {
	t.Helper()
	lines := strings.SplitAfter(text, "\n")
	c := cutter{line: func() (string, error) {
		if len(lines) <= 1 {
			last := lines
			lines = nil
			return strings.Join(last, ""), io.EOF
		}
		first := lines[0]
		lines = lines[1:]
		return first, nil
	}}
	var cells []string
	for {
		text, err := c.next()
		if err == io.EOF {
			return cells
		}
		if err != nil {
			t.Fatal(err)
		}
		cells = append(cells, text)
	}
}

// TestCutterLong: long texts end where short ones do.
func TestCutterLong(t *testing.T) {
	body := strings.Repeat("\tx(\"}\", '}', `}`) // }\n\t/* }\n */\n", 2*manyLines)
	for _, test := range []struct{ text, want string }{
		{"for {\n" + body + "}\n1\n", "for {\n" + body + "}\n|1\n"},
		{"x := `\n" + strings.Repeat("}\n\n", manyLines) + "`\n1\n", "x := `\n" + strings.Repeat("}\n\n", manyLines) + "`\n|1\n"},
		{"%%bash\n" + strings.Repeat("}\n", 2*manyLines) + "\n1\n", "%%bash\n" + strings.Repeat("}\n", 2*manyLines) + "|1\n"},
	} {
		if got := strings.Join(cutAll(t, test.text), "|"); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestCutter(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"blank lines", "\n\n  \n", ""},
		{"a value", "1+1", "1+1\n"},
		{"each its own", "1+1\n2+2\n", "1+1\n|2+2\n"},
		{"windows", "1+1\r\n2+2\r\n", "1+1\n|2+2\n"},
		{"a block", "for {\n\n\tx()\n}\ny\n", "for {\n\n\tx()\n}\n|y\n"},
		{"else", "if a {\n} else {\n}\nb\n", "if a {\n} else {\n}\n|b\n"},
		{"declarations wait", "func a() { b() }\n\nfunc b() {}\na()\n", "func a() { b() }\nfunc b() {}\na()\n"},
		{"declarations at the end", "type t int\n", "type t int\n"},
		{"comments belong to what follows", "// a is it.\nfunc a() {}\n// and run\na()\n", "// a is it.\nfunc a() {}\n// and run\na()\n"},
		{"a line magic stands alone", "import \"os\"\n%env A=1\nos.Getenv(\"A\")\n", "import \"os\"\n|%env A=1\n|os.Getenv(\"A\")\n"},
		{"shell lines", "!ls \\\n -l\n1\n", "!ls \\\n -l\n|1\n"},
		{"a cell magic to an empty line", "%%bash\nls\npwd\n\n1\n", "%%bash\nls\npwd\n|1\n"},
		{"a cell magic to the end", "%%bash\nls", "%%bash\nls\n"},
		{"a raw string", "x := `a\n\n%b`\n", "x := `a\n\n%b`\n"},
		{"an error that nothing mends", "x := )\n1\n", "x := )\n|1\n"},
		{"not whole at the end", "for {\n", "for {\n"},
		{"a program", "%%\nfunc main() {\n\tx()\n}\n1\n", "%%\nfunc main() {\n\tx()\n}\n|1\n"},
	} {
		if got := strings.Join(cutAll(t, test.text), "|"); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// FuzzCutter: nothing but white space at the ends of cells is lost.
func FuzzCutter(f *testing.F) {
	for _, s := range []string{"1\n2", "%%bash\na\n\nb", "func f() {\n}\nf()", "`\n\n`", "!a \\\n b\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := strings.Join(strings.Fields(strings.Join(cutAll(t, text), "")), " ")
		if want := strings.Join(strings.Fields(text), " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// fakeSession runs cells that say what is to come of them.
type fakeSession struct {
	count int
	aside *Aside // where goroutines write

	mu     sync.Mutex
	cancel context.CancelFunc // of the running cell
	times  int                // that it was interrupted
}

// Interrupt implements Session.
func (f *fakeSession) Interrupt() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.times++
	f.cancel()
}

func (f *fakeSession) interruptions() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.times
}

// Execute implements Session.
func (f *fakeSession) Execute(ctx context.Context, code string, sink session.Sink) session.Result {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f.mu.Lock()
	f.count++
	f.cancel, f.times = cancel, 0
	f.mu.Unlock()
	r := session.Result{Count: f.count}
	show := func(op display.Op, id, text string) {
		sink.Display(display.Event{Op: op, ID: id, Bundle: display.Bundle{Data: map[string]any{"text/plain": text}}})
	}
	for _, word := range strings.Fields(code) {
		verb, arg, _ := strings.Cut(word, "=")
		id, text, _ := strings.Cut(arg, ":")
		switch verb {
		case "out", "err":
			sink.Stream(map[string]string{"out": "stdout", "err": "stderr"}[verb], strings.NewReplacer(`\n`, "\n", `\r`, "\r").Replace(arg))
		case "show":
			show(display.OpDisplay, id, strings.ReplaceAll(text, `\n`, "\n"))
		case "update":
			show(display.OpUpdate, id, strings.ReplaceAll(text, `\n`, "\n"))
		case "clear", "clearwait":
			sink.Display(display.Event{Op: display.OpClear, Wait: verb == "clearwait"})
		case "ask", "secret":
			asker, ok := sink.(session.Asker)
			if !ok {
				sink.Stream("stdout", "nobody\n")
				break
			}
			answer, err := asker.Input(ctx, arg, verb == "secret")
			if err != nil {
				answer = err.Error()
			}
			sink.Stream("stdout", "<"+answer+">\n")
		case "go":
			f.later([]string{arg + "0\n", arg + "1\n", arg + "2\n"}, func(text string) { f.aside.Stream("stdout", text) })
		case "goparts":
			f.later([]string{"one ", "two ", "three\nfour"}, func(text string) { f.aside.Stream("stdout", text) })
		case "golive":
			f.later([]string{"frame\n0", "frame\n1", "frame\n2", "frame\n3"}, func(text string) {
				f.aside.Display(display.Event{Op: display.OpUpdate, ID: "live", Bundle: display.Bundle{Data: map[string]any{"text/plain": text}}})
			})
		case "sleep":
			time.Sleep(300 * time.Millisecond)
		case "hang":
			sink.Stream("stdout", "hanging\n")
			<-ctx.Done()
			r.Err = &session.Error{Name: "Interrupted", Traceback: []string{"\x1b[31mInterrupted\x1b[0m"}}
		case "deaf":
			sink.Stream("stdout", "deaf\n")
			for n := range 2 {
				for f.interruptions() <= n {
					time.Sleep(time.Millisecond)
				}
				sink.Stream("stdout", "what?\n")
			}
			r.Err = &session.Error{Name: "WorkerDied", Traceback: []string{"WorkerDied"}}
		case "fail":
			r.Err = &session.Error{Name: "Panic", Traceback: []string{"\x1b[31mPanic\x1b[0m: " + arg}}
		case "value":
			r.Value = &display.Bundle{Data: map[string]any{"text/plain": strings.ReplaceAll(arg, `\n`, "\n")}}
		}
	}
	return r
}

// later is a goroutine that goes on after its cell.
func (f *fakeSession) later(parts []string, say func(string)) {
	go func() {
		for _, part := range parts {
			time.Sleep(50 * time.Millisecond)
			say(part)
		}
	}()
}

// Complete implements Assistant.
func (f *fakeSession) Complete(_ context.Context, code string, cursor int) (session.Completion, error) {
	c := testCompletion(code, cursor)
	found := session.Completion{Start: c.from, End: c.to}
	for _, item := range c.items {
		found.Matches = append(found.Matches, session.Match{Text: item.text, Kind: "function", Signature: "()"})
	}
	return found, nil
}

// Inspect implements Assistant.
func (f *fakeSession) Inspect(context.Context, string, int, int) *display.Bundle { return nil }

func TestRun(t *testing.T) {
	for _, test := range []struct {
		name, cells, in string
		keep            bool
		out, err        string
		fails           error
	}{
		{name: "values", cells: "value=1|value=2", out: "1\n2\n"},
		{name: "text and value", cells: "out=a value=2", out: "a\n2\n"},
		{name: "stderr", cells: "out=a err=b value=c", out: "a\nc\n", err: "b"},
		{name: "the first failure ends it", cells: "fail=x|value=1", err: "Panic: x\n", fails: ErrFailed},
		{name: "keep going", cells: "fail=x|value=1", keep: true, out: "1\n", err: "Panic: x\n", fails: ErrFailed},
		{name: "updates come once", cells: "show=i:1 update=i:2 out=x update=i:3 update=i:4", out: "2\nx\n4\n"},
		{name: "an update that changes nothing", cells: "show=i:1 update=i:2 update=i:1", out: "1\n"},
		{name: "a bar that is over", cells: "show=i:1 update=i:2 update=i: value=x", out: "x\n"},
		{name: "an update of an earlier cell", cells: "show=i:1|update=i:2", out: "1\n2\n"},
		{name: "clear", cells: "out=a clear out=b", out: "ab\n"},
		{name: "input", cells: "ask=name ask=name|ask=name", in: "one\r\ntwo", out: "name<one>\nname<two>\n<input is not available here: nobody can be asked>\n"},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.WriteString(test.in); err != nil {
			t.Fatal(err)
		}
		w.Close()
		var out, errs bytes.Buffer
		err = Run(t.Context(), Config{In: r, Out: &out, Err: &errs, Session: &fakeSession{}, KeepGoing: test.keep}, strings.Split(test.cells, "|"))
		r.Close()
		if out.String() != test.out || errs.String() != test.err || !errors.Is(err, test.fails) {
			t.Errorf("%s: %q, %q, %v; want %q, %q, %v", test.name, &out, &errs, err, test.out, test.err, test.fails)
		}
	}
}

// TestClosedOutput: nothing is run any more when nobody reads.
func TestClosedOutput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	s := &fakeSession{}
	err = Run(t.Context(), Config{In: os.Stdin, Out: w, Err: io.Discard, Session: s}, []string{"value=1", "value=2"})
	if !errors.Is(err, ErrClosed) || s.count != 1 {
		t.Errorf("%v after %d cells", err, s.count)
	}
}

// TestScriptInterrupted: an interrupt needn't wait for a line.
func TestScriptInterrupted(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	s := &fakeSession{}
	var out cancelAt
	out.cancel = cancel
	if _, err := w.WriteString("value=1\n"); err != nil {
		t.Fatal(err)
	}
	if err := Script(ctx, Config{In: r, Out: &out, Err: io.Discard, Session: s}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// cancelAt cancels when something is written.
type cancelAt struct{ cancel func() }

// Write implements io.Writer.
func (c *cancelAt) Write(b []byte) (int, error) {
	c.cancel()
	return len(b), nil
}
