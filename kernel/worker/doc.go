// Package worker runs the processes in which cells live: it starts a worker,
// calls cells in it, carries their output in order, and says why a worker
// died. The other side of the wire is package child.
//
//	w, err := worker.Start(ctx, worker.Options{Exe: exe})
//	reply, err := w.Call(ctx, worker.Call{Cell: 1, Object: "cell1.so", Symbol: "Cell"}, sink)
//	...
//	w.Close()
//
// Run does the same with a one-shot program whose entry is linked in.
//
// # Errors
//
// A cell that panics is an ordinary Reply with Panic set; the worker and its
// variables live on. A cell that can't be loaded is a *LoadError; the worker
// lives on. Everything else is a *Died: the process is gone, with all that was
// in it, and the error says how it went: exit status, signal, memory limit,
// fatal runtime error, or our own doing.
//
// # Order
//
// The worker writes text straight into two pipes and sends displays as frames,
// each of which says how many bytes of both pipes stand before it (see
// frame.Progress). The pump reads text no further than what was there before it
// looked for frames, and delivers a frame after the bytes that it names. So text
// and displays of one goroutine come in the order it made them. Between stdout
// and stderr the order is that of arrival, except for lines of the default
// logger, which the worker sends as frames too. The answer to a call is such a
// frame, so nothing of a cell comes after its reply.
//
// # Goroutines of a Worker
//
//   - pump (started by Start) owns the pipes and calls all sinks, so that their
//     calls never overlap. It blocks in poll(2), and in sinks: a slow sink slows
//     the cell down, nothing is lost. It ends when the process has ended.
//   - reap (started by Start) blocks in waitid(2) until the process ends, then
//     kills what is left of its group and tells the pump.
//   - feed (started by Call for a sink that is an Asker) looks for who waits for
//     standard input and blocks on the user's answers; question (started by the
//     pump for each display.Input) blocks on one answer. Both end with the call
//     or its interrupt, and Call waits for them.
//   - watch (started by Start) samples the worker's memory on a timer and kills
//     it at the limit. It ends with the pump.
//
// Close ends them and waits for them. No method may be called from a sink
// except Kill, Alive, PID and SetBackground.
//
// The room uses Linux's /proc, process groups and eventfd.
package worker
