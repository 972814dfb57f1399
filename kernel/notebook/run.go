package notebook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hpgo/kernel/session"
)

// Executor runs one cell. It returns soon after ctx ends and calls sink for
// what the cell shows meanwhile; *session.Session is one.
type Executor interface {
	Execute(ctx context.Context, code string, sink session.Sink) session.Result
}

// Options of a run. The zero value runs everything, without a time limit,
// up to the first error.
type Options struct {
	Timeout      time.Duration  // for each cell; 0 is no limit
	KeepGoing    bool           // go on after a failed cell
	Parameters   []Parameter    // injected before the run, see Parameterize
	Progress     func(Progress) // called before and after each code cell; may be nil
	RecordTiming bool           // write time stamps into the cells' metadata
	Kernelspec   Object         // metadata.kernelspec; nil is that of hpgo
	LanguageInfo Object         // metadata.language_info; nil is Go's without a version
}

// Progress is one report about a run.
type Progress struct {
	Cell, Of int            // n of m code cells, from 1
	Position int            // the cell's place in the notebook, from 1, all cells counted
	Source   string         // what is run
	Done     bool           // false: about to start
	Skipped  bool           // tagged skip-execution, or empty
	Elapsed  time.Duration  // of this cell, when Done
	Total    time.Duration  // since the run started
	Err      *session.Error // when the cell failed
}

// CellError is a failed cell.
type CellError struct {
	Position int    // the cell's place in the notebook, from 1
	ID       string // empty below nbformat 4.5
	Err      *session.Error
}

// Error names the cell and the error; the traceback is in Err.
func (e *CellError) Error() string {
	return fmt.Sprintf("cell %d: %v", e.Position, e.Err)
}

// Unwrap gives the session's error.
func (e *CellError) Unwrap() error { return e.Err }

// Summary says what a run did.
type Summary struct {
	Ran     int // code cells executed
	Skipped int // tagged skip-execution, or empty
	Failed  []*CellError
	Elapsed time.Duration
}

// RunAll runs the code cells of nb from top to bottom and writes outputs,
// counts and kernel metadata into it. The outputs of all cells that are to
// run are cleared first, so a run that stops leaves no stale ones behind.
//
// The error is the first *CellError when a cell failed, which ends the run
// unless KeepGoing; a cell tagged raises-exception may fail, except by a
// timeout. Parameters that don't fit are reported before anything runs. When
// ctx ends, the running cell gets its error output and RunAll returns an
// error that wraps the context's.
func RunAll(ctx context.Context, nb *Notebook, ex Executor, opts Options) (Summary, error) {
	if err := Parameterize(nb, opts.Parameters); err != nil {
		return Summary{}, err
	}
	nb.setKernel(opts)
	r := &runner{nb: nb, ex: ex, opts: opts, of: nb.CodeCells(), shown: shownOutputs{}, start: time.Now()}
	for _, c := range nb.Cells {
		if c.Type == Code && !c.HasTag(TagSkipExecution) {
			c.Outputs, c.ExecutionCount = nil, nil
			delete(c.Metadata, "execution")
		}
	}
	err := r.all(ctx)
	dropErased(nb)
	r.sum.Elapsed = time.Since(r.start)
	return r.sum, err
}

// dropErased removes displays that were emptied, as a progress bar is at its
// end. That waits for the end of the run: a later cell may fill one again.
func dropErased(nb *Notebook) {
	for _, c := range nb.Cells {
		if c.Type == Code && !c.HasTag(TagSkipExecution) {
			c.Outputs = slices.DeleteFunc(c.Outputs, erased)
		}
	}
}

// erased reports whether an output is a display whose forms are all empty.
func erased(o *Output) bool {
	if o.Type != DisplayOutput {
		return false
	}
	for _, v := range o.Data {
		if s, ok := v.(string); !ok || s != "" {
			return false
		}
	}
	return true
}

// runner is the state of one run.
type runner struct {
	nb    *Notebook
	ex    Executor
	opts  Options
	n, of int
	shown shownOutputs
	start time.Time
	sum   Summary
}

func (r *runner) all(ctx context.Context) error {
	var first error
	for i, c := range r.nb.Cells {
		if c.Type != Code {
			continue
		}
		r.n++
		p := Progress{Cell: r.n, Of: r.of, Position: i + 1, Source: c.Source}
		if c.HasTag(TagSkipExecution) || strings.TrimSpace(c.Source) == "" {
			r.sum.Skipped++
			p.Done, p.Skipped = true, true
			r.report(p)
			continue
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("run stopped before cell %d: %w", i+1, err)
		}
		failed, err := r.cell(ctx, c, p)
		if err != nil {
			return fmt.Errorf("cell %d: %w", i+1, err)
		}
		if failed == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("run stopped in cell %d: %w", i+1, errors.Join(err, failed))
		}
		if c.HasTag(TagRaisesException) && failed.Err.Name != nameTimeout {
			continue
		}
		r.sum.Failed = append(r.sum.Failed, failed)
		if first == nil {
			first = failed
		}
		if !r.opts.KeepGoing {
			return first
		}
	}
	return first
}

// nameTimeout is the ename of a cell that ran past its limit.
const nameTimeout = "Timeout"

// cell runs one cell. The first result is the cell's own failure, the second
// one that prevents the outputs from being kept.
func (r *runner) cell(ctx context.Context, c *Cell, p Progress) (*CellError, error) {
	r.report(p)
	sink := newCollector(c, r.shown)
	cellCtx, cancel := ctx, context.CancelFunc(func() {})
	if r.opts.Timeout > 0 {
		cellCtx, cancel = context.WithTimeout(ctx, r.opts.Timeout)
	}
	began := time.Now()
	result := r.ex.Execute(cellCtx, c.Source, sink)
	timedOut := ctx.Err() == nil && errors.Is(cellCtx.Err(), context.DeadlineExceeded)
	cancel()
	elapsed := time.Since(began)
	if timedOut && result.Err != nil {
		result.Err = timeoutError(r.opts.Timeout, result.Err)
	}
	err := sink.close(result)
	if r.opts.RecordTiming {
		c.recordTiming(began, elapsed)
	}
	r.sum.Ran++
	p.Done, p.Elapsed, p.Err = true, elapsed, result.Err
	r.report(p)
	if result.Err == nil {
		return nil, err
	}
	return &CellError{Position: p.Position, ID: c.ID, Err: result.Err}, err
}

func (r *runner) report(p Progress) {
	if r.opts.Progress != nil {
		p.Total = time.Since(r.start)
		r.opts.Progress(p)
	}
}

// timeoutError names the limit that ended the cell; what the cell was doing and
// what was lost stays in the traceback.
func timeoutError(limit time.Duration, cause *session.Error) *session.Error {
	value := fmt.Sprintf("the cell ran longer than its limit of %v", limit)
	rest := cause.Traceback
	if cause.Name == nameTimeout && len(rest) > 0 {
		rest = rest[1:] // says the same without the limit
	}
	traceback := append([]string{nameTimeout + ": " + value}, rest...)
	return &session.Error{Name: nameTimeout, Value: value, Traceback: traceback}
}

// recordTiming stores when the cell ran, under the names JupyterLab uses.
func (c *Cell) recordTiming(began time.Time, elapsed time.Duration) {
	const layout = "2006-01-02T15:04:05.000000Z"
	if c.Metadata == nil {
		c.Metadata = Object{}
	}
	c.Metadata["execution"] = Object{
		"iopub.execute_input": began.UTC().Format(layout),
		"shell.execute_reply": began.Add(elapsed).UTC().Format(layout),
	}
}

// setKernel records which kernel ran the notebook.
func (nb *Notebook) setKernel(opts Options) {
	if nb.Metadata == nil {
		nb.Metadata = Object{}
	}
	spec, info := opts.Kernelspec, opts.LanguageInfo
	if spec == nil {
		spec = Object{"name": "hpgo", "display_name": "Go (hpgo)", "language": "go"}
	}
	if info == nil {
		info = Object{"name": "go", "mimetype": "text/x-go", "file_extension": ".go", "pygments_lexer": "go", "codemirror_mode": "go"}
	}
	nb.Metadata["kernelspec"] = maps.Clone(spec)
	nb.Metadata["language_info"] = maps.Clone(info)
}
