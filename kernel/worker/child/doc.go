// Package child is what runs inside a worker process: it takes calls from the
// kernel, loads the cells they name, runs them, and reports what they show,
// how they panic and when they are done.
//
// Main serves a live worker, whose cells share one world; the way in which
// code enters the process is behind Loader (package plugins has the one for Go
// plugins), and what stops a cell from outside is behind Trap (package trap).
// MainStatic serves a one-shot process that runs a linked-in entry and ends;
// started by hand, without a kernel, such a program is an ordinary one, so that
// perf, valgrind and a debugger can run it.
//
// # Rules of the room
//
// Whatever is linked here every cell must agree on, so the package imports the
// standard library, display, frame and guard only. Standard input, output and
// error belong to user code; the kernel talks over two more descriptors, which
// are closed in programs that user code starts.
//
// # Order
//
// Text goes straight to the pipes of stdout and stderr. A display event goes
// as a frame that says how many bytes were written to both before it (see
// frame.Progress), so the kernel can put it at its place: everything stands in
// the order in which a goroutine made it, and nothing waits. The default
// logger's lines take the same way, since with them stderr is mixed with
// stdout most often.
//
// # Goroutines
//
//   - serve reads requests; in a live worker it is the main goroutine, in a
//     one-shot process MainStatic starts it. It blocks on the request pipe.
//     When the kernel closes the pipe, or dies, it ends the process group.
//   - chase is started by an interrupt (worker.interrupt) for the call in
//     progress. It blocks in hunts, which last at most a tenth of a second, and
//     ends with the goroutine of the call; for a cell that was left behind it
//     looks every 20 ms whether that runs again.
//   - flush starts one for a cell that was left behind, which ends when display
//     has shown what the cell held back; that may be never.
//   - each call of a live worker runs on a goroutine of its own, started by
//     serve and recorded in worker.running; it ends with the cell. In a
//     one-shot process the call has the main goroutine.
//   - flight.ready starts one for a call that asks for a flight recorder
//     (flight.keepUp); it blocks on a timer and ends with the call.
//   - os.Exit starts one (worker.depart), for which the process waits a little.
//   - each Want is written by a goroutine of its own, started by serve (conn.want);
//     it ends when the frame is written.
//
// What a cell starts lives on until the process ends, unless an interrupt of that
// cell finds it running.
package child
