package child

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"

	"hpgo/kernel/worker/frame"
)

// pace reads how the runtime runs the process.
func (w *worker) pace() frame.Pace {
	have := []metrics.Sample{{Name: "/gc/gogc:percent"}, {Name: "/gc/gomemlimit:bytes"}}
	metrics.Read(have)
	p := frame.Pace{Percent: -1, Limit: math.MaxInt64, Procs: runtime.GOMAXPROCS(0), UsualLimit: w.limit, UsualProcs: w.procs}
	if n := have[0].Value.Uint64(); n <= math.MaxInt32 { // off is the largest number there is
		p.Percent = int(n)
	}
	if n := have[1].Value.Uint64(); n <= math.MaxInt64 {
		p.Limit = int64(n)
	}
	return p
}

// tune changes it.
func (w *worker) tune(t frame.Tune) {
	if t.Percent != nil {
		debug.SetGCPercent(*t.Percent)
	}
	if t.Limit != nil {
		limit := *t.Limit
		if limit == 0 {
			limit = w.limit
		}
		debug.SetMemoryLimit(limit)
	}
	switch {
	case t.Procs == nil:
	case *t.Procs == 0:
		runtime.SetDefaultGOMAXPROCS()
		w.procs = runtime.GOMAXPROCS(0) // the CPUs that may be used have perhaps changed
	default:
		runtime.GOMAXPROCS(*t.Procs)
	}
}

// usualProcs is GOMAXPROCS at the start of the process where nothing asks for it.
func usualProcs() int {
	if os.Getenv("GOMAXPROCS") != "" {
		return runtime.NumCPU()
	}
	return runtime.GOMAXPROCS(0)
}
