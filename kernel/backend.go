package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/history"
	"hpgo/kernel/jupyter"
	"hpgo/kernel/session"
)

// backend makes a session what the Jupyter room wants to see. It translates;
// what a cell means is the session's business.
type backend struct {
	live     atomic.Pointer[session.Session] // nil: it could not be started
	start    func() error                    // sets live
	startErr error                           // why live is nil; after the start only Execute uses it
	goVer    atomic.Value                    // string; empty while the toolchain is missing
	history  *history.Log
	log      io.Writer

	notes notes

	page atomic.Pointer[jupyter.Page] // nil: not connected yet
}

var _ jupyter.Backend = (*backend)(nil)

// newBackend starts a session. A kernel whose session can't start still
// serves: the front end can show its user an error in a cell, not one on the
// standard error of a process that ended.
func newBackend(ctx context.Context, log io.Writer, kernelID string) *backend {
	past, err := openHistory()
	if err != nil {
		fmt.Fprintf(log, "hpgo kernel: %v\n", err)
	}
	b := &backend{log: log, history: past}
	b.start = func() error {
		tools, err := findTools(ctx)
		b.goVer.Store(tools.version())
		if err != nil {
			return err
		}
		s := session.New(session.Options{KernelID: kernelID, Progress: b.notes.say, Comms: b.toPage, Callback: b.callback})
		if err := s.Start(ctx); err != nil {
			return errors.Join(err, s.Close())
		}
		b.live.Store(s)
		return nil
	}
	b.startErr = b.start()
	return b
}

// Info implements jupyter.Backend.
func (b *backend) Info() jupyter.Info {
	goVer, _ := b.goVer.Load().(string)
	return jupyter.Info{
		Implementation: "hpgo",
		Version:        release,
		GoVersion:      goVer,
		Banner:         fmt.Sprintf("hpgo %s, Go %s: compiled cells whose variables last", fullVersion(), goVer),
		HelpLinks: []jupyter.HelpLink{
			{Text: "Go standard library", URL: "https://pkg.go.dev/std"},
			{Text: "Go specification", URL: "https://go.dev/ref/spec"},
			{Text: "gonum/plot", URL: "https://pkg.go.dev/gonum.org/v1/plot"},
		},
	}
}

// Execute implements jupyter.Backend.
func (b *backend) Execute(ctx context.Context, req jupyter.ExecuteRequest, out jupyter.Sink) jupyter.ExecuteResult {
	if b.startErr != nil {
		// What was missing may be there by now.
		if b.startErr = b.start(); b.startErr != nil {
			return jupyter.ExecuteResult{Err: plainError("KernelError", b.startErr)}
		}
	}
	live := b.live.Load()
	sink := sinkFor(req, b.notes.begin(out))
	execute := live.Execute
	if !req.StoreHistory {
		execute = live.ExecuteUncounted
	}
	r := execute(ctx, req.Code, sink)
	var expressions map[string]jupyter.Expression
	if r.Err == nil && len(req.UserExpressions) > 0 {
		expressions = b.evaluate(ctx, req.UserExpressions)
	}
	b.notes.end()
	res := jupyter.ExecuteResult{Count: r.Count, Expressions: expressions}
	if !req.StoreHistory {
		res.Count = 0
	}
	if r.Value != nil {
		v := mimeBundle(*r.Value)
		res.Value = &v
	}
	if r.Page != nil {
		p := mimeBundle(*r.Page)
		res.Page = &p
	}
	res.Err = executeError(r.Err)
	if req.StoreHistory {
		b.remember(r, req.Code)
	}
	return res
}

// executeError passes on a failed cell's error; nil stays nil.
func executeError(e *session.Error) *jupyter.ExecuteError {
	if e == nil {
		return nil
	}
	return &jupyter.ExecuteError{Name: e.Name, Value: e.Value, Traceback: e.Traceback}
}

// evaluate evaluates the expressions that a front end sent along with a cell.
func (b *backend) evaluate(ctx context.Context, expressions map[string]string) map[string]jupyter.Expression {
	results := map[string]jupyter.Expression{}
	for name, r := range b.live.Load().Evaluate(ctx, expressions) {
		if r.Err != nil {
			results[name] = jupyter.Expression{Err: executeError(r.Err)}
			continue
		}
		results[name] = jupyter.Expression{Value: mimeBundle(*r.Value)}
	}
	return results
}

// historyVariable names the file of the history; off keeps none.
const historyVariable = "HPGO_HISTORY"

// historyPath is the file of the history; "" for none.
func historyPath() string {
	switch path := os.Getenv(historyVariable); path {
	case "off":
		return ""
	case "":
		return filepath.Join(build.CacheDir(), "history.jsonl")
	default:
		return path
	}
}

// openHistory opens the history that all kernels of the user share. With an
// error it is one in memory, which is as good until the end.
func openHistory() (*history.Log, error) {
	path := historyPath()
	if path == "" {
		return history.InMemory(), nil
	}
	return history.Open(path)
}

// remember puts an input and the text of its value into the history.
func (b *backend) remember(r session.Result, code string) {
	var output *string
	if r.Value != nil {
		if text, ok := r.Value.Data["text/plain"].(string); ok {
			output = &text
		}
	}
	if err := b.history.Add(r.Count, code, output); err != nil {
		fmt.Fprintf(b.log, "hpgo kernel: %v\n", err)
	}
}

func plainError(name string, err error) *jupyter.ExecuteError {
	return &jupyter.ExecuteError{Name: name, Value: err.Error(), Traceback: []string{name + ": " + err.Error()}}
}

// Interrupt implements jupyter.Backend.
func (b *backend) Interrupt(context.Context) {
	if live := b.live.Load(); live != nil {
		live.Interrupt()
	}
}

// Complete implements jupyter.Backend. Front ends that know the list of types
// in the metadata show it beside the names.
func (b *backend) Complete(ctx context.Context, req jupyter.CompleteRequest) jupyter.Completion {
	none := jupyter.Completion{Start: req.Cursor, End: req.Cursor}
	live := b.live.Load()
	if live == nil {
		return none
	}
	found, err := live.Complete(ctx, req.Code, req.Cursor)
	if err != nil {
		return none
	}
	c := jupyter.Completion{Start: found.Start, End: found.End}
	for _, m := range found.Matches {
		c.Matches = append(c.Matches, jupyter.Match{Text: m.Text, Type: m.Kind, Signature: m.Signature})
	}
	return c
}

// Inspect implements jupyter.Backend.
func (b *backend) Inspect(ctx context.Context, req jupyter.InspectRequest) *jupyter.MimeBundle {
	live := b.live.Load()
	if live == nil {
		return nil
	}
	found := live.Inspect(ctx, req.Code, req.Cursor, req.Detail)
	if found == nil {
		return nil
	}
	m := mimeBundle(*found)
	return &m
}

// IsComplete implements jupyter.Backend.
func (b *backend) IsComplete(_ context.Context, code string) jupyter.Completeness {
	status, indent := cell.IsComplete(code)
	return jupyter.Completeness{Status: status, Indent: indent}
}

// History implements jupyter.Backend.
func (b *backend) History(_ context.Context, req jupyter.HistoryRequest) []jupyter.HistoryEntry {
	found := b.history.Find(history.Query{Access: req.Access, Session: req.Session, Start: req.Start, Stop: req.Stop, N: req.N,
		Pattern: req.Pattern, Unique: req.Unique})
	var entries []jupyter.HistoryEntry
	for _, e := range found {
		entries = append(entries, jupyter.HistoryEntry{Session: e.Session, Line: e.Line, Input: e.Input, Output: e.Output})
	}
	return entries
}

// Shutdown implements jupyter.Backend.
func (b *backend) Shutdown(ctx context.Context, _ bool) {
	live := b.live.Load()
	if live == nil {
		return
	}
	if err := live.Close(); err != nil {
		fmt.Fprintf(b.log, "hpgo kernel: end the session: %v\n", err)
	}
}
