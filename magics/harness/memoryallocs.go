package harness

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"

	"hpgo/kernel/display"
)

// AllocsRecord is the kind of the record of a whole Allocs: an AllocReport.
const AllocsRecord = "mprun.allocs"

// Allocs records what code allocates, by stack, between begin and end: every
// object, since the profiler's rate is 1 meanwhile. The runtime looks at a change
// of the rate at each processor's next allocation, which it samples then (Go 1.26,
// mallocgc), so nothing is missed also in a process that has long been running.
//
// Objects below 16 bytes without pointers share blocks: a block counts as one
// object, on the line that began it.
type Allocs struct {
	params AllocsParams
	rate   int // of the profiler before
	lines  *lineMemory
	before map[string]bucket
	after  map[string]bucket
	ended  atomic.Bool
	forget func() // undoes AtCellEnd
	filler *byte
}

// AllocsParams are the parameters of NewAllocs.
type AllocsParams struct {
	// Run differs for each use. The code that holds it is loaded anew, at other
	// addresses, so the stacks that begin in it are those of this run alone.
	Run int64 `json:"run"`
	// RSS asks for the resident memory by line, read at this interval in seconds;
	// 0: none.
	RSS float64 `json:"rss"`
}

// bucket is one stack's record of one object size.
type bucket struct {
	stack          []uintptr
	objects, bytes int64 // allocated since the process began, as far as sampled
	inObj, inBytes int64 // of these in use
}

// AllocFrame is one frame of a stack.
type AllocFrame struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
}

// AllocStack is what was allocated at one stack.
type AllocStack struct {
	Frames      []int `json:"frames"` // indexes, the innermost first
	Bytes       int64 `json:"bytes"`
	Objects     int64 `json:"objects"`
	Live        int64 `json:"live"` // B of them in use after a collection
	LiveObjects int64 `json:"live_objects"`
	// LiveMax: older objects of the same stack were freed meanwhile, so some of
	// those that count as live may be free.
	LiveMax bool `json:"live_max,omitempty"`
}

// AllocReport is all that was allocated.
type AllocReport struct {
	Frames []AllocFrame `json:"frames"`
	Stacks []AllocStack `json:"stacks"`
	RSS    []LineRSS    `json:"rss,omitempty"`
	Peak   int64        `json:"peak,omitempty"` // B of resident memory at most, as far as read
}

// LineRSS is the most resident memory that was read while a line ran.
type LineRSS struct {
	Frame int   `json:"frame"`
	RSS   int64 `json:"rss"` // B
	Seen  int   `json:"seen"`
}

// NewAllocs makes a recorder with the parameters of an AllocsParams.
func NewAllocs(params string) *Allocs {
	a := &Allocs{}
	readParams(params, &a.params)
	if a.params.RSS > 0 {
		a.lines = newLineMemory(intervalOf(a.params.RSS))
	}
	return a
}

// Start begins. A cell that ends before End, by a panic or an interrupt, calls End.
func (a *Allocs) Start() {
	a.forget = display.AtCellEnd(a.End)
	a.begin()
}

// End ends and reports.
func (a *Allocs) End() {
	if a.end() {
		a.forget()
		Report(AllocsRecord, a.report())
	}
}

func (a *Allocs) begin() {
	a.before = snapshot()
	a.rate = runtime.MemProfileRate
	if a.lines != nil {
		a.lines.start()
	}
	a.fillTinyBlock()
	runtime.MemProfileRate = 1
}

// fillTinyBlock uses up this processor's block for tiny objects: the first one of
// the measured code begins a block then, and is recorded; else code that makes one
// short string would seem to allocate nothing.
func (a *Allocs) fillTinyBlock() {
	const size = 16 // of a block, in B; it is aligned to that
	for range 2 * size {
		a.filler = new(byte)
		if uintptr(unsafe.Pointer(a.filler))%size == size-1 {
			return
		}
	}
}

// end stops recording; false: that was done before.
func (a *Allocs) end() bool {
	if a.ended.Swap(true) {
		return false
	}
	runtime.MemProfileRate = a.rate
	if a.lines != nil {
		a.lines.finish()
	}
	a.after = snapshot()
	return true
}

// snapshot reads the heap profile, after two collections that bring it up to
// date. It uses the text form because runtime.MemProfile cuts stacks to 32 frames.
func snapshot() map[string]bucket {
	runtime.GC()
	runtime.GC()
	var text bytes.Buffer
	if err := pprof.Lookup("heap").WriteTo(&text, 1); err != nil {
		return nil // a Buffer takes everything
	}
	return readBuckets(text.String())
}

// readBuckets reads lines such as
//
//	1: 64 [3: 192] @ 0x46 0x47
//
// for each stack and object size: in use, and since the start in brackets.
func readBuckets(text string) map[string]bucket {
	buckets := map[string]bucket{}
	for line := range strings.Lines(text) {
		counts, stack, ok := strings.Cut(line, " @")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		var b bucket
		if n, err := fmt.Sscanf(counts, "%d: %d [%d: %d]", &b.inObj, &b.inBytes, &b.objects, &b.bytes); n != 4 || err != nil || b.objects == 0 {
			continue // the head of the profile among them
		}
		for _, word := range strings.Fields(stack) {
			if pc, err := strconv.ParseUint(strings.TrimPrefix(word, "0x"), 16, 64); err == nil {
				b.stack = append(b.stack, uintptr(pc))
			}
		}
		key := fmt.Sprint(b.bytes/b.objects, stack)
		old := buckets[key] // nothing: the profile has one line for each
		b.objects, b.bytes = b.objects+old.objects, b.bytes+old.bytes
		b.inObj, b.inBytes = b.inObj+old.inObj, b.inBytes+old.inBytes
		buckets[key] = b
	}
	return buckets
}

// report compares the two snapshots.
func (a *Allocs) report() AllocReport {
	table := frameTable{index: map[AllocFrame]int{}}
	r := AllocReport{Stacks: []AllocStack{}}
	for key, b := range a.after {
		old := a.before[key]
		if b.objects <= old.objects {
			continue
		}
		frames := table.of(b.stack)
		if table.runtimes(frames) {
			continue
		}
		r.Stacks = append(r.Stacks, allocated(old, b, frames))
	}
	if a.lines != nil {
		r.RSS, r.Peak = a.lines.report(&table), a.lines.peak
	}
	r.Frames = table.frames
	return r
}

// allocated is the difference of two records of one stack and size. Frees are
// counted for old and new objects together: where old ones were in use, up to
// that many of the frees may be theirs.
func allocated(old, now bucket, frames []int) AllocStack {
	s := AllocStack{Frames: frames, Bytes: now.bytes - old.bytes, Objects: now.objects - old.objects}
	size := s.Bytes / s.Objects
	freed := (now.objects - now.inObj) - (old.objects - old.inObj)
	ofNew := min(max(0, freed-old.inObj), s.Objects)
	s.LiveObjects = s.Objects - ofNew
	s.Live = size * s.LiveObjects
	s.LiveMax = min(freed, s.Objects) > ofNew
	return s
}

// frameTable gives frames numbers.
type frameTable struct {
	frames []AllocFrame
	index  map[AllocFrame]int
}

// of returns the frames of a stack with those that were inlined, innermost first.
func (t *frameTable) of(stack []uintptr) []int {
	var out []int
	if len(stack) == 0 {
		return nil
	}
	for frames := runtime.CallersFrames(stack); ; {
		f, more := frames.Next()
		if f.Function != "" {
			out = append(out, t.number(AllocFrame{Function: f.Function, File: f.File, Line: f.Line}))
		}
		if !more {
			return out
		}
	}
}

func (t *frameTable) number(f AllocFrame) int {
	i, ok := t.index[f]
	if !ok {
		i = len(t.frames)
		t.index[f] = i
		t.frames = append(t.frames, f)
	}
	return i
}

// runtimes reports whether a stack's objects are not the program's: those that
// the collector makes when it starts in the middle of an allocation, the
// scheduler's caches, those of regions, and what hpgo itself does beside the cell.
func (t *frameTable) runtimes(frames []int) bool {
	only, own, cell := true, false, false
	for _, i := range frames {
		f := t.frames[i]
		switch {
		case strings.HasPrefix(f.Function, "runtime.gc"), f.Function == "runtime.acquireSudog", f.Function == "hpgo/magics/prof.Start", f.Function == "hpgo/magics/prof.Span.End":
			return true
		case strings.HasPrefix(f.File, "cell "):
			if own {
				return true // it describes the cell's panic
			}
			cell = true
		case strings.HasPrefix(f.Function, "hpgo/magics/harness.(") || strings.HasPrefix(f.Function, "hpgo/kernel/worker/"):
			own = true
		}
		only = only && strings.HasPrefix(f.Function, "runtime.")
	}
	return only || own && !cell
}

// Site is a place with what was allocated there.
type Site struct {
	AllocFrame
	Bytes, Objects, Live, LiveObjects int64
}

// Sites sums the stacks by their innermost frame outside of package runtime, in
// no order.
func (r AllocReport) Sites() []Site {
	sums := map[int]*Site{}
	var sites []*Site
	for _, s := range r.Stacks {
		at := -1
		for _, i := range s.Frames {
			if at = i; !strings.HasPrefix(r.Frames[i].Function, "runtime.") {
				break
			}
		}
		if at < 0 {
			continue
		}
		if sums[at] == nil {
			sums[at] = &Site{AllocFrame: r.Frames[at]}
			sites = append(sites, sums[at])
		}
		site := sums[at]
		site.Bytes, site.Objects = site.Bytes+s.Bytes, site.Objects+s.Objects
		site.Live, site.LiveObjects = site.Live+s.Live, site.LiveObjects+s.LiveObjects
	}
	out := make([]Site, len(sites))
	for i, s := range sites {
		out[i] = *s
	}
	return out
}
