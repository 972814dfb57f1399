package repl

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"hpgo/kernel/history"
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
	err := Interactive(ctx, Config{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Session: &fakeSession{}, History: past, Banner: "hello", Busy: busy}, nil)
	fmt.Println("ended:", err)
	if err := os.WriteFile(os.Getenv(talkVariable), fmt.Append(nil, err), 0o600); err != nil {
		panic(err)
	}
}

// pty is a program in a terminal.
type pty struct {
	t      *testing.T
	master *os.File
	cmd    *exec.Cmd
	ended  string // the file that the program writes at its end

	mu     sync.Mutex
	screen *screen
}

// ioctl is for the few things that package os doesn't do to terminals.
func ioctl(t *testing.T, f *os.File, request uintptr, arg unsafe.Pointer) {
	t.Helper()
	conn, err := f.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var errno syscall.Errno
	if err := conn.Control(func(fd uintptr) { _, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(arg)) }); err != nil || errno != 0 {
		t.Fatal("ioctl:", err, errno)
	}
}

func startTalk(t *testing.T, env ...string) *pty {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	var unlock, number int32
	ioctl(t, master, syscall.TIOCSPTLCK, unsafe.Pointer(&unlock))
	ioctl(t, master, syscall.TIOCGPTN, unsafe.Pointer(&number))
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	p := &pty{t: t, master: master, screen: newScreen(40, 12), ended: t.TempDir() + "/ended"}
	p.resize(40, 12)
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append(os.Environ(), append([]string{"TERM=xterm", "NO_COLOR=", talkVariable + "=" + p.ended}, env...)...)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = slave, slave, slave
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(p.read)
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		master.Close()
		reading.Wait()
	})
	return p
}

// read puts what the program writes on the screen, until it has ended.
func (p *pty) read() {
	var chunk [4096]byte
	for {
		n, err := p.master.Read(chunk[:])
		p.mu.Lock()
		_, _ = p.screen.Write(chunk[:n])
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (p *pty) resize(width, height int) {
	p.t.Helper()
	p.mu.Lock()
	if width != p.screen.width {
		p.screen.resize(width)
	}
	p.mu.Unlock()
	size := [4]uint16{uint16(height), uint16(width)}
	ioctl(p.t, p.master, syscall.TIOCSWINSZ, unsafe.Pointer(&size))
}

func (p *pty) press(keys string) {
	p.t.Helper()
	if _, err := p.master.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// see waits until the end of all that was on the screen is a text.
func (p *pty) see(want string) {
	p.t.Helper()
	got := ""
	for range 2000 {
		p.mu.Lock()
		got = p.screen.text()
		p.mu.Unlock()
		if strings.HasSuffix(got, want) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	p.t.Fatalf("the screen is\n%s\nit should end in\n%s", got, want)
}

// end waits for the end of the program and checks its error.
func (p *pty) end(want string) {
	p.t.Helper()
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatal(err)
	}
	got, err := os.ReadFile(p.ended)
	if err != nil || string(got) != want {
		p.t.Errorf("it ended with %s, %v; want %s", got, err, want)
	}
}

func TestTalk(t *testing.T) {
	p := startTalk(t)
	p.see("hello\nIn [1]:")
	p.press("value=1\r")
	p.see("In [1]: value=1\nOut[1]: 1\n\nIn [2]:")
	p.press("if x {\rvalue=2\r}\r")
	p.see("In [2]: if x {\n   ...:     value=2\n   ...: }\nOut[2]: 2\n\nIn [3]:")
	p.press("nonsense" + ctrlC)
	p.see("In [3]: nonsense\nIn [3]:")
	p.press("hang")
	p.press("\r")
	p.see("In [3]: hang")
	p.press(ctrlC)
	p.see("^C\nInterrupted\n\nIn [4]:")
	p.press("\x12lines")
	p.see("In [4]: out=several\\n\n   ...: value=lines\nsearch back: lines_")
	p.press("\r")
	p.see("   ...: value=lines\nseveral\nOut[4]: lines\n\nIn [5]:")
	p.press("value=5" + ctrlA + kUp)
	p.see("In [5]: value=5")
	p.press(ctrlC + kUp + kUp + kUp)
	p.see("In [5]: hang")
	p.press(ctrlC + "\x1b[200~a\rvalue=x\r\x1b[201~")
	p.see("In [5]: a\n   ...: value=x")
	p.resize(14, 12)
	p.see("In [5]: a\n   ...: value\n=x")
	p.resize(40, 12)
	p.see("In [5]: a\n   ...: value=x")
	p.press("\r")
	p.see("Out[5]: x\n\nIn [6]:")
	p.press("   \r\r")
	p.see("In [6]:\nIn [6]:\nIn [6]:")
	p.press("x.Prin\t")
	p.see("In [6]: x.Print\nPrint    Printf   Println")
	p.press(ctrlC + ctrlD)
	p.see("ended: <nil>")
	p.end("<nil>")
}

// TestTalkBusy: what the session is busy with stands under the input, and in the
// place of the output of a cell that waits.
func TestTalkBusy(t *testing.T) {
	p := startTalk(t, busyVariable+"=1")
	p.see("In [1]:\nwarming up")
	p.press("hang")
	p.see("In [1]: hang\nwarming up")
	p.press("\r")
	p.see("In [1]: hang\nwarming up")
	p.see("In [1]: hang")
	p.press(ctrlC)
	p.see("In [1]: hang\n^C\nInterrupted\n\nIn [2]:")
	p.press("out=ahead\r")
	p.see("In [2]: out=ahead\nahead\n\nIn [3]:")
	p.press("sleep value=3\rvalue=typed\r")
	p.see("Out[3]: 3\n\nIn [4]: value=typed\nOut[4]: typed\n\nIn [5]:")
}

// TestTalkInput: cells ask, and what they show meanwhile waits.
func TestTalkInput(t *testing.T) {
	p := startTalk(t)
	p.see("In [1]:")
	p.press("out=name:\\t ask=your_name value=1\r")
	p.see("name:\\tyour_name")
	p.press("Zoë" + kBack + "e\r")
	p.see("name:\\tyour_nameZoe\n<Zoe>\nOut[1]: 1\n\nIn [2]:")
	p.press("secret=word:\r")
	p.see("word:")
	p.press("xyz\r")
	p.see("word:\n<xyz>\n\nIn [3]:")
	p.press("ask=more?\r")
	p.see("more?")
	p.press(ctrlD)
	p.see("In [3]: ask=more?\n<input is not available here: nobody can\n be asked>\n\nIn [4]:")
	p.press("ask=more? hang\r")
	p.see("more?")
	p.press("abc" + ctrlC)
	p.see("<context canceled>\nInterrupted\n\nIn [5]:")
	p.press("quit\r")
	p.end("<nil>")
}

// TestTalkEnds: signals and a closed terminal end it in good order, while it
// waits for a key and while a cell runs.
func TestTalkEnds(t *testing.T) {
	for _, cell := range []string{"", "hang", "ask=more?"} {
		p := startTalk(t)
		p.see("In [1]:")
		if cell != "" {
			p.press(cell + "\r")
			p.see(strings.TrimPrefix(cell, "ask="))
		}
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		p.end("context canceled")
		p = startTalk(t)
		p.see("In [1]:")
		if cell != "" {
			p.press(cell + "\r")
			p.see(strings.TrimPrefix(cell, "ask="))
		}
		p.master.Close()
		if err := p.cmd.Wait(); err != nil {
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
	p.see("In [1]:")
	p.press("if x {\n")
	p.see("In [1]: if x {\n   ...:")
	p.press("value=1 }\n")
	p.see("   ...: value=1 }\nOut[1]: 1\n\nIn [2]:")
	p.press("half")
	p.see("In [2]: half")
	p.press(ctrlC)
	p.see("In [2]: half^C\nIn [2]:")
	p.press("secret=word:\n")
	p.see("word:")
	p.press("xyz\r")
	p.see("word:\n<xyz>\n\nIn [3]:")
	p.press("show=i:a update=i:b\n")
	p.see("update=i:b\nb\n\nIn [4]:")
	p.press("hang\n")
	p.see("In [4]: hang")
	p.press(ctrlC)
	p.see("Interrupted\n\nIn [5]:")
	p.press(ctrlD)
	p.end("<nil>")
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.screen.unknown) > 0 {
		t.Errorf("sequences %q", p.screen.unknown)
	}
}
