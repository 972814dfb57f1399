package counters

// source tells a count from the difference of two states of the process.
type source func(before, after state) float64

// state is what is known of the process at a time, beside its events.
type state struct {
	account
	moved int64 // migrations; only where it is needed
}

// instead are the events that the kernel tells without performance events: what
// of, and how.
var instead = map[string]struct {
	from string
	tell source
}{
	"task-clock": {"clock_gettime", func(a, b state) float64 { return float64(b.cpu - a.cpu) }},
	"cpu-clock":  {"clock_gettime", func(a, b state) float64 { return float64(b.cpu - a.cpu) }},
	"page-faults": {"getrusage", func(a, b state) float64 {
		return float64(b.minorFaults + b.majorFaults - a.minorFaults - a.majorFaults)
	}},
	"minor-faults":     {"getrusage", func(a, b state) float64 { return float64(b.minorFaults - a.minorFaults) }},
	"major-faults":     {"getrusage", func(a, b state) float64 { return float64(b.majorFaults - a.majorFaults) }},
	"context-switches": {"getrusage", func(a, b state) float64 { return float64(b.switches - a.switches) }},
	migrated:           {"/proc/self/task/*/sched", func(a, b state) float64 { return max(0, float64(b.moved-a.moved)) }},
}

// migrated is the event that takes a while to tell.
const migrated = "cpu-migrations"

// takeInstead finds another source for an event; false: there is none.
func (e *counted) takeInstead(sys system) bool {
	other, ok := instead[e.listed.Name]
	if !ok || e.listed.Name == migrated && sys.migrations() < 0 {
		return false
	}
	e.From, e.instead = other.from, other.tell
	return true
}

// moved is how often the threads have come to other CPUs, if an event needs it.
func (s *set) moved() int64 {
	for i := range s.events {
		if e := &s.events[i]; e.instead != nil && e.listed.Name == migrated {
			return s.sys.migrations()
		}
	}
	return 0
}
