package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Toolchain is the installed Go toolchain and where it keeps things.
type Toolchain struct {
	Go       string // path of the go command
	GOROOT   string
	Version  string // "go1.26.8"
	ToolDir  string // holds compile and link
	ModCache string
	env      []string
}

// ErrNoGo says that the go command is missing.
var ErrNoGo = errors.New("the go command was not found: install Go 1.26 or newer (package golang-go on Debian and Ubuntu, golang on Fedora) and put it in PATH")

// ErrNoGcc says that the C compiler driver is missing, which links the cells.
var ErrNoGcc = errors.New("gcc was not found: live cells are linked with it; install the package gcc with your system's package manager (with libc6-dev on Debian and Ubuntu, glibc-devel on Fedora)")

// ErrNoLinker says that no linker was found.
var ErrNoLinker = errors.New("no linker (ld) was found: install the package binutils with your system's package manager")

// FindToolchain looks for the go command and asks it where its parts are.
func FindToolchain(ctx context.Context) (*Toolchain, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, ErrNoGo
	}
	t := &Toolchain{Go: path, env: baseEnv()}
	out, err := t.Run(ctx, "", "env", "-json", "GOROOT", "GOVERSION", "GOTOOLDIR", "GOMODCACHE", "GOCACHE", "GOAMD64", "GOEXPERIMENT")
	if err != nil {
		return nil, fmt.Errorf("ask go for its environment: %w", err)
	}
	var v struct{ GOROOT, GOVERSION, GOTOOLDIR, GOMODCACHE, GOCACHE, GOAMD64, GOEXPERIMENT string }
	if err := json.Unmarshal(out, &v); err != nil {
		return nil, fmt.Errorf("read go env: %w", err)
	}
	t.GOROOT, t.Version, t.ToolDir, t.ModCache = v.GOROOT, v.GOVERSION, v.GOTOOLDIR, v.GOMODCACHE
	// The linker replaces $GOROOT in the names of files, which profiles show, with
	// this, as it gets it from the go command.
	t.env = append(t.env, "GOROOT="+t.GOROOT)
	// The compiler, which is called without the go command, doesn't know what
	// `go env -w` has set.
	if runtime.GOARCH == "amd64" {
		t.env = append(t.env, "GOAMD64="+v.GOAMD64)
	}
	t.env = append(t.env, "GOEXPERIMENT="+v.GOEXPERIMENT)
	t.findCaches(v.GOCACHE)
	return t, nil
}

// findCaches has the go command use hpgo's own cache directory where its own
// can't be written, as without a home directory or with one that isn't ours.
// A module cache that can only be read serves.
func (t *Toolchain) findCaches(gocache string) {
	if !filepath.IsAbs(gocache) || !writable(gocache) {
		t.env = append(t.env, "GOCACHE="+filepath.Join(CacheDir(), "gocache"))
	}
	if _, err := os.Stat(t.ModCache); err != nil && (!filepath.IsAbs(t.ModCache) || !writable(t.ModCache)) {
		gopath := filepath.Join(CacheDir(), "gopath")
		t.ModCache = filepath.Join(gopath, "pkg", "mod")
		t.env = append(t.env, "GOPATH="+gopath, "GOMODCACHE="+t.ModCache)
	}
}

// baseEnv is the environment of every go command that hpgo runs: the user's,
// less what would change the meaning of a session's module.
func baseEnv() []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "GOFLAGS", "GOWORK", "GO111MODULE", "CGO_ENABLED", "GOOS", "GOARCH", "PWD":
		default:
			env = append(env, kv)
		}
	}
	return append(env, "GOFLAGS=-mod=mod", "GOWORK=off", "GO111MODULE=on", "CGO_ENABLED=1", "GOTOOLCHAIN=local")
}

// With returns the toolchain with more of its environment, NAME=value, which counts
// before what is there.
func (t *Toolchain) With(env ...string) *Toolchain {
	other := *t
	other.env = slices.Concat(t.env, env)
	return &other
}

// Getenv returns a variable of the toolchain's environment; "" where there is none.
func (t *Toolchain) Getenv(name string) string {
	for _, kv := range slices.Backward(t.env) {
		if n, value, _ := strings.Cut(kv, "="); n == name {
			return value
		}
	}
	return ""
}

// Experiments returns the names that GOEXPERIMENT takes, which turn something on;
// with "no" before them they turn it off.
func (t *Toolchain) Experiments() []string {
	var names []string
	files, _ := filepath.Glob(filepath.Join(t.GOROOT, "src", "internal", "goexperiment", "exp_*_on.go")) // the pattern is good
	for _, f := range files {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), "exp_"), "_on.go"))
	}
	return names
}

// RefusedExperiment tells in one line why a value of GOEXPERIMENT isn't known; "" when
// it is.
func (t *Toolchain) RefusedExperiment(ctx context.Context, value string) (string, error) {
	_, err := t.With("GOEXPERIMENT="+value).Run(ctx, "", "env", "GOEXPERIMENT")
	var failed *CommandError
	if !errors.As(err, &failed) {
		return "", err
	}
	said, _, _ := strings.Cut(strings.TrimSpace(failed.Output), "\n")
	return strings.TrimPrefix(said, "go: "), nil
}

// CacheDir is where hpgo keeps what outlives a session: worker binaries, import
// tables, the unpacked source of its packages. HPGO_CACHE overrides it; without
// a home directory that can be written it lies in TMPDIR.
func CacheDir() string {
	if d := os.Getenv("HPGO_CACHE"); d != "" {
		return d
	}
	if d, err := os.UserCacheDir(); err == nil {
		if d = filepath.Join(d, "hpgo"); writable(d) {
			return d
		}
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("hpgo-cache-%d", os.Getuid()))
}

// writable tells whether a directory can be written, or be made.
func writable(dir string) bool {
	for {
		info, err := os.Stat(dir)
		if err == nil {
			return info.IsDir() && mayWrite(dir)
		}
		parent := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || parent == dir {
			return false
		}
		dir = parent
	}
}

// CommandError is a failed external command with what it printed.
type CommandError struct {
	Args   []string
	Output string
	Err    error
}

// Error gives the command, how it ended and what it said.
func (e *CommandError) Error() string {
	return fmt.Sprintf("%s: %v\n%s", strings.Join(e.Args, " "), e.Err, strings.TrimSpace(e.Output))
}

func (e *CommandError) Unwrap() error { return e.Err }

// Run runs the go command in a directory and returns its standard output.
func (t *Toolchain) Run(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return t.run(ctx, dir, t.Go, args...)
}

// Tool runs one of the toolchain's tools, such as compile or link.
func (t *Toolchain) Tool(ctx context.Context, dir, tool string, args ...string) ([]byte, error) {
	return t.run(ctx, dir, filepath.Join(t.ToolDir, tool), args...)
}

// Command runs any program with the toolchain's environment.
func (t *Toolchain) Command(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	return t.run(ctx, dir, name, args...)
}

// Said runs the go command in a directory and returns its standard error, where it
// passes on what the compiler says.
func (t *Toolchain) Said(ctx context.Context, dir string, args ...string) ([]byte, error) {
	_, said, err := t.outputs(ctx, dir, t.Go, args...)
	return said, err
}

func (t *Toolchain) run(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	out, _, err := t.outputs(ctx, dir, name, args...)
	return out, err
}

// outputs runs a command and returns its standard output and standard error.
func (t *Toolchain) outputs(ctx context.Context, dir, name string, args ...string) (out, said []byte, err error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = t.env
	if dir != "" {
		cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], "PWD="+dir)
	}
	if name == t.Go {
		// A go command that is killed leaves what it was building.
		if temp, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "hpgo-go-"); err == nil {
			defer os.RemoveAll(temp)
			cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], "GOTMPDIR="+temp)
		}
	}
	killGroup(cmd)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		return stdout.Bytes(), stderr.Bytes(), &CommandError{Args: append([]string{filepath.Base(name)}, args...), Output: stderr.String() + stdout.String(), Err: err}
	}
	return stdout.Bytes(), stderr.Bytes(), nil
}
