package repl

import (
	"context"
	"fmt"
	"strings"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// Assistant is a Session that helps with typing.
type Assistant interface {
	Complete(ctx context.Context, code string, cursor int) (session.Completion, error)
	Inspect(ctx context.Context, code string, cursor, detail int) *display.Bundle
}

// help has Tab and Shift-Tab answered by the session.
func (q *question) help(s Session) {
	a, ok := s.(Assistant)
	if !ok {
		return
	}
	q.complete = func(ctx context.Context, text string, at int) completion {
		found, err := a.Complete(ctx, text, at)
		if err != nil {
			return completion{} // it took too long
		}
		c := completion{from: found.Start, to: found.End}
		for _, m := range found.Matches {
			c.items = append(c.items, candidate{m.Text, about(m)})
		}
		return c
	}
	q.explain = func(ctx context.Context, text string, at int) string {
		b := a.Inspect(ctx, text, at, 0)
		if b == nil {
			return ""
		}
		return bundleText(*b)
	}
}

// about is a match in words.
func about(m session.Match) string {
	switch m.Kind {
	case "function", "method":
		return "func " + m.Text + m.Signature
	case "module":
		return fmt.Sprintf("package %q", m.Signature)
	case "type":
		return "type " + m.Text + " " + m.Signature
	}
	return strings.TrimSpace(m.Text + " " + m.Signature)
}
