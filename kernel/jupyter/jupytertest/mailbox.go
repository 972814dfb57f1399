package jupytertest

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// mailbox keeps a channel's messages until someone takes them.
type mailbox struct {
	mu       sync.Mutex
	messages []Message
	closed   bool
	changed  chan struct{} // closed and replaced at each change
}

func newMailbox() *mailbox { return &mailbox{changed: make(chan struct{})} }

func (b *mailbox) put(m Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, m)
	b.notify()
}

func (b *mailbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.notify()
}

func (b *mailbox) notify() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// take removes the first message that matches, waiting for it if need be. Each
// message is looked at once per call.
func (b *mailbox) take(match func(Message) bool, patience time.Duration) (Message, error) {
	deadline := time.After(patience)
	seen := 0
	for {
		b.mu.Lock()
		for ; seen < len(b.messages); seen++ {
			if m := b.messages[seen]; match(m) {
				if seen == 0 {
					b.messages = b.messages[1:]
				} else {
					b.messages = append(b.messages[:seen], b.messages[seen+1:]...)
				}
				b.mu.Unlock()
				return m, nil
			}
		}
		closed, changed, waiting := b.closed, b.changed, len(b.messages)
		b.mu.Unlock()
		if closed {
			return Message{}, errors.New("the kernel closed the connection")
		}
		select {
		case <-changed:
		case <-deadline:
			return Message{}, fmt.Errorf("nothing after %v (%d other messages are there)", patience, waiting)
		}
	}
}
