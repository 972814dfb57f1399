// Package jupyter is the wire between a Jupyter front end and a backend that
// runs cells: connection file, ZeroMQ, frames and signatures, typed message
// contents, the five channels, busy and idle, the abort queue. It knows nothing
// of Go cells; the Backend interface is all it sees of them. The protocol is
// the Jupyter messaging specification, version 5.5.
//
// Rules
//
//   - Nothing a peer sends ends the kernel. What can't be understood costs one
//     line in the log; where a request can be told from it, the reply says so.
//   - A reply goes out on the channel, and to the connection, that the request
//     came from. Its parent header is the request's header, byte for byte.
//   - Each request is framed by status busy and idle with that parent. While a
//     cell runs, requests other than execute_request are answered beside it; as
//     front ends show the last status they saw, a busy of the running cell
//     follows such an idle.
//   - What a cell puts out keeps its order. Consecutive text of one stream is
//     joined for a short time, never past anything else. All of it has been
//     handed to the sockets before the reply, the idle comes last.
//   - A front end that reads slowly slows the cell down; one that reads nothing
//     for half a minute is disconnected. Control and heartbeat wait for neither.
//
// Comm messages of the front end are handled in the order of their coming, also
// while a cell runs. What the kernel sends on a comm bears the comm message that
// is being handled as its parent, else the running cell, else the last request.
//
// Goroutines (the types that start them say the same)
//
//	channel   accept loop, one per channel: blocks on the listener, ended by close
//	peer      reader and writer, one pair per connection: block on the socket and
//	          on the outgoing queue; ended by close or by the peer's leaving
//	Kernel    execute loop (runs cells, one at a time), request loop (everything
//	          else from the shell channel), control loop, parent watch: block on
//	          their queues or a ticker, ended by Close, waited for by Wait
//
// The heartbeat is answered by its reader. Stream text waits on a timer of the
// cell's output, stopped by each flush.
package jupyter
