package sampler

// Samples is where a process was while it was sampled.
type Samples struct {
	Source string  `json:"source"` // "perf cpu-clock", "SIGPROF", "goroutines"
	Rate   float64 `json:"rate"`   // samples per second of CPU time, or looks per second of wall time, as achieved
	Wall   bool    `json:"wall"`   // Seconds are of goroutines, running and waiting; else of CPU

	Funcs  []Func  `json:"funcs"`
	Frames []Frame `json:"frames"`
	Stacks []Stack `json:"stacks"` // the most frequent first

	Count   int64   `json:"count"`   // samples, those without a stack included
	Lost    int64   `json:"lost"`    // samples that the kernel had no room for
	Cut     int64   `json:"cut"`     // samples whose stack was too deep: their outermost frames are missing
	User    float64 `json:"user"`    // CPU time of the span in s, by getrusage, without that of the sampler
	Sys     float64 `json:"sys"`     // the same in the kernel
	Elapsed float64 `json:"elapsed"` // wall time of the span in s
	// Scale is what the seconds of the stacks were multiplied by, to be those of plain
	// runs; 0: they are those of the span.
	Scale float64 `json:"scale,omitempty"`
	// UserOnly says that nothing was sampled while the process was in the kernel,
	// so that the stacks stand for User alone.
	UserOnly bool     `json:"userOnly,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// Func is a function, as the linker names it.
type Func struct {
	Name string `json:"name"` // "math.archHypot"; of C its own name or "(its library)"; "": neither is known
	File string `json:"file"` // of C that of its library, such as "libc.so.6"
	Line int    `json:"line"` // where it begins; 0 if that isn't known
}

// Frame is a place in a function.
type Frame struct {
	Func    int  `json:"func"` // index in Funcs
	Line    int  `json:"line"`
	Inlined bool `json:"inlined,omitempty"` // its code is part of the frame that comes next
	// Offset is the place of the instruction in the code of the function: of the
	// call, or of what ran. Of an inlined frame it is the place in the function that
	// has the code, or -1 where something was inlined there again.
	Offset int `json:"offset"`
}

// Stack is one stack of calls.
type Stack struct {
	Frames  []int   `json:"frames"`  // indices in Samples.Frames, innermost first; none: unknown
	Count   int64   `json:"count"`   // how often it was seen
	Seconds float64 `json:"seconds"` // its share of the time
}

// Total is the time that the stacks stand for, in s: the CPU time of the span,
// or with Wall the sum over goroutines of the time that they were seen; scaled as the
// stacks are.
func (s Samples) Total() float64 {
	if s.Wall {
		return s.Sum()
	}
	total := s.User
	if !s.UserOnly {
		total += s.Sys
	}
	if s.Scale > 0 {
		total *= s.Scale
	}
	return total
}

// Name is the function of a frame.
func (s Samples) Name(frame int) string { return s.Funcs[s.Frames[frame].Func].Name }
