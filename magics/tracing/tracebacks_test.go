package tracing

import (
	"fmt"
	"strings"
	"testing"

	"hpgo/magics/result"
)

const someGoroutines = `goroutine 1 [running]:
hpgo/kernel/worker/child.(*worker).run(0xc0000, {0x1, 0x2})
	/src/kernel/worker/child/call.go:64 +0x1d
main.main()
	hpgo_generated.go:1 +0x1d

goroutine 7 [chan receive, 5 minutes, locked to thread]:
hpgo/session.waits(...)
	cell 1:3 +0x1e
hpgo/session.leak.func1({0x0, 0x1})
	cell 1:9
created by hpgo/session.leak in goroutine 1
	cell 1:8 +0x5f

goroutine 8 [chan send (leaked)]:
hpgo/session.waits(...)
	cell 1:3 +0x1e
created by hpgo/session.leak in goroutine 1
	cell 1:8 +0x5f

goroutine 9 [IO wait]:
internal/poll.(*FD).Read(0x0)
	/usr/local/go/src/internal/poll/fd_unix.go:165 +0x1
net.(*netFD).Read(0x0)
	/usr/local/go/src/net/fd_posix.go:68 +0x2
created by net/http.(*Server).Serve in goroutine 7
	/usr/local/go/src/net/http/server.go:3464 +0x3

goroutine 10 [syscall]:
os/signal.signal_recv()
	/usr/local/go/src/runtime/sigqueue.go:152 +0x29
created by os/signal.Notify.func1.1 in goroutine 1
	/usr/local/go/src/os/signal/signal.go:152 +0x1f

goroutine 11 [select (no cases)]:
garbage
`

func TestReadTracebacks(t *testing.T) {
	all := readTracebacks(someGoroutines)
	if len(all) != 6 {
		t.Fatalf("%d goroutines", len(all))
	}
	if g := all[1]; g.id != 7 || g.parent != 1 || g.state != "chan receive" || g.minutes != 5 || len(g.frames) != 2 || g.frames[1] != (call{"hpgo/session.leak.func1", "cell 1", 9}) || g.starter.line != 8 {
		t.Errorf("%+v", g)
	}
	own, others := ofProgram(all)
	var ids []uint64
	var verdicts []string
	for _, g := range own {
		ids, verdicts = append(ids, g.id), append(verdicts, g.verdict())
	}
	if fmt.Sprint(ids) != "[7 8 9]" || len(others) != 3 || strings.Join(verdicts, ", ") != "may wait for ever, leaked, goes on" || all[5].verdict() != "waits for ever" {
		t.Errorf("own %v, %q, %d others", ids, verdicts, len(others))
	}
	groups := groupsOf(own)
	if len(groups) != 3 || groups[0].Minutes != 5 || at(groups[0].At) != "waits (cell 1:3)" || at(groups[0].Started) != "leak (cell 1:8)" {
		t.Errorf("%+v", groups)
	}
}

const someCoroutine = `goroutine 1 [running]:
hpgo/kernel/worker/child.(*worker).run(0xc0000, {0x1, 0x2})
	/src/kernel/worker/child/call.go:64 +0x1d

goroutine 7 [coroutine]:
iter.Pull[...].func2(0x0)
	/usr/local/go/src/iter/iter.go:294 +0x1e
slices.Values[...].func1(0x1)
	/usr/local/go/src/slices/iter.go:31
created by iter.Pull[...] in goroutine 1
	/usr/local/go/src/iter/iter.go:271 +0x5f
`

// A coroutine that was started by a statement is its own, although none of its lines
// is of a cell; it goes on only when somebody asks it to.
func TestReadCoroutine(t *testing.T) {
	own, others := ofProgram(readTracebacks(someCoroutine))
	if len(own) != 1 || len(others) != 1 || own[0].id != 7 || own[0].verdict() != "may wait for ever" {
		t.Errorf("own %+v, others %+v", own, others)
	}
}

const someRaces = `==================
WARNING: DATA RACE
Read at 0x00c000012345 by goroutine 9:
  main.add()
      cell 1:3 +0x5b
  main.HpgoCell.func1()
      cell 2:3 +0x32

Previous write at 0x00c000012345 by main goroutine:
  sync/atomic.AddInt64()
      /usr/local/go/src/runtime/race_amd64.s:1 +0x1
  main.add()
      cell 1:4 +0x73
  hpgo/kernel/worker/child.callWhile()
      /src/kernel/worker/child/call.go:71 +0x35

Goroutine 9 (running) created at:
  sync.(*WaitGroup).Go()
      /usr/local/go/src/sync/waitgroup.go:238 +0x72
  main.HpgoCell()
      cell 2:2 +0x72
==================
==================
WARNING: DATA RACE
Atomic write at 0x00c000012345 by goroutine 9:
  main.add()
      cell 1:4 +0x5b

Previous write at 0x00c000012345 by goroutine 10:
  main.add()
      cell 1:3 +0x73

Goroutine 9 (running) created at:
  sync.(*WaitGroup).Go()
      /usr/local/go/src/sync/waitgroup.go:238 +0x72
==================
WARNING: DATA RACE
cut off
`

func TestReadRaces(t *testing.T) {
	races, seen := readRaces(someRaces)
	if seen != 2 || len(races) != 1 || races[0].Seen != 2 {
		t.Fatalf("%d seen, %+v", seen, races)
	}
	a, b := races[0].Access, races[0].Previous
	if a.Op != "read" || a.Goroutine != "goroutine 9" || at(a.At) != "add (cell 1:3)" || a.Started != (result.TracePlace{Function: "cell 2", Where: "cell 2:2"}) || runner(a) != "goroutine 9, cell 2.func1" {
		t.Errorf("%+v", a)
	}
	if b.Op != "write" || b.Goroutine != "main goroutine" || at(b.At) != "add (cell 1:4)" || b.Started != (result.TracePlace{}) || len(b.Frames) != 2 {
		t.Errorf("%+v", b)
	}
}

func FuzzTexts(f *testing.F) {
	f.Add(someGoroutines)
	f.Add(someRaces)
	f.Fuzz(func(t *testing.T, text string) {
		own, others := ofProgram(readTracebacks(text))
		groupsOf(append(own, others...))
		readRaces(text)
	})
}
