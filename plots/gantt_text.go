package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sizes of a Gantt's text form.
const (
	ganttNameWidth = 28 // characters of a row's name
	ganttShares    = 5  // kinds whose share is written
	describedRows  = 12 // rows in the alternative text
)

// ganttBlocks stand for full spans of the first kinds; kinds beyond them, and
// those of waiting, get a letter of their name.
var ganttBlocks = []rune("█▓▒░")

// text is the rows as text: for each the kind that took most of the time in
// each of 40 columns of its outermost spans, then the share of each kind in the
// whole time.
func (g *GanttData) text() string {
	signs := g.signs()
	var b strings.Builder
	b.WriteString(axisText("x", g.Axis) + "\n")
	var key []string
	for k, kind := range g.Kinds {
		if kind.Name != "" && kind.Look != LookShade {
			key = append(key, string(signs[k])+" "+kind.Name)
		}
	}
	if len(key) > 0 {
		b.WriteString(strings.Join(key, "  ") + "\n")
	}
	width := 0
	for _, name := range g.Rows {
		width = max(width, min(utf8.RuneCountInString(name), ganttNameWidth))
	}
	totals := g.totals()
	strips := g.strips(signs)
	for r, name := range g.Rows {
		fmt.Fprintf(&b, "%s  %s  %s\n", padded(name, width), strips[r], g.shares(totals[r], 1))
	}
	if len(g.Rows) > 1 {
		all := make(Numbers, len(g.Kinds))
		for _, row := range totals {
			for k, t := range row {
				all[k] += t
			}
		}
		if s := g.shares(all, float64(len(g.Rows))); s != "" {
			fmt.Fprintf(&b, "%s  %s\n", padded("mean of the rows", width+2+sparkWidth), s)
		}
	}
	return b.String()
}

// signs is the character of each kind.
func (g *GanttData) signs() []rune {
	out := make([]rune, len(g.Kinds))
	used := map[rune]bool{'█': true}
	full := 0
	for k, kind := range g.Kinds {
		if kind.Look == LookFull && full < len(ganttBlocks) {
			out[k] = ganttBlocks[full]
			full++
			continue
		}
		out[k] = '·'
		for _, r := range strings.ToLower(kind.Name) + "abcdefghijklmnopqrstuvwxyz0123456789" {
			if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !used[r] {
				out[k], used[r] = r, true
				break
			}
		}
	}
	return out
}

// strips draws the outermost spans of each row as characters.
func (g *GanttData) strips(signs []rune) []string {
	times := make([]map[int]float64, len(g.Rows)*sparkWidth)
	whole := g.Axis.Max - g.Axis.Min
	for _, s := range g.Spans {
		if s.Row < 0 || s.Depth > 0 {
			continue
		}
		from, to := (s.From-g.Axis.Min)/whole*sparkWidth, (s.To-g.Axis.Min)/whole*sparkWidth
		if !(whole > 0) {
			from, to = 0, sparkWidth
		}
		for c := max(int(from), 0); c < sparkWidth && (float64(c) < to || c == int(from)); c++ {
			at := s.Row*sparkWidth + c
			if times[at] == nil {
				times[at] = map[int]float64{}
			}
			times[at][s.Kind] += max(0, min(to, float64(c+1))-max(from, float64(c)))
		}
	}
	out := make([]string, len(g.Rows))
	for r := range out {
		line := make([]rune, sparkWidth)
		for c := range line {
			line[c] = ' '
			best := -1.0
			for k, t := range times[r*sparkWidth+c] {
				if t > best || t == best && signs[k] < line[c] {
					best, line[c] = t, signs[k]
				}
			}
		}
		out[r] = string(line)
	}
	return out
}

// totals is the time of each row by kind, from the spans where it isn't given.
func (g *GanttData) totals() []Numbers {
	if len(g.Totals) == len(g.Rows) {
		return g.Totals
	}
	out := make([]Numbers, len(g.Rows))
	for r := range out {
		out[r] = make(Numbers, len(g.Kinds))
	}
	for _, s := range g.Spans {
		if s.Row >= 0 {
			out[s.Row][s.Kind] += s.To - s.From
		}
	}
	return out
}

// shares lists the kinds with the most time, as parts of the axis.
func (g *GanttData) shares(times Numbers, rows float64) string {
	order := make([]int, 0, len(times))
	for k, t := range times {
		if t > 0 && g.Kinds[k].Look != LookShade {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(times[b], times[a]) })
	whole := (g.Axis.Max - g.Axis.Min) * rows
	var parts []string
	for i, k := range order {
		if i == ganttShares {
			parts = append(parts, fmt.Sprintf("%d more", len(order)-i))
			break
		}
		parts = append(parts, strings.TrimSpace(g.Kinds[k].Name+" "+Percent(times[k], whole)))
	}
	return strings.Join(parts, ", ")
}

// Describe is the alternative text: the rows and what they spent their time on.
func (g *GanttData) Describe() string {
	parts := []string{fmt.Sprintf("timeline of %s over %s", counted(len(g.Rows), "row"), SI(g.Axis.Max-g.Axis.Min, g.Axis.Unit))}
	totals := g.totals()
	for r, name := range g.Rows {
		if r == describedRows {
			parts = append(parts, fmt.Sprintf("%d more rows", len(g.Rows)-r))
			break
		}
		parts = append(parts, strings.TrimSpace(name+": "+g.shares(totals[r], 1)))
	}
	return strings.Join(parts, "; ")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return group(n) + " " + what + "s"
}
