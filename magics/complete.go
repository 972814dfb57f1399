package magics

import (
	"sort"
	"strings"

	"hpgo/magics/magic"
)

// Candidate is one completion of a magic line.
type Candidate struct {
	Text string // replaces the word being completed
	Kind string // "magic" or "flag"
	Doc  string // one line
}

// Complete completes a magic line up to the cursor: the name, then its flags
// and, for %help, names. from is where the completed word begins. A line that
// isn't a magic's, or a word that this room knows nothing of (Go, a path), has
// no candidates.
func Complete(line string) (from int, found []Candidate) {
	word := strings.LastIndexAny(line, " \t") + 1
	first := magic.LeadingSpace(line)
	if !strings.HasPrefix(line[first:], "%") {
		return len(line), nil
	}
	if word <= first {
		return first, completeName(line[first:])
	}
	name := strings.TrimLeft(line[first:first+strings.IndexAny(line[first:], " \t")], "%")
	text := line[word:]
	before := line[first+strings.IndexAny(line[first:], " \t") : word]
	m, _, ok := Table().Find(name, before)
	if !ok {
		return len(line), nil
	}
	if parts := Table().Parts(name); len(parts) > 0 && strings.TrimSpace(before) == "" {
		for _, p := range parts {
			if second := strings.TrimPrefix(p.Name, name+" "); strings.HasPrefix(second, text) {
				found = append(found, Candidate{second, "magic", p.Summary()})
			}
		}
		return word, found
	}
	if m.Name == "help" {
		for _, c := range append(completeName("%"), completeName("%%")...) {
			if bare := strings.TrimLeft(c.Text, "%"); strings.HasPrefix(bare, strings.TrimLeft(text, "%")) {
				found = append(found, Candidate{bare, c.Kind, c.Doc})
			}
		}
		return word, unique(found)
	}
	if !strings.HasPrefix(text, "-") {
		return len(line), nil
	}
	return word, completeFlag(m, text)
}

// Wants says what the word at the end of a magic line is about, and where it
// begins; for Go, where that begins. The value of a flag is about what the flag
// takes.
func Wants(line string) (magic.Subject, int) {
	name, args, hasArgs := strings.Cut(strings.TrimLeft(line, "%"), " ")
	m, skip, ok := Table().Find(name, args)
	if !ok || !hasArgs {
		return magic.AboutAnything, len(line)
	}
	at := strings.IndexByte(line, ' ')
	if skip > 0 {
		at += 1 + skip
	}
	for {
		at += magic.LeadingSpace(line[at:])
		if !strings.HasPrefix(line[at:], "-") {
			break
		}
		word := line[at:]
		if i := strings.IndexByte(word, ' '); i >= 0 {
			word = word[:i]
		}
		at += len(word)
		f := m.Flag(strings.TrimLeft(word, "-"))
		if f == nil || f.Arg == "" {
			continue
		}
		at += magic.LeadingSpace(line[at:])
		end := strings.IndexByte(line[at:], ' ')
		if end < 0 {
			return f.Takes, at
		}
		at += end
	}
	if m.Takes == magic.AboutGo || m.Takes == magic.AboutShell {
		return m.Takes, at
	}
	return m.Takes, max(at, strings.LastIndexAny(line, " \t")+1)
}

// completeName returns the magics of a form whose names begin so.
func completeName(text string) []Candidate {
	form := magic.Line
	if strings.HasPrefix(text, "%%") {
		form = magic.Cell
	}
	var found []Candidate
	for _, m := range Table() {
		for _, n := range append([]string{m.Name}, m.Aliases...) {
			full := "%" + n
			if form == magic.Cell {
				full = "%%" + n
			}
			if m.Kind&form != 0 && strings.HasPrefix(full, text) && !strings.Contains(n, " ") {
				found = append(found, Candidate{full, "magic", m.Summary()})
			}
		}
	}
	return unique(found)
}

// completeFlag returns the flags that begin so, with one dash or two.
func completeFlag(m *magic.Magic, text string) []Candidate {
	var found []Candidate
	for i := range m.Flags {
		f := &m.Flags[i]
		for _, n := range []string{f.Name, f.Long} {
			if n == "" {
				continue
			}
			full := (&magic.Flag{Name: n}).Title()
			if strings.HasPrefix(full, text) || strings.HasPrefix("-"+n, text) {
				found = append(found, Candidate{full, "flag", f.Doc})
			}
		}
	}
	return unique(found)
}

// unique sorts candidates and drops repeats.
func unique(c []Candidate) []Candidate {
	sort.SliceStable(c, func(i, j int) bool { return c[i].Text < c[j].Text })
	out := c[:0]
	for i, x := range c {
		if i == 0 || x.Text != c[i-1].Text {
			out = append(out, x)
		}
	}
	return out
}
