package session

import (
	"context"
	"slices"

	"hpgo/kernel/cell"
)

// twin is the session as programs of their own need it: the declarations of its
// scope, and the statements that gave the variables their values, which a live
// session has no use for. It is made when the first such program is, from the Go
// that has run, and then follows it.
type twin struct {
	scope *cell.Scope
	last  *cell.Scope // before the last cell
	done  int         // entries of the log that are in it
}

// goText is an entry of the log: Go that was run, or names that were removed.
type goText struct {
	n        int
	text     string
	main     bool
	mainArgs string
	removed  []string
}

// noteGo logs Go that has run, for the twin. Nothing of it is kept but text.
func (s *Session) noteGo(n int, c *cell.Cell) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, goText{n: n, text: c.Text, main: c.Main, mainArgs: c.MainArgs})
}

// noteRemoved logs names that %rm has removed.
func (s *Session) noteRemoved(names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, goText{removed: names})
}

// forgetTwin forgets all that has run.
func (s *Session) forgetTwin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log, s.twin = nil, twin{}
}

// parseFor parses the text of a log entry into a scope.
func (g goText) parseFor(scope *cell.Scope) (*cell.Cell, cell.Errors) {
	c, errs := cell.ParseIn(scope, g.text)
	if g.main {
		c.Main, c.MainArgs = true, g.mainArgs
	}
	return c, errs
}

// twinScope returns the scope for the next program.
func (s *Session) twinScope(ctx context.Context) *cell.Scope {
	s.mu.Lock()
	t, log := s.twin, s.log
	s.mu.Unlock()
	if t.scope == nil {
		t = twin{scope: cell.NewScope()}
		t.last = t.scope
	}
	for _, g := range log[t.done:] {
		t.done++
		if g.removed != nil {
			t.scope, _ = t.scope.Remove(g.removed...)
			continue
		}
		c, errs := g.parseFor(t.scope)
		if len(errs) > 0 || len(c.Items) == 0 && !c.Main {
			continue
		}
		t.scope = renumberedScope(t.scope, setApart(g.n)) // of earlier parts of the cell
		t.last = t.scope
		// What compiled live compiles here too, unless it needs variables whose
		// initialisers are gone; programs do without them then.
		if u, errs := cell.Rewrite(s.programEnv(ctx, cell.NoPlain), t.scope, g.n, c); len(errs) == 0 {
			t.scope = u.Next
		}
	}
	s.mu.Lock()
	s.twin = t
	s.mu.Unlock()
	return t.scope
}

// programEnv is the environment of a rewrite for a program of its own.
func (s *Session) programEnv(ctx context.Context, plain cell.Plain) cell.Env {
	return cell.Env{Importer: s.importer.With(ctx), Candidates: s.index.Candidates, Fresh: true, Plain: plain}
}

// lastProgram returns the plain program of the last cell with Go; nil when none
// has run.
func (s *Session) lastProgram(ctx context.Context) []cell.File {
	s.twinScope(ctx)
	s.mu.Lock()
	t := s.twin
	log := slices.Clone(s.log)
	s.mu.Unlock()
	for _, g := range slices.Backward(log) {
		if g.removed != nil {
			continue
		}
		c, errs := g.parseFor(t.last)
		if len(errs) > 0 || len(c.Items) == 0 && !c.Main {
			continue
		}
		u, errs := cell.Rewrite(s.programEnv(ctx, cell.PlainText), t.last, g.n, c)
		if len(errs) > 0 {
			return nil
		}
		return u.Plain
	}
	return nil
}
