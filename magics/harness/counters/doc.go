// Package counters counts what the machine does while measured code runs: cycles,
// instructions, cache misses, page faults, by the kernel's performance events. Magics
// link it into cells, so it stays on the standard library.
//
// # What is counted
//
// Each thread of the process has one event for each thing that is counted, and the
// threads that these start inherit it: goroutines move between threads, and the
// collector's workers are part of what the code costs. The events count only while
// the measured code runs. A CPU has fewer counters than there are events: the kernel
// lets them take turns, and a count is scaled by the time for which it ran (Value).
//
// # What the machine refuses
//
// Hardware events need a PMU, which virtual machines often lack: Event.Refused says
// what the kernel says. Where it insists on leaving the kernel out, hardware events
// count the program alone and have perf's suffix :u. Software events don't do that,
// since a context switch happens in the kernel: what performance events don't tell
// of the whole, getrusage and /proc do (Event.From).
package counters
