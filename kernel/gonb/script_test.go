package gonb

import (
	"os/exec"
	"strings"
	"testing"

	"hpgo/internal/skip"
)

// TestScripts: what is shown to the page is one script element each, with the
// arguments as JavaScript strings.
func TestScripts(t *testing.T) {
	for _, html := range []string{Script("kernel-id"), WasmHTML("div", "/files/x", "a.js", "b.wasm", []string{"--x=</script>", "'\"\n"})} {
		if n := strings.Count(html, "</script>"); n != 1 {
			t.Errorf("%d ends of scripts in\n%s", n, html)
		}
		_, script, _ := strings.Cut(html, "<script>")
		script, _, _ = strings.Cut(script, "</script>")
		node, err := exec.LookPath("node")
		if err != nil {
			skip.Because(t, "node, which checks JavaScript, was not found")
		}
		cmd := exec.Command(node, "--check", "-")
		cmd.Stdin = strings.NewReader(script)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
