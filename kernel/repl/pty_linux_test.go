package repl

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"hpgo/kernel/history"
	"hpgo/kernel/repl/repltest"
)

// talkVariable makes the test binary a conversation with fakeSession; its value
// is a directory for files that say what has happened.
const talkVariable = "HPGO_TEST_TALK"

// busyVariable makes its session busy for a second.
const busyVariable = "HPGO_TEST_BUSY"

func TestMain(m *testing.M) {
	if os.Getenv(talkVariable) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	past := history.InMemory()
	for i, input := range []string{"value=old", "out=several\\n\nvalue=lines"} {
		if err := past.Add(i+1, input, nil); err != nil {
			panic(err)
		}
	}
	busy := &Busy{}
	if os.Getenv(busyVariable) != "" {
		busy.Say("warming up")
		time.AfterFunc(time.Second, func() { busy.Say("") })
	}
	aside := &Aside{}
	err := Interactive(ctx, Config{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Session: &fakeSession{aside: aside}, History: past, Banner: "hello",
		Busy: busy, Aside: aside}, nil)
	fmt.Println("ended:", err)
	if err := os.WriteFile(os.Getenv(talkVariable), fmt.Append(nil, err), 0o600); err != nil {
		panic(err)
	}
}

// talk is a conversation with fakeSession in a terminal.
type talk struct {
	*repltest.Terminal
	t     *testing.T
	ended string // the file that the program writes at its end
}

func startTalk(t *testing.T, env ...string) *talk {
	t.Helper()
	ended := filepath.Join(t.TempDir(), "ended")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append([]string{"TERM=xterm", "NO_COLOR=", talkVariable + "=" + ended}, env...)...)
	return &talk{repltest.Start(t, cmd, 40, 12), t, ended}
}

// end waits for the end of the program and checks its error.
func (p *talk) end(want string) {
	p.t.Helper()
	if err := p.Cmd.Wait(); err != nil {
		p.t.Fatal(err)
	}
	got, err := os.ReadFile(p.ended)
	if err != nil || string(got) != want {
		p.t.Errorf("it ended with %s, %v; want %s", got, err, want)
	}
}

// TestTalk is a conversation from the first prompt to the end.
func TestTalk(t *testing.T) {
	p := startTalk(t)
	p.See("hello\nIn [1]:")
	p.Press("value=1\r")
	p.See("In [1]: value=1\nOut[1]: 1\n\nIn [2]:")
	p.Press("if x {\rvalue=2\r}\r")
	p.See("In [2]: if x {\n   ...:     value=2\n   ...: }\nOut[2]: 2\n\nIn [3]:")
	p.Press("nonsense" + ctrlC)
	p.See("In [3]: nonsense\nIn [3]:")
	p.Press("hang\r")
	p.See("In [3]: hang\nhanging")
	p.Press(ctrlC)
	p.See("hanging\n^C\nInterrupted\n\nIn [4]:")
	p.Press("\x12lines")
	p.See("In [4]: out=several\\n\n   ...: value=lines\nsearch back: lines_")
	p.Press("\r")
	p.See("   ...: value=lines\nseveral\nOut[4]: lines\n\nIn [5]:")
	p.Press("value=5" + ctrlA + kUp)
	p.See("In [5]: value=5")
	p.Press(ctrlC + kUp + kUp + kUp)
	p.See("In [5]: hang")
	p.Press(ctrlC + "\x1b[200~a\rvalue=x\r\x1b[201~")
	p.See("In [5]: a\n   ...: value=x")
	p.Resize(14, 12)
	p.See("In [5]: a\n   ...: value\n=x")
	p.Resize(40, 12)
	p.See("In [5]: a\n   ...: value=x")
	p.Press("\r")
	p.See("Out[5]: x\n\nIn [6]:")
	p.Press("   \r\r")
	p.See("In [6]:\nIn [6]:\nIn [6]:")
	p.Press("x.Prin\t")
	p.See("In [6]: x.Print\nPrint    Printf   Println")
	p.Press(ctrlC + "deaf\r")
	p.See("In [6]: deaf\ndeaf")
	p.Press(ctrlC)
	p.See("deaf\n^C\nwhat?")
	p.Press(ctrlC)
	p.See("what?\n^C\nwhat?\nWorkerDied\n\nIn [7]:")
	p.Press(ctrlC + ctrlD)
	p.See("ended: <nil>")
	p.end("<nil>")
}

// TestTalkBusy: what the session is busy with stands under the input, and in the
// place of the output of a cell that waits.
func TestTalkBusy(t *testing.T) {
	p := startTalk(t, busyVariable+"=1")
	p.See("In [1]:\nwarming up")
	p.Press("hang")
	p.See("In [1]: hang\nwarming up")
	p.Press("\r")
	p.See("In [1]: hang\nhanging")
	p.Press(ctrlC)
	p.See("In [1]: hang\nhanging\n^C\nInterrupted\n\nIn [2]:")
	p.Press("out=ahead\r")
	p.See("In [2]: out=ahead\nahead\n\nIn [3]:")
	p.Press("sleep value=3\rvalue=typed\r")
	p.See("Out[3]: 3\n\nIn [4]: value=typed\nOut[4]: typed\n\nIn [5]:")
}

// TestTalkAside: what goroutines write between cells stands above the input.
func TestTalkAside(t *testing.T) {
	p := startTalk(t)
	p.See("In [1]:")
	p.Press("go=tick\r")
	p.See("In [1]: go=tick\n\ntick0\ntick1\ntick2\nIn [2]:")
	p.Press("golive\rif x {\ry")
	p.See("In [2]: golive\n\nframe\n3\nIn [3]: if x {\n   ...:     y")
	p.Press("\r}\rgo=tock sleep\r")
	p.See("In [4]: go=tock sleep\n\ntock0\ntock1\ntock2\nIn [5]:")
	p.Press("goparts\r")
	p.See("In [5]: goparts\n\none two three\nfour\nIn [6]:")
	p.Press(ctrlD)
	p.end("<nil>")
}

// TestTalkInput: cells ask, and what they show meanwhile waits.
func TestTalkInput(t *testing.T) {
	p := startTalk(t)
	p.See("In [1]:")
	p.Press("out=name:\\t ask=your_name value=1\r")
	p.See("name:\\tyour_name")
	p.Press("Zoë" + kBack + "e\r")
	p.See("name:\\tyour_nameZoe\n<Zoe>\nOut[1]: 1\n\nIn [2]:")
	p.Press("secret=word:\r")
	p.See("word:")
	p.Press("xyz\r")
	p.See("word:\n<xyz>\n\nIn [3]:")
	p.Press("ask=more?\r")
	p.See("more?")
	p.Press(ctrlD)
	p.See("In [3]: ask=more?\n<input is not available here: nobody can\n be asked>\n\nIn [4]:")
	p.Press("ask=more? hang\r")
	p.See("more?")
	p.Press("abc" + ctrlC)
	p.See("<context canceled>\nhanging\nInterrupted\n\nIn [5]:")
	p.Press("quit\r")
	p.end("<nil>")
}

// TestTalkEnds: signals and a closed terminal end it in good order, while it
// waits for a key and while a cell runs.
func TestTalkEnds(t *testing.T) {
	for _, cell := range []string{"", "hang", "ask=more?"} {
		p := startTalk(t)
		p.See("In [1]:")
		if cell != "" {
			p.Press(cell + "\r")
			p.See(map[string]string{"hang": "\nhanging", "ask=more?": "\nmore?"}[cell])
		}
		if err := p.Cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		p.end("context canceled")
		p = startTalk(t)
		p.See("In [1]:")
		if cell != "" {
			p.Press(cell + "\r")
			p.See(map[string]string{"hang": "\nhanging", "ask=more?": "\nmore?"}[cell])
		}
		p.Hangup()
		if err := p.Cmd.Wait(); err != nil {
			t.Errorf("closed terminal, cell %q: %v", cell, err)
		}
		if _, err := os.Stat(p.ended); err != nil {
			t.Errorf("closed terminal, cell %q: not ended in good order: %v", cell, err)
		}
	}
}

// TestTalkDumb: a terminal that can't move its cursor gets plain lines.
func TestTalkDumb(t *testing.T) {
	p := startTalk(t, "TERM=dumb")
	p.See("In [1]:")
	p.Press("if x {\n")
	p.See("In [1]: if x {\n   ...:")
	p.Press("value=1 }\n")
	p.See("   ...: value=1 }\nOut[1]: 1\n\nIn [2]:")
	p.Press("half")
	p.See("In [2]: half")
	p.Press(ctrlC)
	p.See("In [2]: half^C\nIn [2]:")
	p.Press("secret=word:\n")
	p.See("secret=word:\nword:") // not the echo of what was typed
	p.Press("xyz\r")
	p.See("word:\n<xyz>\n\nIn [3]:")
	p.Press("show=i:a update=i:b\n")
	p.See("update=i:b\nb\n\nIn [4]:")
	p.Press("hang\n")
	p.See("In [4]: hang\nhanging")
	p.Press(ctrlC)
	p.See("Interrupted\n\nIn [5]:")
	p.Press(ctrlD)
	p.end("<nil>")
	if unknown := p.Unknown(); len(unknown) > 0 {
		t.Errorf("sequences %q", unknown)
	}
}
