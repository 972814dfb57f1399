package session

import (
	"context"

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

// query is a question about a text; ok is false when the session has no
// toolchain.
func (s *Session) query(code string, cursor int) (q assist.Query, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return assist.Query{Code: code, Cursor: cursor, Scope: s.scope, Library: s.library, Dir: s.dir, Environ: s.workerEnv()}, s.library != nil
}
