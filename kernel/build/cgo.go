package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	gobuild "go/build"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
)

// cgoOutput is what the cgo tool and the C compiler made of a unit.
type cgoOutput struct {
	goFiles []string // to compile in the place of the files that import "C"
	objects []string // C objects for the archive
	ldflags []string // of #cgo LDFLAGS lines
}

// runCgo translates the files of a unit that import "C", in dir, as the go
// command does: cgo, then the C compiler on each C file. The go command itself
// can't be used, since it names the package by its directory.
func (m *Module) runCgo(ctx context.Context, u *cell.Unit, dir string) (*cgoOutput, error) {
	var files []string
	for _, f := range u.Files {
		if f.Cgo {
			files = append(files, f.Name)
		}
	}
	cflags, ldflags, err := cgoFlags(dir, files)
	if err != nil {
		return nil, err
	}
	obj := filepath.Join(dir, "_obj")
	if err := os.MkdirAll(obj, 0o755); err != nil {
		return nil, fmt.Errorf("build cell %d: %w", u.Cell, err)
	}
	args := append([]string{"-objdir", obj, "-trimpath", dir + "=>", "-importpath", cell.PackagePath, "--", "-I", obj, "-I", dir, "-O2", "-g"}, cflags...)
	if _, err := m.tc.Tool(ctx, dir, "cgo", append(args, files...)...); err != nil {
		return nil, cErrors(u, err)
	}
	cc, err := FindCompiler()
	if err != nil {
		return nil, err
	}
	out := &cgoOutput{goFiles: []string{filepath.Join("_obj", "_cgo_gotypes.go")}, ldflags: ldflags}
	cfiles := []string{"_cgo_export.c"}
	for _, f := range files {
		base := strings.TrimSuffix(f, ".go")
		out.goFiles = append(out.goFiles, filepath.Join("_obj", base+".cgo1.go"))
		cfiles = append(cfiles, base+".cgo2.c")
	}
	for _, c := range cfiles {
		// Frame pointers, as Go's own code has them: profiles tell who called C.
		o := filepath.Join(obj, strings.TrimSuffix(c, ".c")+".o")
		args := append([]string{"-c", "-fPIC", "-pthread", "-O2", "-fno-omit-frame-pointer", "-I", obj, "-I", dir, "-o", o}, cflags...)
		if _, err := m.tc.Command(ctx, dir, cc, append(args, filepath.Join(obj, c))...); err != nil {
			return nil, cErrors(u, err)
		}
		out.objects = append(out.objects, o)
	}
	return out, nil
}

// cgoFlags reads the #cgo lines of files.
func cgoFlags(dir string, files []string) (cflags, ldflags []string, err error) {
	c := gobuild.Default
	c.CgoEnabled = true
	c.ReadDir = func(string) ([]os.FileInfo, error) {
		var infos []os.FileInfo
		for _, f := range files {
			st, err := os.Stat(filepath.Join(dir, f))
			if err != nil {
				return nil, err
			}
			infos = append(infos, st)
		}
		return infos, nil
	}
	p, err := c.ImportDir(dir, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("read the #cgo lines: %w", err)
	}
	return append(p.CgoCPPFLAGS, p.CgoCFLAGS...), p.CgoLDFLAGS, nil
}

// appendObjects adds C objects to a Go archive, in the Unix ar format that
// cmd/pack writes: a 60-byte header, the content, padding to an even offset.
func appendObjects(archive string, objects []string) error {
	f, err := os.OpenFile(archive, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("add C objects: %w", err)
	}
	defer f.Close()
	for i, o := range objects {
		data, err := os.ReadFile(o)
		if err != nil {
			return fmt.Errorf("add C objects: %w", err)
		}
		var b bytes.Buffer
		fmt.Fprintf(&b, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", fmt.Sprintf("cgo%d.o", i), 0, 0, 0, 0o644, len(data))
		b.Write(data)
		if b.Len()%2 == 1 {
			b.WriteByte(0)
		}
		if _, err := f.Write(b.Bytes()); err != nil {
			return fmt.Errorf("add C objects: %w", err)
		}
	}
	return nil
}

// cLine is a message of the C compiler or of cgo about a cell; the file may
// carry the directory that the tool was run in.
var cLine = regexp.MustCompile(`^(?:.*/)?cell (\d+):(\d+):(\d+):\s*(?:fatal )?(?:error: )?(.*)$`)

// cErrors reads the messages of cgo and gcc. Notes and warnings are left out
// where there are errors.
func cErrors(u *cell.Unit, err error) error {
	var ce *CommandError
	if !errors.As(err, &ce) {
		return err
	}
	var errs cell.Errors
	for line := range strings.Lines(ce.Output) {
		line = strings.TrimRight(line, "\n")
		m := cLine.FindStringSubmatch(line)
		if m == nil || strings.HasPrefix(m[4], "note:") || strings.HasPrefix(m[4], "warning:") {
			continue
		}
		n, _ := strconv.Atoi(m[1])
		l, _ := strconv.Atoi(m[2])
		c, _ := strconv.Atoi(m[3])
		errs = append(errs, cell.Diagnostic{Cell: n, Line: l, Col: c, Msg: m[4], Code: "c"})
	}
	if len(errs) == 0 {
		return fmt.Errorf("the C code of cell %d doesn't compile:\n%s", u.Cell, strings.TrimSpace(ce.Output))
	}
	errs.Sort()
	return errs.Dedupe()
}
