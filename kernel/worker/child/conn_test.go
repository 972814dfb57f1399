package child

import (
	"os"
	"strings"
	"testing"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
)

// pipeConn returns a connection whose frames can be read from the file.
func pipeConn(t *testing.T) (*conn, *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return &conn{out: w, stdout: -1, stderr: -1, progress: frame.NewProgress(make([]byte, frame.ProgressSize))}, r
}

// next reads the next frame.
func next(t *testing.T, r *os.File) frame.Frame {
	t.Helper()
	var d frame.Decoder
	buf := make([]byte, 1)
	for {
		n, err := r.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		d.Feed(buf[:n])
		if f, ok, err := d.Next(); ok || err != nil {
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
	}
}

func TestDisplayThatFailsIsSaid(t *testing.T) {
	c, r := pipeConn(t)
	if err := c.display(display.Event{Bundle: display.Bundle{Data: map[string]any{"a": func() {}}}}); err == nil {
		t.Error("no error")
	}
	var text frame.Text
	f := next(t, r)
	if err := frame.Unmarshal(f.Payload, &text); err != nil || f.Kind != frame.KindText {
		t.Fatalf("kind %d, %v", f.Kind, err)
	}
	if text.Name != "stderr" || !strings.Contains(string(text.Data), "could not be shown") {
		t.Errorf("got %+v", text)
	}
}

func TestLogLineIsAFrame(t *testing.T) {
	c, r := pipeConn(t)
	if n, err := (logText{c}).Write([]byte("a line\n")); n != 7 || err != nil {
		t.Fatal(n, err)
	}
	var text frame.Text
	if err := frame.Unmarshal(next(t, r).Payload, &text); err != nil || string(text.Data) != "a line\n" {
		t.Errorf("got %+v, %v", text, err)
	}
}
