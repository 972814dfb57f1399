// Package tracer has the runtime of the process that it is linked into record what
// goroutines do (runtime/trace), for the magics of the trace. They link it into cells,
// so it stays on the standard library.
//
// A Trace records measured code into a file, which the kernel reads: traces are too
// large to travel as outputs. Above a limit of size the recording is ended, and the
// code goes on. Marks in the trace (MarkCategory) say where the measured code begins
// and ends, since the trace itself begins earlier.
//
// Goroutines lists all goroutines before and after code; Spanned tells a kernel that
// watches the process from outside when code begins and ends.
//
// # Goroutines
//
// A Trace with a limit starts one (Trace.guard), which waits for the limit or the end
// of the Trace. runtime/trace has one of its own, which writes; it ends with the
// recording.
package tracer
