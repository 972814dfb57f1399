package simulated

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"hpgo/magics/harness/valgrind"
)

// ErrMissing says that there is no valgrind.
var ErrMissing = errors.New("valgrind isn't installed, which simulates counters; the package is called valgrind")

// Tool is valgrind as it is installed.
type Tool struct {
	Path    string
	Version string // "3.19.0"
}

// Find looks for valgrind. The error is ErrMissing, or says why it doesn't work.
func Find(ctx context.Context) (Tool, error) {
	if !valgrind.Supported {
		return Tool{}, errors.New("counters are simulated on amd64 only")
	}
	path, err := exec.LookPath("valgrind")
	if err != nil {
		return Tool{}, ErrMissing
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		if ctx.Err() != nil {
			return Tool{}, ctx.Err()
		}
		return Tool{}, fmt.Errorf("%s doesn't work: %w", path, err)
	}
	return Tool{Path: path, Version: strings.TrimPrefix(strings.TrimSpace(string(out)), "valgrind-")}, nil
}

// Command is the command before a program and its arguments. callgrind writes files
// whose names begin with out; text of its own goes to the file log.
func (t Tool) Command(out, log string, g Geometry) []string {
	return append([]string{t.Path, "--tool=callgrind",
		"--instr-atstart=no", // the program says when
		"--cache-sim=yes", "--branch-sim=yes",
		"--separate-recs=1", "--dump-instr=yes", "--dump-line=yes",
		"--callgrind-out-file=" + out, "--log-file=" + log,
		"--vgdb=no"}, g.options()...)
}

// Settings are what the program gets as GODEBUG, beside what the user sets: signals
// that have goroutines give way bring callgrind down.
const Settings = "asyncpreemptoff=1"

// Level is the newest instruction set that valgrind knows (GOAMD64): it knows none
// with 512 bits.
const Level = "v3"
