package assist

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How a name agrees with what is typed.
const (
	exactMatch = iota // it begins so
	caseMatch         // it does when case is ignored
	noMatch
)

// matches tells how a name agrees with what is typed.
func matches(name, prefix string) int {
	switch {
	case strings.HasPrefix(name, prefix):
		return exactMatch
	case hasFoldedPrefix(name, prefix):
		return caseMatch
	}
	return noMatch
}

// hasFoldedPrefix is strings.HasPrefix that ignores case.
func hasFoldedPrefix(s, prefix string) bool {
	for _, p := range prefix {
		r, n := utf8.DecodeRuneInString(s)
		if n == 0 || unicode.ToLower(r) != unicode.ToLower(p) {
			return false
		}
		s = s[n:]
	}
	return true
}

// rank returns the candidates that agree with the prefix, best first: those that
// agree letter by letter, then what fits the place, then the nearest.
func rank(all []candidate, prefix string) []Match {
	kept := all[:0:0]
	for _, c := range all {
		if matches(c.Text, prefix) != noMatch {
			kept = append(kept, c)
		}
	}
	slices.SortStableFunc(kept, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(matches(a.Text, prefix), matches(b.Text, prefix)),
			compareBool(b.fits, a.fits),
			cmp.Compare(a.class, b.class),
			cmp.Compare(a.depth, b.depth),
			compareBool(a.last, b.last),
			strings.Compare(a.Text, b.Text),
		)
	})
	found := make([]Match, 0, len(kept))
	seen := map[string]bool{}
	for _, c := range kept {
		if !seen[c.Text] {
			seen[c.Text] = true
			found = append(found, c.Match)
		}
	}
	return found
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
