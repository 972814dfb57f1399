package magics

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"hpgo/kernel/display"
	"hpgo/magics/magic"
)

// fileRows are the magics that write files.
func fileRows() []magic.Magic {
	appendFlag := magic.Flag{Name: "a", Long: "append", Doc: "add to the file instead of replacing it"}
	return []magic.Magic{
		{Name: "writefile", Aliases: []string{"file"}, Kind: magic.Cell, Usage: "%%writefile [-a] FILE", Flags: []magic.Flag{appendFlag}, Takes: magic.AboutFiles, Min: 1, Max: 1, Run: runWriteFile,
			Doc: "write the cell to a file\n~ and $NAME in the path are expanded; a relative path starts at the cells' directory."},
		{Name: "capture", Kind: magic.Both, Usage: "%capture [-a] FILE, %%capture [-a] [FILE | VAR] [--no-stdout] [--no-stderr] [--no-display]",
			Flags: []magic.Flag{appendFlag,
				{Name: "no-stdout", Doc: "let standard output through (%%capture)"},
				{Name: "no-stderr", Doc: "let standard error through (%%capture)"},
				{Name: "no-display", Doc: "let rich output through (%%capture)"}},
			Takes: magic.AboutFiles, Holds: magic.AboutGo, Max: 1, Run: runCapture,
			Doc: "keep a cell's output\n" +
				"%capture FILE also writes what the cell prints and displays to a file; everything is shown as usual.\n" +
				"%%capture shows nothing. With a Go identifier the output becomes a variable with the fields Stdout, Stderr and Outputs; " +
				"with any other name (out.txt, ./out) it goes to a file."},
	}
}

// runWriteFile implements %%writefile.
func runWriteFile(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	path, err := magic.Path(h, in.Args.Words[0])
	if err != nil {
		return magic.Result{}, err
	}
	if err := writeOutput(path, withNewline(in.Body), in.Args.Has("a")); err != nil {
		return magic.Result{}, err
	}
	verb := "written"
	if in.Args.Has("a") {
		verb = "appended"
	}
	shown, err := magic.Expand(h, in.Args.Words[0])
	if err != nil {
		return magic.Result{}, err
	}
	h.Stream("stderr", fmt.Sprintf("Cell contents %s to %q.\n", verb, shown))
	return magic.Result{}, nil
}

// writeOutput writes a text to a file, or adds it to the file.
func writeOutput(path, text string, add bool) error {
	f, err := openOutput(path, add)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err // it names the file
}

// openOutput opens a file for writing.
func openOutput(path string, add bool) (*os.File, error) {
	mode := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if add {
		mode = os.O_CREATE | os.O_WRONLY | os.O_APPEND
	}
	f, err := os.OpenFile(path, mode, 0o644)
	if dir := filepath.Dir(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("write %s: there is no directory %s; !mkdir -p makes it", path, dir)
	}
	return f, err
}

// runCapture implements %capture and %%capture.
func runCapture(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	name := ""
	if len(in.Args.Words) > 0 {
		name = in.Args.Words[0]
	}
	toVar := in.Form == magic.Cell && isIdentifier(name) && !in.Args.Has("a")
	if toVar && token.IsKeyword(name) {
		return magic.Result{}, in.Magic.Usagef("%s can't be the name of a variable; ./%s is a file", name, name)
	}
	var rec magic.Recorder = &recording{} // with neither file nor variable it is dropped
	if name != "" && !toVar {
		path, err := magic.Path(h, name)
		if err != nil {
			return magic.Result{}, err
		}
		f, err := openOutput(path, in.Args.Has("a"))
		if err != nil {
			return magic.Result{}, err
		}
		rec = &fileRecorder{file: f}
	}
	if in.Form == magic.Line {
		if name == "" {
			return magic.Result{}, in.Magic.Usagef("%%capture needs the name of a file")
		}
		h.Record(through{rec})
		return magic.Result{}, nil
	}
	stop := h.Record(filter{rec, in.Args})
	out, err := h.RunBody(ctx)
	if out.Value != nil {
		rec.Display(display.Event{Op: display.OpDisplay, Bundle: *out.Value})
	}
	if serr := stop(); err == nil {
		err = serr
	}
	kept, ok := rec.(*recording)
	if err == nil && toVar {
		expr, imports := kept.expr()
		err = h.Define(ctx, name, expr, imports)
	}
	if ok && err != nil {
		kept.show(h) // it may say why
	}
	return magic.Result{}, err
}

// isIdentifier reports whether a capture goes to a variable.
func isIdentifier(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// filter leaves what --no-stdout and its like exclude to the screen.
type filter struct {
	magic.Recorder
	args magic.Args
}

// Stream implements Recorder.
func (f filter) Stream(name, text string) bool {
	return f.args.Has("no-"+name) || f.Recorder.Stream(name, text)
}

// Display implements Recorder.
func (f filter) Display(e display.Event) bool {
	return f.args.Has("no-display") || f.Recorder.Display(e)
}

// through shows what it records.
type through struct{ magic.Recorder }

// Stream implements Recorder.
func (t through) Stream(name, text string) bool {
	t.Recorder.Stream(name, text)
	return true
}

// Display implements Recorder.
func (t through) Display(e display.Event) bool {
	t.Recorder.Display(e)
	return true
}

// fileRecorder writes text and the text of displays to a file.
type fileRecorder struct {
	file *os.File
	err  error
}

func (r *fileRecorder) write(text string) {
	if _, err := r.file.WriteString(text); err != nil && r.err == nil {
		r.err = err
	}
}

// Stream implements Recorder.
func (r *fileRecorder) Stream(_, text string) bool {
	r.write(text)
	return false
}

// Display writes the source of what is shown: that of HTML, Markdown or
// pictures in SVG as gonb does, else the plain text.
func (r *fileRecorder) Display(e display.Event) bool {
	for _, mime := range []string{"text/html", "text/markdown", "text/latex", "image/svg+xml", "text/plain"} {
		if s, ok := e.Bundle.Data[mime].(string); ok {
			r.write(withNewline(s))
			break
		}
	}
	return false
}

// Close implements Recorder; it reports the first failed write.
func (r *fileRecorder) Close() error {
	if err := r.file.Close(); r.err == nil {
		r.err = err
	}
	if r.err != nil {
		return fmt.Errorf("capture: %w", r.err)
	}
	return nil
}

// recording keeps output in memory.
type recording struct {
	stdout, stderr strings.Builder
	outputs        []display.Bundle
}

// Stream implements Recorder.
func (r *recording) Stream(name, text string) bool {
	if name == "stderr" {
		r.stderr.WriteString(text)
	} else {
		r.stdout.WriteString(text)
	}
	return false
}

// Display implements Recorder.
func (r *recording) Display(e display.Event) bool {
	if e.Op == display.OpDisplay {
		r.outputs = append(r.outputs, e.Bundle)
	}
	return false
}

// Close implements Recorder.
func (r *recording) Close() error { return nil }

// show shows what was written.
func (r *recording) show(h magic.Host) {
	for _, s := range []struct{ name, text string }{{"stdout", r.stdout.String()}, {"stderr", r.stderr.String()}} {
		if s.text != "" {
			h.Stream(s.name, s.text)
		}
	}
}

// expr spells the recording as a Go expression. Only textual forms of displays
// are kept: those are what Go code can do something with.
func (r *recording) expr() (string, map[string]string) {
	var b strings.Builder
	fmt.Fprintf(&b, "struct{ Stdout, Stderr string; Outputs []map[string]string }{%q, %q, []map[string]string{", r.stdout.String(), r.stderr.String())
	for _, o := range r.outputs {
		b.WriteString("{")
		for _, mime := range slices.Sorted(maps.Keys(o.Data)) {
			if s, ok := o.Data[mime].(string); ok {
				fmt.Fprintf(&b, "%q: %q, ", mime, s)
			}
		}
		b.WriteString("}, ")
	}
	b.WriteString("}}")
	return b.String(), nil
}
