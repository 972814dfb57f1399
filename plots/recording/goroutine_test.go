package recording

import (
	"testing"

	"golang.org/x/exp/trace"
)

// stackOf is a stack as the trace of a session has it, innermost frame first.
func stackOf(frames ...trace.StackFrame) trace.Stack {
	for i := range frames {
		frames[i].PC = uint64(i + 1) // by which the stack tells frames apart
	}
	return trace.MakeStack(frames)
}

func TestNamesOfGoroutines(t *testing.T) {
	at := func(fn, file string) trace.StackFrame { return trace.StackFrame{Func: fn, File: file} }
	cell := func(fn string) trace.StackFrame { return at("hpgo/session."+fn, "cell 2") }
	group := at("sync.(*WaitGroup).Go.func1", "waitgroup.go")
	lock, serve, entry := at("sync.(*Mutex).Lock", "mutex.go"), at("hpgo/kernel/worker/child.(*worker).run", "run.go"), at("hpgo/session.HpgoCell", "cell 2")
	for name, tt := range map[string]struct {
		stacks []trace.Stack
		short  string
		system bool
	}{
		"plain":             {[]trace.Stack{stackOf(at("example.com/a/b.(*T).serve", "b.go"))}, "b.(*T).serve", false},
		"main":              {[]trace.Stack{stackOf(lock, at("main.main", "main.go"), at("runtime.main", "proc.go"))}, "main.main", false},
		"main without end":  {[]trace.Stack{stackOf(lock, at("main.main", "main.go"))}, "main.main", false},
		"runtime":           {[]trace.Stack{stackOf(at("runtime.bgsweep", "mgc.go"))}, "runtime.bgsweep", true},
		"trace":             {[]trace.Stack{stackOf(at("runtime/trace.Start.func1", "trace.go"))}, "trace.Start.func1", true},
		"unknown":           {nil, "", true},
		"the kernel's main": {[]trace.Stack{stackOf(lock, serve, at("main.main", "main.go"))}, "main.main", true},
		"the kernel":        {[]trace.Stack{stackOf(serve)}, "child.(*worker).run", true},
		"a cell":            {[]trace.Stack{stackOf(serve), stackOf(lock, cell("load"), entry, serve)}, "cell 2", false},
		"a cell's go":       {[]trace.Stack{stackOf(cell("HpgoCell.func1")), stackOf(lock, cell("load"), cell("HpgoCell.func1"))}, "load", false},
		"a literal": {[]trace.Stack{stackOf(cell("HpgoCell.func1")), stackOf(lock, cell("load"), cell("HpgoCell.func1")), stackOf(lock, cell("sort"), cell("HpgoCell.func1"))},
			"cell 2.func1", false},
		"a literal that waits":    {[]trace.Stack{stackOf(lock, cell("HpgoCell.func1"))}, "cell 2.func1", false},
		"a literal in a function": {[]trace.Stack{stackOf(lock, cell("load.func1.2"))}, "load.func1.2", false},
		"a wait group's": {[]trace.Stack{stackOf(group), stackOf(lock, cell("pipeline.func1"), group), stackOf(at("sync.(*WaitGroup).Done", "wg.go"), group)},
			"pipeline.func1", false},
		"a wait group's, never seen": {[]trace.Stack{stackOf(group), stackOf(at("sync.(*WaitGroup).Done", "wg.go"), group)},
			"sync.(*WaitGroup).Go.func1", false},
		"a wait group's, in what recovers": {[]trace.Stack{stackOf(group), stackOf(at("hpgo/kernel/worker/guard.Recover", "guard.go"), group)},
			"sync.(*WaitGroup).Go.func1", false},
		"the stack of others at first": {[]trace.Stack{trace.NoStack, stackOf(cell("load"))}, "load", false},
	} {
		r, g := newReader(viewNone), &goroutine{}
		for _, s := range tt.stacks {
			r.learnName(g, s)
			r.learnName(g, s)
		}
		if g.short != tt.short || g.system() != tt.system {
			t.Errorf("%s: %q, system %v; want %q, %v", name, g.short, g.system(), tt.short, tt.system)
		}
	}
}

func TestNamesByCreators(t *testing.T) {
	at := func(fn, file string) trace.StackFrame { return trace.StackFrame{Func: fn, File: file} }
	group, entry := at("sync.(*WaitGroup).Go", "waitgroup.go"), at("hpgo/session.HpgoCell", "cell 2")
	for name, tt := range map[string]struct {
		created trace.Stack
		seen    []trace.StackFrame
		short   string
	}{
		"a function's":      {stackOf(group, at("hpgo/session.load", "cell 1"), entry), nil, "load (WaitGroup.Go)"},
		"a cell's":          {stackOf(group, entry), nil, "cell 2 (WaitGroup.Go)"},
		"seen later":        {stackOf(group, entry), []trace.StackFrame{at("sync.(*Mutex).Lock", "mutex.go"), at("hpgo/session.load.func1", "cell 1")}, "load.func1"},
		"calling another":   {stackOf(group, entry), []trace.StackFrame{at("sync.(*Mutex).Lock", "mutex.go"), at("hpgo/session.pay", "cell 1"), at("hpgo/session.load.func1", "cell 1")}, "load.func1"},
		"before the trace":  {trace.NoStack, nil, "sync.(*WaitGroup).Go.func1"},
		"by a go statement": {stackOf(entry), nil, "sync.(*WaitGroup).Go.func1"},
	} {
		start := at("sync.(*WaitGroup).Go.func1", "waitgroup.go")
		r, g := newReader(viewNone), &goroutine{creator: creatorIn(tt.created)}
		r.learnName(g, stackOf(start))
		r.learnName(g, stackOf(at("sync.(*WaitGroup).Done", "wg.go"), start))
		if tt.seen != nil {
			r.learnName(g, stackOf(append(tt.seen, start)...))
		}
		if g.short != tt.short {
			t.Errorf("%s: %q, want %q", name, g.short, tt.short)
		}
	}
}

func TestReasonsToWait(t *testing.T) {
	at := func(fn string) trace.StackFrame { return trace.StackFrame{Func: fn} }
	for _, tt := range []struct {
		reason string
		frames []trace.StackFrame
		want   State
	}{
		{"chan receive", nil, Channel},
		{"sync", nil, Sync},
		{"sync", []trace.StackFrame{at("internal/sync.(*Mutex).lockSlow"), at("main.f")}, Mutex},
		{"sync", []trace.StackFrame{at("sync.runtime_SemacquireRWMutexR"), at("sync.(*RWMutex).RLock")}, Mutex},
		{"sync", []trace.StackFrame{at("sync.runtime_SemacquireWaitGroup"), at("sync.(*WaitGroup).Wait")}, Sync},
		{"network", nil, IO},
		{"", []trace.StackFrame{at("time.Sleep"), at("main.f")}, Sleep},
		{"", []trace.StackFrame{at("runtime.selectgo"), at("main.f")}, Select},
		{"", nil, Blocked},
		{"a reason of the future", nil, Blocked},
	} {
		stack := trace.NoStack
		if tt.frames != nil {
			stack = stackOf(tt.frames...)
		}
		if got := waiting(tt.reason, stack); got != tt.want {
			t.Errorf("%q at %v: %v, want %v", tt.reason, tt.frames, got, tt.want)
		}
	}
}

// What a cell's goroutine does after the session has stopped it is the session's.
func TestEndedBySession(t *testing.T) {
	at := func(fn string) trace.StackFrame { return trace.StackFrame{Func: fn, File: "x.go"} }
	slow := trace.StackFrame{Func: "hpgo/session.slow", File: "cell 1"}
	trap, fault := at("hpgo/kernel/worker/child/trap.(*Trap).stop"), at("runtime.sigpanic")
	for name, tt := range map[string]struct {
		stack trace.Stack
		ended bool
	}{
		"runs":           {stackOf(slow, trap), false},
		"waits":          {stackOf(at("runtime.gopark"), at("sync.(*Mutex).Lock"), slow), false},
		"stopped":        {stackOf(at("sync.(*Mutex).Lock"), trap, fault, slow), true},
		"its own defers": {stackOf(at("time.Sleep"), slow, at("runtime.gopanic"), fault, slow), false},
		"it faults":      {stackOf(at("runtime.gopanic"), fault, slow), false},
		"unknown":        {trace.NoStack, false},
	} {
		if got := endedBySession(tt.stack); got != tt.ended {
			t.Errorf("%s: %v", name, got)
		}
	}
}
