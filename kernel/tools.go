package main

import (
	"context"
	"fmt"
	"go/version"
	"strings"

	"hpgo/kernel/build"
)

// oldestGo is the first toolchain whose internals the live engine knows.
const oldestGo = "go1.26"

// tools are the programs without which no cell runs.
type tools struct {
	toolchain *build.Toolchain
	compiler  string // path of the C compiler driver
	linker    string // path of the system's linker
}

// version is the toolchain's, "1.26.8".
func (t *tools) version() string {
	if t == nil || t.toolchain == nil {
		return ""
	}
	return strings.TrimPrefix(t.toolchain.Version, "go")
}

// findTools looks for everything before a run begins: here a missing compiler
// is one line, later it would be the failure of the first cell. What was found
// is returned with the error.
func findTools(ctx context.Context) (*tools, error) {
	t := &tools{}
	var err error
	if t.toolchain, err = build.FindToolchain(ctx); err != nil {
		return t, err
	}
	if version.Compare(t.toolchain.Version, oldestGo) < 0 {
		return t, fmt.Errorf("%s is too old: hpgo needs Go 1.26 or newer (%s)", t.toolchain.Version, t.toolchain.Go)
	}
	if t.compiler, err = build.FindCompiler(); err != nil {
		return t, err
	}
	t.linker, err = build.FindLinker()
	return t, err
}
