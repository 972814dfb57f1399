package recording

import (
	"strings"
	"time"

	"golang.org/x/exp/trace"
)

// State is what a goroutine is doing.
type State uint8

// The states of goroutines. From Channel on they are reasons to wait.
const (
	Running  State = iota
	Runnable       // it could run, but no processor is free
	Syscall        // in a system call
	Assist         // marking for the garbage collector, or waiting to, before it may allocate
	Channel        // sending or receiving
	Select         // a select statement
	Mutex          // sync.Mutex or sync.RWMutex
	Sync           // other parts of sync: WaitGroup, Cond
	Sleep          // time.Sleep
	IO             // network, pipes, terminals: what the runtime polls
	Blocked        // for another reason, or one that the trace doesn't tell
	states   = iota
)

var stateNames = [states]string{"running", "runnable", "syscall", "GC assist", "channel", "select", "mutex", "sync", "sleep", "I/O", "blocked"}

// String is the state's name as pictures show it.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// Waits reports whether a goroutine in this state waits for something else than
// a processor.
func (s State) Waits() bool { return s >= Channel }

// Breakdown is the time that a goroutine spent in each state.
type Breakdown [states]time.Duration

// Total is the time in all states: as long as the goroutine lived in the trace.
func (b Breakdown) Total() time.Duration {
	sum := time.Duration(0)
	for _, d := range b {
		sum += d
	}
	return sum
}

// Busy is the time in which the goroutine used a processor or the system.
func (b Breakdown) Busy() time.Duration { return b[Running] + b[Assist] + b[Syscall] }

// reasons are the words of the runtime (traceBlockReasonStrings in
// runtime/traceruntime.go, and of the formats before Go 1.22 in x/exp/trace)
// for why a goroutine waits. "sync" is told apart by the stack.
var reasons = map[string]State{
	"network":                      IO,
	"select":                       Select,
	"sync.(*Cond).Wait":            Sync,
	"chan send":                    Channel,
	"chan receive":                 Channel,
	"GC mark assist wait for work": Assist,
	"GC assist wait":               Assist,
	"sleep":                        Sleep,
	"preempted":                    Runnable,
	"wait until GC ends":           Blocked,
	"GC background sweeper wait":   Blocked,
	"system goroutine wait":        Blocked,
	"GC weak to strong wait":       Blocked,
	"forever":                      Blocked,
	"synctest":                     Sync,
	"wait for debug call":          Blocked,
	"chan receive (nil chan)":      Blocked,
	"unspecified":                  Blocked,
	"":                             Blocked,
	"sync.(*WaitGroup).Wait":       Sync,
	"sync.(*Mutex).Lock":           Mutex,
	"sync.(*RWMutex).Lock":         Mutex,
	"sync.(*RWMutex).RLock":        Mutex,
	"select (no cases)":            Blocked,
}

// waiting is the state of a goroutine that waits for the given reason, at the
// given stack.
func waiting(reason string, stack trace.Stack) State {
	s, known := reasons[reason]
	if known && s != Blocked {
		return s
	}
	if at := fromStack(stack); at != Blocked {
		return at
	}
	if reason == "sync" {
		return Sync
	}
	return Blocked
}

// frameStates are beginnings of functions in which goroutines wait.
var frameStates = []struct {
	prefix string
	state  State
}{
	{"internal/sync.(*Mutex).", Mutex}, {"sync.(*Mutex).", Mutex}, {"sync.(*RWMutex).", Mutex},
	{"sync.(*WaitGroup).", Sync}, {"sync.(*Cond).", Sync}, {"sync.(*Once).", Sync},
	{"time.Sleep", Sleep}, {"runtime.chanrecv", Channel}, {"runtime.chansend", Channel}, {"runtime.selectgo", Select},
	{"internal/poll.", IO}, {"runtime.gcAssistAlloc", Assist}, {"runtime.gcStart", Assist}, {"runtime.gcMarkDone", Assist},
}

// fromStack tells a wait by its innermost frames.
func fromStack(stack trace.Stack) State {
	if stack == trace.NoStack {
		return Blocked
	}
	depth := 0
	for f := range stack.Frames() {
		for _, w := range frameStates {
			if strings.HasPrefix(f.Func, w.prefix) {
				return w.state
			}
		}
		if depth++; depth == 8 {
			break
		}
	}
	return Blocked
}
