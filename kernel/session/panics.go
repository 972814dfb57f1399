package session

import (
	"fmt"
	"strings"

	"hpgo/kernel/worker"
)

// mostPanics is how many places of a cell show the panics of goroutines.
const mostPanics = 10

// panicPlace is a place where goroutines panicked: code in a loop, such as what
// is timed, may start a million of them.
type panicPlace struct {
	frames string
	name   string // for people
	more   int    // panics that weren't shown
	told   int    // as many of them were told of
}

// Panic implements worker.Sink. The first panic of each place is shown; how many
// more there were is told at the end, and behind a cell, which has none, at 1, 10,
// 100 and so on.
func (c *callSink) Panic(p *worker.Panic) {
	place := c.panicPlace(p)
	if place == nil {
		e := c.session.panicError(p)
		c.Stream("stderr", strings.Join(e.Traceback, "\n")+"\n")
		return
	}
	place.more++
	if c.background && place.more == max(1, 10*place.told) {
		c.tellMore(place)
	}
}

// panicPlace returns the place of a panic that isn't to be shown; else nil.
func (c *callSink) panicPlace(p *worker.Panic) *panicPlace {
	frames := fmt.Sprint(p.GoType, p.Frames)
	for i := range c.panics {
		if c.panics[i].frames == frames {
			return &c.panics[i]
		}
	}
	switch n := len(c.panics); {
	case n < mostPanics:
		c.panics = append(c.panics, panicPlace{frames: frames, name: "at " + placeOf(p)})
		return nil
	case n == mostPanics:
		c.panics = append(c.panics, panicPlace{name: "in other places"})
	}
	return &c.panics[mostPanics]
}

// placeOf names the innermost line of the cells in a panic, or the innermost of all.
func placeOf(p *worker.Panic) string {
	if len(p.Frames) == 0 {
		return "an unknown place"
	}
	at := p.Frames[0]
	for _, f := range p.Frames {
		if strings.HasPrefix(f.File, "cell ") {
			at = f
			break
		}
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

// tellMore says how often goroutines panicked at a place without being shown.
func (c *callSink) tellMore(place *panicPlace) {
	if place.more == place.told {
		return
	}
	goroutines := "goroutines have"
	if place.more == 1 {
		goroutines = "goroutine has"
	}
	c.Stream("stderr", fmt.Sprintf("%d more %s panicked %s\n", place.more, goroutines, place.name))
	place.told = place.more
}
