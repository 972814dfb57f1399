package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// findSpec decides where the kernelspec is.
func (o *options) findSpec(ctx context.Context) error {
	var data string
	var err error
	switch {
	case o.prefix != "":
		if data, err = filepath.Abs(o.prefix); err != nil {
			return fmt.Errorf("--prefix %s: %w", o.prefix, err)
		}
		data = filepath.Join(data, "share", "jupyter")
	case o.sysPrefix:
		if data, err = o.prefixOfPython(ctx); err != nil {
			return err
		}
		data = filepath.Join(data, "share", "jupyter")
	default:
		if data, err = o.dataDirOfUser(); err != nil {
			return err
		}
	}
	o.kernelspec = filepath.Join(data, "kernels", o.name)
	return nil
}

// userDataDir is Jupyter's data directory of the user, by the rules of
// jupyter_core.
func userDataDir() (string, error) {
	if d := os.Getenv("JUPYTER_DATA_DIR"); d != "" {
		return filepath.Abs(d)
	}
	if d := os.Getenv("XDG_DATA_HOME"); d != "" && runtime.GOOS != "darwin" {
		return filepath.Join(d, "jupyter"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("HOME is not set, so Jupyter's directory for this user is unknown: set HOME or JUPYTER_DATA_DIR, or choose a place with --prefix DIR")
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}

// pythonPrefix is the prefix of the active Python environment.
func pythonPrefix(ctx context.Context) (string, error) {
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if d := os.Getenv(name); d != "" {
			return d, nil
		}
	}
	out, err := exec.CommandContext(ctx, "python3", "-c", "import sys; print(sys.prefix)").Output()
	prefix := strings.TrimSpace(string(out))
	if err != nil || prefix == "" {
		return "", errors.New("--sys-prefix needs an active Python environment (no VIRTUAL_ENV, no CONDA_PREFIX, no python3); --user works without Python")
	}
	return prefix, nil
}

// findModule looks for hpgo's source around the current directory, and for the
// place where the go command installs programs.
func (o *options) findModule(ctx context.Context) error {
	if _, err := exec.LookPath("go"); err != nil {
		return errors.New("the go command was not found: install Go 1.26 or newer (package golang-go on Debian and Ubuntu, golang on Fedora) and put it in PATH")
	}
	mod, err := goEnv(ctx, "GOMOD")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(mod)
	if err != nil || !strings.HasPrefix(string(text), "module hpgo\n") {
		return errors.New("run this inside hpgo's source: go run ./install")
	}
	o.moduleDir = filepath.Dir(mod)
	if o.gobin, err = goEnv(ctx, "GOBIN"); err != nil {
		return err
	}
	if o.gobin == "" {
		path, err := goEnv(ctx, "GOPATH")
		if err != nil {
			return err
		}
		first := filepath.SplitList(path)
		if len(first) == 0 {
			return errors.New("neither GOBIN nor GOPATH nor HOME is set: set GOBIN to the directory for the program")
		}
		o.gobin = filepath.Join(first[0], "bin")
	}
	o.binary = filepath.Join(o.gobin, "hpgo"+exeSuffix())
	return nil
}

func exeSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

func goEnv(ctx context.Context, name string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", name).Output()
	if err != nil {
		return "", fmt.Errorf("ask go for %s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// findCompiler says early what would otherwise stop the first cell.
func findCompiler() error {
	for _, name := range []string{"gcc", "cc", "clang"} {
		if _, err := exec.LookPath(name); err == nil {
			return nil
		}
	}
	return errors.New("gcc was not found: live cells are linked with it; install the package gcc with your system's package manager (with libc6-dev on Debian and Ubuntu, glibc-devel on Fedora)")
}
