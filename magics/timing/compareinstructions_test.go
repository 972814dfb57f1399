package timing

import (
	"errors"
	"strings"
	"testing"

	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
)

// With --ir only what is about instructions has a meaning, and without valgrind nothing.
func TestCompareInstructions(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for line, want := range map[string]string{
		"%compare --ir f()":                  "needs two variants",
		"%compare --ir --base old f() ; g()": "flag --base of %compare says nothing with --ir",
		"%compare --ir -t f() ; g()":         "flag -t of %compare says nothing with --ir",
		"%compare --ir --fail x f() ; g()":   "flag --fail of %compare",
		"%compare --fail 1% f() ; g()":       "need --base NAME",
	} {
		h := magictest.New(t)
		h.Text = line
		_, err := h.Run(t.Context(), magic.NewTable(Rows()), line)
		var usage *magic.UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
	h := magictest.New(t)
	h.Text = "%compare -ir f() ; g()"
	if _, err := h.Run(t.Context(), magic.NewTable(Rows()), h.Text); err == nil || !strings.Contains(err.Error(), "%compare --ir: ") || len(h.Programs) > 0 {
		t.Error(err)
	}
}
