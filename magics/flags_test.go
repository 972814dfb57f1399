package magics

import (
	"context"
	"strings"
	"testing"

	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/settings"
)

// TestFlags: values reach the session, what they cost is said, and what can't be is
// refused in one line before anything has changed.
func TestFlags(t *testing.T) {
	for _, c := range []struct {
		line, tuned, out, err string
		vars                  []string
		refused               string
	}{
		{line: `%flags gcflags="-N -l" GOGC=50`, tuned: `gcflags="-N -l" GOGC=50`, out: "GOGC=50: in force now, and in new workers"},
		{line: "%flags GOAMD64=v3", tuned: "GOAMD64=v3", out: "no variables are lost"},
		{line: "%flags GOAMD64=v3", vars: []string{"a", "b"}, err: "these variables are lost: a, b; --restart allows that"},
		{line: "%flags GOAMD64=v3 -restart", vars: []string{"a", "b"}, tuned: "GOAMD64=v3", out: "these variables are lost: a, b (%replay runs the cells again)"},
		{line: "%flags --restart GOAMD64=v3", vars: []string{"a"}, tuned: "GOAMD64=v3", out: "lost: a"},
		{line: "%flags --restart", err: "flag --restart of %flags goes with a setting"},
		{line: "%flags GOGC=50", refused: "GOGC=50: no", err: "UsageError"},
		{line: "%flags GOGC=many", err: `"many" is no percentage`},
		{line: "%flags gogc=1", err: "did you mean GOGC?"},
		{line: "%flags -reset speed", err: "setting speed is unknown"},
		{line: "%flags -race", err: "flag -race of %flags is unknown"},
		{line: "%flags -reset", out: "Nothing changes"},
	} {
		h := magictest.New(t)
		h.Vars, h.Refused = c.vars, c.refused
		_, err := h.Run(context.Background(), Table(), c.line)
		if c.err != "" {
			want := strings.Replace(c.err, "UsageError", c.refused, 1)
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || h.Tuned != nil {
				t.Errorf("%s: %v, %s; want %s", c.line, err, h.Tuned, want)
			}
			continue
		}
		if err != nil || h.Tuned.String() != c.tuned || !strings.Contains(h.Out.String(), c.out) {
			t.Errorf("%s: %v, %s\n%s", c.line, err, h.Tuned, h.Out.String())
		}
	}
}

// TestFlagsReset: what was set is shown and taken back, one by one or all.
func TestFlagsReset(t *testing.T) {
	h := magictest.New(t)
	run := func(line string) magic.Result {
		t.Helper()
		res, err := h.Run(context.Background(), Table(), line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return res
	}
	run("%flags GOGC=50 GOMAXPROCS=1 gcflags=-B")
	run("%flags -reset GOGC")
	res := run("%flags")
	if got := strings.Join(res.Value.([]string), " "); got != "gcflags=-B GOMAXPROCS=1" {
		t.Errorf("in force: %s", got)
	}
	text := h.Shown[len(h.Shown)-1].Bundle.Data["text/plain"].(string)
	for _, want := range []string{"gcflags        -B         %flags", "GOGC           default    default", "GOAMD64        none       default   in a new worker"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	run("%flags -reset")
	if h.Tuned[settings.MaxProcs] != "" || h.Tuned[settings.GCFlags] != "" {
		t.Errorf("after a reset: %v", h.Tuned)
	}
}

// TestTunedEnv: no value is set with which no worker starts, and of variables that
// cells aren't built by that is said.
func TestTunedEnv(t *testing.T) {
	h := magictest.New(t)
	if _, err := h.Run(context.Background(), Table(), "%env GOMEMLIMIT=much"); err == nil || !strings.Contains(err.Error(), "is no size") || h.Env["GOMEMLIMIT"] != "" {
		t.Errorf("a limit of much: %v, %q", err, h.Env["GOMEMLIMIT"])
	}
	if _, err := h.Run(context.Background(), Table(), "%env GOAMD64=v3"); err != nil || !strings.Contains(h.Out.String(), "cells are built so by %flags GOAMD64=v3") {
		t.Errorf("%v\n%s", err, h.Out.String())
	}
}
