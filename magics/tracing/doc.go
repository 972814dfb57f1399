// Package tracing has the magics that show what goroutines do, and what keeps them:
// %trace (the execution trace of runtime/trace and its flight recorder), %block,
// %mutex, %goroutines, %race and %cpuplot.
//
// Traces come from magics/harness/tracer in the worker, by a file, and are read by
// plots/recording. What was limiting is said in sentences that are made of the
// figures (verdict.go); each names its share.
package tracing
