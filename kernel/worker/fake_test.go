package worker

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"hpgo/kernel/worker/frame"
)

// fakeWorker is the test binary as a worker that misbehaves.
func fakeWorker(kind string) {
	out := os.NewFile(frame.EventFD, "event")
	hello := func() {
		b, _ := frame.Encode(frame.KindHello, frame.Hello{Version: frame.Version, PID: os.Getpid(), Go: runtime.Version()})
		out.Write(b)
	}
	switch kind {
	case "exits":
		fmt.Fprintln(os.Stderr, "cannot start: missing something")
		os.Exit(7)
	case "killed":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "silent":
		select {}
	case "version":
		out.Write([]byte{'h', 'p', frame.Version + 1, byte(frame.KindHello), 0, 0, 0, 2, '{', '}'})
	case "text":
		fmt.Fprint(out, "Usage: something else\n")
	case "toolong":
		hello()
		b := []byte{'h', 'p', frame.Version, byte(frame.KindDisplay), 0, 0, 0, 0}
		binary.BigEndian.PutUint32(b[4:], frame.MaxPayload+1)
		out.Write(b)
	case "badjson":
		hello()
		out.Write([]byte{'h', 'p', frame.Version, byte(frame.KindDisplay), 0, 0, 0, 2, '{', ']'})
	case "unknown":
		hello()
		out.Write([]byte{'h', 'p', frame.Version, 99, 0, 0, 0, 0})
	case "twohellos":
		hello()
		hello()
	case "done":
		hello()
		b, _ := frame.Encode(frame.KindDone, frame.Done{Cell: 5})
		out.Write(b)
	}
	select {}
}
