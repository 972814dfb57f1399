package profiling

import (
	"testing"

	"hpgo/magics/result"
	"hpgo/plots/recording/profiles"
)

func TestWaitingOf(t *testing.T) {
	lock := profiles.Frame{Func: "sync.(*Mutex).Lock", File: "/go/src/sync/mutex.go", Line: 46}
	stack := func(count, ns int64, frames ...profiles.Frame) profiles.Stack {
		return profiles.Stack{Frames: frames, Values: []int64{count, ns}}
	}
	f := profiles.Frame{Func: "main.f", File: "cell 2", Line: 3}
	got := waitingOf("block", profiles.Profile{Stacks: []profiles.Stack{
		stack(2, 3e9, lock, f, f, profiles.Frame{Func: "main.HpgoCell", File: "cell 3", Line: 1}),
		stack(1, 1e9, lock, f, profiles.Frame{Func: "main.g", File: "cell 2", Line: 9}),
		stack(1, 5e9, profiles.Frame{Func: "runtime.selectgo", File: "/go/src/runtime/select.go", Line: 9}, profiles.Frame{Func: "net/http.(*conn).serve", File: "/go/src/net/http/server.go", Line: 7}),
		stack(1, 1, profiles.Frame{Func: "runtime.x", File: "/go/src/runtime/x.go", Line: 1}),
	}}, 2)
	if got.Count != 5 || got.Seconds != 9.000000001 || len(got.Lines) != 3 {
		t.Fatalf("%+v", got)
	}
	place := func(f, w string) result.TracePlace { return result.TracePlace{Function: f, Where: w} }
	if got.Lines[0] != (result.WaitLine{TracePlace: place("http.(*conn).serve", "net/http/server.go:7"), Call: "runtime.selectgo", Count: 1, Seconds: 5}) ||
		got.Lines[1] != (result.WaitLine{TracePlace: place("f", "cell 2:3"), Call: "sync.(*Mutex).Lock", Count: 3, Seconds: 4}) {
		t.Errorf("%+v", got.Lines)
	}
	for _, fn := range got.Functions {
		if fn.Function == "f" && (fn.Seconds != 4 || fn.Count != 3) {
			t.Errorf("recursion counts once: %+v", fn)
		}
	}
}
