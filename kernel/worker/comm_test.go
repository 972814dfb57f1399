package worker

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/display"
)

// TestComms: messages come through, and what a worker leaves open is closed.
func TestComms(t *testing.T) {
	got := make(chan string, 10)
	w := start(t, Options{
		Exe: os.Args[0], Env: append(os.Environ(), "HPGO_TEST_FAKE=comms"),
		Comm: func(c display.Comm) { got <- strings.TrimSpace(fmt.Sprint(c.Op, " ", c.ID, " ", c.Target, c.Buffers)) },
	})
	next := func() string {
		select {
		case s := <-got:
			return s
		case <-time.After(time.Minute):
			return "nothing"
		}
	}
	for _, want := range []string{"open a t[]", "open b t[]", "msg b [[0 255]]", "close a []"} {
		if s := next(); s != want {
			t.Errorf("got %q, want %q", s, want)
		}
	}
	if !w.Comm(display.Comm{Op: display.CommMsg, ID: "b"}) {
		t.Error("the message was not taken")
	}
	if s := next(); s != "close b []" {
		t.Errorf("at the end: %q", s)
	}
	<-w.Dead()
	if w.Comm(display.Comm{Op: display.CommMsg, ID: "b"}) {
		t.Error("a message for a worker that is gone was taken")
	}
	if len(got) > 0 {
		t.Errorf("more came: %q", <-got)
	}
}
