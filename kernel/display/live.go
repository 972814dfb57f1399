package display

import (
	"slices"
	"sync"
	"time"
)

const (
	// liveEvery is the standard time between two frames: a front end needs
	// some tens of milliseconds for a picture.
	liveEvery = 100 * time.Millisecond
	// flushPatience bounds how long Flush waits until a frame is due.
	flushPatience = liveEvery
)

// Live is one output that follows a value which changes faster than anybody can
// look at it:
//
//	live := display.NewLive()
//	for range steps {
//		diffuse(field)
//		live.Show(plots.Heat{Z: field})
//	}
//	live.Done()
//
// The first Show makes the output, later ones replace what it shows, at most
// ten times a second; between these a Show costs little more than reading the
// clock. The last frame is always shown: by Done, or else at the end of the
// cell, also of one that panicked or was interrupted.
//
// A frame becomes text and pictures when it is shown. One that is held back and
// shares memory with what the program goes on to change, as field above, is shown
// as it is by then. Whoever goes on changing it in a goroutine that outlives the
// cell should show copies.
//
// An output belongs to the cell that shows it: after Done, and after the end of
// the cell, Show makes a new one. The zero value is ready for use, by any number
// of goroutines. In an ordinary program only what Done finds is printed.
type Live struct {
	// Every is the least time between two frames: 100 ms if 0; below 0 every
	// frame is shown. Frames that take longer than this to format or to send
	// come less often, so that at least half of the time is the program's.
	Every time.Duration

	wire *wire            // nil: the process's
	now  func() time.Time // nil: time.Now

	showing sync.Mutex // held while a frame is formatted and sent; mu is taken inside

	mu   sync.Mutex
	id   string // of the output; empty: there is none
	cell int64  // in which it is
	due  time.Time
	held any  // the newest value, when it was not shown
	has  bool // held is one
}

// NewLive returns a Live that shows ten frames a second.
func NewLive() *Live { return &Live{} }

// Show shows v, now or later: see Live.
func (l *Live) Show(v any) {
	connected := l.out().connected()
	l.mu.Lock()
	now := l.clock()
	early := l.Every >= 0 && now.Before(l.due) && l.cell == l.out().ended.Load()
	if !connected || early || !l.showing.TryLock() {
		first := !l.has
		l.held, l.has = v, true
		l.mu.Unlock()
		if first && connected {
			l.out().hold(l)
		}
		return
	}
	defer l.showing.Unlock()
	l.held, l.has = nil, false
	l.mu.Unlock()
	l.emit(v, now)
}

// Flush shows the frame that is held back, if there is one.
func (l *Live) Flush() {
	l.showing.Lock()
	defer l.showing.Unlock()
	l.emitHeld()
}

// Done shows the frame that is held back and ends the output: another Show
// makes a new one.
func (l *Live) Done() {
	l.showing.Lock()
	defer l.showing.Unlock()
	l.emitHeld()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.id, l.due = "", time.Time{}
}

// String makes a Live readable when it is a cell's last expression.
func (l *Live) String() string {
	if l == nil {
		return "<nil>"
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.id == "" {
		return "live display"
	}
	return "live display " + l.id
}

// emitHeld shows the frame that is held back; its caller holds showing, as that
// of emit does.
func (l *Live) emitHeld() {
	l.mu.Lock()
	v, has, now := l.held, l.has, l.clock()
	l.held, l.has = nil, false
	l.mu.Unlock()
	if has {
		l.emit(v, now)
	}
}

// emit formats and sends a frame, and finds when the next one is due.
func (l *Live) emit(v any, start time.Time) {
	l.mu.Lock()
	id, cell, op := l.id, l.out().ended.Load(), OpUpdate
	if id == "" || l.cell != cell {
		id, op = l.out().newID(), OpDisplay
		l.id, l.cell = id, cell
	}
	l.mu.Unlock()
	l.out().emit(Event{Op: op, ID: id, Bundle: Format(v)})

	l.mu.Lock()
	defer l.mu.Unlock()
	end := l.clock()
	l.due = end.Add(max(l.every(), end.Sub(start)))
}

func (l *Live) every() time.Duration {
	if l.Every == 0 {
		return liveEvery
	}
	return max(l.Every, 0)
}

func (l *Live) out() *wire {
	if l.wire == nil {
		return &process
	}
	return l.wire
}

func (l *Live) clock() time.Time {
	if l.now == nil {
		return time.Now()
	}
	return l.now()
}

// Flush does what AtCellEnd was asked for, shows the frames that Lives hold back
// and sends the values that widgets do. The worker calls it when a cell has ended.
// It waits a little until frames
// are due: a goroutine that still calls Show then shows its own, and Flush need
// not read what it is changing.
func Flush() {
	cellEnd.run()
	process.flush(time.Sleep)
	processComms.flush()
}

// EndCell does what AtCellEnd was asked for. The worker calls it when the process ends
// within a cell; nothing is shown any more then.
func EndCell() { cellEnd.run() }

// hold remembers a Live that holds a frame back.
func (w *wire) hold(l *Live) {
	w.holding.Lock()
	defer w.holding.Unlock()
	if !slices.Contains(w.lives, l) {
		w.lives = append(w.lives, l)
	}
}

// flush shows what is held back and ends the outputs of the cell.
func (w *wire) flush(sleep func(time.Duration)) {
	w.showHeld(sleep)
	w.ended.Add(1)
}

// showHeld shows what is held back, in the order in which it came to be.
func (w *wire) showHeld(sleep func(time.Duration)) {
	w.holding.Lock()
	lives := w.lives
	w.lives = nil
	w.holding.Unlock()
	for _, l := range lives {
		l.mu.Lock()
		has, wait := l.has, l.due.Sub(l.clock())
		l.mu.Unlock()
		if has && wait > 0 {
			sleep(min(wait, flushPatience))
		}
		l.Flush()
	}
}
