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
		guard, _ := memoryGuard()
		limit := debug.SetMemoryLimit(guard)
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

// mostGarbage is how much garbage may pile up while the collector is off.
const mostGarbage = 1 << 30

// memoryGuard is the memory from which on the collector runs although it is off:
// what the process has and half of what the machine can give, up to mostGarbage,
// or the limit that is set already. Without it a loop that allocates would end the
// process. room is what it leaves.
func memoryGuard() (guard, room int64) {
	room = mostGarbage
	if free := memoryAvailable(); free >= 0 {
		room = min(room, free/2)
	}
	have := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(have)
	guard = min(debug.SetMemoryLimit(-1), int64(have[0].Value.Uint64())+room)
	return guard, room
}
