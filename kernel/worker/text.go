package worker

import (
	"fmt"
	"time"
	"unicode/utf8"
)

const (
	// holdFor is how long text waits for more of the same stream: a cell that
	// prints a thousand short lines makes a few messages of them.
	holdFor = 10 * time.Millisecond
	// holdBytes is how much text waits at most.
	holdBytes = 64 << 10
)

// Streams by number.
const (
	stdout = iota
	stderr
)

var streamNames = [...]string{stdout: "stdout", stderr: "stderr"}

// output turns the bytes of both pipes into text for a sink: whole runes,
// coalesced, within a limit. It belongs to the pump.
type output struct {
	emit  func(name, text string)
	limit int64 // negative: none

	used    int64
	dropped int64
	carry   [len(streamNames)][]byte // an incomplete rune at the end
	held    []byte
	heldOf  int
	since   time.Time // of the oldest held text
}

// write takes bytes of a stream.
func (o *output) write(stream int, data []byte) {
	if len(data) == 0 {
		return
	}
	if o.limit >= 0 && o.used >= o.limit {
		o.dropped += int64(len(data))
		return
	}
	if c := o.carry[stream]; len(c) > 0 {
		data = append(c, data...)
		o.carry[stream] = nil
	}
	if n := incomplete(data); n > 0 {
		o.carry[stream] = append([]byte(nil), data[len(data)-n:]...)
		data = data[:len(data)-n]
	}
	o.add(stream, valid(data))
}

// add takes valid text.
func (o *output) add(stream int, text []byte) {
	if room := o.limit - o.used; o.limit >= 0 && int64(len(text)) > room {
		n := int(room)
		for n > 0 && !utf8.RuneStart(text[n]) {
			n--
		}
		o.dropped += int64(len(text) - n)
		text = text[:n]
		o.used = o.limit
	} else {
		o.used += int64(len(text))
	}
	if len(text) == 0 {
		return
	}
	if stream != o.heldOf {
		o.flush()
	}
	if len(o.held) == 0 {
		o.heldOf, o.since = stream, time.Now()
	}
	o.held = append(o.held, text...)
	if len(o.held) >= holdBytes {
		o.flush()
	}
}

// flush delivers the held text.
func (o *output) flush() {
	if len(o.held) == 0 {
		return
	}
	text := string(o.held)
	if cap(o.held) > 4*holdBytes {
		o.held = nil
	}
	o.held = o.held[:0]
	o.emit(streamNames[o.heldOf], text)
}

// due returns how long the held text may still wait; negative: there is none.
func (o *output) due(now time.Time) time.Duration {
	if len(o.held) == 0 {
		return -1
	}
	return max(0, holdFor-now.Sub(o.since))
}

// broken says whether a stream stands inside a rune.
func (o *output) broken(stream int) bool { return len(o.carry[stream]) > 0 }

// end delivers everything, with a message if text was dropped, and makes the
// limit new. It returns the number of bytes dropped.
func (o *output) end() (dropped int64) {
	for stream, c := range o.carry {
		o.carry[stream] = nil
		o.add(stream, valid(c))
	}
	o.flush()
	dropped = o.dropped
	o.used, o.dropped = 0, 0
	if dropped > 0 {
		o.emit(streamNames[stderr], fmt.Sprintf("\n[hpgo: the output limit of %s was reached; %s more were dropped]\n",
			byteSize(o.limit), byteSize(dropped)))
	}
	return dropped
}

// incomplete returns the length of an unfinished rune at the end of data.
func incomplete(data []byte) int {
	for n := 1; n <= min(len(data), utf8.UTFMax-1); n++ {
		if tail := data[len(data)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// valid replaces each byte that is no part of a rune by U+FFFD.
func valid(data []byte) []byte {
	if utf8.Valid(data) {
		return data
	}
	out := make([]byte, 0, len(data)+len(data)/2)
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		out = utf8.AppendRune(out, r)
		data = data[size:]
	}
	return out
}
