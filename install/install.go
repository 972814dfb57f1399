package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// install builds the program, warms the caches and writes the kernelspec.
func (o *options) install(ctx context.Context) error {
	if err := o.findSpec(ctx); err != nil {
		return err
	}
	if err := o.findModule(ctx); err != nil {
		return err
	}
	if err := findCompiler(); err != nil {
		return err
	}
	for _, k := range o.kernels() {
		if err := o.mayWrite(k); err != nil {
			return err
		}
	}
	fmt.Fprintf(o.stdout, "building   %s\n", o.binary)
	if err := o.build(ctx); err != nil {
		return err
	}
	fmt.Fprintln(o.stdout, "warming    the build cache with a session of three cells")
	if err := o.tryEngine(ctx, o.binary); err != nil {
		return fmt.Errorf("a first session failed; `%s doctor` tells more", o.binary)
	}
	for _, k := range o.kernels() {
		if err := o.writeSpec(k); err != nil {
			return err
		}
		fmt.Fprintf(o.stdout, "kernelspec %s\n", k.dir)
	}
	o.sayNext()
	return nil
}

// tryEngine runs a session, which compiles what all sessions need. An interrupt
// is passed on, so that the session can remove its files.
func (o *options) tryEngine(ctx context.Context, binary string) error {
	cmd := exec.CommandContext(ctx, binary, "doctor", "--engine")
	cmd.Stdout, cmd.Stderr = o.stdout, o.stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd.Run()
}

// build replaces the program in one step: a kernel that is running keeps the
// file that it was started from.
func (o *options) build(ctx context.Context) error {
	if err := os.MkdirAll(o.gobin, 0o755); err != nil {
		return fmt.Errorf("make the directory for programs (GOBIN names another): %w", err)
	}
	tmp := fmt.Sprintf("%s.%d.tmp", o.binary, os.Getpid())
	defer os.Remove(tmp)
	said, err := o.goBuild(ctx, tmp)
	if err != nil && strings.Contains(said, "-buildvcs=false") {
		// Git refuses to look at a clone that belongs to somebody else, as it
		// often does in a container; then the version lacks its commit.
		_, err = o.goBuild(ctx, tmp, "-buildvcs=false")
	}
	if err != nil {
		return fmt.Errorf("build hpgo: %w", err)
	}
	if err := os.Rename(tmp, o.binary); err != nil {
		return fmt.Errorf("build hpgo: %w", err)
	}
	return nil
}

func (o *options) goBuild(ctx context.Context, out string, flags ...string) (said string, err error) {
	args := append([]string{"build", "-o", out}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, "./kernel")...)
	cmd.Dir = o.moduleDir
	var text strings.Builder
	// Shown as it comes: on a new machine modules are downloaded first.
	cmd.Stdout = io.MultiWriter(o.stderr, &text)
	cmd.Stderr = cmd.Stdout
	err = cmd.Run()
	return text.String(), err
}

// sayNext prints what to do now.
func (o *options) sayNext() {
	inPath := slices.Contains(filepath.SplitList(os.Getenv("PATH")), o.gobin)
	if !inPath {
		fmt.Fprintf(o.stdout, "note       %s is not in PATH; Jupyter finds hpgo all the same\n", o.gobin)
	}
	jupyter, err := exec.LookPath("jupyter")
	switch {
	case err != nil:
		fmt.Fprintf(o.stdout, "\nJupyter was not found here. Notebooks run without it:\n    %s run notebooks/00-tour.ipynb --html tour.html\nor install it (pip install jupyterlab) and choose the kernel %q.\n", o.program(inPath), o.displayName)
	case o.prefix != "" && !jupyterLooksIn(filepath.Join(o.prefix, "share", "jupyter")):
		fmt.Fprintf(o.stdout, "\nnext: JUPYTER_PATH=%s %s lab, and choose the kernel %q\n", filepath.Dir(filepath.Dir(o.kernelspec)), filepath.Base(jupyter), o.displayName)
	default:
		fmt.Fprintf(o.stdout, "\nnext: jupyter lab, and choose the kernel %q\n", o.displayName)
	}
}

func (o *options) program(inPath bool) string {
	if inPath {
		return "hpgo"
	}
	return o.binary
}

// jupyterLooksIn reports whether Jupyter looks for kernels in a data directory
// without being told: system directories and that of its own environment.
func jupyterLooksIn(data string) bool {
	data, err := filepath.Abs(data)
	if err != nil {
		return false
	}
	dirs := []string{"/usr/local/share/jupyter", "/usr/share/jupyter"}
	if p, err := exec.LookPath("jupyter"); err == nil {
		dirs = append(dirs, filepath.Join(filepath.Dir(filepath.Dir(p)), "share", "jupyter"))
	}
	return slices.Contains(append(dirs, filepath.SplitList(os.Getenv("JUPYTER_PATH"))...), data)
}
