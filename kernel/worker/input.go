package worker

import (
	"context"
	"errors"
	"sync"
	"time"

	"hpgo/kernel/stdin"
	"hpgo/kernel/worker/frame"
)

// Asker is a Sink whose user can be asked for a line of input. Input is called
// from other goroutines than the pump, one call at a time, while output may come.
type Asker interface {
	Sink
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// ErrNoInput is the error of asking where nobody answers.
var ErrNoInput = errors.New("input is not available here: nobody can be asked")

const (
	// interruptGrace is what the worker has to set its trap for an interrupted
	// cell before the cell comes back from its question: it must not come to do
	// something with an answer that it hasn't got.
	interruptGrace = 100 * time.Millisecond
	// noticeTime is what a goroutine that reads has to notice that its input has
	// ended, before the input may be opened again for another cell.
	noticeTime = 200 * time.Millisecond
)

const blindNote = "note: this system doesn't let hpgo see which program waits for input (see kernel.yama.ptrace_scope), " +
	"so whoever reads standard input finds its end; display.Input asks all the same\n"

// conversation is a call's share of the user. Its goroutines end before the call
// returns.
type conversation struct {
	w     *Worker
	asker Asker              // nil: nobody can be asked
	ctx   context.Context    // of questions: ends with the call or its interrupt
	end   context.CancelFunc // ends ctx
	over  chan struct{}      // closed when the call has ended
	open  sync.WaitGroup     // feed, and one goroutine for each open question
}

// converse opens the worker's standard input for a call. A sink that is no Asker
// gives its cell an input that has ended.
func (w *Worker) converse(ctx context.Context, sink Sink) *conversation {
	c := &conversation{w: w, over: make(chan struct{})}
	c.ctx, c.end = context.WithCancel(ctx)
	c.asker, _ = sink.(Asker)
	w.mu.Lock()
	w.talk = c
	w.mu.Unlock()
	if c.asker == nil {
		w.proc.stdin.End()
		return c
	}
	if err := w.proc.stdin.Open(); err != nil {
		w.opts.Log.Warn("no standard input for the cell", "err", err)
		return c
	}
	c.open.Go(func() { c.feed(ctx) })
	return c
}

// close ends the conversation. Lines that were typed and not read are thrown
// away, so that they are no surprise for another cell.
func (c *conversation) close() {
	w := c.w
	w.mu.Lock()
	w.talk = nil
	w.mu.Unlock()
	close(c.over)
	c.end()
	c.open.Wait()
	w.proc.stdin.Discard()
}

// feed gives a cell the lines that it, or what it started, waits for. After an
// interrupt the input ends: who waits for a line can't notice anything else.
func (c *conversation) feed(ctx context.Context) {
	in := c.w.proc.stdin
	if err := in.Feed(c.ctx, c.w.PID(), c.askForStdin); errors.Is(err, stdin.ErrBlind) {
		c.w.opts.Log.Warn("standard input can't be fed", "err", err)
		c.w.post(func(p *pump) { p.sayBlind() })
	}
	select {
	case <-c.over:
	case <-ctx.Done():
	}
	if ctx.Err() == nil {
		return
	}
	c.letStop()
	in.End()
	// A cell that was left where it waits must not take the lines of another.
	in.Ended(c.w.PID(), noticeTime)
}

// letStop gives an interrupted cell time to stop.
func (c *conversation) letStop() {
	select {
	case <-c.over:
	case <-time.After(interruptGrace):
	}
}

// sayBlind tells a user once why nothing is asked.
func (p *pump) sayBlind() {
	if !p.blind {
		p.blind = true
		p.text.write(stderr, []byte(blindNote))
	}
}

// askForStdin asks when everything that the cell wrote before is shown.
func (c *conversation) askForStdin(ctx context.Context, prompt string, password bool) (string, error) {
	shown := make(chan struct{})
	posted := c.w.post(func(p *pump) {
		defer close(shown)
		if !p.over {
			p.settle()
			p.text.flush()
		}
	})
	if !posted {
		return "", ErrNoInput
	}
	select {
	case <-shown:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return c.ask(ctx, prompt, password)
}

// ask asks the user, one question at a time.
func (c *conversation) ask(ctx context.Context, prompt string, password bool) (string, error) {
	select {
	case c.w.asking <- struct{}{}:
		defer func() { <-c.w.asking }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return c.asker.Input(ctx, prompt, password)
}

// Prompt asks the user of the running cell for a line and writes it to the
// worker's standard input, for a program that puts its questions in a way of its
// own and reads the answers there. A read that waits meanwhile asks for nothing.
func (w *Worker) Prompt(prompt string, password bool) error {
	w.mu.Lock()
	c := w.talk
	if c == nil || c.asker == nil {
		w.mu.Unlock()
		return ErrNoInput
	}
	c.open.Add(1) // close waits for it, so it must be told with the lock
	w.mu.Unlock()
	defer c.open.Done()
	return w.proc.stdin.Prompt(c.ctx, c.askForStdin, prompt, password)
}

// question hands a question of display.Input to the user, on a goroutine of its
// own, and the answer back.
func (p *pump) question(payload []byte) error {
	var q frame.Question
	if err := frame.Unmarshal(payload, &q); err != nil {
		return err
	}
	p.text.flush()
	w := p.w
	w.mu.Lock()
	c := w.talk
	asks := c != nil && c.asker != nil
	if asks {
		c.open.Add(1)
	}
	w.mu.Unlock()
	if !asks {
		return p.send(frame.KindAnswer, frame.Answer{ID: q.ID, Why: frame.Nobody})
	}
	go func() {
		defer c.open.Done()
		a := frame.Answer{ID: q.ID}
		text, err := c.ask(c.ctx, q.Prompt, q.Password)
		switch {
		case err == nil:
			a.Text = text
		case c.ctx.Err() != nil:
			c.letStop()
			a.Why = frame.BrokenOff
		default:
			a.Why = frame.Nobody
		}
		w.post(func(p *pump) {
			if !p.over {
				_ = p.send(frame.KindAnswer, a) // a failure means that exited comes next
			}
		})
	}()
	return nil
}
