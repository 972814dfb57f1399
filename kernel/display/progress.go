package display

import (
	"fmt"
	"iter"
	"strings"
	"sync"
	"time"
)

// progressEvery is the least time between two updates of a bar.
const progressEvery = 100 * time.Millisecond

// Progress is a bar that moves in place:
//
//	p := display.NewProgress("rows", 10_000)
//	for range rows { ...; p.Add(1) }
//	p.Done()
//
// Its methods may be called from any goroutine. Updates are throttled, so that
// an Add in a tight loop costs little more than reading the clock. A bar that
// is neither Done nor Erased stays where it was.
type Progress struct {
	mu       sync.Mutex
	wire     *wire
	now      func() time.Time
	id       string
	label    string
	total    int
	n        int
	started  time.Time
	last     time.Time
	finished bool
}

// NewProgress shows a bar; a total of 0 or less counts without an end.
func NewProgress(label string, total int) *Progress {
	return newProgress(&process, time.Now, label, total)
}

func newProgress(w *wire, now func() time.Time, label string, total int) *Progress {
	start := now()
	p := &Progress{wire: w, now: now, id: w.newID(), label: label, total: total, started: start, last: start}
	p.send(OpDisplay, start)
	return p
}

// Track counts from 0 to total-1 and shows how far it is:
//
//	for i := range display.Track("warming up", 1000) { ... }
//
// The bar is erased when the loop ends.
func Track(label string, total int) iter.Seq[int] {
	return func(yield func(int) bool) {
		p := NewProgress(label, total)
		defer p.Erase()
		for i := range total {
			if !yield(i) {
				return
			}
			p.Add(1)
		}
	}
}

// Add moves the bar on by n.
func (p *Progress) Add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n += n
	p.moved()
}

// Set moves the bar to n.
func (p *Progress) Set(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n = n
	p.moved()
}

// moved sends an update unless the last one was just now.
func (p *Progress) moved() {
	if p.finished {
		return
	}
	if now := p.now(); now.Sub(p.last) >= progressEvery {
		p.last = now
		p.send(OpUpdate, now)
	}
}

// Done shows the final count and time; later calls do nothing.
func (p *Progress) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.finished {
		p.finished = true
		p.send(OpUpdate, p.now())
	}
}

// Erase empties the bar's output, so that the saved notebook keeps no trace.
func (p *Progress) Erase() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.finished {
		return
	}
	p.finished = true
	if p.wire.connected() {
		p.wire.emit(Event{Op: OpUpdate, ID: p.id, Bundle: Bundle{Data: map[string]any{mimeText: "", mimeHTML: ""}}})
	}
}

// send shows the bar as it is. Without a notebook nothing can move in place,
// so only the finished bar is printed.
func (p *Progress) send(op Op, now time.Time) {
	if !p.finished && !p.wire.connected() {
		return
	}
	text := p.text(now.Sub(p.started))
	html := `<div class="hpgo-progress" role="status">`
	if p.total > 0 {
		html += fmt.Sprintf(`<progress value="%d" max="%d" aria-label="%s"></progress> `,
			p.clamped(), p.total, escapeHTML(validUTF8(p.label)))
	}
	html += escapeHTML(validUTF8(p.words(now.Sub(p.started)))) + "</div>"
	p.wire.emit(Event{Op: op, ID: p.id, Bundle: Bundle{Data: map[string]any{mimeText: text, mimeHTML: html}}})
}

// text draws the bar with characters.
func (p *Progress) text(elapsed time.Duration) string {
	if p.total <= 0 {
		return validUTF8(p.words(elapsed))
	}
	const width = 24
	full := p.clamped() * width / p.total
	return strings.Repeat("█", full) + strings.Repeat("░", width-full) + " " + validUTF8(p.words(elapsed))
}

// words says label, count and time, and the time that is left while it runs.
func (p *Progress) words(elapsed time.Duration) string {
	label := p.label
	if label != "" {
		label += " "
	}
	if p.total <= 0 {
		return fmt.Sprintf("%s%s in %s", label, group(p.n), rounded(elapsed))
	}
	s := fmt.Sprintf("%s%d%% %s/%s in %s", label, int(float64(p.clamped())/float64(p.total)*100),
		group(p.n), group(p.total), rounded(elapsed))
	if p.n > 0 && p.n < p.total && !p.finished {
		rest := time.Duration(float64(elapsed) / float64(p.n) * float64(p.total-p.n))
		s += fmt.Sprintf(", %s left", rounded(rest))
	}
	return s
}

// clamped is the count as far as the bar can show it.
func (p *Progress) clamped() int { return min(max(p.n, 0), p.total) }

// rounded drops digits that nobody reads off a bar.
func rounded(d time.Duration) time.Duration {
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Second)
}
