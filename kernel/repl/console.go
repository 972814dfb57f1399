package repl

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"hpgo/kernel/cell"
	"hpgo/kernel/history"
	"hpgo/kernel/session"
)

// console is a conversation on a terminal.
type console struct {
	Config
	reader
	term   *terminal
	paper  paper
	colour bool
	count  int // of the last cell

	mu        sync.Mutex
	interrupt func() // of the running cell; nil: none runs
}

// reader asks for inputs: an editor, or line by line where the cursor can't move.
type reader interface {
	read(ctx context.Context, q question) (string, error)
}

// Interactive runs the first cells, up to one that fails, and talks to the user
// at a terminal until they leave. It returns nil when they did, or when the terminal is gone, and an
// error of ctx.
func Interactive(ctx context.Context, c Config, first []string) error {
	out, ok := c.Out.(*os.File)
	if !ok {
		return errors.New("the output is no terminal")
	}
	t, err := openTerminal(c.In, out)
	if err != nil {
		return err
	}
	k := &console{Config: c, term: t, colour: wantsColour(out)}
	defer t.close()
	k.paper = paper{out: c.Out, err: c.Err, colour: k.colour, together: IsTerminal(c.Err)}
	k.reader = &dumbReader{term: t}
	if !isDumb() {
		k.paper.size = t.size
		k.reader = newEditor(t, out, !k.colour, k.suspend)
	}
	defer k.watchSignals()()
	fmt.Fprintln(out, c.Banner)
	for _, code := range first {
		ok, err := k.runCell(ctx, code)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
	}
	return k.talk(ctx)
}

// talk reads cells and runs them.
func (k *console) talk(ctx context.Context) error {
	for {
		code, err := k.ask(ctx)
		switch {
		case errors.Is(err, errCleared):
			continue
		case errors.Is(err, errLeave):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return nil // the terminal is gone, and with it whom to tell
		case strings.TrimSpace(code) == "":
			continue
		case leaves(code):
			return nil
		}
		if _, err := k.runCell(ctx, code); err != nil {
			return err
		}
	}
}

// ask reads the next cell.
func (k *console) ask(ctx context.Context) (string, error) {
	_, dumb := k.reader.(*dumbReader)
	prompt := fmt.Sprintf("In [%d]: ", k.count+1)
	more := strings.Repeat(" ", max(0, len(prompt)-5)) + "...: "
	q := question{prompt: prompt, more: more, status: cell.IsComplete, colour: highlight, past: k.past}
	q.help(k.Session)
	if k.Busy != nil {
		q.note = k.Busy.now
		k.Busy.watch(func(string) { k.term.wake() })
		defer k.Busy.watch(nil)
	}
	if k.Aside != nil {
		k.Aside.above(newSheet(k.paper), func() {})
		if !dumb {
			s := newSheet(k.paper.asRaw())
			q.aside = func(clear func()) { k.Aside.above(s, clear) }
			k.Aside.watch(k.term.wake)
			defer k.Aside.watch(nil)
		}
	}
	if err := k.mode(true); err != nil {
		return "", err
	}
	defer func() { _ = k.mode(false) }() // a terminal that is gone has no mode
	return k.read(ctx, q)
}

// mode makes the terminal give single keys, or lines.
func (k *console) mode(raw bool) error {
	if _, dumb := k.reader.(*dumbReader); dumb || !raw {
		return k.term.restore()
	}
	return k.term.raw()
}

// past is the history, oldest first, each input where it was last.
func (k *console) past() []string {
	if k.History == nil {
		return nil
	}
	var inputs []string
	for _, e := range k.History.Find(history.Query{Access: "search", Unique: true}) {
		inputs = append(inputs, strings.TrimRight(e.Input, "\n"))
	}
	return slices.Compact(inputs)
}

// runCell runs a cell, which ^C interrupts, and reports whether it succeeded.
// The error says that the conversation is over.
func (k *console) runCell(ctx context.Context, code string) (ok bool, err error) {
	sink := &consoleSink{sheet: newSheet(k.paper), console: k}
	var pressed atomic.Bool
	k.setInterrupt(func() {
		sink.echoed("^C")
		pressed.Store(true)
		k.Session.Interrupt()
	})
	if k.Busy != nil {
		k.Busy.watch(sink.busy)
	}
	r := k.run(ctx, code, sink)
	k.setInterrupt(nil)
	if k.Busy != nil {
		k.Busy.watch(nil)
	}
	sink.busy("")
	if pressed.Load() {
		k.term.pending = nil // keys that were meant for what was interrupted
	}
	err = report(sink.sheet, r, numbered)
	k.count = r.Count
	k.remember(r, code)
	if err := errors.Join(err, ctx.Err()); err != nil {
		return false, err
	}
	fmt.Fprintln(k.Out)
	return r.Err == nil, nil
}

// remember puts an input into the history.
func (k *console) remember(r session.Result, code string) {
	if k.History == nil {
		return
	}
	var output *string
	if r.Value != nil {
		text := bundleText(*r.Value)
		output = &text
	}
	if err := k.History.Add(r.Count, code, output); err != nil {
		fmt.Fprintf(k.Err, "hpgo repl: %v\n", err)
	}
}

func (k *console) setInterrupt(interrupt func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.interrupt = interrupt
}

// watchSignals handles what the terminal sends until the returned function is
// called: ^C while a cell runs or where keys don't come singly, a new size, and
// the return from the background.
func (k *console) watchSignals() (end func()) {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGWINCH, syscall.SIGCONT)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for sig := range signals {
			if sig == os.Interrupt {
				k.interrupted()
			} else {
				k.term.wake()
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
		<-done
	}
}

// interrupted passes ^C on to the running cell, or to who reads lines.
func (k *console) interrupted() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.interrupt != nil {
		k.interrupt()
		return
	}
	if d, ok := k.reader.(*dumbReader); ok {
		d.clear()
	}
}

// suspend stops the process as the terminal's ^Z would, and takes the terminal
// back when it goes on.
func (k *console) suspend() error {
	if err := k.term.restore(); err != nil {
		return err
	}
	if err := syscall.Kill(0, syscall.SIGTSTP); err != nil {
		return fmt.Errorf("stop the process: %w", err)
	}
	return k.term.raw()
}
