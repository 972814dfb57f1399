// Package simulated counts instructions, cache misses and mispredicted jumps where the
// CPU's own counters can't be read: valgrind's callgrind runs an ordinary program of
// the session on a model of a CPU. It knows the command (Tool), the caches of the
// machine, which the model gets (Geometry), and the files that callgrind writes
// (Profile). The program says itself when the measured code runs: package
// magics/harness/valgrind.
//
// # What the figures are
//
// Counts of a model: each instruction is counted, exactly; caches and predictor are
// simple ones, which know nothing of prefetching or of speculation. There is no time
// in it, so there are no cycles; Cost.Estimate is named for what it is. What a function
// executes itself is the same in each run, as far as the program is; what all of the
// program executes moves a little with the runtime's scheduling.
package simulated
