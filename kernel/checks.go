package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"hpgo/kernel/build"
	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// toolFindings are the programs that findTools looked for; it stops at the
// first that is missing.
func toolFindings(t *tools, err error) []finding {
	var fs []finding
	add := func(what, detail string, missing error) bool {
		f := finding{ok: missing == nil, required: true, what: what, detail: detail}
		if missing != nil {
			f.detail = missing.Error()
		}
		fs = append(fs, f)
		return f.ok
	}
	if t.toolchain == nil {
		add("go", "", err)
		return fs
	}
	if t.compiler == "" && !errors.Is(err, build.ErrNoGcc) {
		add("go", "", err)
		return fs
	}
	add("go", t.toolchain.Version+" in "+t.toolchain.GOROOT, nil)
	if !add("gcc", t.compiler, missingIf(err, build.ErrNoGcc)) {
		return fs
	}
	add("linker", t.linker, missingIf(err, build.ErrNoLinker))
	return fs
}

func missingIf(err, target error) error {
	if errors.Is(err, target) {
		return target
	}
	return nil
}

// cacheFinding checks that hpgo can keep what it compiles.
func cacheFinding() finding {
	f := finding{required: true, what: "cache", detail: build.CacheDir()}
	err := os.MkdirAll(build.CacheDir(), 0o755)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(build.CacheDir(), "doctor-*.tmp"); err == nil {
			probe.Close()
			err = os.Remove(probe.Name())
		}
	}
	if f.ok = err == nil; !f.ok {
		f.detail = fmt.Sprintf("%v: set HPGO_CACHE to a directory that can be written", err)
	}
	return f
}

// historyFinding checks that inputs are kept over the lives of kernels. It opens
// no session in the log.
func historyFinding() finding {
	path := historyPath()
	f := finding{ok: true, what: "history", detail: path}
	if path == "" {
		f.detail = "is off (" + historyVariable + ")"
		return f
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Mode().IsRegular():
		var log *os.File
		if log, err = os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0); err == nil {
			f.detail += fmt.Sprintf(" (%d KiB)", (info.Size()+1023)>>10)
			err = log.Close()
		}
	case err == nil:
		err = fmt.Errorf("%s is not a file", path)
	case errors.Is(err, os.ErrNotExist):
		err = nil // the first kernel makes it
	}
	if f.ok = err == nil; !f.ok {
		f.detail = fmt.Sprintf("inputs are forgotten with the kernel: %v; %s names another file", err, historyVariable)
	}
	return f
}

// selfCheckCells are a session in which each cell needs the one before, with
// what the last one must show.
var selfCheckCells = []struct{ code, shows string }{
	{"type doctorPoint struct{ x, y int }\ndoctorStart := doctorPoint{3, 4}", ""},
	{"func (p doctorPoint) norm() int { return p.x*p.x + p.y*p.y }\nfunc doctorTwice(n int) int { return 2 * n }", ""},
	{"doctorTwice(doctorStart.norm())", "50"},
}

// selfCheck runs the cells in a live session of its own.
func selfCheck(ctx context.Context, progress func(string)) finding {
	f := finding{required: true, what: "engine"}
	s := session.New(session.Options{Progress: progress})
	defer s.Close()
	if err := s.Start(ctx); err != nil {
		f.detail = err.Error()
		return f
	}
	for i, c := range selfCheckCells {
		r := s.Execute(ctx, c.code, noOutput{})
		if r.Err != nil {
			f.detail = fmt.Sprintf("cell %d of the self-check failed: %v", i+1, r.Err)
			return f
		}
		got := ""
		if r.Value != nil {
			got = fmt.Sprint(r.Value.Data["text/plain"])
		}
		if got != c.shows {
			f.detail = fmt.Sprintf("cell %d of the self-check showed %q instead of %q", i+1, got, c.shows)
			return f
		}
	}
	f.ok, f.detail = true, "three live cells"
	if _, why := s.Engine(); why != "" {
		f.detail = "three cells in fresh processes, where values don't last: " + why
	}
	return f
}

// noOutput is a sink for cells that show nothing.
type noOutput struct{}

func (noOutput) Stream(string, string) {}
func (noOutput) Display(display.Event) {}

func valgrindFinding(ctx context.Context) finding {
	return program(ctx, "valgrind", "%perf stat simulates no counters where the CPU has none; install the package valgrind", "valgrind", "--version")
}

func pythonFinding(ctx context.Context) finding {
	return program(ctx, "python3", "%%python cells and live comparisons with Python are left out; install the package python3", "python3", "--version")
}

func jupyterFinding(ctx context.Context) finding {
	return program(ctx, "jupyter", "no notebook server found (hpgo run and hpgo html work without); install with: pip install jupyterlab", "jupyter-lab", "--version")
}

// program looks for an optional program and asks for its version.
func program(ctx context.Context, what, cost, name, versionArg string) finding {
	path, err := exec.LookPath(name)
	if err != nil {
		return finding{what: what, detail: cost}
	}
	f := finding{ok: true, what: what, detail: path}
	if out, err := exec.CommandContext(ctx, path, versionArg).Output(); err == nil {
		f.detail = strings.TrimSpace(firstLine(string(out))) + " at " + path
	}
	return f
}

// kernelspecFinding looks for an installed kernelspec that starts hpgo.
func kernelspecFinding() finding {
	f := finding{what: "kernelspec", detail: "Jupyter doesn't know hpgo yet; in hpgo's source run: go run ./install"}
	for _, dir := range jupyterDataDirs() {
		specs, err := filepath.Glob(filepath.Join(dir, "kernels", "*", "kernel.json"))
		if err != nil {
			continue
		}
		for _, spec := range specs {
			exe, ok := startsHpgo(spec)
			if !ok {
				continue
			}
			if _, err := os.Stat(exe); err != nil {
				f.detail = fmt.Sprintf("%s starts %s, which is gone; in hpgo's source run: go run ./install", spec, exe)
				continue
			}
			f.ok, f.detail = true, spec
			return f
		}
	}
	return f
}

// startsHpgo reads a kernelspec and returns what it starts, if that is hpgo.
func startsHpgo(spec string) (exe string, ok bool) {
	data, err := os.ReadFile(spec)
	if err != nil {
		return "", false
	}
	var v struct{ Argv []string }
	if json.Unmarshal(data, &v) != nil || len(v.Argv) < 3 || v.Argv[1] != "kernel" {
		return "", false
	}
	return v.Argv[0], strings.HasPrefix(filepath.Base(v.Argv[0]), "hpgo")
}

// jupyterDataDirs are where Jupyter looks for kernelspecs, as far as that can
// be told without asking it.
func jupyterDataDirs() []string {
	var dirs []string
	dirs = append(dirs, filepath.SplitList(os.Getenv("JUPYTER_PATH"))...)
	if d := os.Getenv("JUPYTER_DATA_DIR"); d != "" {
		dirs = append(dirs, d)
	} else if home, err := os.UserHomeDir(); err == nil {
		if runtime.GOOS == "darwin" {
			dirs = append(dirs, filepath.Join(home, "Library", "Jupyter"))
		} else if d := os.Getenv("XDG_DATA_HOME"); d != "" {
			dirs = append(dirs, filepath.Join(d, "jupyter"))
		} else {
			dirs = append(dirs, filepath.Join(home, ".local", "share", "jupyter"))
		}
	}
	if p, err := exec.LookPath("jupyter"); err == nil {
		dirs = append(dirs, filepath.Join(filepath.Dir(filepath.Dir(p)), "share", "jupyter"))
	}
	return append(dirs, "/usr/local/share/jupyter", "/usr/share/jupyter")
}
