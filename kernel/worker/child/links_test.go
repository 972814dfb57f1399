package child

import (
	"os/exec"
	"strings"
	"testing"
)

// TestLinks holds the room to its rule: every cell must agree on what is linked
// here, so there is little of it.
func TestLinks(t *testing.T) {
	allowed := map[string]bool{
		"hpgo/kernel/display":      true,
		"hpgo/kernel/worker/child": true,
		"hpgo/kernel/worker/frame": true,
		"hpgo/kernel/worker/guard": true,
	}
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(string(out)) {
		if !allowed[path] {
			t.Errorf("the worker links %s", path)
		}
	}
	out, err = exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(string(out)) {
		switch path {
		case "plugin", "runtime/cgo", "net", "net/http":
			t.Errorf("a one-shot program links %s", path)
		}
	}
}
