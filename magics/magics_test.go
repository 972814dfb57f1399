package magics

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
)

func TestRuns(t *testing.T) {
	tests := []struct {
		name, text string
		set        func(h *magictest.Host)
		out        string   // streams
		calls      string   // what was asked of the host
		err        []string // parts of the error
	}{
		{name: "echo", text: "!echo hello", out: "[stdout]hello\n"},
		{name: "stderr", text: "!echo oops >&2", out: "[stderr]oops\n"},
		{name: "status", text: "!exit 3", err: []string{"exit status 3"}},
		{name: "signal", text: "!kill -TERM $$", err: []string{"killed by signal: terminated"}},
		{name: "stdin is closed", text: "!read x; echo \"got:$x\"", out: "[stdout]got:\n"},
		{name: "input", text: "!read x; read y; echo $y$x", set: func(h *magictest.Host) { h.Answers = []string{"one", "two"} },
			calls: `ask "" password=false: one; ask "" password=false: two`, out: "[stdout]twoone\n"},
		{name: "input of a value", text: "x := !read x; echo $x", set: func(h *magictest.Host) { h.Answers = []string{"one"} },
			calls: `ask "" password=false: one; define x = hpgo__strings.Split("one", "\n") map[hpgo__strings:strings]`},
		{name: "password", text: "!stty -echo; read x; stty echo; echo $x", set: func(h *magictest.Host) { h.Answers = []string{"1815"} },
			calls: `ask "" password=true: 1815`, out: "[stdout]1815\n"},
		{name: "the user leaves", text: "!read x; read y || echo no $x", set: func(h *magictest.Host) { h.Answers = []string{"one"} },
			calls: `ask "" password=false: one`, out: "[stdout]no one\n"},
		{name: "quotes are the shell's", text: `!echo 'a  b' "c"`, out: "[stdout]a  b c\n"},
		{name: "environment", text: "!echo $HOME", out: "[stdout]/home/gopher\n"},
		{name: "value", text: "x := !printf 'a\\nb\\n'", calls: `define x = hpgo__strings.Split("a\nb", "\n") map[hpgo__strings:strings]`},
		{name: "no value", text: "x := ! true", calls: `define x = []string{} map[]`},
		{name: "two values", text: "a, b := !printf 'a\\nb\\n'", calls: `define a, b = "a", "b" map[]`},
		{name: "wrong count", text: "a, b := !echo 1", err: []string{"1 value", "2 variables"}},
		{name: "nothing to assign", text: "x := %reset", err: []string{"%reset has no value to assign"}, calls: "reset false", out: "[stdout]* State reset: all memorized declarations discarded.\n"},
		{name: "failed value", text: "x := !echo why; exit 2", out: "[stdout]why\n", err: []string{"exit status 2"}},
		{name: "bash", text: "%%bash\nfor i in 1 2; do\necho $i\ndone", out: "[stdout]1\n2\n"},
		{name: "sh arguments", text: "%%sh -e\nfalse\necho no", err: []string{"exit status 1"}},
		{name: "bash reads from the user", text: "%%bash\nread x\necho got $x", set: func(h *magictest.Host) { h.Answers = []string{"one"} },
			calls: `ask "" password=false: one`, out: "[stdout]got one\n"},
		{name: "bash has no input", text: "%%bash\nread x || echo end\necho next", out: "[stdout]end\nnext\n"},
		{name: "bash arguments", text: "%%bash -s a 'b c'\necho \"$0 $1 $2\"", out: "[stdout]bash a b c\n"},
		{name: "bash options", text: "%%bash -eu -o pipefail\nfalse | cat\necho no", err: []string{"exit status 1"}},
		{name: "bash names its lines", text: "%%bash\n\nnosuchcommand", out: "[stderr]bash: line 2: nosuchcommand: command not found\n", err: []string{"exit status 127"}},
		{name: "script of a shell file", text: "%%sh /dev/stdin x\necho $1", out: "[stdout]x\n"},
		{name: "kept output", text: "%%bash --out o --err=e\necho 1; echo 2 >&2", calls: `define o = "1\n" map[]; define e = "2\n" map[]`},
		{name: "kept output of a failure", text: "%%script --out o sh\necho 1; exit 3", calls: `define o = "1\n" map[]`, err: []string{"exit status 3"}},
		{name: "no error", text: "%%bash --no-raise-error\necho 1; exit 3", out: "[stdout]1\n[stderr]exit status 3\n"},
		{name: "kept output without a name", text: "%%bash --out 1x\n", err: []string{`--out needs the name of a variable, got "1x"`, "usage: %%bash"}},
		{name: "kept output in a keyword", text: "%%bash --out func\n", err: []string{`--out needs the name of a variable, got "func"`}},
		{name: "captured in a keyword", text: "%%capture func\nf()", err: []string{"func can't be the name of a variable; ./func is a file", "usage: %capture"}},
		{name: "script of nothing", text: "%%script --out x\n", err: []string{"%%script needs a program", "usage: %%script"}},
		{name: "unknown flag of script", text: "%%script --bg sleep 1\n", err: []string{"flag --bg of %%script is unknown", "usage: %%script"}},
		{name: "cd in a shell", text: "!cd /tmp", out: "[stderr]note: this shell has ended and its directory with it; %cd changes that of the cells and of later commands\n"},
		{name: "cd of use", text: "!cd /; pwd", out: "[stdout]/\n"},
		{name: "export in a shell", text: "!export A=b", out: "[stderr]note: this shell has ended and its variables with it; %env NAME=VALUE sets one for cells and later commands\n"},
		{name: "with inputs", text: "%with_inputs\n!read x; echo $x", set: func(h *magictest.Host) { h.Answers = []string{"one"} },
			calls: `ask "" password=false: one`, out: "[stdout]one\n"},
		{name: "with password", text: "%with_password\n!read x; echo $x\n!read x; echo $x", set: func(h *magictest.Host) { h.Answers = []string{"one", "two"} },
			calls: `ask "" password=true: one; ask "" password=false: two`, out: "[stdout]one\ntwo\n"},
		{name: "pwd", text: "%pwd", set: func(h *magictest.Host) { h.WorkDir = "/x" }, out: "[stdout]/x\n"},
		{name: "pwd value", text: "d := %pwd", set: func(h *magictest.Host) { h.WorkDir = "/x" }, calls: `define d = "/x" map[]`},
		{name: "secrets", text: "%env", set: func(h *magictest.Host) { h.Env = map[string]string{"API_KEY": "k", "db_password": "p", "A": "a"} },
			out: "[stdout]A=a\nAPI_KEY=<hidden>\ndb_password=<hidden>\n"},
		{name: "a secret that is asked for", text: "%env API_KEY", set: func(h *magictest.Host) { h.Env["API_KEY"] = "k" }, out: "[stdout]k\n"},
		{name: "script", text: "%%script cat -\nraw $x 'text'", out: "[stdout]raw $x 'text'\n"},
		{name: "script needs a program", text: "%%script\nx", err: []string{"%%script needs an argument", "usage: %%script"}},
		{name: "no such program", text: "%%script nosuchprogram\nx", err: []string{"nosuchprogram was not found"}},
		{name: "unknown", text: "%tmie x", err: []string{"magic %tmie is unknown", "did you mean %time?"}},
		{name: "unknown far", text: "%qqqqqq", err: []string{"magic %qqqqqq is unknown", "%lsmagic"}},
		{name: "unknown cell", text: "%%wrtefile x\ny", err: []string{"did you mean %%writefile?"}},
		{name: "line for cell", text: "%bash", err: []string{"write %%bash"}},
		{name: "cell for line", text: "%%cd\nx", err: []string{"%%cd has no cell form"}},
		{name: "env set", text: "%env A=b c", out: "[stdout]Set: A=\"b c\"\n"},
		{name: "env two words", text: "%env A 'b c'", out: "[stdout]Set: A=\"b c\"\n"},
		{name: "env expands", text: "%env P=$HOME/x:$NOPE", out: "[stdout]Set: P=\"/home/gopher/x:$NOPE\"\n"},
		{name: "env with spaces", text: "%env A = b c", out: "[stdout]Set: A=\"b c\"\n"},
		{name: "env with a space", text: "%env A= b", out: "[stdout]Set: A=\"b\"\n"},
		{name: "env empty", text: "%env A=", out: "[stdout]Set: A=\"\"\n"},
		{name: "env get", text: "%env HOME", out: "[stdout]/home/gopher\n"},
		{name: "env unset", text: "%env NOPE", err: []string{"NOPE is not set"}},
		{name: "env bad", text: "%env =x", err: []string{"no name"}},
		{name: "env value", text: "v := %env HOME", calls: `define v = "/home/gopher" map[]`},
		{name: "cd nowhere", text: "%cd /no/such/dir", err: []string{"there is no directory /no/such/dir"}},
		{name: "cd back without past", text: "%cd -", err: []string{"no earlier directory"}},
		{name: "args", text: "%args -x=1 'a b'", calls: `args ["-x=1" "a b"]`},
		{name: "exec", text: "%exec f -x=13 'a b'", calls: "later f(-x=13 'a b')"},
		{name: "exec call form", text: "%exec f()", calls: "later f()"},
		{name: "exec bad", text: "%exec -x", err: []string{"no name of a function"}},
		{name: "time", text: "%time f(1)", calls: "args at 0", out: "[stdout]CPU times: user 1.2 ms, sys: 300 μs, total: 1.5 ms\nWall time: 2 ms\nbuild 0.00 s\n",
			set: func(h *magictest.Host) {
				h.Outcome = magic.Outcome{Wall: 2 * time.Millisecond, User: 1200 * time.Microsecond, Sys: 300 * time.Microsecond}
			}},
		{name: "time flag", text: "%time -q  f(1)", calls: "args at 4"},
		{name: "time fails", text: "%%time\npanic(1)", calls: "body", err: []string{"boom"}, out: "[stdout]CPU times: user 0 ns, sys: 0 ns, total: 0 ns\nWall time: 1 s\nbuild 0.00 s\n",
			set: func(h *magictest.Host) { h.Outcome, h.GoErr = magic.Outcome{Wall: time.Second}, magictest.ErrGo }},
		{name: "time nothing", text: "%time", err: []string{"%time needs a statement", "usage"}},
		{name: "time both", text: "%%time f()\ng()", err: []string{"%%time takes a cell"}},
		{name: "who", text: "%who", out: "[stdout]a\n", set: func(h *magictest.Host) { h.Names = []magic.Name{{Name: "a", Kind: "var"}, {Name: "F", Kind: "func"}} }},
		{name: "rm", text: "%rm a b", out: "[stdout]. removed var a\n[stderr]. key \"b\" not found in any definition, not removed\n",
			set: func(h *magictest.Host) { h.Names = []magic.Name{{Name: "a", Kind: "var"}} }},
		{name: "reset", text: "%reset -f go.mod", calls: "reset true", out: "[stdout]* State reset: all memorized declarations discarded.\n"},
		{name: "reset other", text: "%reset all", err: []string{"takes only go.mod"}},
		{name: "replay", text: "%replay -q", calls: "replay quiet=true", out: "[stdout]Replayed 2 cells.\n",
			set: func(h *magictest.Host) { h.Replayed = []magic.Replayed{{Cell: 1}, {Cell: 2}} }},
		{name: "replay fails", text: "%replay", calls: "replay quiet=false", err: []string{"1 of 2 cells failed", "cell 2: Panic: boom"},
			set: func(h *magictest.Host) { h.Replayed = []magic.Replayed{{Cell: 1}, {Cell: 2, Err: magictest.ErrGo}} }},
		{name: "get", text: "%get example.com/a@v2", out: "[stderr]go: downloading example.com/a@v2\n[stdout]added example.com/a v2.0.0\n",
			set: func(h *magictest.Host) { h.Changes = []magic.ModuleChange{{Path: "example.com/a", New: "v2.0.0"}} }},
		{name: "get restarts", text: "%get m", calls: "restart", set: func(h *magictest.Host) {
			h.Changes, h.Vars = []magic.ModuleChange{{Path: "m", Old: "v1", New: "v2", Loaded: true}}, []string{"x", "y"}
		}, out: "[stderr]go: downloading m\n[stdout]changed m v1 => v2\n[stderr]m may be loaded in another version: the worker is restarted, these variables are lost: x, y (%replay runs the cells again)\n"},
		{name: "get nothing", text: "%get", err: []string{"%get needs an argument"}},
		{name: "goflags", text: "%goflags -race", out: "[stdout]%goflags=[\"-race\"]\n[stderr]note: with build flags each cell is a program of its own, and variables are computed anew; %goflags \"\" goes back to live cells\n"},
		{name: "test", text: "%test", calls: `test ["-test.v" "-test.run=^(TestA|TestB)$"]`},
		{name: "test flags", text: "%test -run=X --bench . -test.v -mine=3", calls: `test ["-test.run=X" "-test.bench" "." "-test.v" "-mine=3"]`},
		{name: "widgets", text: "%widgets\n%widgets_hb", calls: "connect", out: "[stdout]No page answers. Try %widgets in a notebook that is open in a browser.\n"},
		{name: "wasm", text: "%wasm", calls: "wasm"},
		{name: "test no flags", text: `%test ""`, calls: `test []`},
		{name: "goflags refused", text: "%goflags -race --reset", err: []string{"%goflags: no flag --reset; there are no flags, as before; usage: %goflags"}},
		{name: "goflags refused again", text: "%goflags -race\n%goflags --reset", out: "[stdout]%goflags=[\"-race\"]\n[stderr]note: with build flags each cell is a program of its own, and variables are computed anew; %goflags \"\" goes back to live cells\n",
			err: []string{"no flag --reset; the flags stay -race; %goflags \"\" clears them"}},
		{name: "goflags clear", text: `%goflags ""`, out: "[stdout]%goflags=[]\n"},
		{name: "track", text: "%track ./x", out: "[stderr]note: %track: nothing to do, completion reads modules where they are\n"},
		{name: "version", text: "%version", out: "[stdout]hpgo v1, go1.26\n", set: func(h *magictest.Host) { h.State = magic.Status{Version: "v1", Go: "go1.26"} }},
		{name: "no argument", text: "%who x", err: []string{`%who takes no argument, got "x"`}},
		{name: "open quote", text: "%rm 'a", err: []string{"missing closing '"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := magictest.New(t)
			if tt.set != nil {
				tt.set(h)
			}
			_, err := h.Run(context.Background(), Table(), tt.text)
			if (err != nil) != (len(tt.err) > 0) {
				t.Fatalf("error %v", err)
			}
			for _, w := range tt.err {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q lacks %q", err, w)
				}
			}
			if got := h.Out.String(); got != tt.out {
				t.Errorf("output\n%q, want\n%q", got, tt.out)
			}
			if got := strings.Join(h.Calls, "; "); got != tt.calls {
				t.Errorf("calls %q, want %q", got, tt.calls)
			}
		})
	}
}

func TestShellDirectories(t *testing.T) {
	h := magictest.New(t)
	if _, err := h.Run(context.Background(), Table(), "!pwd -P\n!*pwd -P"); err != nil {
		t.Fatal(err)
	}
	want := "[stdout]"
	for _, d := range []string{h.WorkDir, h.ModDir} {
		real, err := filepath.EvalSymlinks(d)
		if err != nil {
			t.Fatal(err)
		}
		want += real + "\n"
	}
	if got := h.Out.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A command in a directory that was removed says that, and not that there is no
// such program.
func TestShellDirectoryGone(t *testing.T) {
	h := magictest.New(t)
	h.WorkDir = filepath.Join(h.WorkDir, "gone")
	_, err := h.Run(context.Background(), Table(), "!true")
	if err == nil || !strings.Contains(err.Error(), "the cells' directory: stat "+h.WorkDir) || !strings.Contains(err.Error(), "%cd DIR goes to another") {
		t.Errorf("error %v", err)
	}
}

// A cancelled command is gone with all that it started.
func TestShellInterrupt(t *testing.T) {
	h := magictest.New(t)
	ctx, cancel := context.WithCancel(context.Background())
	pidFile := filepath.Join(h.WorkDir, "pid")
	go func() {
		for {
			if _, err := os.Stat(pidFile); err == nil {
				cancel()
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	// The child ignores the interrupt, so that the kill is needed too.
	_, err := h.Run(ctx, Table(), "!(trap '' INT; echo $BASHPID > p; mv p pid; sleep 1000); echo after")
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if strings.Contains(h.Out.String(), "after") {
		t.Error("the command went on after the interrupt")
	}
	pid := strings.TrimSpace(magictest.FileText(t, pidFile))
	for range 200 {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %s of the group is still there", pid)
}

func TestShellUTF8(t *testing.T) {
	h := magictest.New(t)
	// The euro sign is cut between two writes; the last byte is no UTF-8 at all.
	if _, err := h.Run(context.Background(), Table(), `!printf '\xe2'; sleep 0.05; printf '\x82\xac'; printf '\xff'`); err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(h.Out.String(), "[stdout]", "")
	if got != "€\uFFFD" {
		t.Errorf("got %q", got)
	}
}

func TestShellLimit(t *testing.T) {
	h := magictest.New(t)
	if _, err := h.Run(context.Background(), Table(), "!head -c 20000000 /dev/zero | tr '\\0' x"); err != nil {
		t.Fatal(err)
	}
	got := h.Out.String()
	if !strings.Contains(got, "output limit of 16 MiB was reached; 3222784 more bytes were dropped") {
		t.Errorf("the limit is not told: %d bytes, ends %q", len(got), got[max(0, len(got)-100):])
	}
}

func TestWriteFile(t *testing.T) {
	h := magictest.New(t)
	h.Env["SUB"] = "sub"
	if err := os.Mkdir(filepath.Join(h.WorkDir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	steps := []struct{ cell, out, content string }{
		{"%%writefile sub/poetry.txt\nroses\n\n\tviolets\n", "[stderr]Cell contents written to \"sub/poetry.txt\".\n", "roses\n\n\tviolets\n"},
		{"%%writefile -a $SUB/poetry.txt\n%not magic", "[stderr]Cell contents appended to \"sub/poetry.txt\".\n", "roses\n\n\tviolets\n%not magic\n"},
		{"%%file sub/poetry.txt\n", "[stderr]Cell contents written to \"sub/poetry.txt\".\n", ""},
	}
	for _, s := range steps {
		h.Out.Reset()
		if _, err := h.Run(context.Background(), Table(), s.cell); err != nil {
			t.Fatal(err)
		}
		if got := h.Out.String(); got != s.out {
			t.Errorf("said %q, want %q", got, s.out)
		}
		if got := magictest.FileText(t, filepath.Join(h.WorkDir, "sub", "poetry.txt")); got != s.content {
			t.Errorf("wrote %q, want %q", got, s.content)
		}
	}
	for text, want := range map[string]string{
		"%%writefile\nx":           "needs an argument",
		"%%writefile a b\nx":       "at most 1",
		"%%writefile $NOPE/x\ny":   "$NOPE is not set",
		"%%writefile no/such/x\ny": "there is no directory",
	} {
		if _, err := h.Run(context.Background(), Table(), text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func TestCapture(t *testing.T) {
	value := display.Bundle{Data: map[string]any{"text/plain": "42"}}
	produce := func(h *magictest.Host) {
		h.Stream("stdout", "out\n")
		h.Stream("stderr", "err\n")
		h.Display(display.Event{Op: display.OpDisplay, Bundle: display.Bundle{Data: map[string]any{"text/html": "<b>x</b>", "text/plain": "x"}}})
	}
	tests := []struct{ cell, out, file, call string }{
		{"%%capture\nf()", "", "", ""},
		{"%%capture cap.txt\nf()", "", "out\nerr\n<b>x</b>\n42\n", ""},
		{"%%capture v\nf()", "", "", `define v = struct{ Stdout, Stderr string; Outputs []map[string]string }{"out\n", "err\n", ` +
			`[]map[string]string{{"text/html": "<b>x</b>", "text/plain": "x", }, {"text/plain": "42", }, }} map[]`},
		{"%%capture --no-stderr ./v\nf()", "[stderr]err\n", "", ""},
		{"%capture cap.txt", "[stdout]out\n[stderr]err\n", "out\nerr\n<b>x</b>\n", ""},
	}
	for _, tt := range tests {
		h := magictest.New(t)
		h.DuringGo, h.Outcome = produce, magic.Outcome{Value: &value}
		if _, err := h.Run(context.Background(), Table(), tt.cell); err != nil {
			t.Fatalf("%q: %v", tt.cell, err)
		}
		if strings.HasPrefix(tt.cell, "%capture") {
			produce(h)
			for _, r := range h.Recs {
				if err := r.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got := h.Out.String(); got != tt.out {
			t.Errorf("%q showed %q, want %q", tt.cell, got, tt.out)
		}
		if tt.file != "" {
			if got := magictest.FileText(t, filepath.Join(h.WorkDir, "cap.txt")); got != tt.file {
				t.Errorf("%q wrote %q, want %q", tt.cell, got, tt.file)
			}
		}
		if got := strings.TrimPrefix(strings.Join(h.Calls, "; "), "body"); strings.TrimPrefix(got, "; ") != tt.call {
			t.Errorf("%q: calls %q, want %q", tt.cell, got, tt.call)
		}
	}
}

func TestCd(t *testing.T) {
	h := magictest.New(t)
	start := h.WorkDir
	if err := os.MkdirAll(filepath.Join(start, "a", "b"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ cell, dir string }{
		{"%cd a", "a"}, {"%cd b", "a/b"}, {"%cd ..", "a"}, {"%cd -", "a/b"}, {"%cd", "a/b"},
	} {
		if _, err := h.Run(context.Background(), Table(), step.cell); err != nil {
			t.Fatal(err)
		}
		if want := filepath.Join(start, step.dir); h.WorkDir != want {
			t.Errorf("%s: in %s, want %s", step.cell, h.WorkDir, want)
		}
	}
}

func TestUseGoWork(t *testing.T) {
	h := magictest.New(t)
	h.Env["PATH"] = os.Getenv("PATH")
	h.Env["HOME"] = t.TempDir()
	// Nothing of go writes on in that directory while the test removes it.
	h.Env["GOENV"], h.Env["XDG_CONFIG_HOME"] = "off", "/dev/null"
	if err := os.WriteFile(filepath.Join(h.WorkDir, "go.work"), []byte("go 1.26\n\nuse (\n\t./one\n\t./two\n)\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Run(context.Background(), Table(), "%use .\n%use two"); err != nil {
		t.Fatal(err)
	}
	want := "use " + filepath.Join(h.WorkDir, "one") + "; use " + filepath.Join(h.WorkDir, "two") + "; use " + filepath.Join(h.WorkDir, "two")
	if got := strings.Join(h.Calls, "; "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWhos(t *testing.T) {
	h := magictest.New(t)
	h.Names = []magic.Name{
		{Name: "fmt", Kind: "import", Type: `"fmt"`},
		{Name: "x", Kind: "var", Type: "int", Cell: 1, Size: 8, Value: "42"},
		{Name: "m", Kind: "var", Type: "map[string]<-chan int", Cell: 12, Size: 3 << 20, Least: true, Value: "len 3"},
		{Name: "F", Kind: "func", Type: "func()", Cell: 2, Size: -1},
	}
	if _, err := h.Run(context.Background(), Table(), "%whos"); err != nil {
		t.Fatal(err)
	}
	want := `Name   Kind   Type                       Size   Cell   Value
------------------------------------------------------------
x      var    int                         8 B      1   42
m      var    map[string]<-chan int   ≥ 3 MiB     12   len 3
F      func   func()                               2`
	if got := h.Shown[0].Bundle.Data["text/plain"]; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := h.Shown[0].Bundle.Data["text/html"].(string); !strings.Contains(got, "map[string]&lt;-chan int") {
		t.Errorf("HTML is not escaped: %s", got)
	}
}

func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Table() {
		if m.Usage == "" || m.Doc == "" || m.Kind == 0 {
			t.Errorf("%s: the row is incomplete", m.Name)
		}
		if !strings.HasPrefix(m.Usage, m.Title()) {
			t.Errorf("%s: the usage %q doesn't begin with the name", m.Name, m.Usage)
		}
		for _, n := range append([]string{m.Name}, m.Aliases...) {
			if seen[n] {
				t.Errorf("%s: the name %s is taken", m.Name, n)
			}
			seen[n] = true
		}
		flags := map[string]bool{}
		for _, f := range m.Flags {
			if f.Doc == "" || flags[f.Name] || flags[f.Long] && f.Long != "" {
				t.Errorf("%s: flag %s has no documentation or is there twice", m.Name, f.Name)
			}
			flags[f.Name], flags[f.Long] = true, true
		}
		if m.Run == nil && m.Name != "main" {
			t.Errorf("%s does nothing", m.Name)
		}
		h := magictest.New(t)
		if m.Kind != magic.Shell {
			if _, err := h.Run(context.Background(), Table(), "%"+m.Name+"?"); err != nil || len(h.Shown) != 1 {
				t.Errorf("%%%s? shows no help: %v", m.Name, err)
			}
		}
	}
	if md := TableMarkdown(); strings.Count(md, "\n") != len(Table())+2 {
		t.Errorf("the Markdown table has another number of rows:\n%s", md)
	}
}

// What a line with a name of two words wants stands behind both.
func TestWantsPart(t *testing.T) {
	for line, want := range map[string]int{"%perf stat -r 3 fi": 16, "%%perf stat  fib(": 13, "%perf record fib(": 13} {
		if subject, at := Wants(line); subject != magic.AboutGo || at != want {
			t.Errorf("%q: %v from %d, want Go from %d", line, subject, at, want)
		}
	}
}

func TestComplete(t *testing.T) {
	tests := []struct {
		line string
		from int
		want string
	}{
		{"%wh", 0, "%who %whos"},
		{"%%wr", 0, "%%writefile"},
		{"%rep", 0, "%replay"},
		{"%%capture --no-s", 10, "--no-stderr --no-stdout"},
		{"%replay -", 8, "--quiet -q"},
		{"%help wr", 6, "writefile"},
		{"%help %who", 6, "who whos"},
		{"%time fo", 8, ""},
		{"x := 1", 6, ""},
		{"%nope -", 7, ""},
		{"%perf", 0, "%perf"},
		{"%perf r", 6, "record"},
		{"%perf stat --n", 11, "--name --no-sim"},
		{"%perf -", 6, ""},
	}
	for _, tt := range tests {
		from, got := Complete(tt.line)
		var names []string
		for _, c := range got {
			names = append(names, c.Text)
		}
		if from != tt.from || strings.Join(names, " ") != tt.want {
			t.Errorf("%q: %q from %d, want %q from %d", tt.line, names, from, tt.want, tt.from)
		}
	}
}
