package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// installer runs the program and returns the exit code and all that it said.
func installer(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var said bytes.Buffer
	code := run(t.Context(), args, &said, &said)
	return code, said.String()
}

// TestInstall goes through a whole life: installed, checked, installed again,
// removed.
func TestInstall(t *testing.T) {
	gobin, prefix := t.TempDir(), t.TempDir()
	t.Setenv("GOBIN", gobin)
	t.Setenv("JUPYTER_PATH", filepath.Join(prefix, "share", "jupyter"))
	code, said := installer(t, "--prefix", prefix, "--name", "Hpgo-Test", "--display-name", "Go (test)", "--gonb")
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	dir := filepath.Join(prefix, "share", "jupyter", "kernels", "Hpgo-Test")
	for _, want := range []string{filepath.Join(gobin, "hpgo"), dir, "three live cells", "Go (test)"} {
		if !strings.Contains(said, want) {
			t.Errorf("the installer doesn't mention %s:\n%s", want, said)
		}
	}
	s, err := readSpec(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := spec{Argv: []string{filepath.Join(gobin, "hpgo"), "kernel", "--connection-file", "{connection_file}"},
		DisplayName: "Go (test)", Language: "go", InterruptMode: "message", Metadata: map[string]any{"debugger": false}}
	if got, wanted := asJSON(t, s), asJSON(t, want); got != wanted {
		t.Errorf("kernel.json: %s\nwant %s", got, wanted)
	}
	for _, size := range []string{"32x32", "64x64"} {
		data, err := os.ReadFile(filepath.Join(dir, "logo-"+size+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := png.Decode(bytes.NewReader(data)); err != nil || len(data) > 2000 {
			t.Errorf("logo %s: %d bytes, %v", size, len(data), err)
		}
	}
	if code, said := installer(t, "--check", "--gonb", "--prefix", prefix, "--name", "Hpgo-Test"); code != 0 || !strings.Contains(said, "three live cells") || !strings.Contains(said, gonbDisplayName) {
		t.Errorf("--check: exit code %d\n%s", code, said)
	}
	if err := os.Remove(filepath.Join(gobin, "hpgo")); err != nil {
		t.Fatal(err)
	}
	if code, said := installer(t, "--check", "--prefix", prefix, "--name", "Hpgo-Test"); code != 1 || !strings.Contains(said, "doesn't run") {
		t.Errorf("--check without the program: exit code %d\n%s", code, said)
	}
	if code, said := installer(t, "--uninstall", "--prefix", prefix, "--name", "Hpgo-Test"); code != 0 || !strings.Contains(said, "removed") {
		t.Errorf("--uninstall: exit code %d\n%s", code, said)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the kernelspec is still there: %v", err)
	}
	for _, verb := range []string{"--uninstall", "--check"} {
		if code, said := installer(t, verb, "--prefix", prefix, "--name", "Hpgo-Test"); code != 1 || !strings.Contains(said, "not installed") {
			t.Errorf("%s of nothing: exit code %d\n%s", verb, code, said)
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestForeignKernelspec: another kernel of the same name is not touched.
func TestForeignKernelspec(t *testing.T) {
	prefix := t.TempDir()
	dir := filepath.Join(prefix, "share", "jupyter", "kernels", "python3")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	text := `{"argv": ["python3", "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "Python 3", "language": "python"}`
	if err := os.WriteFile(filepath.Join(dir, "kernel.json"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	o := options{kernelspec: dir, displayName: "Go"}
	if err := o.writeSpec(o.kernels()[0]); err == nil || !strings.Contains(err.Error(), "another kernel (Python 3)") {
		t.Errorf("writeSpec: %v", err)
	}
	for _, verb := range []string{"--check", "--uninstall"} {
		if code, said := installer(t, verb, "--prefix", prefix, "--name", "python3"); code != 1 || !strings.Contains(said, "another kernel") {
			t.Errorf("%s: exit code %d\n%s", verb, code, said)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "kernel.json")); err != nil || string(data) != text {
		t.Errorf("the other kernel's kernel.json: %s, %v", data, err)
	}
}

// TestGonbKernelspec: the kernelspec for gonb's notebooks is written beside ours,
// never over gonb's own unless that is asked for, and goes with ours.
func TestGonbKernelspec(t *testing.T) {
	prefix := t.TempDir()
	kernels := filepath.Join(prefix, "share", "jupyter", "kernels")
	o := options{kernelspec: filepath.Join(kernels, "hpgo"), displayName: "Go (hpgo)", gonb: true, binary: "/bin/hpgo"}
	gonb := filepath.Join(kernels, "gonb")
	if err := os.MkdirAll(gonb, 0o755); err != nil {
		t.Fatal(err)
	}
	text := `{"argv": ["/go/bin/gonb", "--kernel", "{connection_file}"], "display_name": "Go (gonb)", "language": "go"}`
	if err := os.WriteFile(filepath.Join(gonb, "kernel.json"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	write := func() error {
		for _, k := range o.kernels() {
			if err := o.writeSpec(k); err != nil {
				return err
			}
		}
		return nil
	}
	if err := write(); err == nil || !strings.Contains(err.Error(), "another kernel (Go (gonb)): --force") {
		t.Errorf("over gonb's own kernelspec: %v", err)
	}
	if code, said := installer(t, "--uninstall", "--gonb", "--prefix", prefix); code != 1 || !strings.Contains(said, "another kernel") {
		t.Errorf("--uninstall of gonb's own: exit code %d\n%s", code, said)
	}
	o.force = true
	if err := write(); err != nil {
		t.Fatal(err)
	}
	s, err := readSpec(gonb)
	if err != nil || s.DisplayName != gonbDisplayName || !s.startsHpgo() || s.Language != "go" {
		t.Errorf("%+v, %v", s, err)
	}
	if code, said := installer(t, "--uninstall", "--gonb", "--prefix", prefix); code != 0 || strings.Count(said, "removed") != 1 {
		t.Errorf("--uninstall --gonb: exit code %d\n%s", code, said)
	}
	if _, err := readSpec(o.kernelspec); err != nil {
		t.Errorf("--uninstall --gonb removed the other kernelspec: %v", err)
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	if code, said := installer(t, "--uninstall", "--prefix", prefix); code != 0 || strings.Count(said, "removed") != 2 {
		t.Errorf("--uninstall: exit code %d\n%s", code, said)
	}
}

// TestPlaces covers where the kernelspec goes.
func TestPlaces(t *testing.T) {
	for _, test := range []struct {
		name string
		env  string // the variables that are set, as name=value
		args string
		want string
	}{
		{"user", "HOME=/h", "", "/h/.local/share/jupyter/kernels/hpgo"},
		{"XDG", "HOME=/h XDG_DATA_HOME=/x", "--user", "/x/jupyter/kernels/hpgo"},
		{"JUPYTER_DATA_DIR", "HOME=/h JUPYTER_DATA_DIR=/j", "", "/j/kernels/hpgo"},
		{"no HOME", "", "", "HOME is not set"},
		{"no HOME but a place", "JUPYTER_DATA_DIR=/j", "--name other", "/j/kernels/other"},
		{"virtual environment", "HOME=/h VIRTUAL_ENV=/v", "--sys-prefix", "/v/share/jupyter/kernels/hpgo"},
		{"conda", "CONDA_PREFIX=/c", "--sys-prefix", "/c/share/jupyter/kernels/hpgo"},
		{"no Python", "PATH=", "--sys-prefix", "--user works without Python"},
		{"prefix", "", "--prefix /p", "/p/share/jupyter/kernels/hpgo"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, name := range []string{"HOME", "XDG_DATA_HOME", "JUPYTER_DATA_DIR", "VIRTUAL_ENV", "CONDA_PREFIX"} {
				t.Setenv(name, "")
			}
			for _, kv := range strings.Fields(test.env) {
				name, value, _ := strings.Cut(kv, "=")
				t.Setenv(name, value)
			}
			o := options{dataDirOfUser: userDataDir, prefixOfPython: pythonPrefix}
			if err := o.parse(strings.Fields(test.args)); err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := o.findSpec(context.Background()); err != nil {
				got = err.Error()
			} else {
				got = o.kernelspec
			}
			if !strings.Contains(got, test.want) {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// TestUsage covers mistakes on the command line and a missing compiler.
func TestUsage(t *testing.T) {
	for _, test := range []struct {
		args string
		code int
		says string
	}{
		{"--nope", 2, "-nope"},
		{"here", 2, `unexpected argument "here"`},
		{"--user --sys-prefix", 2, "only one of"},
		{"--user --prefix /p", 2, "only one of"},
		{"--check --uninstall", 2, "exclude each other"},
		{"--name a/b", 2, "letters, digits"},
		{"--display-name=", 2, "empty"},
		{"--gonb --name gonb", 2, "another --name"},
		{"--help", 0, "-sys-prefix"},
	} {
		if code, said := installer(t, strings.Fields(test.args)...); code != test.code || !strings.Contains(said, test.says) {
			t.Errorf("%s: exit code %d\n%s", test.args, code, said)
		}
	}
	path := t.TempDir()
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(goTool, filepath.Join(path, "go")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", path)
	if code, said := installer(t, "--prefix", t.TempDir()); code != 1 || !strings.Contains(said, "install the package gcc") || strings.Count(said, "\n") != 1 {
		t.Errorf("without gcc: exit code %d\n%s", code, said)
	}
	t.Setenv("PATH", t.TempDir())
	if code, said := installer(t, "--prefix", t.TempDir()); code != 1 || !strings.Contains(said, "install Go 1.26") {
		t.Errorf("without go: exit code %d\n%s", code, said)
	}
	t.Setenv("PATH", path)
	t.Chdir(t.TempDir())
	if code, said := installer(t, "--prefix", t.TempDir()); code != 1 || !strings.Contains(said, "inside hpgo's source") {
		t.Errorf("outside the source: exit code %d\n%s", code, said)
	}
}
