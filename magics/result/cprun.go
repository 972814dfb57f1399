package result

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"hpgo/magics/quantity"
)

// Cprun is the result of %cprun: time by its kind and memory, line by line, merged
// from separate runs of one statement.
type Cprun struct {
	Functions []CprunFunction `json:"functions"`
	Whole     CprunTime       `json:"whole"`   // of one run, in any of the functions
	Elapsed   float64         `json:"elapsed"` // s of wall time of a plain run; 0: none came to its end
	Samples   int64           `json:"samples"` // of CPU time in the functions
	Source    string          `json:"source"`  // of those
	// SysShare is the kernel's share of the CPU time by getrusage(2), page faults
	// included; KernelSeen says that samples were taken there, too.
	SysShare   float64 `json:"sys_share"`
	KernelSeen bool    `json:"kernel_seen"`
	Outside    float64 `json:"outside"` // s of CPU time of one run outside of the functions, the collector's workers included
	// Foreign is the part of Outside in code that isn't Go, whose callers are not seen:
	// the columns of lines lack it.
	Foreign float64   `json:"foreign"`
	Peak    int64     `json:"peak"`             // B of resident memory at most; 0: not measured
	RSS     []float64 `json:"rss,omitempty"`    // B of resident memory, at even distances over the run
	Runs    []string  `json:"runs"`             // what each figure is from
	Caught  string    `json:"caught,omitempty"` // as Lprun's
}

// CprunTime is the time of one run by what it was spent for, in s. A line's is with
// what it calls.
type CprunTime struct {
	Go      float64 `json:"go"` // Go code, of the session and of packages
	Malloc  float64 `json:"malloc"`
	GC      float64 `json:"gc"`      // help for the collector and write barriers
	Map     float64 `json:"map"`     // the runtime's maps
	Copy    float64 `json:"copy"`    // copying memory: runtime.memmove
	Clear   float64 `json:"clear"`   // clearing memory
	Runtime float64 `json:"runtime"` // what else the runtime does
	Cgo     float64 `json:"cgo"`     // calls of C, and C where its callers are seen
	Kernel  float64 `json:"kernel"`  // in system calls
	Wait    float64 `json:"wait"`    // for channels, locks, timers, the network
}

// InRuntime is the time in Go's runtime.
func (t CprunTime) InRuntime() float64 { return t.Malloc + t.GC + t.Map + t.Copy + t.Clear + t.Runtime }

// Total is all of it.
func (t CprunTime) Total() float64 { return t.Go + t.InRuntime() + t.Cgo + t.Kernel + t.Wait }

// Add adds another time.
func (t *CprunTime) Add(o CprunTime) {
	t.Go, t.Malloc, t.GC, t.Map, t.Copy = t.Go+o.Go, t.Malloc+o.Malloc, t.GC+o.GC, t.Map+o.Map, t.Copy+o.Copy
	t.Clear, t.Runtime, t.Cgo, t.Kernel, t.Wait = t.Clear+o.Clear, t.Runtime+o.Runtime, t.Cgo+o.Cgo, t.Kernel+o.Kernel, t.Wait+o.Wait
}

// Split tells what the runtime's time was for, of a whole.
func (t CprunTime) Split(whole float64) string {
	var parts []string
	for _, p := range []struct {
		name string
		s    float64
	}{{"malloc", t.Malloc}, {"GC", t.GC}, {"maps", t.Map}, {"copying", t.Copy}, {"clearing", t.Clear}, {"other", t.Runtime}} {
		if p.s > 0 && whole > 0 {
			parts = append(parts, p.name+" "+quantity.Percent(p.s/whole))
		}
	}
	return strings.Join(parts, ", ")
}

// CprunFunction is a function with its lines.
type CprunFunction struct {
	Name  string      `json:"name"`
	File  string      `json:"file"`  // "cell 3", or a path
	First int         `json:"first"` // its first line
	Time  CprunTime   `json:"time"`
	Lines []CprunLine `json:"lines"`
}

// CprunLine is one line.
type CprunLine struct {
	Line    int       `json:"line"`
	Text    string    `json:"text"`
	Hits    uint64    `json:"hits"` // executions in one run
	Time    CprunTime `json:"time"`
	Bytes   int64     `json:"bytes"`   // allocated in one run, with what it calls
	Objects int64     `json:"objects"` //
	Live    int64     `json:"live"`    // B of them in use after a collection at the end
}

// Line returns a line by its number; a line that the function hasn't is empty.
func (f CprunFunction) Line(number int) CprunLine {
	for _, l := range f.Lines {
		if l.Line == number {
			return l
		}
	}
	return CprunLine{Line: number}
}

// Head is what scalene says above its table.
func (r Cprun) Head() string {
	text := fmt.Sprintf("time in the functions: %s", quantity.Seconds(r.Whole.Total(), 3))
	if r.Elapsed > 0 {
		text += fmt.Sprintf(" of %s for a run", quantity.Seconds(r.Elapsed, 3))
	}
	if r.Peak > 0 {
		text += fmt.Sprintf(" · memory at most %s %s", quantity.Bytes(float64(r.Peak)), spark(r.RSS))
	}
	return text
}

// spark draws values in the eight heights that there are as characters.
func spark(values []float64) string {
	if len(values) == 0 {
		return ""
	}
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	var b strings.Builder
	for _, v := range values {
		level := 0
		if high > low {
			level = int((v - low) / (high - low) * 7.999)
		}
		b.WriteRune([]rune("▁▂▃▄▅▆▇█")[level])
	}
	return b.String()
}

// String is a table for each function, in the manner of scalene's.
func (r Cprun) String() string {
	var b strings.Builder
	b.WriteString(r.Head() + "\n")
	for _, f := range r.Functions {
		fmt.Fprintf(&b, "\nFile: %s\nFunction: %s at line %d\n\n", f.File, f.Name, f.First)
		head := fmt.Sprintf("%6s %6s %7s %5s %5s %7s %6s %10s %10s %10s  %s", "Line", "Go", "runtime", "copy", "cgo", "kernel", "wait", "Alloc", "Live", "Hits", "Source")
		b.WriteString(head + "\n" + strings.Repeat("=", utf8.RuneCountInString(head)) + "\n")
		for _, l := range f.Lines {
			alloc, live, hits := "", "", ""
			if l.Objects > 0 {
				alloc, live = quantity.Bytes(float64(l.Bytes)), quantity.Bytes(float64(l.Live))
			}
			if l.Hits > 0 {
				hits = quantity.Count(l.Hits)
			}
			p := func(s float64) string { return sharePercent(s, r.Whole.Total()) }
			line := fmt.Sprintf("%6d %6s %7s %5s %5s %7s %6s %10s %10s %10s  %s", l.Line, p(l.Time.Go), p(l.Time.InRuntime()), p(l.Time.Copy), p(l.Time.Cgo), p(l.Time.Kernel), p(l.Time.Wait), alloc, live, hits, l.Text)
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	for _, run := range r.Runs {
		b.WriteString("\n" + run)
	}
	return strings.TrimRight(b.String(), "\n")
}

// sharePercent is a share as a whole percentage; nothing for less than half a one.
func sharePercent(part, whole float64) string {
	if !(whole > 0) || part/whole < 0.005 {
		return ""
	}
	return fmt.Sprintf("%.0f%%", 100*part/whole)
}
