package recording

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"hpgo/plots"
)

// Execution is what an execution trace tells, added up.
type Execution struct {
	Duration   time.Duration
	Goroutines []Goroutine // in the order of their ids
	Processors []Processor
	Cycles     int           // of the garbage collector
	Marking    time.Duration // during which it marked beside the program
	Helped     time.Duration // of processors, by goroutines of the program that had to mark before they could allocate
	Stops      int           // how often the world stood still, for the collector or another reason
	Stopped    time.Duration
	Longest    time.Duration // of the stops
	// Broken says why a trace ends before its end; what came before is counted.
	Broken string
}

// Goroutine is one goroutine's time.
type Goroutine struct {
	ID       int64
	Function string // with which it started, with the path of its package; "" if the trace doesn't tell
	Name     string // the same as pictures show it: "sort.worker", "cell 2.func1"
	System   bool   // it belongs to the runtime or to what runs cells
	First    time.Duration
	Last     time.Duration // First and Last are counted from the start of the trace
	Times    Breakdown
}

// Processor is one P's time.
type Processor struct {
	ID   int64
	Busy time.Duration       // running goroutines
	Uses [uses]time.Duration // what it was busy with, by Use, and how long system calls held it
}

// ReadTrace adds up an execution trace, as runtime/trace or its flight recorder
// writes it, while reading it: it holds no events.
func ReadTrace(in io.Reader) (e Execution, err error) {
	defer recovered(&err)
	r := newReader(viewNone)
	if err := r.read(in); err != nil {
		return Execution{}, fmt.Errorf("read trace: %w", err)
	}
	return r.execution(), nil
}

// execution adds up what has been read.
func (r *reader) execution() Execution {
	e := Execution{Duration: time.Duration(r.endOfAxis()), Cycles: r.gc.cycles, Marking: r.gc.mark, Helped: r.gc.helped,
		Stops: r.gc.count, Stopped: r.gc.stopped, Longest: r.gc.longest}
	if r.broke != nil {
		e.Broken = firstLine(r.broke)
	}
	for _, g := range r.ended {
		e.Goroutines = append(e.Goroutines, Goroutine{ID: int64(g.id), Function: g.name, Name: g.short, System: g.system(),
			First: g.first.Sub(r.start), Last: g.last.Sub(r.start), Times: g.times})
	}
	slices.SortFunc(e.Goroutines, func(a, b Goroutine) int { return cmp.Compare(a.ID, b.ID) })
	for _, p := range r.procs {
		e.Processors = append(e.Processors, Processor{ID: int64(p.id), Busy: p.busy, Uses: p.uses})
	}
	slices.SortFunc(e.Processors, func(a, b Processor) int { return cmp.Compare(a.ID, b.ID) })
	return e
}

// recovered turns a panic of the reader into an error: a damaged trace may lead
// it astray.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("read trace: it is damaged: %.200v", p)
	}
}

const (
	traceRows = 40  // of a timeline that asks for no number
	spareRows = 100 // kept beside, for goroutines of the runtime that are left out
)

// Trace reads an execution trace, as runtime/trace or its flight recorder
// writes it, into the timeline that the options ask for:
//
//	view  "" or "goroutines", "procs", "regions"
//	rows  how many rows at most; 40 if it isn't given
//	from  where the timeline begins and ends, in seconds from the start
//	to    of the trace
//
// The data have the size that suits them, and no title.
func Trace(raw []byte, options map[string]string) (d plots.Data, err error) {
	defer recovered(&err)
	rows, lo, hi, err := traceOptions(options)
	if err != nil {
		return d, fmt.Errorf("read trace: %w", err)
	}
	view, ok := views[options["view"]]
	if !ok {
		return d, fmt.Errorf("read trace: no view %q", options["view"])
	}
	r := newReader(view)
	r.keep, r.lo, r.hi = rows+spareRows, lo, hi
	if err := r.read(bytes.NewReader(raw)); err != nil {
		return d, fmt.Errorf("read trace: %w", err)
	}
	t := timeline{reader: r, rows: rows}
	if err := t.build(); err != nil {
		return d, fmt.Errorf("read trace: %w", err)
	}
	d = plots.Data{Version: plots.Version, Notes: t.notes, Gantt: &t.out, Width: traceWidth}
	d.Height = t.out.Height() + 0.13*float64(len(t.notes))
	d.Alt = t.out.Describe()
	return d, nil
}

// resolveTrace replaces the trace of a figure by its timeline.
func resolveTrace(d plots.Data) (plots.Data, error) {
	got, err := Trace(d.Recording.Trace, d.Recording.Options)
	if err != nil {
		return d, err
	}
	if d.Alt == "" && d.Title != "" {
		got.Alt = d.Title + "; " + got.Alt
	} else if d.Alt != "" {
		got.Alt = d.Alt
	}
	got.Title, got.Interactive, got.Notes = d.Title, d.Interactive, append(slices.Clone(d.Notes), got.Notes...)
	got.Width = cmp.Or(d.Width, got.Width)
	got.Height = cmp.Or(d.Height, got.Height+0.13*float64(len(d.Notes)))
	return got, nil
}

// traceWidth is the width of a timeline in inches: that of other figures.
const traceWidth = 6.5

var views = map[string]view{"": viewGoroutines, "goroutines": viewGoroutines, "procs": viewProcs, "regions": viewRegions}

func traceOptions(options map[string]string) (rows int, lo, hi int64, err error) {
	rows, hi = traceRows, -1
	for name, text := range options {
		switch name {
		case "view":
		case "rows":
			if rows, err = strconv.Atoi(text); err != nil || rows < 1 || rows > 1000 {
				return 0, 0, 0, fmt.Errorf("%s rows can't be drawn", text)
			}
		case "from", "to":
			seconds, err := strconv.ParseFloat(text, 64)
			if err != nil || !(seconds > -1e9 && seconds < 1e9) {
				return 0, 0, 0, fmt.Errorf("%s: %q is no time in seconds", name, text)
			}
			if name == "from" {
				lo = max(0, int64(seconds*1e9))
			} else {
				hi = int64(seconds * 1e9)
			}
		default:
			return 0, 0, 0, fmt.Errorf("no option %q", name)
		}
	}
	if hi != -1 && hi <= lo {
		return 0, 0, 0, fmt.Errorf("it can't be cut to the time from %s s to %s s", options["from"], options["to"])
	}
	return rows, lo, hi, nil
}

// looksLikeTrace tells from its first bytes what a file is that is no trace.
func looksLikeTrace(head []byte) error {
	switch {
	case len(head) == 0:
		return fmt.Errorf("it is empty: trace.Stop, or WriteTo of a flight recorder, writes it")
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return fmt.Errorf("it is compressed with gzip, as pprof profiles are, and no execution trace of runtime/trace")
	case !bytes.HasPrefix(head, []byte("go 1.")) || !bytes.Contains(head, []byte(" trace\x00")):
		return fmt.Errorf("it begins with %q and is no execution trace of runtime/trace", head)
	}
	return nil
}
