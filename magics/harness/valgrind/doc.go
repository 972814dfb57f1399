// Package valgrind lets a program tell callgrind, valgrind's profiler, when measured
// code runs: instructions are simulated and counted then, and only then. Magics link it
// into programs that valgrind runs; elsewhere it does nothing but run the code.
//
// What is counted is what all threads do meanwhile. Caches are empty when a run begins;
// the predictor of jumps, which callgrind never clears, knows what the runs before have
// taught it. The runtime's monitor is put to sleep before (rest), so
// that code which allocates little is counted to the same instruction each time.
package valgrind
