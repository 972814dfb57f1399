package build

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestCheckFlags: what the go command, the compiler or the linker doesn't know is
// refused with its reason, and so is what makes no program.
func TestCheckFlags(t *testing.T) {
	ctx := context.Background()
	tc, err := FindToolchain(ctx)
	if err != nil {
		t.Skip(err)
	}
	m, err := NewPlainModule(tc)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for i, c := range []struct{ flags, why string }{
		{flags: "-gcflags=-N -ldflags=-s"},
		{flags: "-tags a,b"}, // a value that is a word of its own
		{flags: "--reset", why: "flag provided but not defined: -reset"},
		{flags: "word", why: "package word is not in std"},
		{flags: "-cover=maybe", why: "invalid boolean value"},
		{flags: "-gcflags=-Q", why: "flag provided but not defined: -Q"},
		{flags: "-gcflags=-d=nothing", why: "unknown debug key nothing"},
		{flags: "-ldflags=-Q", why: "flag provided but not defined: -Q"},
		{flags: "-pgo=/no/such/profile", why: "no such file"},
		{flags: "-n", why: "nothing is written"},
		{flags: "-o=x", why: "where the program is written is not to be chosen"},
		{flags: "--help", why: "help"},
	} {
		err := m.CheckFlags(ctx, strings.Fields(c.flags), nil, filepath.Join(m.Dir, "try", strconv.Itoa(i)))
		var refused *RefusedFlags
		switch {
		case c.why == "" && err != nil:
			t.Errorf("%s: %v", c.flags, err)
		case c.why == "":
		case !errors.As(err, &refused):
			t.Errorf("%s: %v, want it refused", c.flags, err)
		case !strings.Contains(refused.Why, c.why) || strings.Contains(refused.Why, "\n"):
			t.Errorf("%s: refused because %q, want %q", c.flags, refused.Why, c.why)
		}
	}
}
