package profiling

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hpgo/magics/result"
)

// rowOrder is a way to sort functions, as pstats has them.
type rowOrder struct {
	name string // "time"
	text string // "internal time"
	less func(a, b result.PrunRow) int
}

func orders() []rowOrder {
	byName := func(a, b result.PrunRow) int { return strings.Compare(a.Name, b.Name) }
	byFile := func(a, b result.PrunRow) int { return strings.Compare(a.ShortFile(), b.ShortFile()) }
	byLine := func(a, b result.PrunRow) int { return cmp.Compare(a.Line, b.Line) }
	return []rowOrder{
		{"time", "internal time", func(a, b result.PrunRow) int { return cmp.Compare(b.Self, a.Self) }},
		{"tottime", "internal time", func(a, b result.PrunRow) int { return cmp.Compare(b.Self, a.Self) }},
		{"cumulative", "cumulative time", func(a, b result.PrunRow) int { return cmp.Compare(b.Total, a.Total) }},
		{"cumtime", "cumulative time", func(a, b result.PrunRow) int { return cmp.Compare(b.Total, a.Total) }},
		{"calls", "call count", func(a, b result.PrunRow) int { return compareKnown(b.Calls, a.Calls) }},
		{"ncalls", "call count", func(a, b result.PrunRow) int { return compareKnown(b.Calls, a.Calls) }},
		{"pcalls", "primitive call count", func(a, b result.PrunRow) int { return compareKnown(b.Primitive, a.Primitive) }},
		{"alloc", "bytes allocated", func(a, b result.PrunRow) int { return compareKnown(b.Alloc, a.Alloc) }},
		{"name", "function name", byName},
		{"file", "file name", byFile},
		{"filename", "file name", byFile},
		{"module", "file name", byFile},
		{"line", "line number", byLine},
		{"nfl", "name/file/line", func(a, b result.PrunRow) int { return cmp.Or(byName(a, b), byFile(a, b), byLine(a, b)) }},
		{"stdname", "standard name", func(a, b result.PrunRow) int { return strings.Compare(a.Place(), b.Place()) }},
	}
}

// compareKnown compares numbers of which some aren't known; those are the least.
func compareKnown[N int64 | float64](a, b *N) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}

// readOrder finds an order by its name, or the beginning of names that all mean
// the same.
func readOrder(key string) (rowOrder, error) {
	var found []rowOrder
	var names []string
	for _, o := range orders() {
		if o.name == key {
			return o, nil
		}
		if key != "" && strings.HasPrefix(o.name, key) {
			if !slices.ContainsFunc(found, func(f rowOrder) bool { return f.text == o.text }) {
				found = append(found, o)
			}
			if !slices.ContainsFunc(found, func(f rowOrder) bool { return f.text == o.text && f.name != o.name }) {
				names = append(names, o.name)
			}
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		for _, o := range orders() {
			names = append(names, o.name)
		}
		return rowOrder{}, fmt.Errorf("%q is no key; there are %s", key, strings.Join(names, ", "))
	}
	return rowOrder{}, fmt.Errorf("%q can be %s", key, strings.Join(names, " or "))
}

// sort sorts functions; equal ones by self time, then by name.
func (o rowOrder) sort(rows []result.PrunRow) {
	slices.SortStableFunc(rows, func(a, b result.PrunRow) int {
		return cmp.Or(o.less(a, b), cmp.Compare(b.Self, a.Self), cmp.Compare(b.Total, a.Total), strings.Compare(a.Place(), b.Place()))
	})
}

// Limit is one restriction of what is shown: a number of rows, a part of them, or
// a text in their place.
type Limit struct {
	text string
	rows int
	part float64
}

// ReadLimit reads a restriction as IPython does: what looks like a number is one.
func ReadLimit(text string) (Limit, error) {
	if n, err := strconv.Atoi(text); err == nil {
		if n < 1 {
			return Limit{}, fmt.Errorf("%q rows are none", text)
		}
		return Limit{text: text, rows: n}, nil
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		if !(f > 0 && f <= 1) {
			return Limit{}, fmt.Errorf("%q is neither a number of rows nor a part of them such as 0.1", text)
		}
		return Limit{text: text, part: f}, nil
	}
	if strings.TrimSpace(text) == "" {
		return Limit{}, fmt.Errorf("it is empty")
	}
	return Limit{text: text}, nil
}

// apply keeps the rows that the restriction allows.
func (l Limit) apply(rows []result.PrunRow) []result.PrunRow {
	return Limited(l, rows, result.PrunRow.Place)
}

// Limited keeps the rows that the restriction allows, by their place.
func Limited[R any](l Limit, rows []R, place func(R) string) []R {
	switch {
	case l.rows > 0:
		return rows[:min(l.rows, len(rows))]
	case l.part > 0:
		return rows[:int(float64(len(rows))*l.part+0.5)]
	}
	var kept []R
	for _, r := range rows {
		if strings.Contains(place(r), l.text) {
			kept = append(kept, r)
		}
	}
	return kept
}

// usualRows is how many functions are shown when nothing is asked for.
const usualRows = 25

// restrict applies the limits and says what they did.
func restrict(rows []result.PrunRow, limits []Limit) (shown []result.PrunRow, said []string) {
	for _, l := range limits {
		before := len(rows)
		if rows = l.apply(rows); len(rows) != before {
			quoted := l.text
			if l.rows == 0 && l.part == 0 {
				quoted = "'" + quoted + "'"
			}
			said = append(said, fmt.Sprintf("%d of %d functions: -l %s", len(rows), before, quoted))
		}
	}
	if len(limits) == 0 {
		all := len(rows)
		rows = usual(rows)
		if len(rows) < all {
			said = append(said, fmt.Sprintf("%d of %d functions: -l %d shows all", len(rows), all, all))
		}
	}
	return rows, said
}

// usual are the functions that are shown without limits: the first of those that
// were called by name, or took a part of the time that is more than chance. The rest
// is mostly threads of the runtime that woke up meanwhile.
func usual(rows []result.PrunRow) []result.PrunRow {
	most := 0.0
	for _, r := range rows {
		most = max(most, r.Total)
	}
	worth := slices.DeleteFunc(slices.Clone(rows), func(r result.PrunRow) bool {
		return r.Calls == nil && r.Base == nil && r.Share < 0.001 && r.Total < 0.01*most
	})
	return worth[:min(len(worth), usualRows)]
}
