package harness

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"

	"hpgo/kernel/display"
)

// settings are what a run changes in the process.
type settings struct {
	forget func() // what display.AtCellEnd returned; nil: nothing is changed
	back   []func()
}

// make changes what a run asks for. procs is GOMAXPROCS, 0 for as it is.
func (s *settings) make(procs int, gcOff bool) {
	s.undo()
	if procs > 0 && procs != runtime.GOMAXPROCS(0) {
		old := runtime.GOMAXPROCS(procs)
		s.back = append(s.back, func() { runtime.GOMAXPROCS(old) })
	}
	if gcOff {
		limit := debug.SetMemoryLimit(memoryGuard())
		percent := debug.SetGCPercent(-1)
		s.back = append(s.back, func() {
			debug.SetGCPercent(percent)
			debug.SetMemoryLimit(limit)
		})
	}
	if len(s.back) > 0 {
		back := s.back
		s.forget = display.AtCellEnd(func() { undo(back) })
	}
}

// undo restores what was before.
func (s *settings) undo() {
	if s.forget == nil {
		return
	}
	s.forget()
	undo(s.back)
	s.forget, s.back = nil, nil
}

func undo(back []func()) {
	for i := len(back) - 1; i >= 0; i-- {
		back[i]()
	}
}

// memoryGuard is the memory from which on the collector runs although it is off:
// what the process has and half of what the machine can give, or the limit that
// is set already. Without it a loop that allocates would end the process.
func memoryGuard() int64 {
	limit := debug.SetMemoryLimit(-1)
	free := memoryAvailable()
	if free < 0 {
		free = 2 << 30
	}
	have := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(have)
	return min(limit, int64(have[0].Value.Uint64())+free/2)
}
