package result

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"hpgo/magics/quantity"
)

// Mprun is the result of %mprun: what each line of functions allocated.
type Mprun struct {
	Functions []MprunFunction `json:"functions"`
	Bytes     int64           `json:"bytes"`   // all that the statement allocated, without the collector's own
	Objects   int64           `json:"objects"` //
	Live      int64           `json:"live"`    // B of these still in use after a collection
	Method    string          `json:"method"`
	RSS       int64           `json:"rss"`     // B of resident memory at most, with the profile's own
	Seconds   float64         `json:"seconds"` // of the run that was recorded, preparation and the profile's own work included
}

// MprunFunction is one function with its lines.
type MprunFunction struct {
	Name    string      `json:"name"`  // "(the cell)" is the statement itself
	File    string      `json:"file"`  // "cell 3" or a path
	First   int         `json:"first"` // its first line
	Lines   []MprunLine `json:"lines"`
	Bytes   int64       `json:"bytes"` // sums of its lines
	Objects int64       `json:"objects"`
	Live    int64       `json:"live"`
}

// MprunLine is one line. Objects below 16 B without pointers count by the blocks that
// they share. What functions that it calls allocate counts as its own; of
// a recursion, the innermost line's.
type MprunLine struct {
	Line    int    `json:"line"`
	Text    string `json:"text"`
	Bytes   int64  `json:"bytes"`
	Objects int64  `json:"objects"`
	Live    int64  `json:"live"`           // B of them still in use after a collection
	LiveMax bool   `json:"live_max"`       // Live is an upper bound
	Hits    *int64 `json:"hits,omitempty"` // how often it ran; nil: not counted, or nothing to run
	RSS     int64  `json:"rss,omitempty"`  // B of resident memory at most that was read while it ran; 0: not read
	Stack   bool   `json:"stack"`          // all values it makes stay on the stack
	Why     string `json:"why,omitempty"`  // the compiler's reason for the heap
}

// BytesPerObject is the mean size of the line's objects in B; 0 without objects.
func (l MprunLine) BytesPerObject() float64 {
	if l.Objects == 0 {
		return 0
	}
	return float64(l.Bytes) / float64(l.Objects)
}

// Reason is "stack", or why the line needs the heap.
func (l MprunLine) Reason() string {
	if l.Stack {
		return "stack"
	}
	return l.Why
}

// Function returns the function of a name; nil: there is none.
func (m Mprun) Function(name string) *MprunFunction {
	for i := range m.Functions {
		if m.Functions[i].Name == name {
			return &m.Functions[i]
		}
	}
	return nil
}

// Line returns a line by its number; a line that the function hasn't is empty.
func (f MprunFunction) Line(number int) MprunLine {
	for _, l := range f.Lines {
		if l.Line == number {
			return l
		}
	}
	return MprunLine{Line: number}
}

// LiveMax reports whether any line's Live is an upper bound.
func (m Mprun) LiveMax() bool {
	for _, f := range m.Functions {
		for _, l := range f.Lines {
			if l.LiveMax {
				return true
			}
		}
	}
	return false
}

// Total gives the sums.
func (m Mprun) Total() string {
	return fmt.Sprintf("Total: %s B in %s, %s B live after", quantity.Count(m.Bytes), quantity.Counted(m.Objects, "object"), quantity.Count(m.Live))
}

// String is a table for each function, in the form of memory_profiler's.
func (m Mprun) String() string {
	var b strings.Builder
	b.WriteString(m.Total() + "\n")
	for _, f := range m.Functions {
		fmt.Fprintf(&b, "\nFile: %s\nFunction: %s at line %d\n\n%s", f.File, f.Name, f.First, f.table())
	}
	return b.String()
}

// table is the function's lines below the headings, without the columns that are
// empty. Lines without figures have blank cells.
func (f MprunFunction) table() string {
	rows := [][]string{{"Line #", "Alloc (B)", "Objects", "B/obj", "Live after", "Hits", "RSS max", "Why", "Line Contents"}}
	for _, l := range f.Lines {
		rows = append(rows, l.cells())
	}
	const contents, why = 8, 7
	widths := make([]int, contents)
	for c := range widths {
		for i, row := range rows {
			if n := utf8.RuneCountInString(row[c]); n > 0 && (i > 0 || c < 4) {
				widths[c] = max(widths[c], n, utf8.RuneCountInString(rows[0][c]))
			}
		}
	}
	var b strings.Builder
	longest := 0
	for i, row := range rows {
		var line strings.Builder
		for c, w := range widths {
			switch pad := strings.Repeat(" ", max(0, w-utf8.RuneCountInString(row[c]))); {
			case w == 0:
			case c == why:
				line.WriteString("  " + row[c] + pad)
			case c == 0:
				line.WriteString(pad + row[c])
			default:
				line.WriteString("   " + pad + row[c])
			}
		}
		text := strings.TrimRight(line.String()+"   "+row[contents], " \t")
		b.WriteString(text + "\n")
		if i == 0 {
			longest = utf8.RuneCountInString(text)
			b.WriteString(strings.Repeat("=", longest) + "\n")
		}
	}
	return b.String()
}

// cells are the texts of a line's columns.
func (l MprunLine) cells() []string {
	row := []string{fmt.Sprint(l.Line), "", "", "", "", "", "", l.Reason(), l.Text}
	if l.Objects > 0 {
		live := quantity.Count(l.Live)
		if l.LiveMax {
			live = "≤ " + live
		}
		row[1], row[2], row[3], row[4] = quantity.Count(l.Bytes), quantity.Count(l.Objects), quantity.Number(l.BytesPerObject()), live
	}
	if l.Hits != nil {
		row[5] = quantity.Count(*l.Hits)
		if l.Objects == 0 && *l.Hits > 0 {
			row[1], row[2] = "0", "0"
		}
	}
	if l.RSS > 0 {
		row[6] = fmt.Sprintf("%.1f MiB", MiB(l.RSS))
	}
	return row
}
