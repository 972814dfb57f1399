package result

import "fmt"

// Trace is the result of %trace: what goroutines and processors did, from an execution
// trace of runtime/trace. Times count from the beginning of the measured code.
type Trace struct {
	Seconds    float64 `json:"seconds"`       // that the trace covers
	CPU        float64 `json:"cpu"`           // s, CPU time of the process by getrusage; 0: not known
	GOMAXPROCS int     `json:"gomaxprocs"`    // Ps there were
	Bytes      int64   `json:"bytes"`         // of the trace
	Cut        float64 `json:"cut,omitempty"` // s after which it was too large and ended; 0: it is whole

	Processors []TraceProcessor `json:"processors"`
	// Parallel is the share of the time in which 0, 1, 2, ... processors were busy.
	Parallel   []float64        `json:"parallel"`
	Functions  []TraceFunction  `json:"functions"`  // of goroutines, the busiest first, at most 100
	Goroutines []TraceGoroutine `json:"goroutines"` // the busiest, at most 50, in the order of their ids
	Count      int              `json:"count"`      // goroutines of the program
	Waits      []TraceWait      `json:"waits"`      // by place, and system calls, those with most time first, at most 50
	Longest    []TraceWaited    `json:"longest"`    // single waits
	Latency    TraceLatency     `json:"latency"`    // of goroutines that could run
	Regions    []TraceRegion    `json:"regions"`    // of runtime/trace and package prof, by name
	Tasks      []TraceRegion    `json:"tasks"`      // of runtime/trace, by type
	Calls      []TraceRegion    `json:"calls"`      // of functions that were asked for
	// ShortCalls are those of them that were left out because they were short.
	ShortCalls   int64    `json:"short_calls,omitempty"`
	ShortSeconds float64  `json:"short_seconds,omitempty"` // that those took
	GC           TraceGC  `json:"gc"`
	Summary      []string `json:"summary"` // sentences: what was limiting
}

// TraceTimes is how long goroutines were in each state, in seconds.
type TraceTimes struct {
	Running  float64 `json:"running"`
	Runnable float64 `json:"runnable"` // they could run, but no processor was free
	Syscall  float64 `json:"syscall"`
	Assist   float64 `json:"gc_assist"` // marking for the collector, or waiting to
	Channel  float64 `json:"channel"`
	Select   float64 `json:"select"`
	Mutex    float64 `json:"mutex"`
	Sync     float64 `json:"sync"` // WaitGroup, Cond, Once
	Sleep    float64 `json:"sleep"`
	IO       float64 `json:"io"`      // network, pipes
	Blocked  float64 `json:"blocked"` // for another reason
}

// Total is the time in all states.
func (t TraceTimes) Total() float64 {
	return t.Running + t.Runnable + t.Syscall + t.Assist + t.Channel + t.Select + t.Mutex + t.Sync + t.Sleep + t.IO + t.Blocked
}

// TraceProcessor is what one P was busy with, in seconds.
type TraceProcessor struct {
	ID      int64   `json:"id"`
	Busy    float64 `json:"busy"`    // running goroutines, not in system calls
	Program float64 `json:"program"` // running goroutines of the program
	Syscall float64 `json:"syscall"` // held by its system calls
	GC      float64 `json:"gc"`      // workers of the collector
	Runtime float64 `json:"runtime"` // other goroutines of the runtime
	Session float64 `json:"session"` // of what runs cells
}

// TraceFunction is the goroutines that began with one function.
type TraceFunction struct {
	Name       string     `json:"name"`
	System     bool       `json:"system,omitempty"` // of the runtime, or of what runs cells
	Goroutines int        `json:"goroutines"`
	Times      TraceTimes `json:"times"`
}

// TraceGoroutine is one goroutine.
type TraceGoroutine struct {
	ID    int64      `json:"id"`
	Name  string     `json:"name"`
	First float64    `json:"first"` // s, when it was first there
	Last  float64    `json:"last"`
	Times TraceTimes `json:"times"`
}

// TracePlace is a line of code.
type TracePlace struct {
	Function string `json:"function,omitempty"`
	Where    string `json:"where,omitempty"` // "cell 3:12"
}

// TraceWait is the waiting at one place.
type TraceWait struct {
	State string `json:"state"` // "mutex", "channel"
	TracePlace
	Call    string     `json:"call,omitempty"` // "sync.(*Mutex).Lock"
	Count   int        `json:"count"`
	Open    int        `json:"open,omitempty"` // that had not ended with the trace
	Seconds float64    `json:"seconds"`
	Longest float64    `json:"longest"`      // s
	By      TracePlace `json:"by,omitempty"` // whose doing ended most of it
}

// TraceWaited is a single wait.
type TraceWaited struct {
	Goroutine int64  `json:"goroutine"`
	Name      string `json:"name"`
	State     string `json:"state"`
	TracePlace
	From    float64    `json:"from"` // s
	To      float64    `json:"to"`
	Open    bool       `json:"open,omitempty"`
	By      int64      `json:"by,omitempty"` // the goroutine that ended it; 0: none, such as a timer
	ByName  string     `json:"by_name,omitempty"`
	ByPlace TracePlace `json:"by_place,omitempty"`
}

// TraceLatency is how long goroutines that could run waited for a processor, in
// seconds; quantiles are exact to an eighth.
type TraceLatency struct {
	Count int        `json:"count"`
	Mean  float64    `json:"mean"`
	P50   float64    `json:"p50"`
	P90   float64    `json:"p90"`
	P99   float64    `json:"p99"`
	Max   float64    `json:"max"`
	Bins  []TraceBin `json:"bins"`
}

// TraceBin counts durations from From up to To, in seconds.
type TraceBin struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Count int     `json:"count"`
}

// TraceRegion is all regions of a name, or all tasks of a type; times are in seconds.
type TraceRegion struct {
	Name    string  `json:"name"`
	Count   int     `json:"count"`
	Seconds float64 `json:"seconds"`
	Running float64 `json:"running,omitempty"` // of that, in which the region's goroutine ran
	Min     float64 `json:"min"`
	P50     float64 `json:"p50"`
	Max     float64 `json:"max"`
}

// TraceGC is the collector, and other stops of the world.
type TraceGC struct {
	Cycles  int     `json:"cycles"`
	Marking float64 `json:"marking"` // s in which it marked beside the program
	Workers float64 `json:"workers"` // s of processors
	Assist  float64 `json:"assist"`  // s of processors, by the program's goroutines
	Stops   int     `json:"stops"`   // of the world
	Stopped float64 `json:"stopped"` // s
	Longest float64 `json:"longest"` // s of one stop
}

// Busy is the share of the processors' time in which they ran goroutines.
func (t Trace) Busy() float64 {
	return t.ofProcessors(func(p TraceProcessor) float64 { return p.Busy })
}

// InSyscalls is the share of the processors' time in which they were left with a
// goroutine in a system call, which may compute or wait: another goroutine that could
// run would take the processor.
func (t Trace) InSyscalls() float64 {
	return t.ofProcessors(func(p TraceProcessor) float64 { return p.Syscall })
}

func (t Trace) ofProcessors(part func(TraceProcessor) float64) float64 {
	sum := 0.0
	for _, p := range t.Processors {
		sum += part(p)
	}
	if whole := float64(t.GOMAXPROCS) * t.Seconds; whole > 0 {
		return min(1, sum/whole)
	}
	return 0
}

// String is the first sentence.
func (t Trace) String() string {
	if len(t.Summary) > 0 {
		return t.Summary[0]
	}
	return fmt.Sprintf("%d goroutines in %.3g s", t.Count, t.Seconds)
}
