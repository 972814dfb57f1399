package repl

import "sync"

// Busy tells what the session does beside the cells, such as compiling the
// standard library on first use. Its methods may be called from any goroutine.
type Busy struct {
	mu      sync.Mutex
	text    string
	changed func(text string) // called with the lock; nil: nobody looks
}

// Say is told by the session; the empty text means that it is over.
func (b *Busy) Say(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text = text
	if b.changed != nil {
		b.changed(text)
	}
}

// now is what was said last.
func (b *Busy) now() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text
}

// watch calls changed at each change, and now if there is something to say.
// With nil nobody is called any more.
func (b *Busy) watch(changed func(text string)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changed = changed
	if changed != nil && b.text != "" {
		changed(b.text)
	}
}
