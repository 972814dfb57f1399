package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/kernel/gonb"
)

// Files that a program for the page needs beside each other.
const (
	wasmExec    = "wasm_exec.js"
	wasmProgram = "gonb_cell.wasm"
)

// ConnectPage implements magic.Page.
func (d *dispatcher) ConnectPage(ctx context.Context) error {
	return d.page.Start(ctx, d.sink.Display, true)
}

// PageAnswers implements magic.Page.
func (d *dispatcher) PageAnswers(ctx context.Context) bool { return d.page.Alive(ctx) }

// BuildWasm implements magic.Page.
func (d *dispatcher) BuildWasm(context.Context) error {
	d.mu.Lock()
	have := d.wasmDir
	id := filepath.Base(d.mod.Dir)
	d.mu.Unlock()
	d.wasm = true
	if have != "" {
		return nil
	}
	root := jupyterRoot()
	if root == "" {
		return errors.New("%wasm: the directory of the Jupyter server is not known, from where the page gets the program; it works in a notebook whose server runs on this machine")
	}
	script, err := readWasmExec(d.tc)
	if err != nil {
		return err
	}
	dir := filepath.Join(root, "jupyter_files", id)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("%%wasm: %w", err)
	}
	d.AtEnd(func() { os.RemoveAll(dir) })
	if err := os.WriteFile(filepath.Join(dir, wasmExec), script, 0o644); err != nil {
		return fmt.Errorf("%%wasm: %w", err)
	}
	d.mu.Lock()
	d.wasmDir = dir
	d.mu.Unlock()
	d.Setenv("GONB_WASM_DIR", dir)
	d.Setenv("GONB_WASM_URL", wasmURL(dir))
	return nil
}

// wasmURL is where the server has the files of a directory, without its base URL.
func wasmURL(dir string) string { return path.Join("/files/jupyter_files", filepath.Base(dir)) }

// readWasmExec reads the toolchain's support for WebAssembly, which was moved in
// Go 1.24.
func readWasmExec(tc *build.Toolchain) ([]byte, error) {
	script, err := os.ReadFile(filepath.Join(tc.GOROOT, "lib", "wasm", wasmExec))
	if errors.Is(err, os.ErrNotExist) {
		script, err = os.ReadFile(filepath.Join(tc.GOROOT, "misc", "wasm", wasmExec))
	}
	if err != nil {
		return nil, fmt.Errorf("%%wasm: the toolchain lacks its support for WebAssembly: %w", err)
	}
	return script, nil
}

// runWasm builds the cell's Go for the page and shows it there.
func (d *dispatcher) runWasm(ctx context.Context) *Error {
	if err := d.waitWarm(ctx); err != nil {
		return d.plainError(ctx, err)
	}
	d.mu.Lock()
	dir := d.wasmDir
	mod := d.mod.ForPage()
	d.mu.Unlock()
	div := "gonb_wasm_" + fmt.Sprint(d.n)
	files, errs := d.wasmFiles(ctx, mod, dir, div)
	if len(errs) > 0 {
		return d.compileError(errs)
	}
	out := d.programDir()
	if !build.Keep() {
		defer os.RemoveAll(out)
	}
	exe, err := d.buildProgram(ctx, mod, build.Program{Cell: d.n, Dir: out, Files: files, Flags: d.buildFlags(), Env: d.toolEnv()})
	var program []byte
	if err == nil {
		program, err = os.ReadFile(exe)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, wasmProgram), program, 0o644)
	}
	if err != nil {
		return d.buildError(ctx, err)
	}
	html := gonb.WasmHTML(div, wasmURL(dir), wasmExec, wasmProgram, d.cellArgs(d.cell)[1:])
	d.sink.Display(display.Event{Op: display.OpDisplay, Bundle: display.Bundle{Data: map[string]any{"text/html": html}, Metadata: map[string]any{}}})
	return nil
}

// wasmFiles writes the cell as a plain program, with the constants that tell it
// where it is. Nothing of it is kept: the page's packages are not the session's.
func (d *dispatcher) wasmFiles(ctx context.Context, mod *build.Module, dir, div string) ([]cell.File, cell.Errors) {
	scope := renumberedScope(d.twinScope(ctx), setApart(d.n))
	env := cell.Env{Importer: build.NewImporter(mod).With(ctx), Candidates: d.index.Candidates, Fresh: true}
	consts := fmt.Sprintf("const (\nGonbWasmDir = %q\nGonbWasmUrl = %q\nGonbWasmDivId = %q\n)", dir, wasmURL(dir), div)
	c, errs := cell.ParseIn(scope, consts)
	if len(errs) > 0 {
		return nil, errs
	}
	u, errs := cell.Rewrite(env, scope, 0, c)
	if len(errs) > 0 {
		return nil, errs
	}
	g := goText{n: d.n, text: d.cell.Text, main: d.cell.Main, mainArgs: d.cell.MainArgs}
	if c, errs = g.parseFor(u.Next); len(errs) > 0 {
		return nil, numbered(errs, d.n)
	}
	env.Plain = cell.PlainLines
	u, errs = cell.Rewrite(env, u.Next, d.n, c)
	if len(errs) > 0 {
		return nil, errs
	}
	return u.Plain, nil
}
