package tracer

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/trace"
	"strings"
	"testing"
	"time"
)

func newTrace(t *testing.T, limit int64) (*Trace, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trace.out")
	params, err := json.Marshal(Params{File: file, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	return NewTrace(string(params)), file
}

// isTrace reports whether a file is as runtime/trace writes it.
func isTrace(t *testing.T, file string) bool {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.HasPrefix(raw, []byte("go 1.")) && bytes.Contains(raw, []byte(MarkCategory))
}

func TestTrace(t *testing.T) {
	tr, file := newTrace(t, 1<<20)
	tr.Start()
	time.Sleep(5 * time.Millisecond)
	tr.End()
	tr.End() // reports once
	r := tr.result
	if !r.Whole || r.Refused != "" || r.Cut != 0 || r.Bytes == 0 || r.Elapsed < 0.005 || !isTrace(t, file) {
		t.Errorf("%+v", r)
	}
	if trace.IsEnabled() {
		t.Error("the recording goes on")
	}
}

// ping has goroutines do what a trace has many events of.
func ping(n int) {
	a, b := make(chan int), make(chan int)
	go func() {
		for v := range a {
			b <- v
		}
	}()
	for i := range n {
		a <- i
		<-b
	}
	close(a)
}

func TestLimitEndsTheRecording(t *testing.T) {
	tr, file := newTrace(t, 200_000)
	tr.Start()
	for trace.IsEnabled() {
		ping(1000)
	}
	tr.End()
	if r := tr.result; r.Cut <= 0 || r.Bytes < 200_000 || !r.Whole || !isTrace(t, file) {
		t.Errorf("%+v", r)
	}
}

func TestTraceOfACellThatEnds(t *testing.T) {
	tr, file := newTrace(t, 0)
	tr.Start()
	tr.finish(false) // as at the end of a cell that panicked
	if r := tr.result; r.Whole || r.Refused != "" || trace.IsEnabled() || !isTrace(t, file) {
		t.Errorf("%+v", r)
	}
}

func TestTraceIsRefused(t *testing.T) {
	if err := trace.Start(&bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	defer trace.Stop()
	tr, _ := newTrace(t, 0)
	tr.Start()
	tr.End()
	if !strings.Contains(tr.result.Refused, "already enabled") || !trace.IsEnabled() {
		t.Errorf("%+v", tr.result)
	}
	tr, file := newTrace(t, 0)
	if err := os.Mkdir(file, 0o777); err != nil {
		t.Fatal(err)
	}
	tr.Start()
	tr.End()
	if !strings.Contains(tr.result.Refused, "is a directory") {
		t.Errorf("%+v", tr.result)
	}
}
