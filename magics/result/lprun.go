package result

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"hpgo/magics/quantity"
)

// Lprun is what %lprun measures: where the time of functions goes, line by line.
// Times come from samples of the plain build and are per run of the statement; hits
// are counted in a build with counters, in a run of its own.
type Lprun struct {
	Unit      float64         `json:"unit"`      // of the times in the text, in s
	Functions []LprunFunction `json:"functions"` // in the order asked for
	Wall      bool            `json:"wall"`      // times are those of goroutines, running and waiting; else CPU time
	Total     float64         `json:"total"`     // time of one run in all functions, in s
	Runs      int             `json:"runs"`      // of the statement, that were sampled
	Elapsed   float64         `json:"elapsed"`   // wall time of one run, in s, without sampling where there were such; 0: none came to its end
	Counting  float64         `json:"counting"`  // wall time of the run with counters, in s
	Samples   int64           `json:"samples"`   // in all functions
	Rate      float64         `json:"rate"`      // samples per second of that time, as achieved
	Source    string          `json:"source"`    // of the samples: "perf cpu-clock", "SIGPROF", "goroutines"
	Sampling                  // what sampling cost
	// Caught is the exception that line_profiler would name, after a run that didn't
	// come to its end: KeyboardInterrupt, SystemExit, Signal or Panic.
	Caught string `json:"caught,omitempty"`
}

// LprunFunction is one function.
type LprunFunction struct {
	Name    string      `json:"name"`              // "f", "(*T).m", "mat.(*Dense).Mul"
	Package string      `json:"package"`           // import path; "" for the session
	File    string      `json:"file"`              // "cell 3", or a path
	First   int         `json:"first"`             // its first line
	Time    float64     `json:"time"`              // of one run, in s, what it calls included
	Samples int64       `json:"samples"`           // in it
	Calls   uint64      `json:"calls"`             // in one run
	Hits    uint64      `json:"hits"`              // sum over the lines
	Unknown string      `json:"unknown,omitempty"` // why there are no hits
	Lines   []LprunLine `json:"lines"`
}

// LprunLine is one line of a function.
type LprunLine struct {
	Line    int           `json:"line"`
	Text    string        `json:"text"`
	Hits    uint64        `json:"hits"`            // executions in one run; 0: none, or nothing to execute
	Time    float64       `json:"time"`            // of one run, in s, what it calls included
	Share   float64       `json:"share"`           // of the function's time
	Error   float64       `json:"error"`           // standard error of Share
	Samples int64         `json:"samples"`         //
	Calls   []LprunCallee `json:"calls,omitempty"` // where the time went below it
	Alloc   *LprunAlloc   `json:"alloc,omitempty"` // nil: not asked for
}

// LprunAlloc is what a line allocates in one run, with what it calls.
type LprunAlloc struct {
	Bytes   int64 `json:"bytes"`
	Objects int64 `json:"objects"`
}

// LprunCallee is a function that a line called.
type LprunCallee struct {
	Name    string  `json:"name"`
	Share   float64 `json:"share"`             // of the line's time
	Inlined bool    `json:"inlined,omitempty"` // its code is part of the line's
}

// alloc is the cell of the column Alloc.
func (l LprunLine) alloc() string {
	if l.Alloc == nil || l.Hits == 0 && l.Alloc.Objects == 0 {
		return ""
	}
	return quantity.Bytes(float64(l.Alloc.Bytes))
}

// PerHit is the time of one execution, in s; 0 without hits.
func (l LprunLine) PerHit() float64 {
	if l.Hits == 0 {
		return 0
	}
	return l.Time / float64(l.Hits)
}

// Function returns the function of a name; nil: there is none.
func (r Lprun) Function(name string) *LprunFunction {
	for i := range r.Functions {
		if r.Functions[i].Name == name {
			return &r.Functions[i]
		}
	}
	return nil
}

// Line returns a line by its number; a line that the function hasn't is empty.
func (f LprunFunction) Line(number int) LprunLine {
	for _, l := range f.Lines {
		if l.Line == number {
			return l
		}
	}
	return LprunLine{Line: number}
}

// String is the text of line_profiler, with the column ± and how the figures came
// about.
func (r Lprun) String() string {
	var b strings.Builder
	unit := r.Unit
	if unit == 0 {
		unit = 1e-9
	}
	fmt.Fprintf(&b, "Timer unit: %s s\n\n", percentG(unit, 6))
	for _, f := range r.Functions {
		r.function(&b, f, unit)
	}
	if r.Caught != "" {
		fmt.Fprintf(&b, "*** %s exception caught in code being profiled.\n", r.Caught)
	}
	return strings.TrimRight(b.String(), "\n")
}

// How says where times and hits come from.
func (r Lprun) How() string {
	if r.Source == "" {
		return "Time: not sampled   Hits: counted"
	}
	clock := "CPU"
	if r.Wall {
		clock = "wall"
	}
	if r.Samples == 0 {
		return "Time: " + clock + ", no samples   Hits: counted"
	}
	return fmt.Sprintf("Time: %s, %s at %s %s   Hits: counted", clock, quantity.Counted(r.Samples, "sample"), quantity.Frequency(r.Rate, 2), r.Sampling.Over(r.Runs))
}

// function writes one function as line_profiler's show_func lays it out.
func (r Lprun) function(b *strings.Builder, f LprunFunction, unit float64) {
	how := r.How()
	if f.Unknown != "" {
		how = strings.Replace(how, "Hits: counted", "Hits: "+f.Unknown, 1)
	}
	build := " (plain build)"
	if r.Source == "" {
		build = ""
	}
	fmt.Fprintf(b, "Total time: %s s%s   %s\n", percentG(f.Time, 6), build, how)
	fmt.Fprintf(b, "File: %s\nFunction: %s at line %d\n\n", f.File, f.Name, f.First)
	rows := make([][4]string, len(f.Lines))
	width := [4]int{9, 12, 8, 8}
	for i, l := range f.Lines {
		rows[i] = l.cells(f, unit, r.Samples > 0)
		for c := range 3 {
			width[c] = max(width[c], len(rows[i][c]))
		}
	}
	extra := func(pm, alloc string) string {
		if len(f.Lines) == 0 || f.Lines[0].Alloc == nil {
			return fmt.Sprintf("%5s", pm)
		}
		return fmt.Sprintf("%5s %9s", pm, alloc)
	}
	header := fmt.Sprintf("%6s %*s %*s %*s %*s %s  %s", "Line #", width[0], "Hits", width[1], "Time", width[2], "Per Hit", width[3], "% Time", extra("±", "Alloc"), "Line Contents")
	fmt.Fprintf(b, "%s\n%s\n", header, strings.Repeat("=", utf8.RuneCountInString(header)))
	for i, l := range f.Lines {
		c := rows[i]
		fmt.Fprintf(b, "%6d %*s %*s %*s %*s %s  %s\n", l.Line, width[0], c[0], width[1], c[1], width[2], c[2], width[3], c[3], extra(l.plusMinus(), l.alloc()), l.Text)
	}
	b.WriteByte('\n')
}

// cells are hits, time, per hit and % time; lines that were never reached are blank.
// Without samples there are hits alone.
func (l LprunLine) cells(f LprunFunction, unit float64, sampled bool) (c [4]string) {
	if l.Hits == 0 && l.Samples == 0 {
		return c
	}
	if l.Hits > 0 {
		if c[0] = strconv.FormatUint(l.Hits, 10); len(c[0]) > 9 {
			c[0] = percentG(float64(l.Hits), 6)
		}
		c[2] = fixed(l.PerHit()/unit, 8)
	}
	if !sampled {
		return [4]string{c[0]}
	}
	c[1] = fixed(l.Time/unit, 12)
	if f.Time > 0 {
		c[3] = fmt.Sprintf("%5.1f", 100*l.Share)
	}
	return c
}

func (l LprunLine) plusMinus() string {
	if l.Error == 0 || l.Hits == 0 && l.Samples == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", 100*l.Error)
}

// fixed is Python's %5.1f, or %5.3g where that is wider than a column.
func fixed(x float64, width int) string {
	s := fmt.Sprintf("%5.1f", x)
	if len(s) > width {
		return fmt.Sprintf("%5s", percentG(x, 3))
	}
	return s
}

// percentG is Python's %.*g.
func percentG(x float64, digits int) string { return strconv.FormatFloat(x, 'g', digits, 64) }
