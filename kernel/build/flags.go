package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// RefusedFlags says that no program can be built with flags.
type RefusedFlags struct {
	Flags []string
	Why   string // one line
}

// Error implements error.
func (r *RefusedFlags) Error() string {
	return fmt.Sprintf("go build makes no program with %s: %s", strings.Join(r.Flags, " "), r.Why)
}

// ownFlags are flags of go build that it would accept, but not beside ours.
var ownFlags = map[string]string{
	"h":    "it asks for help, which !go help build gives",
	"help": "it asks for help, which !go help build gives",
	"o":    "where the program is written is not to be chosen",
}

// CheckFlags tries whether the go command builds a program with flags, by building
// one that does nothing in dir, a fresh directory in the module that the caller removes, and
// running it: only compiler and linker know their own flags, and what is no program,
// such as a plugin, doesn't run. It takes 0.2 s, or with flags that concern all
// packages the time for compiling package runtime, which the next program is then
// spared. The error is a *RefusedFlags where the flags are the reason. env is that of
// the go command, beside the toolchain's own.
func (m *Module) CheckFlags(ctx context.Context, flags, env []string, dir string) error {
	for _, f := range flags {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(f, "-"), "-"), "=")
		if why, ours := ownFlags[name]; ours && strings.HasPrefix(f, "-") {
			return &RefusedFlags{flags, why}
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("try build flags: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		return fmt.Errorf("try build flags: %w", err)
	}
	done := m.announce([]string{"with new flags"})
	defer done()
	tc := *m.tc
	tc.env = slices.Concat(env, tc.env)
	exe := filepath.Join(dir, "program")
	if _, err := tc.Run(ctx, dir, slices.Concat([]string{"build", "-o", exe}, flags, []string{"."})...); err != nil {
		return refused(ctx, flags, err)
	}
	if _, err := os.Stat(exe); err != nil {
		return &RefusedFlags{flags, "nothing is written"}
	}
	if _, err := tc.Command(ctx, dir, exe); err != nil && ctx.Err() == nil {
		return &RefusedFlags{flags, "what it writes doesn't run as a program" + lastWords(err)}
	}
	return ctx.Err()
}

// refused makes an error of what the go command said about flags.
func refused(ctx context.Context, flags []string, err error) error {
	var failed *CommandError
	if ctx.Err() != nil || !errors.As(err, &failed) {
		return err
	}
	for line := range strings.Lines(failed.Output) {
		// Headlines name the package in which the compiler met the flags.
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
			return &RefusedFlags{flags, line}
		}
	}
	return &RefusedFlags{flags, failed.Err.Error()}
}

// lastWords are what a failed program said, to be appended: that the CPU lacks what
// GOAMD64 asks for, say.
func lastWords(err error) string {
	var failed *CommandError
	if !errors.As(err, &failed) {
		return ""
	}
	said, _, _ := strings.Cut(strings.TrimSpace(failed.Output), "\n")
	if said == "" {
		return ""
	}
	return ": " + strings.TrimSuffix(said, ".")
}

// ownGCFlags are flags of the compile tool that say what is ours to say, or what
// must hold for all that is linked.
var ownGCFlags = map[string]string{
	"p": "names the package", "o": "says where the object goes", "pack": "is set already", "importcfg": "says where packages are",
	"embedcfg": "is set where files are embedded", "trimpath": "is set already", "buildid": "is the go command's", "symabis": "is the go command's",
	"asmhdr": "is the go command's", "linkobj": "says where the object goes", "std": "is for the standard library", "h": "asks for help, which !go tool compile -help gives",
	"help": "asks for help, which !go tool compile -help gives", "V": "asks for the version",
	"m": "prints what %inline and %escape show", "S": "prints what %disasm shows", "W": "prints the compiler's own trees", "live": "prints what lives, which nobody would see", "json": "writes files of diagnostics", "bench": "writes a file", "E": "prints symbols",
	"cpuprofile": "profiles the compiler", "memprofile": "profiles the compiler", "blockprofile": "profiles the compiler", "mutexprofile": "profiles the compiler", "traceprofile": "traces the compiler",
	"dynlink": "is set already", "shared": "would have to hold for all packages", "linkshared": "is set already", "installsuffix": "is the go command's",
	"race": "must hold for all packages: goflags=-race", "msan": "must hold for all packages: goflags=-msan", "asan": "must hold for all packages: goflags=-asan",
}

// RefusedGCFlags tells why flags of the compile tool can't be set for the session's own
// code, before they are tried; "" for no reason.
func RefusedGCFlags(flags []string) string {
	for i, f := range flags {
		name, dashed := strings.CutPrefix(f, "-")
		name, _, _ = strings.Cut(strings.TrimPrefix(name, "-"), "=")
		why := ownGCFlags[name]
		switch {
		case !dashed && i == 0 && strings.Contains(f, "="):
			return f + " names packages: the flags are for the session's own code, without a pattern"
		case !dashed && i == 0:
			return f + " is no flag"
		case dashed && why != "":
			return "-" + name + " " + why
		}
	}
	return ""
}
