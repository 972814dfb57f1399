// Package sampler looks at the process that it is linked into many times a
// second, and counts where the process was: a sampling profiler for code that is
// measured as it is, without counters in it. Magics link it into cells, so it
// stays on the standard library.
//
// # Sources
//
// Best first, as far as the machine allows:
//
//   - perf: the kernel's software event cpu-clock (perf_event_open) on every
//     thread, with the call chain. Go keeps frame pointers, so the kernel can
//     follow them. It looks after equal amounts of CPU time, 4,000 times a second
//     of it, and what the process does in the kernel counts for its caller.
//   - SIGPROF: what runtime/pprof uses. Its timers are the kernel's ticks, 250 a
//     second on many machines, whatever rate one asks for. Its stacks are there at
//     the end only: a process that is killed leaves none.
//   - goroutines: with Options.Wall, the stacks of all goroutines, waiting or not.
//
// Samples says which one it was and what the better ones were refused for. The
// number of samples is never multiplied by a period that was asked for: CPU time
// is that of getrusage over the span, and each stack has its share of it.
//
// # Plain runs
//
// To look costs something: on the Julia set 7 % of the time at 4 kHz and 17 % at
// 10 kHz. So Loop pauses the sampling for every other batch of runs, and the stacks
// share what those take, by getrusage or the clock. Shares can still be off where
// looking costs one line more than another; Run.Overhead says how much there is of
// it. The sum is used, not a median of batches: what comes now and then, such as a
// collection, has its part in it.
//
// # Goroutines
//
// Start starts one, which reads what the kernel has noted (perf.read) or looks at
// the goroutines (watch.run); it blocks on a timer and ends in Stop. It is left
// out of the samples, and its CPU time out of the total. For SIGPROF
// runtime/pprof starts its own, which StopCPUProfile ends.
package sampler
