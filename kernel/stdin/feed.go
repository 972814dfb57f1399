package stdin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// Ask asks a user for a line, which comes without its end. An error means that
// there is no answer, now or later.
type Ask func(ctx context.Context, prompt string, password bool) (string, error)

// Input is a standard input of either kind.
type Input interface {
	// Theirs is the end that the program gets.
	Theirs() *os.File
	// Started closes the program's end in this process, once it was inherited.
	Started()
	// Feed asks for a line whenever the process or one of its descendants waits
	// for one, until ctx ends. When nobody answers, the program finds the end of
	// its input, as after End. It returns ErrBlind when it can't see who waits.
	Feed(ctx context.Context, pid int, ask Ask) error
	// Prompt asks for a line at once and writes it, as the answer to a question
	// that the program put in another way. Feed asks nothing meanwhile.
	Prompt(ctx context.Context, ask Ask, prompt string, password bool) error
	// Hint tells that the program printed the beginning of a line, as those do
	// that are about to read: Feed looks soon.
	Hint()
	// End makes whoever reads find the end of the input.
	End()
	// Close frees everything.
	Close()
}

// ErrBlind is the error of feeding a program that may not be looked at.
var ErrBlind = errors.New("the system doesn't show who waits for input")

const (
	shortPause = 10 * time.Millisecond
	longPause  = 250 * time.Millisecond
	// ageShare is the part of the time since the last answer that a pause takes.
	ageShare = 20
	// secondLook is waited before a program that waits is believed: its question
	// may be on its way to Prompt.
	secondLook = 5 * time.Millisecond
	// wakeTime is what a thread has to notice that its line was written. Within
	// it the same wait is not asked for again.
	wakeTime = 2 * time.Second
	// blindTime is how long looks are refused before that is taken for an answer:
	// a process that is about to end refuses them too.
	blindTime = time.Second
	// costShare bounds what looking costs: a pause is so many looks long.
	costShare = 100
)

// end is the kernel's end of an input.
type end interface {
	// name is what /proc calls the program's end.
	name() string
	// unread counts the bytes that wait to be read.
	unread() int
	// hidden reports whether the program turned off the echo.
	hidden() bool
	// write writes a text; it may wait for the program to read.
	write(ctx context.Context, text string) error
	End()
	// endFor is End for somebody who waits, as long as waits says so.
	endFor(waits func() bool)
}

// feeder asks for the lines of an input.
type feeder struct {
	end    end
	hinted chan struct{} // buffered
	asking sync.Mutex    // held from before a question until its answer is written
}

func newFeeder(e end) feeder { return feeder{end: e, hinted: make(chan struct{}, 1)} }

// Hint implements Input.
func (f *feeder) Hint() {
	select {
	case f.hinted <- struct{}{}:
	default:
	}
}

// Feed implements Input.
func (f *feeder) Feed(ctx context.Context, pid int, ask Ask) error {
	last := time.Now() // of the last answer
	var answered wait  // that it was for
	seen := last       // when the program could be looked at
	var cost time.Duration
	due := last.Add(shortPause)
	for {
		if !f.pause(ctx, due, costShare*cost) {
			return nil
		}
		began := time.Now()
		who, err := f.waiting(pid)
		cost = time.Since(began)
		if err == nil {
			seen = began
		} else if began.Sub(seen) > blindTime {
			f.end.End()
			return fmt.Errorf("%w: %w", ErrBlind, err)
		}
		if who != (wait{}) && (who != answered || time.Since(last) > wakeTime) {
			asked, err := f.answer(ctx, pid, who, ask)
			if err != nil || ctx.Err() != nil {
				if ctx.Err() == nil {
					f.endOf(pid, who)
				}
				return nil
			}
			if asked {
				last, answered = time.Now(), who
			}
		}
		due = time.Now().Add(max(min(time.Since(last)/ageShare, longPause), shortPause, costShare*cost))
	}
}

// endOf ends an input that somebody waits for.
func (f *feeder) endOf(pid int, who wait) {
	if who == unseenWait {
		f.end.End()
		return
	}
	f.end.endFor(func() bool {
		again, _, _ := waiting(pid, f.end.name())
		return again == who
	})
}

// Ended waits until nobody of a program waits any more for an input that has
// ended, but not for longer than a time.
func (f *feeder) Ended(pid int, atMost time.Duration) {
	for began := time.Now(); time.Since(began) < atMost; time.Sleep(time.Millisecond) {
		if who, _, _ := waiting(pid, f.end.name()); who == (wait{}) {
			return
		}
	}
}

// pause waits until a look is due, which is sooner after a hint. It returns false
// when ctx ends.
func (f *feeder) pause(ctx context.Context, due time.Time, least time.Duration) bool {
	soon := time.Now().Add(max(shortPause, least))
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-timer.C:
			return true
		case <-f.hinted:
			if soon.Before(due) {
				timer.Reset(time.Until(soon))
			}
		}
	}
}

// waiting finds who waits for a line.
func (f *feeder) waiting(pid int) (wait, error) {
	if f.end.unread() > 0 {
		return wait{}, nil
	}
	who, unseen, err := waiting(pid, f.end.name())
	if unseen && f.end.hidden() {
		// sudo may not be looked at, but it turns the echo off for a password.
		return unseenWait, nil
	}
	return who, err
}

// answer asks for the line that somebody waits for and writes it, unless the
// answer to another question came first.
func (f *feeder) answer(ctx context.Context, pid int, who wait, ask Ask) (asked bool, err error) {
	time.Sleep(secondLook)
	f.asking.Lock()
	defer f.asking.Unlock()
	if again, err := f.waiting(pid); err != nil || again != who {
		return false, nil // an error comes back with the next look
	}
	return true, f.put(ctx, ask, "", f.end.hidden())
}

// Prompt implements Input.
func (f *feeder) Prompt(ctx context.Context, ask Ask, prompt string, password bool) error {
	f.asking.Lock()
	defer f.asking.Unlock()
	return f.put(ctx, ask, prompt, password)
}

// put asks a question and writes its answer.
func (f *feeder) put(ctx context.Context, ask Ask, prompt string, password bool) error {
	line, err := ask(ctx, prompt, password)
	if err != nil {
		return err
	}
	return f.end.write(ctx, line+"\n")
}
