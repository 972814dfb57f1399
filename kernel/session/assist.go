package session

import (
	"context"
	"fmt"
	"go/parser"
	"maps"
	"slices"
	"strings"

	"hpgo/kernel/assist"
	"hpgo/kernel/display"
)

// Completion is what could stand at a cursor, best first; each match would
// replace the bytes from Start to End.
type Completion = assist.Completion

// Match is one entry of a Completion.
type Match = assist.Match

// Complete lists what could stand at a byte offset of a cell's text. It doesn't
// wait for a running cell, and sees the session as it was before it.
func (s *Session) Complete(ctx context.Context, code string, cursor int) (Completion, error) {
	q, ok := s.query(code, cursor)
	if !ok {
		return Completion{Start: cursor, End: cursor}, nil
	}
	return s.assistant.Complete(ctx, q)
}

// Inspect describes what stands at a byte offset of a cell's text as text and
// Markdown; nil when nothing is known. With detail 1 it shows the source too.
func (s *Session) Inspect(ctx context.Context, code string, cursor, detail int) *display.Bundle {
	q, ok := s.query(code, cursor)
	if !ok {
		return nil
	}
	doc, ok, err := s.assistant.Inspect(ctx, q, detail)
	if !ok || err != nil {
		return nil
	}
	return &display.Bundle{Data: map[string]any{"text/plain": doc.Text, "text/markdown": doc.Markdown}}
}

// joinPages makes one page of several.
func joinPages(pages []display.Bundle) *display.Bundle {
	if len(pages) == 0 {
		return nil
	}
	joined := display.Bundle{Data: map[string]any{}}
	for mime, rule := range map[string]string{"text/plain": "\n\n", "text/markdown": "\n\n---\n\n"} {
		var texts []string
		for _, p := range pages {
			if text, ok := p.Data[mime].(string); ok {
				texts = append(texts, text)
			}
		}
		if len(texts) == len(pages) {
			joined.Data[mime] = strings.Join(texts, rule)
		}
	}
	return &joined
}

// Describe implements magic.Names.
func (d *dispatcher) Describe(ctx context.Context, name string, detail int) *display.Bundle {
	return d.Inspect(ctx, name, len(name), detail)
}

// Page implements magic.Screen.
func (d *dispatcher) Page(b display.Bundle) { d.sink.pages = append(d.sink.pages, b) }

// Evaluated is the outcome of one expression.
type Evaluated struct {
	Value *display.Bundle // nil with an error
	Err   *Error
}

// Evaluate evaluates Go expressions one after the other, in the order of their
// names. Nothing is counted, remembered or shown.
func (s *Session) Evaluate(ctx context.Context, expressions map[string]string) map[string]Evaluated {
	results := make(map[string]Evaluated, len(expressions))
	for _, name := range slices.Sorted(maps.Keys(expressions)) {
		results[name] = s.evaluate(ctx, expressions[name])
	}
	return results
}

// evaluate evaluates one expression.
func (s *Session) evaluate(ctx context.Context, text string) Evaluated {
	if _, err := parser.ParseExpr(text); err != nil {
		return Evaluated{Err: expressionError(fmt.Sprintf("%q is no Go expression: %v", text, err))}
	}
	s.run.Lock()
	defer s.run.Unlock()
	n := s.nextUncounted()
	code := text
	if strings.HasPrefix(strings.TrimSpace(text), "!") {
		code = "(" + text + ")" // else it would be a shell command
	}
	value, err := s.execute(ctx, n, code, &callSink{sink: discard{}, session: s})
	switch {
	case err != nil:
		return Evaluated{Err: err.renamed(fmt.Sprintf("cell %d", n), "expression")}
	case value == nil:
		return Evaluated{Err: expressionError(text + " has no value")}
	}
	return Evaluated{Value: value}
}

// renamed returns the error with another name for the place where it arose.
func (e *Error) renamed(from, to string) *Error {
	r := &Error{Name: e.Name, Value: strings.ReplaceAll(e.Value, from, to)}
	for _, line := range e.Traceback {
		r.Traceback = append(r.Traceback, strings.ReplaceAll(line, from, to))
	}
	return r
}

// expressionError is the error of text that isn't an expression with a value.
func expressionError(msg string) *Error {
	return &Error{Name: "CompileError", Value: msg, Traceback: []string{colorError("CompileError") + ": " + msg}}
}

// query is a question about a text; ok is false when the session has no
// toolchain.
func (s *Session) query(code string, cursor int) (q assist.Query, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return assist.Query{Code: code, Cursor: cursor, Scope: s.scope, Library: s.library, Dir: s.dir, Environ: s.workerEnv()}, s.library != nil
}
