package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hpgo/kernel/display"
	"hpgo/kernel/jupyter"
	"hpgo/kernel/session"
)

// tape is a front end that writes down what it is told.
type tape struct{ lines []string }

func (t *tape) Stream(name, text string) { t.lines = append(t.lines, name+" "+strings.TrimSpace(text)) }
func (t *tape) Display(b jupyter.MimeBundle, id string) {
	t.lines = append(t.lines, fmt.Sprint("display ", id, b.Data["text/plain"]))
}
func (t *tape) Update(b jupyter.MimeBundle, id string) {
	t.lines = append(t.lines, fmt.Sprint("update ", id, b.Data["text/plain"]))
}
func (t *tape) Clear(wait bool) { t.lines = append(t.lines, fmt.Sprint("clear ", wait)) }
func (t *tape) Input(context.Context, string, bool) (string, error) {
	return "", jupyter.ErrNoStdin
}

// TestNotes: what the session is busy with is shown in the cell that waits for
// it, and taken away before the cell's own output.
func TestNotes(t *testing.T) {
	show := func(s cellSink, text string) {
		s.Display(display.Event{Op: display.OpDisplay, Bundle: display.Bundle{Data: map[string]any{"text/plain": text}}})
	}
	for _, test := range []struct {
		name string
		run  func(n *notes, out jupyter.Sink)
		want string
	}{
		{"before the cell", func(n *notes, out jupyter.Sink) {
			n.say("compiling")
			s := n.begin(out)
			n.say("")
			show(s, "1")
			n.end()
		}, "stderr compiling|clear false|display 1"},
		{"over before the cell", func(n *notes, out jupyter.Sink) {
			n.say("compiling")
			n.say("")
			show(n.begin(out), "1")
			n.end()
		}, "display 1"},
		{"one after the other", func(n *notes, out jupyter.Sink) {
			s := n.begin(out)
			n.say("one")
			n.say("two")
			s.Stream("stdout", "x")
			n.end()
		}, "stderr one|clear false|stderr two|clear false|stdout x"},
		{"after output", func(n *notes, out jupyter.Sink) {
			s := n.begin(out)
			s.Stream("stdout", "x")
			n.say("late")
			n.end()
		}, "stdout x"},
		{"a cell without output", func(n *notes, out jupyter.Sink) {
			n.begin(out)
			n.say("busy")
			n.end()
			n.say("")
		}, "stderr busy|clear false"},
		{"updates and clears pass", func(n *notes, out jupyter.Sink) {
			s := n.begin(out)
			s.Display(display.Event{Op: display.OpUpdate, ID: "i"})
			s.Display(display.Event{Op: display.OpClear, Wait: true})
			n.end()
		}, "update i<nil>|clear true"},
	} {
		out := &tape{}
		test.run(&notes{}, out)
		if got := strings.Join(out.lines, "|"); got != test.want {
			t.Errorf("%s: %s\nwant %s", test.name, got, test.want)
		}
	}
}

// TestWhoCanBeAsked: only a cell whose front end said that it answers has a sink
// that asks; a front end that turns out not to answer is told apart.
func TestWhoCanBeAsked(t *testing.T) {
	for _, test := range []struct {
		req  jupyter.ExecuteRequest
		asks bool
	}{
		{jupyter.ExecuteRequest{AllowStdin: true}, true},
		{jupyter.ExecuteRequest{AllowStdin: false}, false},
		{jupyter.ExecuteRequest{AllowStdin: true, Silent: true}, false},
	} {
		n := &notes{}
		sink := sinkFor(test.req, n.begin(&tape{}))
		asker, asks := sink.(session.Asker)
		if asks != test.asks {
			t.Errorf("%+v: asks %v", test.req, asks)
		}
		if asks {
			if _, err := asker.Input(t.Context(), "?", false); !errors.Is(err, session.ErrNoInput) {
				t.Errorf("%+v: %v", test.req, err)
			}
		}
	}
}
