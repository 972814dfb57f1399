// Package bench measures hpgo beside what a user would do without it, in one
// run and as ratios: absolute times of a shared machine say little. Nothing
// here decides anything; the numbers are printed.
package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"hpgo/magics/group"
	"hpgo/magics/quantity"
)

// Figure is one measured value.
type Figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`           // s, B, ratio
	Note  string  `json:"note,omitempty"` // what it is compared with, or which runs it is the median of
}

// Report is the outcome of one `hpgo bench SUBJECT`.
type Report struct {
	Subject string         `json:"subject"`
	Go      string         `json:"go"`
	CPUs    int            `json:"cpus"`
	Figures []Figure       `json:"figures,omitempty"`
	Kernels []*KernelTable `json:"kernels,omitempty"`
	Notes   []string       `json:"notes,omitempty"` // what could not be measured, and why
}

// add appends a figure.
func (r *Report) add(name string, value float64, unit, note string) {
	r.Figures = append(r.Figures, Figure{name, value, unit, note})
}

// WriteText writes the report as a table.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "hpgo bench %s, %s, %d CPUs\n\n", r.Subject, r.Go, r.CPUs)
	width := 0
	for _, f := range r.Figures {
		width = max(width, len(f.Name))
	}
	for _, f := range r.Figures {
		fmt.Fprintf(&b, "%-*s  %12s  %s\n", width, f.Name, formatValue(f.Value, f.Unit), f.Note)
	}
	for _, t := range r.Kernels {
		if err := t.writeText(&b); err != nil {
			return err
		}
	}
	for _, n := range r.Notes {
		b.WriteString("\n" + n + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteJSON writes the report as one JSON value.
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

func formatValue(v float64, unit string) string {
	switch unit {
	case "s":
		if v < 1e-3 {
			return quantity.Seconds(v, 4)
		}
		return time.Duration(v * float64(time.Second)).Round(10 * time.Microsecond).String()
	case "B":
		if v < 1<<20 {
			return fmt.Sprintf("%.1f KiB", v/1024)
		}
		return fmt.Sprintf("%.1f MiB", v/(1<<20))
	}
	return fmt.Sprintf("%.3g", v)
}

// median returns the middle value; of an even number the lower middle one.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	s := slices.Clone(values)
	slices.Sort(s)
	return s[(len(s)-1)/2]
}

// Subjects are what Run measures.
var Subjects = []string{"cells", "complete", "magics", "plots", "kernels"}

// Run measures a subject; progress is told what goes on. The options are those of
// the subject kernels.
func Run(ctx context.Context, subject string, o KernelOptions, progress func(string)) (*Report, error) {
	r := &Report{Subject: subject, Go: runtime.Version(), CPUs: runtime.NumCPU()}
	switch subject {
	case "cells":
		return r, cells(ctx, r, progress)
	case "complete":
		return r, completing(ctx, r, progress)
	case "magics":
		return r, measuring(ctx, r, progress)
	case "plots":
		return r, plotting(ctx, r, progress)
	case "kernels":
		return r, measureKernels(ctx, r, o, progress)
	}
	return nil, fmt.Errorf("%q is none of %s", subject, strings.Join(Subjects, ", "))
}

// goTool runs the go command in a directory, without what the user's environment says
// about flags and workspaces, and returns what it said.
func goTool(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	return tool(ctx, dir, slices.Concat([]string{"GOFLAGS=", "GOWORK=off"}, env), "go", args...)
}

// tool runs a command and returns what it said. It is killed with ctx, and the
// compilers and linkers that it has started, too.
func tool(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, error) {
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &said, &said
	all := group.New(cmd)
	cmd.Cancel, cmd.WaitDelay = func() error { all.Kill(); return nil }, group.LetGo
	err := all.Start()
	if err == nil {
		err = cmd.Wait()
		all.Close()
	}
	return said.Bytes(), err
}
