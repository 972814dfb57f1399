package session

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"hpgo/kernel/display"
)

// TestCommTable: who gets what, and what the page hears.
func TestCommTable(t *testing.T) {
	var heard []string
	note := func(who string) func(display.Comm) {
		return func(c display.Comm) { heard = append(heard, who+" "+c.Op+" "+c.ID) }
	}
	end := func(who string) commEnd {
		return func(_ context.Context, c display.Comm) { note(who)(c) }
	}
	s := New(Options{Comms: note("page")})
	s.comms.targets = map[string]commEnd{"known": end("target")}
	page := func(op, id, target string) {
		s.Comm(context.Background(), display.Comm{Op: op, ID: id, Target: target})
	}
	kernel := func(op, id string) {
		s.comms.fromKernel(display.Comm{Op: op, ID: id, Target: "widget"}, end("worker"))
	}
	for _, step := range []struct {
		do   func()
		want string
	}{
		{func() { page("open", "p1", "nobody's") }, "page close p1"},
		{func() { page("msg", "p1", "") }, "page close p1"},
		{func() { page("close", "p1", "") }, ""},
		{func() { page("open", "p2", "known") }, "target open p2"},
		{func() { page("msg", "p2", "") }, "target msg p2"},
		{func() { kernel("open", "k1") }, "page open k1"},
		{func() { page("close", "k1", "") }, ""}, // a front end without widgets
		{func() { page("msg", "k1", "") }, "worker msg k1"},
		{func() { kernel("msg", "k1") }, "page msg k1"},
		{func() { kernel("msg", "k2") }, ""}, // never opened
		{func() { kernel("close", "k1") }, "page close k1"},
		{func() { kernel("close", "k1") }, ""},
		{func() { page("msg", "k1", "") }, "page close k1"},
		{func() { kernel("open", "k3") }, "page open k3"},
	} {
		heard = nil
		if step.do(); strings.Join(heard, ", ") != step.want {
			t.Errorf("heard %q, want %q", heard, step.want)
		}
	}
	for target, want := range map[string][]string{"": {"k3", "p2"}, "known": {"p2"}, "widget": {"k3"}, "x": nil} {
		if got := slices.Sorted(maps.Keys(s.Comms(target))); !slices.Equal(got, want) {
			t.Errorf("comms of %q: %q, want %q", target, got, want)
		}
	}
	page("close", "p2", "")
	if len(s.Comms("known")) != 0 {
		t.Error("a comm that the page closed is open")
	}
	heard = nil
	if s.Close(); len(heard) > 0 {
		t.Errorf("at the end the page heard %q", heard)
	}
	if kernel("close", "k3"); len(heard) > 0 {
		t.Errorf("after the end the page heard %q", heard)
	}
}
