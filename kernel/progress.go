package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"sync"
	"time"

	"hpgo/kernel/notebook"
)

// progress shows how far a run is: on a terminal one line that changes in
// place, elsewhere a line for each cell that ended, and one now and then for a
// cell that takes long, so that a log doesn't fill with what a bar counts.
//
// Goroutine: on a terminal newProgress starts one, which brings the time of the
// running cell up to date; it blocks on its ticker and ends with close.
type progress struct {
	w    io.Writer
	name string
	live bool

	mu      sync.Mutex
	busy    string // what the line says, less the time
	since   time.Time
	dirty   bool      // the line holds something
	written time.Time // when a line was, where there is no terminal
	closing sync.Once
	end     chan struct{}
	ended   sync.WaitGroup
}

const (
	// redraw is how often the time of a running cell moves on.
	redraw = 100 * time.Millisecond
	// silence is the shortest time between a line and a note without a terminal.
	silence = 5 * time.Second
)

func newProgress(w io.Writer, name string) *progress {
	p := &progress{w: w, name: name, live: isTerminal(w), written: time.Now(), end: make(chan struct{})}
	if p.live {
		p.ended.Go(p.tick)
	}
	return p
}

func (p *progress) tick() {
	t := time.NewTicker(redraw)
	defer t.Stop()
	for {
		select {
		case <-p.end:
			return
		case <-t.C:
			p.mu.Lock()
			if p.busy != "" {
				p.draw(p.busy + "  " + seconds(time.Since(p.since)))
			}
			p.mu.Unlock()
		}
	}
}

// draw replaces the line. Called with the lock.
func (p *progress) draw(text string) {
	fmt.Fprintf(p.w, "\r\x1b[K%s  %s", p.name, text)
	p.dirty = true
}

// clear empties the line. Called with the lock.
func (p *progress) clear() {
	if p.dirty {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.dirty = false
	}
}

// cell is told by the runner.
func (p *progress) cell(c notebook.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := fmt.Sprintf("cell %d/%d", c.Cell, c.Of)
	if !c.Done {
		if p.busy, p.since = text, time.Now(); p.live {
			p.draw(text)
		}
		return
	}
	p.busy = ""
	switch {
	case c.Skipped:
		text += "  skipped"
	case c.Err != nil:
		text += "  " + seconds(c.Elapsed) + "  " + c.Err.Name
	default:
		text += "  " + seconds(c.Elapsed)
	}
	switch {
	case !p.live:
		p.line(text)
	case c.Err != nil:
		p.draw(text)
		fmt.Fprintln(p.w)
		p.dirty = false
	default:
		p.draw(text)
	}
}

// note is told by the session what takes long; the empty text ends it.
func (p *progress) note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case text == "":
	case p.live:
		p.busy, p.since = text, time.Now()
		p.draw(text)
	case time.Since(p.written) >= silence:
		p.line(text)
	}
}

// line writes one where there is no terminal. Called with the lock.
func (p *progress) line(text string) {
	fmt.Fprintln(p.w, text)
	p.written = time.Now()
}

// close ends the display; what is printed afterwards starts on a clean line.
func (p *progress) close() {
	p.closing.Do(func() {
		close(p.end)
		p.ended.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.clear()
	})
}

// seconds writes a duration as progress lines have it.
func seconds(d time.Duration) string {
	if d >= time.Minute {
		return d.Round(time.Second).String()
	}
	return fmt.Sprintf("%.2fs", d.Seconds())
}

// isTerminal reports whether a stream is a character device. The null device
// is one too, where it makes no difference.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

var colourSequence = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// plainText removes the colours of a traceback.
func plainText(s string) string { return colourSequence.ReplaceAllString(s, "") }
