package worker

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
)

// countGoroutines counts those that may run code of this package.
func countGoroutines() int { return runtime.NumGoroutine() }

// fakeKernel starts a worker, says its number and that of a program which a
// cell started there, and waits to be killed.
func fakeKernel() {
	w, err := Start(context.Background(), Options{Exe: os.Getenv("HPGO_TEST_WORKER")})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r := &record{}
	_, err = w.Call(context.Background(), Call{Object: os.Getenv("HPGO_TEST_CELL"), Symbol: "Cell", Args: []string{"cell", "grandchild"}}, r)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(w.PID(), r)
	time.Sleep(time.Hour)
}

// fakeWorker is the test binary as a worker that misbehaves.
func fakeWorker(kind string) {
	if kind == "kernel" {
		fakeKernel()
	}
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
		time.Sleep(time.Hour)
	case "version":
		out.Write([]byte{'h', 'p', frame.Version + 1, byte(frame.KindHello)})
	case "text":
		fmt.Fprint(out, "Usage: something else\n")
	case "toolong":
		hello()
		b, _ := frame.Encode(frame.KindDisplay, nil)
		binary.BigEndian.PutUint32(b[4:], frame.MaxPayload+1)
		out.Write(b)
	case "badjson":
		hello()
		b, _ := frame.Encode(frame.KindDisplay, struct{}{})
		b[len(b)-1] = ']'
		out.Write(b)
	case "unknown":
		hello()
		b, _ := frame.Encode(99, nil)
		out.Write(b)
	case "twohellos":
		hello()
		hello()
	case "comms":
		hello()
		for _, c := range []display.Comm{
			{Op: "open", ID: "a", Target: "t"}, {Op: "open", ID: "b", Target: "t"}, {Op: "msg", ID: "b", Buffers: [][]byte{{0, 255}}}, {Op: "close", ID: "a"},
		} {
			b, _ := frame.Encode(frame.KindCommOut, c)
			out.Write(b)
		}
		var in frame.Decoder // ends when the page says something
		buf := make([]byte, 1<<10)
		for request := os.NewFile(frame.RequestFD, "request"); ; {
			n, _ := request.Read(buf)
			in.Feed(buf[:n])
			for f, ok, _ := in.Next(); ok; f, ok, _ = in.Next() {
				if f.Kind == frame.KindCommIn {
					os.Exit(0)
				}
			}
		}
	case "done":
		hello()
		b, _ := frame.Encode(frame.KindDone, frame.Done{Cell: 5})
		out.Write(b)
	}
	// Not select{}: the runtime would call it a deadlock.
	time.Sleep(time.Hour)
}
