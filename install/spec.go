package main

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
	"strings"
)

// spec is a kernel.json.
type spec struct {
	Argv          []string       `json:"argv"`
	DisplayName   string         `json:"display_name"`
	Language      string         `json:"language"`
	InterruptMode string         `json:"interrupt_mode"`
	Metadata      map[string]any `json:"metadata"`
}

// kernel is a kernelspec to write: its directory and what notebooks show.
type kernel struct{ dir, displayName string }

// kernels returns the kernelspecs that are installed: ours, and with --gonb the
// one beside it that gonb's notebooks ask for.
func (o *options) kernels() []kernel {
	list := []kernel{{o.kernelspec, o.displayName}}
	if o.gonb {
		list = append(list, o.gonbKernel())
	}
	return list
}

// gonbKernel is the kernelspec for gonb's notebooks.
func (o *options) gonbKernel() kernel {
	return kernel{filepath.Join(filepath.Dir(o.kernelspec), gonbName), gonbDisplayName}
}

// mayWrite refuses to replace another kernel, unless that was asked for.
func (o *options) mayWrite(k kernel) error {
	old, err := readSpec(k.dir)
	if err != nil || old.startsHpgo() || o.force {
		return nil
	}
	way := "choose another --name, or remove it first"
	if k == o.gonbKernel() {
		way = "--force replaces it (gonb --install brings gonb back)"
	}
	return fmt.Errorf("%s is another kernel (%s): %s", k.dir, old.DisplayName, way)
}

// writeSpec writes a kernelspec's directory anew.
func (o *options) writeSpec(k kernel) error {
	if err := o.mayWrite(k); err != nil {
		return err
	}
	text, err := json.MarshalIndent(spec{
		Argv:          []string{o.binary, "kernel", "--connection-file", "{connection_file}"},
		DisplayName:   k.displayName,
		Language:      "go",
		InterruptMode: "message",
		Metadata:      map[string]any{"debugger": false},
	}, "", " ")
	if err != nil {
		return fmt.Errorf("write kernel.json: %w", err)
	}
	if err := os.MkdirAll(k.dir, 0o755); err != nil {
		return fmt.Errorf("write the kernelspec (--prefix DIR chooses another place): %w", err)
	}
	files := []struct {
		name string
		data func() ([]byte, error)
	}{
		{"logo-svg.svg", func() ([]byte, error) { return logoSVG(), nil }},
		{"logo-32x32.png", func() ([]byte, error) { return logoPNG(32) }},
		{"logo-64x64.png", func() ([]byte, error) { return logoPNG(64) }},
		// Last: what has a kernel.json is a kernelspec.
		{"kernel.json", func() ([]byte, error) { return append(text, '\n'), nil }},
	}
	for _, f := range files {
		data, err := f.data()
		if err == nil {
			err = os.WriteFile(filepath.Join(k.dir, f.name), data, 0o644)
		}
		if err != nil {
			return fmt.Errorf("write the kernelspec's %s: %w", f.name, err)
		}
	}
	return nil
}

// readSpec reads the kernel.json of a kernelspec.
func readSpec(dir string) (spec, error) {
	var s spec
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("%s: %w", filepath.Join(dir, "kernel.json"), err)
	}
	return s, nil
}

// startsHpgo reports whether a kernelspec is one that this program wrote.
func (s spec) startsHpgo() bool {
	return len(s.Argv) == 4 && strings.HasPrefix(filepath.Base(s.Argv[0]), "hpgo") && s.Argv[1] == "kernel" && s.Argv[2] == "--connection-file"
}

// examine is --check: the kernelspec, the program that it starts, a session,
// and whether Jupyter sees it.
func (o *options) examine(ctx context.Context) error {
	if err := o.findSpec(ctx); err != nil {
		return err
	}
	s, err := readSpec(o.kernelspec)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("not installed: there is no %s; install with: go run ./install", o.kernelspec)
	case err != nil:
		return err
	case !s.startsHpgo():
		return fmt.Errorf("%s is another kernel: it starts %s", o.kernelspec, strings.Join(s.Argv, " "))
	}
	fmt.Fprintf(o.stdout, "kernelspec %s: %q\n", o.kernelspec, s.DisplayName)
	out, err := exec.CommandContext(ctx, s.Argv[0], "version").Output()
	if err != nil {
		return fmt.Errorf("the kernelspec starts %s, which doesn't run (%w); install again with: go run ./install", s.Argv[0], err)
	}
	fmt.Fprintf(o.stdout, "program    %s: %s\n", s.Argv[0], bytes.TrimSpace(out))
	if err := o.examineGonb(s); err != nil {
		return err
	}
	if err := o.tryEngine(ctx, s.Argv[0]); err != nil {
		return fmt.Errorf("cells don't run; `%s doctor` tells more", s.Argv[0])
	}
	return o.askJupyter(ctx)
}

// examineGonb tells about the kernelspec for gonb's notebooks. It must be there
// with --gonb only.
func (o *options) examineGonb(ours spec) error {
	k := o.gonbKernel()
	s, err := readSpec(k.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.gonb:
		return fmt.Errorf("not installed: there is no %s; install with: go run ./install --gonb", k.dir)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !s.startsHpgo() && o.gonb:
		return fmt.Errorf("%s is another kernel: it starts %s", k.dir, strings.Join(s.Argv, " "))
	case s.startsHpgo() && s.Argv[0] != ours.Argv[0]:
		return fmt.Errorf("%s starts %s, another hpgo; install again with: go run ./install --gonb", k.dir, s.Argv[0])
	case s.startsHpgo():
		fmt.Fprintf(o.stdout, "kernelspec %s: %q\n", k.dir, s.DisplayName)
	}
	return nil
}

// askJupyter checks that Jupyter, where there is one, lists the kernelspec.
func (o *options) askJupyter(ctx context.Context) error {
	jupyter, err := exec.LookPath("jupyter")
	if err != nil {
		fmt.Fprintln(o.stdout, "jupyter    not found here; hpgo run and hpgo html work without it")
		return nil
	}
	out, err := exec.CommandContext(ctx, jupyter, "kernelspec", "list", "--json").Output()
	var list struct {
		Kernelspecs map[string]struct {
			Dir string `json:"resource_dir"`
		} `json:"kernelspecs"`
	}
	if err == nil {
		err = json.Unmarshal(out, &list)
	}
	if err != nil {
		fmt.Fprintf(o.stdout, "jupyter    %s did not list its kernels: %v\n", jupyter, err)
		return nil
	}
	seen, ok := list.Kernelspecs[strings.ToLower(o.name)]
	switch {
	case !ok && o.prefix != "" && !jupyterLooksIn(filepath.Join(o.prefix, "share", "jupyter")):
		fmt.Fprintf(o.stdout, "jupyter    looks elsewhere: set JUPYTER_PATH=%s\n", filepath.Dir(filepath.Dir(o.kernelspec)))
	case !ok:
		return fmt.Errorf("%s doesn't list the kernel %s", jupyter, o.name)
	case seen.Dir != o.kernelspec:
		fmt.Fprintf(o.stdout, "jupyter    uses the kernelspec of the same name in %s\n", seen.Dir)
	default:
		fmt.Fprintf(o.stdout, "jupyter    %s lists it\n", jupyter)
	}
	return nil
}

// remove is --uninstall. Only kernelspecs go: the program may serve others, and
// the caches hold nothing that can't be made again. The one for gonb's notebooks
// goes with ours, or alone with --gonb.
func (o *options) remove(ctx context.Context) error {
	if err := o.findSpec(ctx); err != nil {
		return err
	}
	if o.gonb {
		return o.removeSpec(o.gonbKernel().dir)
	}
	if err := o.removeSpec(o.kernelspec); err != nil {
		return err
	}
	k := o.gonbKernel()
	if s, err := readSpec(k.dir); err == nil && s.startsHpgo() && k.dir != o.kernelspec {
		return o.removeSpec(k.dir)
	}
	return nil
}

// removeSpec removes a kernelspec that is ours.
func (o *options) removeSpec(dir string) error {
	s, err := readSpec(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("not installed: there is no %s", dir)
	case err != nil:
		return err
	case !s.startsHpgo():
		return fmt.Errorf("%s is another kernel: it starts %s", dir, strings.Join(s.Argv, " "))
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove the kernelspec: %w", err)
	}
	fmt.Fprintf(o.stdout, "removed    %s\n", dir)
	fmt.Fprintf(o.stdout, "left       %s (remove it if no other kernelspec starts it)\n", s.Argv[0])
	return nil
}
