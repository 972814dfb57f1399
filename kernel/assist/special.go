package assist

import (
	"context"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics"
	"hpgo/magics/magic"
)

// completeSpecial completes lines that belong to the kernel and the cells of
// cell magics; ok is false for Go.
func (a *Assistant) completeSpecial(ctx context.Context, q Query, t text) (c Completion, ok bool) {
	if m := t.cell.CellMagic; m != nil && t.cursor > m.End {
		return a.completeBody(ctx, q, t, m), true
	}
	start, end, ok := specialLine(t)
	if !ok {
		return Completion{}, false
	}
	line := t.all[start:t.cursor]
	at := strings.IndexAny(line, "%!")
	if at < 0 { // name?
		return a.completeGo(ctx, q, t.withAsked(start, end), t.cursor), true
	}
	line, start = line[at:], start+at
	if line[0] == '!' {
		return completeShell(q, line, start), true
	}
	if from, found := magics.Complete(line); len(found) > 0 {
		c := Completion{Start: start + from}
		for _, f := range found {
			c.Matches = append(c.Matches, Match{f.Text, f.Kind, f.Doc})
		}
		return c, true
	}
	return a.completeArgs(ctx, q, t, line, start, end), true
}

// specialLine returns the extent of the special line at the cursor.
func specialLine(t text) (start, end int, ok bool) {
	for _, m := range t.cell.Magics {
		if m.Start <= t.cursor && t.cursor <= m.End {
			return m.Start, m.End, true
		}
	}
	start = strings.LastIndexByte(t.all[:t.cursor], '\n') + 1
	end = len(t.all)
	if i := strings.IndexByte(t.all[t.cursor:], '\n'); i >= 0 {
		end = t.cursor + i
	}
	line := t.all[start:end]
	blank := strings.TrimSpace(t.goText[start:end]) == "" && strings.TrimSpace(line) != ""
	return start, end, blank && strings.ContainsAny(line, "%!")
}

// withAsked returns the Go text with the name in a question for documentation.
func (t text) withAsked(start, end int) string {
	return t.goText[:start] + strings.ReplaceAll(t.all[start:end], "?", " ") + t.goText[end:]
}

// completeBody completes in the cell of a cell magic.
func (a *Assistant) completeBody(ctx context.Context, q Query, t text, m *cell.Magic) Completion {
	row, ok := magics.Table().Lookup(m.Name)
	switch {
	case !ok:
	case row.Holds == magic.AboutGo:
		inner := newText(blanked(t.all[:m.BodyAt])+t.all[m.BodyAt:], t.cursor)
		return a.complete(ctx, q, inner)
	case row.Holds == magic.AboutShell:
		start := max(m.BodyAt, strings.LastIndexByte(t.all[:t.cursor], '\n')+1)
		if row.Takes == magic.AboutShell { // a program of the user's choice, which needn't be a shell
			return completeFile(q, t.all[start:t.cursor], start, false)
		}
		return completeShell(q, t.all[start:t.cursor], start)
	}
	return Completion{Start: t.cursor}
}

// blanked replaces everything but newlines by spaces.
func blanked(text string) string {
	b := []byte(text)
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
	return string(b)
}

// completeArgs completes the arguments of a magic. line begins with the percent
// sign, at start, and ends at the cursor.
func (a *Assistant) completeArgs(ctx context.Context, q Query, t text, line string, start, end int) Completion {
	subject, at := magics.Wants(line)
	word := line[at:]
	c := Completion{Start: start + at}
	ofKind := func(kind string) []Match {
		return slices.DeleteFunc(sessionNames(q.Scope), func(m Match) bool { return m.Kind != kind })
	}
	switch subject {
	case magic.AboutNames:
		c.Matches = keepPrefix(sessionNames(q.Scope), word)
	case magic.AboutFunctions:
		c.Matches = keepPrefix(ofKind(KindFunction), word)
	case magic.AboutVariables:
		comma := strings.LastIndexByte(word, ',') + 1
		c.Start += comma
		c.Matches = keepPrefix(ofKind(KindVariable), word[comma:])
	case magic.AboutEnv:
		c.Matches = keepPrefix(variableNames(q.Environ), word)
	case magic.AboutPackages:
		for _, p := range q.Library.ImportPaths(word) {
			c.Matches = append(c.Matches, Match{p, KindPackage, strings.TrimSuffix(p, "/")})
		}
	case magic.AboutFiles, magic.AboutDirs:
		return completeFile(q, line, start, subject == magic.AboutDirs)
	case magic.AboutShell:
		return completeShell(q, word, start+at)
	case magic.AboutGo:
		from := start + at
		return a.completeGo(ctx, q, t.goText[:from]+t.all[from:end]+t.goText[end:], t.cursor)
	default:
		c.Start = t.cursor
	}
	return c
}

// sessionNames lists the session's declarations, methods as Type.Method.
func sessionNames(scope *cell.Scope) []Match {
	kinds := map[cell.Kind]string{cell.KindVar: KindVariable, cell.KindConst: KindConstant, cell.KindType: KindType,
		cell.KindFunc: KindFunction, cell.KindMethod: KindMethod}
	var found []Match
	for _, p := range scope.Outline() {
		for _, n := range p.Names {
			found = append(found, Match{n, kinds[p.Kind], ""})
		}
	}
	return found
}

// variableNames lists the names of an environment, each once.
func variableNames(environ []string) []Match {
	var found []Match
	for _, kv := range environ {
		name, _, ok := strings.Cut(kv, "=")
		if ok && name != "" && !slices.ContainsFunc(found, func(m Match) bool { return m.Text == name }) {
			found = append(found, Match{name, KindEnv, ""})
		}
	}
	return found
}

// keepPrefix keeps what agrees with the prefix, sorted.
func keepPrefix(all []Match, prefix string) []Match {
	cands := make([]candidate, 0, len(all))
	for _, m := range all {
		cands = append(cands, candidate{Match: m})
	}
	return rank(cands, prefix)
}
