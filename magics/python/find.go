package python

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Variable names the environment variable with the Python to use.
const Variable = "HPGO_PYTHON"

// ErrNotFound is wrapped by the error for a machine without Python.
var ErrNotFound = errors.New("Python 3 was not found")

// Find returns the Python to run: the one asked for, that of HPGO_PYTHON, that
// of the active virtual environment, or python3 of the PATH, all as the given
// environment has them. Relative paths start at dir.
func Find(asked, dir string, env []string) (string, error) {
	get := func(name string) string {
		value := ""
		for _, kv := range env {
			if v, ok := strings.CutPrefix(kv, name+"="); ok {
				value = v
			}
		}
		return value
	}
	for _, want := range []struct{ exe, from string }{{asked, "--python"}, {get(Variable), Variable}} {
		if want.exe == "" {
			continue
		}
		if exe := lookup(want.exe, dir, get("PATH")); exe != "" {
			return exe, nil
		}
		return "", fmt.Errorf("%w: %s names %s, which is no program", ErrNotFound, want.from, want.exe)
	}
	if venv := get("VIRTUAL_ENV"); venv != "" {
		if exe := filepath.Join(venv, "bin", "python3"); executable(exe) {
			return exe, nil
		}
	}
	if exe := lookup("python3", dir, get("PATH")); exe != "" {
		return exe, nil
	}
	return "", fmt.Errorf("%w: install it (apt install python3, or from python.org), or name one with --python EXE or %s", ErrNotFound, Variable)
}

// lookup finds a program by its path, or by its name in the directories of path.
func lookup(name, dir, path string) string {
	if strings.ContainsRune(name, filepath.Separator) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		if executable(name) {
			return name
		}
		return ""
	}
	for _, d := range filepath.SplitList(path) {
		if exe := filepath.Join(d, name); filepath.IsAbs(exe) && executable(exe) {
			return exe
		}
	}
	return ""
}

func executable(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular() && st.Mode()&0o111 != 0
}
