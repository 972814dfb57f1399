package bench

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"hpgo/magics/quantity"
)

// writeText writes a subject's table: fastest last, as the sources do.
func (t *KernelTable) writeText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s, size %d: %s\n", t.Name, t.Size, t.Doc)
	var versions []string
	for by, v := range t.Versions {
		if v != "" && v != by {
			versions = append(versions, by+": "+v)
		}
	}
	slices.Sort(versions)
	fmt.Fprintf(&b, "%s\n\n", strings.Join(versions, " · "))
	rows := t.measured()
	width := 0
	for _, r := range rows {
		width = max(width, len([]rune(r.label())))
	}
	slowest := 1.0
	if len(rows) > 0 {
		slowest = rows[0].Seconds
	}
	fmt.Fprintf(&b, "%-*s  %10s  %12s  %9s\n", width, "", "a run", "ns/"+t.Unit, "speed")
	for _, r := range rows {
		fmt.Fprintf(&b, "%-*s  %10s  %12.4g  %8.3g× %s\n", width, r.label(), quantity.Seconds(r.Seconds, 3),
			r.Seconds*1e9/max(t.Ops, 1), slowest/r.Seconds, bandwidth(t.Bytes, r.Seconds))
	}
	for _, r := range t.Rows {
		if r.Missing != "" {
			fmt.Fprintf(&b, "%-*s  %s\n", width, r.label(), r.Missing)
		}
	}
	b.WriteString("\n" + t.text() + "\n")
	for _, v := range t.Verdicts {
		fmt.Fprintf(&b, "%s\n", v)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// measured are the rows that have a time, slowest first.
func (t *KernelTable) measured() []KernelRow {
	rows := slices.DeleteFunc(slices.Clone(t.Rows), func(r KernelRow) bool { return r.Seconds == 0 })
	slices.SortStableFunc(rows, func(a, b KernelRow) int { return cmp.Compare(b.Seconds, a.Seconds) })
	return rows
}

func (r KernelRow) label() string { return r.By + ": " + r.Name }

// bandwidth is how much memory a run moves, where that is the point.
func bandwidth(bytes, seconds float64) string {
	if bytes == 0 {
		return ""
	}
	return fmt.Sprintf(" %.3g GB/s", bytes/seconds/1e9)
}
