package session_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// heard writes down what a cell shows.
type heard struct {
	text    strings.Builder
	last    string
	onWrite func(text string)
}

// Stream implements session.Sink.
func (h *heard) Stream(name, text string) {
	if name != h.last || h.text.Len() == 0 {
		fmt.Fprintf(&h.text, "[%s]", name)
	}
	h.last = name
	h.text.WriteString(text)
	if h.onWrite != nil {
		h.onWrite(text)
	}
}

// Display implements session.Sink.
func (h *heard) Display(e display.Event) {
	h.last = ""
	fmt.Fprintf(&h.text, "[%s]%v\n", e.Op, e.Bundle.Data["text/plain"])
}

// magicStep is a cell with what it must show. In out, a regular expression:
// streams, displays, then the value as [out] and the error as [error].
type magicStep struct{ cell, out string }

// runSteps runs cells in one session.
func runSteps(t *testing.T, s *session.Session, steps []magicStep) {
	t.Helper()
	for _, step := range steps {
		h := &heard{}
		r := s.Execute(context.Background(), step.cell, h)
		if r.Value != nil {
			fmt.Fprintf(&h.text, "[out]%v", r.Value.Data["text/plain"])
		}
		if r.Err != nil {
			fmt.Fprintf(&h.text, "[error]%v", r.Err)
		}
		if got := h.text.String(); !regexp.MustCompile(`^(?s:` + step.out + `)$`).MatchString(got) {
			t.Errorf("cell %d:\n%s\ngave\n%s\nwant\n%s", r.Count, step.cell, got, step.out)
		}
	}
}

// startIn starts a session in a directory.
func startIn(t *testing.T, dir string) *session.Session {
	t.Helper()
	s := session.New(session.Options{Dir: dir})
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestMagics(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	d := regexp.QuoteMeta(dir)
	runSteps(t, startIn(t, dir), []magicStep{
		// Order and errors.
		{"x := 41\n!echo first", `\[stdout\]first\n`},
		{"!false\n!echo never\nx = 0", `\[error\]ShellError: exit status 1`},
		{"!touch made\n%whoo", `\[error\]UsageError: magic %whoo is unknown; did you mean %who\?`},
		{"!test ! -e made\nx", `\[out\]41`},
		{"x :=", `\[error\]CompileError: .*`},
		{"files := !printf 'a\\nb\\n'\nlen(files)", `\[out\]2`},
		// Time, in cell coordinates.
		{"y := 1\n%time y + x\n!echo between\ny", `\[stdout\]CPU times: user .*, sys: .*, total: .*\nWall time: .*between\n\[out\]1`},
		{"%%time -q\nz := 3\nz + x", `\[out\]44`},
		{"%time -q nope(x)", `\[error\]CompileError: cell \d+:1:10: undefined: nope`},
		{"\n%%time -q\n\n  panic(\"gone\")", `\[error\]Panic: gone`},
		// A part of a cell sees what an earlier one declared and imported.
		{"func half(n int) string { return strings.Repeat(\"-\", n/2) }\n%time -q half(4)\nhalf(8)", `\[out\]"----"`},
		// Arguments and functions.
		{"%exec f -n=13 rest\nvar n = flag.Int(\"n\", 0, \"\")\nfunc f() int { fmt.Println(*n, flag.Args()); return 1 }", `\[stdout\]13 \[rest\]\n`},
		{"%args a 'b c'\nos.Args[1:]", `\[out\]\[\]string\{"a", "b c"\}`},
		{"os.Args[1:]", `\[out\]\[\]string\{\}`},
		{"%exec nofn", `\[error\]CompileError: cell \d+:1:7: undefined: nofn`},
		// Places reach cells, shells and back.
		{"%env GREETING=hi there\n!echo $GREETING\nos.Getenv(\"GREETING\")", `\[stdout\]Set: GREETING="hi there"\nhi there\n\[out\]"hi there"`},
		{"%cd sub\n!pwd\nwd, _ := os.Getwd(); wd", `\[stdout\]Changed directory to "` + d + `/sub"\n` + d + `/sub\n\[out\]"` + d + `/sub"`},
		{"os.Chdir(\"..\");", ``},
		{"!pwd; echo $GONB_DIR", `\[stdout\]` + d + `\n` + d + `/sub\n`},
		{"!*pwd; ls go.mod; echo $GONB_TMP_DIR", `\[stdout\](.*)\ngo.mod\n.*hpgo-session-.*`},
		// Captures.
		{"%%capture v\nfmt.Print(\"kept\"); x", ``},
		{"v.Stdout + v.Outputs[0][\"text/plain\"]", `\[out\]"kept41"`},
		{"%capture log.txt\nfmt.Println(\"both\"); display.Show(display.HTML(\"<i>x</i>\"))", `\[stdout\]both\n\[display\]<i>x</i>\n`},
		{"%capture -a log.txt\n!echo shell", `\[stdout\]shell\n`},
		{"!cat log.txt", `\[stdout\]both\n<i>x</i>\nshell\n`},
		{"%%capture int\nfmt.Println(\"not lost\")", `\[stdout\]not lost\n\[error\]CompileError: .*int is predeclared .*`},
		// A directory that is removed under the cells.
		{"!mkdir brief\n%cd brief\n!rmdir ../brief", `\[stdout\]Changed directory to ".*brief"\n`},
		{"1", `\[error\]LoadError: the cells' directory: chdir .*brief: no such file or directory; %cd DIR goes to another`},
		{"!true", `\[error\]MagicError: the cells' directory: stat .*brief: no such file or directory; %cd DIR goes to another`},
		{"%cd ..\n1", `\[stdout\]Changed directory to ".*"\n\[out\]1`},
		// A magic in the body of another.
		{"%%time -q\n%%sh\necho nested; exit 4", `\[stdout\]nested\n\[error\]ShellError: exit status 4`},
		{"%whos x half", `\[display\]Name .*x +var +int +8 B +1 +41\nhalf +func +func\(n int\) string +\d+\n`},
		{"%status", `\[display\].*plugin.*process \d+, .* resident.*`},
	})
}

// The equivalents of gonb's example notebooks writefile, script, bash_script
// and vartuple.
func TestGonbExamples(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TEST_DIR", dir+"/")
	runSteps(t, startIn(t, dir), []magicStep{
		{"%%writefile ${TEST_DIR}poem.txt\nRoses are red,\n\n  violets", `\[stderr\]Cell contents written to ".*/poem.txt"\.\n`},
		{"%%writefile -a ${TEST_DIR}poem.txt\n%are !blue", `\[stderr\]Cell contents appended to ".*/poem.txt"\.\n`},
		{"!cat -A poem.txt", `\[stdout\]Roses are red,\$\n\$\n  violets\$\n%are !blue\$\n`},
		{"%%bash\nfor i in 1 2 3\ndo\n  echo \"i=$i\"\ndone", `\[stdout\]i=1\ni=2\ni=3\n`},
		{"%%script sed s/3/18/\n3", `\[stdout\]18\n`},
		{"%%sh\necho ok", `\[stdout\]ok\n`},
		{"\nx := 1\n%%sh\necho ok", `\[error\]CompileError: cell \d+:3:1: %%sh can only appear at the start of the cell`},
		{"!echo hello \\\n  world\n!*pwd", `\[stdout\]hello +world\n.*/hpgo-session-[-\d]+\n`},
		{"!env | grep -c -E '^GONB_(DIR|TMP_DIR|VERSION)='", `\[stdout\]3\n`},
		{"func f() (int, string, float64) { return 1, \"b\", 2.5 }\nvar a, _, c = f()", ``},
		{"a, c", `\[out\]\(1, 2\.5\)`},
		{"%ls", `\[display\]Variables\n  a int\n  c float64\nFunctions\n  f func\(\) \(int, string, float64\)\n`},
		{"var c = float32(7)", ``},
		{"c", `\[out\]7`},
		{"%rm a", `\[stdout\]\. removed var a\n`},
		{"%rm a c", `\[stdout\]\. removed var c\n\[stderr\]\. key "a" not found in any definition, not removed\n|\[stderr\].*\[stdout\].*`},
		{"a", `\[error\]CompileError: .*undefined: a.*`},
		// A type goes with what can't be without it, and the session lives on.
		{"type P struct{ X int }\ntype Q struct{ P *P; T int }\ntype R struct{ P int }\np, q, r := []P{{1}}, Q{}, R{}\nfunc useP() P { return p[0] }", ``},
		{"%rm P", `\[stdout\]\. removed type P\n\. removed type Q, which needs P\n\. removed var p, which needs P\n\. removed var q, which needs Q\n`},
		{"r", `\[stderr\]note: .*useP.*set aside.*\[out\]R\{P:0\}`},
	})
}

func TestReplayAndReset(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.work":    "go 1.26\n\nuse (\n\t./one\n\t./two\n)\n",
		"one/go.mod": "module example.com/one\n\ngo 1.26\n", "one/one.go": "package one\n\nfunc One() int { return 1 }\n",
		"two/go.mod": "module example.com/two\n\ngo 1.26\n", "two/two.go": "package two\n\nfunc Two() int { return 2 }\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	runSteps(t, startIn(t, dir), []magicStep{
		{"%use .\nimport (\n\t\"example.com/one\"\n\t\"example.com/two\"\n)\nsum := one.One() + two.Two()", `\[stdout\]using example.com/one from .*using example.com/two from .*`},
		{"panic(\"not part of the replay\")", `\[error\]Panic: .*`},
		{"sum++\nfmt.Println(\"sum\", sum)", `\[stdout\]sum 4\n`},
		{"%who\nfirst := !test -e once || echo yes; touch once", `\[stdout\]sum\n`},
		{"if len(first) == 0 { panic(\"only once\") }", ``},
		{"os.Exit(3)", `\[error\]WorkerDied: .*`},
		{"sum", `\[error\]CompileError: .*undefined: sum.*`},
		{"%replay", `\[stdout\]sum 4\n\[error\]MagicError: 1 of 4 cells failed when run again:\ncell 5: Panic: only once`},
		{"sum", `\[out\]4`},
		// The module was used before, and its source has changed.
		{"!sed -i s/1/100/ one/one.go\n%use one", `\[stdout\]using example.com/one .*\[stderr\]example.com/one .*the worker is restarted, these variables are lost: .*sum.*`},
		{"import \"example.com/one\"\none.One()", `\[out\]100`},
		{"%reset go.mod", `\[stdout\]\* State reset.*`},
		{"%who\n%replay", `\[stdout\]No variables yet\.\nThere is nothing to replay\.\n`},
		{"import \"example.com/one\"", `\[error\]CompileError: .*example.com/one.*`},
		{"x := 1; x", `\[out\]1`},
	})
}

// An interrupted command ends the cell, and the session goes on.
func TestMagicInterrupt(t *testing.T) {
	s := startIn(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	h := &heard{onWrite: func(text string) {
		if strings.Contains(text, "started") {
			cancel()
		}
	}}
	done := make(chan session.Result, 1)
	go func() { done <- s.Execute(ctx, "!echo started; sleep 1000; echo after\nx := 1", h) }()
	select {
	case r := <-done:
		if r.Err == nil || r.Err.Name != "Interrupted" {
			t.Fatalf("result %+v", r)
		}
	case <-time.After(time.Minute):
		t.Fatal("the cell didn't end")
	}
	if strings.Contains(h.text.String(), "after") {
		t.Error("the command went on")
	}
	runSteps(t, s, []magicStep{{"!echo alive", `\[stdout\]alive\n`}, {"x", `\[error\].*undefined: x.*`}})
}
