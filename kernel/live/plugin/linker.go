package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"hpgo/kernel/build"
)

// linker is the system's linker with the start files and directories that gcc
// would give it.
type linker struct {
	tc     *build.Toolchain
	ld     string
	none   string   // a program that does nothing, for cmd/link to call as its linker
	prefix []string // crti.o, crtbeginS.o
	suffix []string // libraries, crtendS.o, crtn.o
}

// findLinker asks gcc for its start files and library directories.
func findLinker(ctx context.Context, tc *build.Toolchain) (*linker, error) {
	gcc, err := build.FindCompiler()
	if err != nil {
		return nil, err
	}
	ld, err := build.FindLinker()
	if err != nil {
		return nil, err
	}
	l := &linker{tc: tc, ld: ld, none: "/bin/true"}
	if p, err := exec.LookPath("true"); err == nil {
		l.none = p
	}
	var dirs []string
	seen := map[string]bool{}
	file := func(name string) string {
		out, err := tc.Command(ctx, "", gcc, "-print-file-name="+name)
		p := strings.TrimSpace(string(out))
		if err != nil || !filepath.IsAbs(p) {
			return ""
		}
		if d := filepath.Dir(p); !seen[d] {
			seen[d] = true
			dirs = append(dirs, "-L"+d)
		}
		return p
	}
	for _, n := range []string{"crti.o", "crtbeginS.o"} {
		if p := file(n); p != "" {
			l.prefix = append(l.prefix, p)
		}
	}
	file("libc.so")
	file("libgcc.a")
	l.suffix = append(dirs, "-lpthread", "-ldl", "-lc")
	for _, n := range []string{"crtendS.o", "crtn.o"} {
		if p := file(n); p != "" {
			l.suffix = append(l.suffix, p)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err // gcc was not asked for all of it
	}
	if len(l.prefix) == 0 {
		return nil, errors.New("gcc finds no C start files: install the C library's development package (libc6-dev on Debian and Ubuntu, glibc-devel on Fedora)")
	}
	return l, nil
}

// linkerFlags translates flags meant for gcc, as #cgo LDFLAGS are.
func linkerFlags(flags []string) []string {
	var out []string
	for _, f := range flags {
		if list, ok := strings.CutPrefix(f, "-Wl,"); ok {
			out = append(out, strings.Split(list, ",")...)
		} else if f != "-pthread" && f != "-fopenmp" {
			out = append(out, f)
		} else if f == "-fopenmp" {
			out = append(out, "-lgomp")
		}
	}
	return out
}

// shared links the objects that cmd/link left in a directory; strip is the flag that
// says which names are left out of the file.
func (l *linker) shared(ctx context.Context, objects, out, strip string, flags []string) error {
	entries, err := os.ReadDir(objects)
	if err != nil {
		return err
	}
	args := []string{"-shared", strip, "-z", "relro", "-z", "now", "-z", "nocopyreloc", "--export-dynamic", "--build-id=none",
		"-o", out}
	args = append(args, l.prefix...)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".o") {
			args = append(args, filepath.Join(objects, e.Name()))
		}
	}
	args = append(args, linkerFlags(flags)...)
	if _, err := l.tc.Command(ctx, objects, l.ld, append(args, l.suffix...)...); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(l.ld), err)
	}
	return nil
}
