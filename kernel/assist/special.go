package assist

import (
	"context"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics"
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
	row, ok := magics.Lookup(m.Name)
	switch {
	case !ok:
	case row.RunsGo, row.Name == "capture": // the magics whose cells hold Go
		inner := newText(blanked(t.all[:m.BodyAt])+t.all[m.BodyAt:], t.cursor)
		return a.complete(ctx, q, inner)
	case m.Name == "bash" || m.Name == "sh" || m.Name == "script":
		start := max(m.BodyAt, strings.LastIndexByte(t.all[:t.cursor], '\n')+1)
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
	none := Completion{Start: t.cursor}
	name, _, hasArgs := strings.Cut(strings.TrimLeft(line, "%"), " ")
	row, ok := magics.Lookup(name)
	if !ok || !hasArgs {
		return none
	}
	word := line[strings.LastIndexAny(line, " \t")+1:]
	named := Completion{Start: t.cursor - len(word)}
	switch row.Name {
	case "rm", "whos":
		named.Matches = keepPrefix(sessionNames(q.Scope), word)
	case "exec":
		named.Matches = keepPrefix(slices.DeleteFunc(sessionNames(q.Scope), func(m Match) bool { return m.Kind != KindFunction }), word)
	case "env":
		named.Matches = keepPrefix(variableNames(q.Environ), word)
	case "get":
		for _, p := range q.Library.ImportPaths(word) {
			named.Matches = append(named.Matches, Match{p, KindPackage, strings.TrimSuffix(p, "/")})
		}
	case "cd", "use":
		return completeFile(q, line, start, true)
	case "writefile", "capture":
		return completeFile(q, line, start, false)
	default:
		if row.Syntax == magics.Go || row.Name == "pinfo" {
			from := start + goArgs(row, line)
			src := t.goText[:from] + t.all[from:end] + t.goText[end:]
			return a.completeGo(ctx, q, src, t.cursor)
		}
		return none
	}
	return named
}

// goArgs returns where the Go of a magic's line begins, behind its flags.
func goArgs(row *magics.Magic, line string) int {
	at := strings.IndexByte(line, ' ')
	for {
		for at < len(line) && line[at] == ' ' {
			at++
		}
		if at >= len(line) || line[at] != '-' {
			return at
		}
		word, _, _ := strings.Cut(line[at:], " ")
		at += len(word)
		bare := strings.TrimLeft(word, "-")
		takesValue := slices.ContainsFunc(row.Flags, func(f magics.Flag) bool { return f.Arg != "" && (f.Name == bare || f.Long == bare) })
		if rest := strings.TrimLeft(line[at:], " "); takesValue && rest != "" {
			value, _, _ := strings.Cut(rest, " ")
			at = len(line) - len(rest) + len(value)
		}
	}
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
