// Package recording reads what a program recorded of its own run, a pprof
// profile or an execution trace, into the figures of package plots. It runs in
// the kernel's process: cells don't link the readers, but hand over the bytes
// in a plots.RecordingData.
//
// Resolve turns such data into the figure to draw; Flame and Trace do the same
// for a profile or a trace at hand, and ReadTrace adds up what each goroutine of
// a trace did. ReadStudy finds out more in one reading: where goroutines wait and who
// ends that, and a picture with processors, goroutines and regions. WriteChrome writes
// a trace as other viewers open it. Whatever is wrong with a recording is an error that says so; no
// input makes these functions panic. The package starts no goroutines and has no
// state but tables.
package recording
