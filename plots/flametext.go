package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Levels is the number of calls above each other.
func (d *FlameData) Levels() int {
	depth, most := make([]int, len(d.Frames)), 0
	for i, f := range d.Frames {
		depth[i] = 1
		if f.Parent >= 0 && f.Parent < i {
			depth[i] = depth[f.Parent] + 1
		}
		most = max(most, depth[i])
	}
	return most
}

// Amount writes a value and what part of all it is: "120 ms (34.2%)".
func (d *FlameData) Amount(v float64) string {
	return SI(v, d.Unit) + " (" + percent(v/d.Total) + ")"
}

// Change is by how much of all a frame's value has grown since the base, from
// -1 to 1.
func (d *FlameData) Change(f FlameFrame) float64 { return (f.Value - f.Base) / d.Total }

// Points writes a change of a share: "+3.2 points", of a hundred.
func Points(change float64) string {
	text := figures(change*100, 3)
	if change > 0 {
		text = "+" + text
	}
	return text + " points"
}

// percent writes a part of one: "34.2%".
func percent(share float64) string { return SI(share*100, "%") }

// What the text form lists.
const (
	topLines = 10   // functions
	hotShare = 0.02 // of all, that a frame of the hottest path takes at least
)

// text is the functions by what they spend themselves, and the hottest path.
func (d *FlameData) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s in %s, %s", oneLine(d.What), SI(d.Total, d.Unit), counted(len(d.Frames), "frame"), counted(d.Levels(), "level"))
	top, value, words := d.Top, func(f FlameTop) float64 { return f.Self }, func(f FlameTop) string { return d.Amount(f.Self) }
	if d.Diff {
		b.WriteString("; greatest changes of self:\n")
		top = slices.Clone(top)
		value = func(f FlameTop) float64 { return math.Abs(f.Self/2 - f.BaseSelf/2) } // halves can't overflow
		slices.SortStableFunc(top, func(a, b FlameTop) int { return cmp.Compare(value(b), value(a)) })
		words = func(f FlameTop) string {
			return Points((f.Self-f.BaseSelf)/d.Total) + ", from " + percent(f.BaseSelf/d.Total) + " to " + percent(f.Self/d.Total)
		}
	} else {
		b.WriteString("; by self:\n")
	}
	shown := top[:min(len(top), topLines)]
	for len(shown) > 0 && !(value(shown[len(shown)-1]) > 0) {
		shown = shown[:len(shown)-1]
	}
	width, most := 0, 0.0
	for _, f := range shown {
		width, most = max(width, min(utf8.RuneCountInString(oneLine(f.Name)), 40)), max(most, value(f))
	}
	for _, f := range shown {
		fmt.Fprintf(&b, "  %s %s %s\n", padded(oneLine(f.Name), width), padded(bar(value(f), most), barWidth), words(f))
	}
	if more := d.Functions - len(shown); more > 0 {
		fmt.Fprintf(&b, "  … %s more\n", group(more))
	}
	if path := d.hottest(); len(path) > 0 {
		b.WriteString("hottest path: " + strings.Join(path, " > ") + "\n")
	}
	return b.String()
}

// hottest follows the largest frames from the outermost to where the most is
// spent, as far as it is worth telling; a function that calls itself stands once.
func (d *FlameData) hottest() []string {
	children := make([][]int, len(d.Frames)+1) // the last for the roots
	for i, f := range d.Frames {
		at := f.Parent
		if at < 0 || at >= i {
			at = len(d.Frames)
		}
		children[at] = append(children[at], i)
	}
	var path []string
	times, before := 1, ""
	at := len(d.Frames)
	for {
		best := -1
		for _, c := range children[at] {
			if best < 0 || d.Frames[c].Value > d.Frames[best].Value {
				best = c
			}
		}
		if best < 0 || d.Frames[best].Value < hotShare*d.Total || at < len(d.Frames) && d.Frames[at].Self > d.Frames[best].Value {
			return path
		}
		f := d.Frames[best]
		name := oneLine(f.Name)
		if len(path) > 0 && name == before {
			times++
			path[len(path)-1] = fmt.Sprintf("%s ×%d %s", name, times, percent(f.Value/d.Total))
		} else {
			times, before = 1, name
			path = append(path, name+" "+percent(f.Value/d.Total))
		}
		at = best
	}
}

// describe is the alternative text.
func (d *FlameData) describe() string {
	kind := "flame graph"
	switch {
	case d.Form == Sunburst:
		kind = "sunburst of call stacks"
	case d.Form == Icicle:
		kind = "icicle of call stacks"
	case d.Diff:
		kind = "difference flame graph"
	}
	parts := []string{fmt.Sprintf("%s of %s %s in %s", kind, oneLine(d.What), SI(d.Total, d.Unit), counted(len(d.Frames), "frame"))}
	var top []string
	for _, f := range d.Top[:min(len(d.Top), 3)] {
		if f.Self > 0 {
			top = append(top, oneLine(f.Name)+" "+d.Amount(f.Self))
		}
	}
	if len(top) > 0 {
		parts = append(parts, "most in "+strings.Join(top, ", "))
	}
	if path := d.hottest(); len(path) > 0 {
		parts = append(parts, "hottest path "+strings.Join(path, " > "))
	}
	return strings.Join(parts, "; ")
}
