package tracing

import (
	"fmt"
	"slices"
	"strings"

	"hpgo/magics/quantity"
	"hpgo/magics/result"
)

// From what share on something is worth a sentence.
const (
	noteworthy = 0.10 // of goroutine time, or of the processors' busy time
	full       = 0.85 // of the processors' time: they are the limit
	idle       = 0.30 // of the processors' time: below, waiting is what took the time
	tooShort   = 1e-4 // s, in which there is nothing that limits: goroutines take some 10 μs to begin
)

// verdict says in sentences what was limiting. The first is about the processors;
// those that follow name what goroutines spent their time on beside running.
func verdict(r result.Trace) []string {
	out := []string{processorsBusy(r)}
	out = append(out, collectorPart(r)...)
	goroutine := 0.0 // time of all goroutines of the program
	runnable, syscalls := 0.0, 0.0
	for _, f := range r.Functions {
		if !f.System {
			goroutine += f.Times.Total()
			runnable += f.Times.Runnable
			syscalls += f.Times.Syscall
		}
	}
	if goroutine == 0 {
		return out
	}
	part := func(t float64) string { return quantity.Percent(t / goroutine) }
	if runnable >= noteworthy*goroutine {
		text := fmt.Sprintf("%s of goroutine time waits for a processor", part(runnable))
		if r.Latency.Count > 0 {
			text += fmt.Sprintf(": median %s, 99 %% within %s", quantity.Seconds(r.Latency.P50, 3), quantity.Seconds(r.Latency.P99, 3))
		}
		if r.Busy() < full {
			text += "; the processors weren't all busy meanwhile, so the goroutines came in bursts or the machine gave no time"
		}
		out = append(out, text+".")
	}
	if syscalls >= noteworthy*goroutine && !slices.ContainsFunc(r.Waits, func(w result.TraceWait) bool { return w.State == "syscall" && w.Seconds >= noteworthy*goroutine }) {
		out = append(out, fmt.Sprintf("%s of goroutine time is spent in system calls.", part(syscalls)))
	}
	return append(out, waitSentences(r, goroutine)...)
}

// processorsBusy is the sentence about the processors.
func processorsBusy(r result.Trace) string {
	busy := r.Busy()
	text := fmt.Sprintf("%s busy %s of the time", processors(r.GOMAXPROCS, "was", "were"), quantity.Percent(busy))
	if s := r.InSyscalls(); s >= noteworthy {
		text += fmt.Sprintf(" and left with system calls %s", quantity.Percent(s))
	}
	if r.GOMAXPROCS > 1 && len(r.Parallel) > r.GOMAXPROCS {
		text += fmt.Sprintf(", all at once %s", quantity.Percent(r.Parallel[r.GOMAXPROCS]))
	}
	name, of, most, all := busiest(r)
	switch {
	case r.Seconds < tooShort:
		return text + "."
	case busy >= full && r.GOMAXPROCS == 1:
		return text + ": it is the limit."
	case busy >= full:
		return text + ": they are the limit."
	case r.GOMAXPROCS > 1 && most > 0.9*all && most > 0.7*r.Seconds && of > 1:
		return text + fmt.Sprintf(": one of %d goroutines of %s did %s of the running, so the work is divided unevenly.", of, name, quantity.Percent(most/all))
	case r.GOMAXPROCS > 1 && most > 0.9*all && most > 0.7*r.Seconds:
		return text + fmt.Sprintf(": one goroutine, %s, did %s of the running, and more processors wouldn't help.", name, quantity.Percent(most/all))
	case busy+r.InSyscalls() < idle:
		return text + ": the program mostly waited."
	}
	return text + "."
}

// busiest is the goroutine that ran longest: the function that it began with, of how
// many it is one, its time, and that of all of the program.
func busiest(r result.Trace) (name string, of int, most, all float64) {
	several := map[string]int{}
	for _, f := range r.Functions {
		if f.System {
			continue
		}
		all += f.Times.Running
		if f.Goroutines > 1 {
			several[f.Name] = f.Goroutines
		} else if f.Times.Running > most {
			name, of, most = f.Name, 1, f.Times.Running
		}
	}
	for _, g := range r.Goroutines {
		if n := several[g.Name]; n > 0 && g.Times.Running > most {
			name, of, most = g.Name, n, g.Times.Running
		}
	}
	return name, of, most, all
}

// processors is a number of Ps with a verb that fits it.
func processors(n int, one, several string) string {
	if n == 1 {
		return strings.TrimSpace("1 P " + one)
	}
	return strings.TrimSpace(fmt.Sprintf("%d Ps %s", n, several))
}

// collectorPart is the sentence about the collector, if it took much.
func collectorPart(r result.Trace) []string {
	busy := 0.0
	for _, p := range r.Processors {
		busy += p.Busy
	}
	cost := r.GC.Workers + r.GC.Assist
	if cost == 0 || cost < noteworthy*busy || r.Busy() < noteworthy {
		return nil
	}
	text := fmt.Sprintf("The garbage collector took %s of the processors' busy time in %s", quantity.Percent(share(cost, busy)), quantity.Counted(r.GC.Cycles, "cycle"))
	if r.GC.Assist > 0 {
		text += fmt.Sprintf(", %s of it by goroutines that had to help before they could allocate", quantity.Percent(r.GC.Assist/cost))
	}
	return []string{text + "."}
}

// mostWaits is how many places of waiting get a sentence.
const mostWaits = 2

// waitSentences are about the places at which goroutines wait most. To wait for others
// to end is no cause.
func waitSentences(r result.Trace, goroutine float64) []string {
	var out []string
	for _, w := range r.Waits {
		if len(out) == mostWaits || w.Seconds < noteworthy*goroutine {
			break
		}
		if strings.Contains(w.Call, "WaitGroup") {
			continue
		}
		text := fmt.Sprintf("%s of goroutine time %s %s", quantity.Percent(w.Seconds/goroutine), waitsFor(w), at(w.TracePlace))
		switch {
		case w.By == (result.TracePlace{}):
		case w.State == "mutex":
			text += ", mostly until " + at(w.By) + " unlocks it"
		default:
			text += ", mostly until " + at(w.By) + " goes on"
		}
		if w.Open == w.Count {
			text += ", and had not ended with the trace"
		}
		out = append(out, text+".")
	}
	return out
}

// waitsFor says what goroutines do at a wait.
func waitsFor(w result.TraceWait) string {
	switch {
	case w.State == "mutex":
		return "waits for a mutex at"
	case w.State == "sleep":
		return "is spent asleep at"
	case w.State == "I/O":
		return "waits for input or output at"
	case w.State == "channel" && strings.Contains(w.Call, "chansend"):
		return "waits to send on a channel at"
	case w.State == "channel":
		return "waits to receive from a channel at"
	case w.State == "syscall":
		return "is spent in system calls at"
	case w.State == "select":
		return "waits in a select at"
	}
	return "is spent waiting at"
}
