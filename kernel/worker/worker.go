package worker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"hpgo/kernel/worker/frame"
)

// helloTimeout bounds the time a worker may take to say hello when the
// context has no deadline. It covers a busy machine; a worker needs 10 ms.
const helloTimeout = 30 * time.Second

// Worker is a running worker process. Its methods may be called from any
// goroutine, except from sinks (see the package's documentation).
type Worker struct {
	opts   Options
	proc   *process
	wake   int              // eventfd that the pump polls
	hello  chan frame.Hello // buffered; gets at most one
	turn   chan struct{}    // holds a token while a call is in progress
	busy   atomic.Bool      // for watch
	kick   chan struct{}    // wakes watch when a call begins
	asking chan struct{}    // holds a token while the user is asked

	mu      sync.Mutex
	posted  []func(*pump) // work for the pump
	stopped bool          // the pump takes no more work
	cause   *Died         // why we killed it
	talk    *conversation // of the call in progress

	dead   chan struct{} // closed when the pump and watch have ended
	died   *Died         // valid once dead is closed
	static bool          // it runs one call and ends
	traps  bool          // it can stop a call
}

// Start starts a worker and waits until it is ready. The context bounds the
// start only.
func Start(ctx context.Context, o Options) (*Worker, error) {
	o, err := o.withDefaults()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	oomBefore := oomKills()
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("start worker: make eventfd: %w", err)
	}
	proc, err := spawn(o)
	if err != nil {
		unix.Close(wake)
		return nil, err
	}
	w := &Worker{
		opts: o, proc: proc, wake: wake,
		hello: make(chan frame.Hello, 1), turn: make(chan struct{}, 1), kick: make(chan struct{}, 1),
		dead: make(chan struct{}), asking: make(chan struct{}, 1),
	}
	o.Log.Debug("worker started", "pid", w.PID(), "exe", o.Exe)
	w.run(oomBefore)
	if err := w.awaitHello(ctx); err != nil {
		return nil, err
	}
	return w, nil
}

// run starts the goroutines.
func (w *Worker) run(oomBefore int64) {
	p := newPump(w, oomBefore)
	pumped := make(chan struct{})
	go func() { // reap
		status := w.proc.wait()
		w.post(func(p *pump) { p.exited(status) })
	}()
	go func() { // pump
		defer close(pumped)
		p.loop()
	}()
	go func() { // watch
		w.watch(pumped)
		close(w.dead)
	}()
	w.post(func(p *pump) {
		p.send(frame.KindConfig, frame.Config{Version: frame.Version, MemoryLimit: max(0, w.opts.MemoryLimit)})
	})
}

// awaitHello waits for the worker's first message; without it the worker is
// ended.
func (w *Worker) awaitHello(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, helloTimeout)
	defer cancel()
	select {
	case h := <-w.hello:
		w.static, w.traps = h.Static, h.Traps
		if h.NoTrap != "" {
			w.opts.Log.Warn("interrupts end the worker", "why", h.NoTrap)
		}
		return nil
	case <-w.dead:
		return fmt.Errorf("start worker: %w", w.died)
	case <-ctx.Done():
		message := "interrupted while it started"
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			message = "it was not ready in time"
		}
		w.end(&Died{Reason: Interrupted, Message: message, cause: ctx.Err()})
		<-w.dead
		return fmt.Errorf("start worker: %w", w.died)
	}
}

// Call runs a cell and returns when it has ended and the sink has all its
// output. One call runs at a time; others wait for their turn. When ctx ends
// while the cell runs, the cell is interrupted.
func (w *Worker) Call(ctx context.Context, c Call, sink Sink) (Reply, error) {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-w.dead:
		return Reply{}, w.died
	case <-ctx.Done():
		return Reply{}, fmt.Errorf("call cell %d: %w", c.Cell, ctx.Err())
	}
	if err := ctx.Err(); err != nil {
		return Reply{}, fmt.Errorf("call cell %d: %w", c.Cell, err)
	}
	talk := w.converse(ctx, sink)
	defer talk.close()
	now := &call{Call: c, sink: sink, result: make(chan result, 1)}
	w.busy.Store(true)
	defer w.busy.Store(false)
	select {
	case w.kick <- struct{}{}:
	default:
	}
	if !w.post(func(p *pump) { p.begin(now) }) {
		<-w.dead
		return Reply{}, w.died
	}
	select {
	case r := <-now.result:
		return r.reply, r.err
	case <-ctx.Done():
		r := w.interrupt(ctx, now)
		return r.reply, r.err
	}
}

// Kill ends the worker at once; a call in progress returns a *Died.
func (w *Worker) Kill() { w.end(&Died{Reason: Killed, Message: "it was killed on request"}) }

// Close ends the worker and waits until its process, descriptors and
// goroutines are gone. It may be called again.
func (w *Worker) Close() error {
	w.end(&Died{Reason: Closed, Message: "it was closed"})
	<-w.dead
	return nil
}

// Alive says whether the worker can take a call.
func (w *Worker) Alive() bool {
	select {
	case <-w.dead:
		return false
	default:
		return true
	}
}

// Dead is closed when the worker is gone; Err then says why.
func (w *Worker) Dead() <-chan struct{} { return w.dead }

// Err returns the *Died of a worker that is gone, nil while it lives.
func (w *Worker) Err() error {
	select {
	case <-w.dead:
		return w.died
	default:
		return nil
	}
}

// PID returns the process number.
func (w *Worker) PID() int { return w.proc.cmd.Process.Pid }

// SetBackground changes Options.Background.
func (w *Worker) SetBackground(s Sink) { w.post(func(p *pump) { p.setBackground(s) }) }

// Do runs f on the goroutine that calls the sinks, after all text that was
// written so far, and returns when f has. It is for those who learn by other ways
// what the worker does and want to show that in its place. false: the worker is
// gone, f was not run and no sink is called any more.
func (w *Worker) Do(f func()) bool {
	done := make(chan struct{})
	if !w.post(func(p *pump) { p.settle(); p.text.flush(); f(); close(done) }) {
		return false
	}
	<-done
	return true
}

// end kills the process for the reason given, unless another was first.
func (w *Worker) end(cause *Died) {
	w.mu.Lock()
	if w.cause == nil && !w.stopped {
		w.cause = cause
		w.opts.Log.Debug("worker ended", "pid", w.PID(), "reason", cause.Reason, "message", cause.Message)
	}
	w.mu.Unlock()
	w.proc.kill()
}

// post gives the pump work to do; false: it has ended.
func (w *Worker) post(work func(*pump)) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return false
	}
	w.posted = append(w.posted, work)
	one := [8]byte{7: 1}
	// Fails only when the counter is full, and then the pump wakes anyway.
	_, _ = unix.Write(w.wake, one[:])
	return true
}

// IsDied returns the *Died in err, nil when there is none.
func IsDied(err error) *Died {
	var d *Died
	if errors.As(err, &d) {
		return d
	}
	return nil
}
