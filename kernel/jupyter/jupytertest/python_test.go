package jupytertest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"hpgo/internal/skip"
)

// TestJupyterClient runs the Jupyter project's own client and kernel tests
// against the fake kernel.
func TestJupyterClient(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		skip.Because(t, "no python3")
	}
	if exec.Command(python, "-c", "import jupyter_client, jupyter_kernel_test").Run() != nil {
		skip.Because(t, "python3 has no jupyter_client and jupyter_kernel_test")
	}
	dir := t.TempDir()
	kernel := filepath.Join(dir, "fakekernel")
	if out, err := exec.Command("go", "build", "-o", kernel, "./fakekernel").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	spec, err := json.Marshal(map[string]any{
		"argv":         []string{kernel, "--connection-file", "{connection_file}"},
		"display_name": "fake", "language": "go", "interrupt_mode": "message",
	})
	if err != nil {
		t.Fatal(err)
	}
	specDir := filepath.Join(dir, "kernels", "fake")
	if err := os.MkdirAll(specDir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(specDir, "kernel.json"), spec, 0o644); err != nil {
		t.Fatal(err)
	}
	tests := exec.Command(python, "testdata/conformance.py", dir)
	tests.Env = append(os.Environ(), "JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "run"))
	out, err := tests.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatalf("the Jupyter tests failed: %v", err)
	}
}
