package widget

import (
	"os/exec"
	"testing"

	"hpgo/internal/skip"
)

// TestPageScript: the controls come to life although the kernel's first answer
// doesn't reach the page.
func TestPageScript(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		skip.Because(t, "no node")
	}
	if out, err := exec.CommandContext(t.Context(), node, "testdata/page.mjs", "page.js").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
