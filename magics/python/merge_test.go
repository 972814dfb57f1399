package python

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// drain takes all pieces that are ready, as one text.
func drain(m *merge) string {
	var b strings.Builder
	for {
		p, ok := m.next()
		switch {
		case !ok:
			return b.String()
		case p.event != nil:
			fmt.Fprintf(&b, "<%s>", p.event.Op)
		default:
			fmt.Fprintf(&b, "[%d %s]", p.stream, p.text)
		}
	}
}

// TestMerge puts in what comes in some order and takes out what is ready.
func TestMerge(t *testing.T) {
	const out, err, events = stdout, stderr, 2
	type step struct {
		pipe int
		text string // M12 stands for a mark with event 12, S12 for one without
		want string
	}
	for name, steps := range map[string][]step{
		"text at once":               {{out, "a", "[0 a]"}, {err, "b", "[1 b]"}, {out, "c", "[0 c]"}},
		"an event waits for streams": {{events, "x", ""}, {out, "a<M1>b", "[0 a]"}, {err, "<M1>", "<x>[0 b]"}},
		"streams wait for an event":  {{out, "<M1>a", ""}, {err, "<M1>b", ""}, {events, "x", "<x>[0 a][1 b]"}},
		"a switch is in order":       {{err, "e<S2>", "[1 e]"}, {out, "<S1>a<S2>b", "[0 a][0 b]"}},
		"behind a switch":            {{out, "<S1>late", ""}, {err, "early<S1>", "[1 early][0 late]"}},
		"a mark in pieces":           {{out, "a\x00to", "[0 a]"}, {out, "kene", ""}, {out, "1\x00b", ""}, {err, "<M1>", ""}, {events, "x", "<x>[0 b]"}},
		"no mark after all":          {{out, "a\x00to", "[0 a]"}, {out, "day", "[0 \x00today]"}},
		"a rune in pieces":           {{out, "a\xe2\x82", "[0 a]"}, {out, "\xac", "[0 €]"}},
		"not UTF-8":                  {{out, "\xff\xfe!", "[0 �!]"}},
		"two events":                 {{out, "<M1>a<M2>b", ""}, {err, "<M1><M2>", ""}, {events, "x", "<x>[0 a]"}, {events, "y", "<y>[0 b]"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerge("token")
			for i, s := range steps {
				if s.pipe == events {
					m.addEvent(&event{Op: s.text})
				} else {
					text := strings.NewReplacer("<M", "\x00tokene", "<S", "\x00tokens", ">", "\x00").Replace(s.text)
					m.addText(s.pipe, []byte(text))
				}
				if got := drain(m); got != s.want {
					t.Errorf("step %d: %q, want %q", i+1, got, s.want)
				}
			}
		})
	}
}

// TestMergeEnd releases what waits for marks that never come.
func TestMergeEnd(t *testing.T) {
	m := newMerge("token")
	m.addText(stdout, []byte("a\x00tokene1\x00b\xe2\x82"))
	m.addEvent(&event{Op: "x"})
	if got := drain(m); got != "[0 a]" {
		t.Errorf("before the end: %q", got)
	}
	m.release()
	m.end()
	if got := drain(m); got != "<x>[0 b�]" {
		t.Errorf("after the end: %q", got)
	}
}

// TestMergeHolds lets a stream wait whose text nobody takes.
func TestMergeHolds(t *testing.T) {
	m := newMerge("token")
	put := make(chan struct{})
	go func() { // ends when its text was taken
		m.addText(stdout, bytes.Repeat([]byte("x"), holdText+1))
		close(put)
	}()
	<-m.news
	select {
	case <-put:
		t.Error("addText did not wait")
	default:
	}
	if p, ok := m.next(); !ok || len(p.text) != holdText+1 {
		t.Errorf("%d bytes, %v", len(p.text), ok)
	}
	<-put
}
