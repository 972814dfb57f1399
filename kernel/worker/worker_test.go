package worker

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hpgo/kernel/display"
)

// built is what the tests run: made once, by TestMain.
var built struct{ worker, cell, initPanic, oneshot string }

func TestMain(m *testing.M) {
	if kind := os.Getenv("HPGO_TEST_FAKE"); kind != "" {
		fakeWorker(kind)
		return
	}
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "worker-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	built.worker = filepath.Join(dir, "hpgo-worker")
	built.cell = filepath.Join(dir, "cell.so")
	built.initPanic = filepath.Join(dir, "initpanic.so")
	built.oneshot = filepath.Join(dir, "oneshot")
	for _, args := range [][]string{
		{"-o", built.worker, "./hpgo-worker"},
		{"-buildmode=plugin", "-o", built.cell, "./testdata/cell"},
		{"-buildmode=plugin", "-o", built.initPanic, "./testdata/initpanic"},
		{"-o", built.oneshot, "./testdata/oneshot"},
	} {
		if out, err := exec.Command("go", append([]string{"build"}, args...)...).CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go build %v: %v\n%s", args, err, out)
			return 1
		}
	}
	return m.Run()
}

// record is a sink that writes down what it gets.
type record struct {
	mu     sync.Mutex
	log    strings.Builder // text as it is, displays as [text], stderr as {text}
	out    strings.Builder // stdout only
	calls  int
	shown  int
	panics []*Panic
}

func (r *record) Stream(name, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	if name == "stderr" {
		fmt.Fprintf(&r.log, "{%s}", text)
		return
	}
	r.log.WriteString(text)
	r.out.WriteString(text)
}

func (r *record) Display(e display.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shown++
	text := fmt.Sprint(e.Bundle.Data["text/plain"])
	if len(text) > 100 {
		text = fmt.Sprint(len(text))
	}
	fmt.Fprintf(&r.log, "[%s]", text)
}

func (r *record) Panic(p *Panic) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.panics = append(r.panics, p)
	fmt.Fprintf(&r.log, "(panic: %s)", p.Value)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

// start starts a worker that ends with the test.
func start(t testing.TB, o Options) *Worker {
	t.Helper()
	if o.Exe == "" {
		o.Exe = built.worker
	}
	w, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// do calls the test cell with an action.
func do(t testing.TB, w *Worker, args ...string) (*record, Reply, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r := &record{}
	reply, err := w.Call(ctx, Call{Cell: 1, Object: built.cell, Symbol: "Cell", Args: append([]string{"cell"}, args...)}, r)
	return r, reply, err
}

// must is do for actions that succeed.
func must(t testing.TB, w *Worker, args ...string) (*record, Reply) {
	t.Helper()
	r, reply, err := do(t, w, args...)
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return r, reply
}

func TestCall(t *testing.T) {
	w := start(t, Options{})
	r, reply := must(t, w, "hello")
	if r.out.String() != "hello\n" || !strings.Contains(r.String(), "{warning\n}") {
		t.Errorf("got %q", r)
	}
	if reply.Panic != nil || reply.LoadTime <= 0 || reply.RunTime <= 0 || reply.Dir == "" {
		t.Errorf("reply %+v", reply)
	}
	must(t, w, "count")
	if r, _ := must(t, w, "count"); r.String() != "2" {
		t.Errorf("the variable did not last: %q", r)
	}
	if r, _ := must(t, w, "args", "a b", ""); r.String() != `["a b" ""]` {
		t.Errorf("args %s", r)
	}
	_, reply = must(t, w, "result")
	if reply.Value == nil || fmt.Sprint(reply.Value.Data["text/plain"]) != "1152921504606846976" {
		t.Errorf("value %+v", reply.Value)
	}
	if r, _ := must(t, w, "stdin"); r.String() != "EOF" && r.String() != "unexpected newline" {
		t.Errorf("stdin: %s", r)
	}
}
