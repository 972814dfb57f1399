package harness

import (
	"runtime"
	"time"
)

// lineMemory reads the resident memory at an interval together with the stacks
// of all goroutines, on a goroutine of its own from start to finish, and keeps
// the largest value for each place that was on a stack. Each reading stops the
// program for some ten microseconds.
type lineMemory struct {
	interval   time.Duration
	proc       *processMemory
	records    []runtime.StackRecord
	places     map[[32]uintptr]*placeMemory
	peak       int64
	stop, done chan struct{}
}

// placeMemory is what was read at one stack.
type placeMemory struct {
	rss  int64
	seen int
}

func newLineMemory(interval time.Duration) *lineMemory {
	l := &lineMemory{interval: interval, records: make([]runtime.StackRecord, 256), places: map[[32]uintptr]*placeMemory{}}
	l.proc, _ = openProcessMemory() // without it nothing is reported
	return l
}

func (l *lineMemory) start() {
	l.stop, l.done = make(chan struct{}), make(chan struct{})
	go l.run()
}

func (l *lineMemory) run() {
	defer close(l.done)
	ticker := time.NewTicker(l.interval)
	defer ticker.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-ticker.C:
			l.read()
		}
	}
}

// read takes one reading.
func (l *lineMemory) read() {
	rss := l.proc.rss()
	n, ok := runtime.GoroutineProfile(l.records)
	if !ok {
		l.records = make([]runtime.StackRecord, 2*n)
		return
	}
	l.peak = max(l.peak, rss)
	for _, r := range l.records[:n] {
		p := l.places[r.Stack0]
		if p == nil {
			p = &placeMemory{}
			l.places[r.Stack0] = p
		}
		p.rss = max(p.rss, rss)
		p.seen++
	}
}

func (l *lineMemory) finish() {
	close(l.stop)
	<-l.done
	l.proc.close()
}

// report is the largest value of each frame.
func (l *lineMemory) report(table *frameTable) []LineRSS {
	most := map[int]LineRSS{}
	for stack, p := range l.places {
		record := runtime.StackRecord{Stack0: stack}
		counted := map[int]bool{}
		for _, i := range table.of(record.Stack()) {
			if counted[i] {
				continue // of a recursion
			}
			counted[i] = true
			most[i] = LineRSS{Frame: i, RSS: max(most[i].RSS, p.rss), Seen: most[i].Seen + p.seen}
		}
	}
	var out []LineRSS
	for _, m := range most {
		if m.RSS > 0 {
			out = append(out, m)
		}
	}
	return out
}
