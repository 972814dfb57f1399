package session

import (
	"context"
	"strings"
	"sync"
	"time"

	"hpgo/kernel/display"
)

const (
	// holdLine is how long the beginning of a line waits for its rest, or for
	// somebody who reads the answer to it. Front ends join text for as long.
	holdLine = 60 * time.Millisecond
	// longestPrompt is the most bytes that are held.
	longestPrompt = 1000
)

// promptSink finds the prompts of programs that print them and read the answer,
// as fmt.Print("Name? ") and fmt.Scan do: the front end should show such a text
// beside its box, once. So the beginning of a line is held a little; when the
// question comes meanwhile, it is the question's prompt.
//
// Goroutines: a timer calls flush when the rest of a line doesn't come. All
// methods take the lock, so that calls of the face never overlap.
type promptSink struct {
	face Asker
	hold time.Duration // holdLine

	mu    sync.Mutex
	name  string // of the stream that the text is for
	text  string // held; empty: nothing
	timer *time.Timer
}

var _ Asker = (*promptSink)(nil)

// Stream implements Sink.
func (p *promptSink) Stream(name, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if name != p.name {
		p.flush()
	}
	text, p.name, p.text = p.text+text, name, ""
	if rest := text[strings.LastIndexByte(text, '\n')+1:]; rest != "" && len(rest) <= longestPrompt && !strings.ContainsAny(rest, "\r\x1b\b") {
		text, p.text = text[:len(text)-len(rest)], rest
		if p.timer == nil {
			p.timer = time.AfterFunc(p.hold, p.Flush)
		} else {
			p.timer.Reset(p.hold)
		}
	}
	if text != "" {
		p.face.Stream(name, text)
	}
}

// Flush shows the text that is held.
func (p *promptSink) Flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flush()
}

// flush is called with the lock.
func (p *promptSink) flush() {
	if p.timer != nil {
		p.timer.Stop()
	}
	if p.text != "" {
		p.face.Stream(p.name, p.text)
		p.text = ""
	}
}

// Display implements Sink.
func (p *promptSink) Display(e display.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flush()
	p.face.Display(e)
}

// Input implements Asker. A text that was not answered is output after all.
func (p *promptSink) Input(ctx context.Context, prompt string, password bool) (string, error) {
	p.mu.Lock()
	name, held := p.name, ""
	if prompt == "" {
		prompt, held, p.text = p.text, p.text, ""
	}
	p.flush()
	p.mu.Unlock()
	line, err := p.face.Input(ctx, prompt, password)
	if err != nil && held != "" {
		p.mu.Lock()
		p.face.Stream(name, held)
		p.mu.Unlock()
	}
	return line, err
}
