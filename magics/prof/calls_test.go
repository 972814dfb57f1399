package prof

import (
	"bytes"
	"runtime/trace"
	"testing"
	"time"
)

func TestCalls(t *testing.T) {
	Call("nobody watches").End()
	var buf bytes.Buffer
	if err := trace.Start(&buf); err != nil {
		t.Fatal(err)
	}
	before := Call("before")
	stop := WatchCalls(5 * time.Millisecond)
	before.End()
	for range 3 {
		Call("quick").End()
	}
	long := Call("long enough")
	time.Sleep(6 * time.Millisecond)
	long.End()
	open := Call("open")
	got := stop()
	open.End()
	trace.Stop()
	if got.Noted != 1 || got.Short != 3 || got.ShortSeconds <= 0 || got.ShortSeconds > 0.005 {
		t.Errorf("%+v", got)
	}
	if raw := buf.Bytes(); !bytes.Contains(raw, []byte("long enough")) || bytes.Contains(raw, []byte("quick")) || !bytes.Contains(raw, []byte(CallCategory)) {
		t.Errorf("the trace of %d bytes", len(raw))
	}
}
