package session

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"hpgo/kernel/display"
	"hpgo/plots"
)

// shown writes down which pictures the events have.
type shown struct{ strings.Builder }

// Stream implements Sink.
func (s *shown) Stream(name, text string) { s.WriteString(text) }

// Display implements Sink.
func (s *shown) Display(e display.Event) {
	text, _ := e.Bundle.Data["text/plain"].(string)
	_, svg := e.Bundle.Data["image/svg+xml"]
	_, png := e.Bundle.Data["image/png"]
	_, data := e.Bundle.Data[plots.MIME]
	fmt.Fprintf(s, "%s %s svg=%v png=%v data=%v %s\n", e.Op, e.ID, svg, png, data, strings.TrimSpace(text[strings.LastIndex(text, "\n")+1:]))
}

func TestUpdatesAreDrawnInFullAtTheEnd(t *testing.T) {
	figure := func(n int) display.Bundle {
		return display.Format(plots.Line{Name: fmt.Sprintf("frame %d", n), Y: []int{1, 2}})
	}
	out := &shown{}
	c := &callSink{sink: out, session: New(Options{})}
	c.Display(display.Event{Op: display.OpDisplay, ID: "a", Bundle: figure(1)})
	for i := 2; i < 5; i++ {
		c.Display(display.Event{Op: display.OpUpdate, ID: "a", Bundle: figure(i)})
	}
	c.Display(display.Event{Op: display.OpUpdate, ID: "b", Bundle: figure(10)})
	c.Stream("stdout", "text\n")
	c.Display(display.Event{Op: display.OpUpdate, ID: "b", Bundle: display.Format(7)})
	c.Display(display.Event{Op: display.OpDisplay, ID: "a", Bundle: figure(5)}) // a second output
	c.Display(display.Event{Op: display.OpUpdate, ID: "c", Bundle: figure(20)})
	c.Display(display.Event{Op: display.OpDisplay, Bundle: figure(30)})
	c.finish()
	c.finish()
	want := `display a svg=true png=true data=true frame 1  ▁█  1 to 2 (2 points)
update a svg=true png=false data=false frame 2  ▁█  1 to 2 (2 points)
update a svg=true png=false data=false frame 3  ▁█  1 to 2 (2 points)
update a svg=true png=false data=false frame 4  ▁█  1 to 2 (2 points)
update b svg=true png=false data=false frame 10  ▁█  1 to 2 (2 points)
text
update b svg=false png=false data=false 7
update a svg=true png=true data=true frame 4  ▁█  1 to 2 (2 points)
display a svg=true png=true data=true frame 5  ▁█  1 to 2 (2 points)
update c svg=true png=false data=false frame 20  ▁█  1 to 2 (2 points)
display  svg=true png=true data=true frame 30  ▁█  1 to 2 (2 points)
update c svg=true png=true data=true frame 20  ▁█  1 to 2 (2 points)
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// answering is a sink whose user answers everything alike.
type answering struct{ discard }

func (answering) Input(context.Context, string, bool) (string, error) { return "yes", nil }

// hush records and shows nothing.
type hush struct{}

func (hush) Stream(string, string) bool { return false }
func (hush) Display(display.Event) bool { return false }
func (hush) Close() error               { return nil }

func TestAskerOf(t *testing.T) {
	for _, test := range []struct {
		name string
		sink Sink
		want string
	}{
		{"nobody", discard{}, ErrNoInput.Error()},
		{"a user", answering{}, "yes"},
		{"a user behind a recorder", &recorded{Recorder: hush{}, outer: answering{}}, "yes"},
		{"a user of a cell that has ended", unasked{answering{}}, ErrNoInput.Error()},
		{"nobody behind a recorder", &recorded{Recorder: hush{}, outer: discard{}}, ErrNoInput.Error()},
	} {
		c := &callSink{sink: test.sink}
		line, err := c.ask(t.Context(), "?", false)
		if err != nil {
			line = err.Error()
		}
		if line != test.want || c.canAsk() != (err == nil) {
			t.Errorf("%s: %q, can ask: %v", test.name, line, c.canAsk())
		}
	}
}
