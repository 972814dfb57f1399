// Package gonb is the kernel's side of gonbui, the library with which programs
// written for the kernel gonb show things, ask for input and talk to the page.
// Such programs run unchanged: they find two named pipes in their environment,
// write gob messages into one and read the answers from the other.
//
// A Program is the connection to one process, with pipes and coders of its own:
// two writers would corrupt the one stream that gob makes of all messages. The
// process must have the variables of Env from its start, since gonbui reads
// them when its package is initialised. What outlives processes stands in a
// Page: the identifiers that were shown, the connection to the browser.
//
// Messages are handled one after the other, in order, each after what the
// process had printed when it came. A message is published before the next is
// read, so the answer to gonbui.Sync is the proof that everything before it was
// published. Drain waits for the same without gonbui.Sync, so that nothing of a
// cell is lost at its end.
//
// # Goroutines
//
//   - read (started by Open) blocks in reading the program's pipe, in the
//     Kernel, and for at most pageWait in the Page. Close ends it.
//   - write (started by Open) blocks in writing to a program that doesn't read.
//     Close ends it.
//
// The module github.com/janpfeifer/gonb must not be loaded into a process that
// also registers these types under their names by itself; here its own package
// protocol does that, and in workers its own gonbui.
package gonb
