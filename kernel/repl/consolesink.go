package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/rivo/uniseg"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// consoleSink is the sheet of a cell whose user can be asked. While they
// answer, what the cell shows waits.
type consoleSink struct {
	console *console

	mu     sync.Mutex
	sheet  *sheet
	asking bool
	held   []func() // what came while asking
	status bool     // a line says what the session is busy with
}

var _ session.Asker = (*consoleSink)(nil)

// Stream implements session.Sink.
func (c *consoleSink) Stream(name, text string) { c.put(func() { c.sheet.Stream(name, text) }) }

// Display implements session.Sink.
func (c *consoleSink) Display(e display.Event) { c.put(func() { c.sheet.Display(e) }) }

// put writes now or when the answer has come.
func (c *consoleSink) put(write func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asking {
		c.held = append(c.held, write)
		return
	}
	c.hide()
	write()
}

// busy shows what the session is busy with, in a line that goes away again.
// Beside output of the cell nothing is shown.
func (c *consoleSink) busy(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asking {
		return
	}
	c.hide()
	if text == "" || c.sheet.at.col > 0 {
		return
	}
	if c.sheet.size == nil {
		c.sheet.raw(text + "\n")
		return
	}
	width, _ := c.sheet.size()
	text = fit(text, width-1)
	if c.sheet.colour {
		text = styleFaint.paint(text)
	}
	c.sheet.raw(text)
	c.status = true
}

// hide takes the line away. Called with the lock.
func (c *consoleSink) hide() {
	if c.status {
		c.sheet.raw("\r\x1b[K")
		c.status = false
	}
}

// echoed is told what the terminal itself has shown, and ends its line.
func (c *consoleSink) echoed(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hide()
	if !c.asking {
		c.sheet.at.pass(text, 1<<30)
		c.sheet.freshLine()
	}
}

// Input implements session.Asker. The line is typed with the editor, behind
// what the cell has begun to write.
func (c *consoleSink) Input(ctx context.Context, prompt string, password bool) (string, error) {
	k := c.console
	begun, prompt := c.beginAsking(prompt)
	if err := k.mode(true); err != nil {
		return "", err
	}
	text, err := k.read(ctx, question{prompt: begun + prompt, secret: password, vanish: true})
	err = errors.Join(err, k.mode(false))
	switch {
	case err != nil:
		c.endAsking("", begun)
	case password:
		c.endAsking(begun+prompt+"\n", "")
	default:
		c.endAsking(begun+prompt+text+"\n", "")
	}
	switch {
	case errors.Is(err, errCleared):
		k.interrupted()
		<-ctx.Done()
		return "", ctx.Err()
	case errors.Is(err, errLeave), errors.Is(err, io.EOF):
		return "", session.ErrNoInput
	}
	return text, err
}

// beginAsking takes the begun line from the screen: the editor shows it before
// the prompt.
func (c *consoleSink) beginAsking(prompt string) (begun, last string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hide()
	s := c.sheet
	s.make()
	if i := strings.LastIndexByte(prompt, '\n'); i >= 0 {
		s.write(s.out, prompt[:i+1], true)
		prompt = prompt[i+1:]
	}
	if s.at.col > 0 && s.size != nil {
		width, _ := s.size()
		if columns(s.begun) == s.at.col && s.at.col < width && !strings.ContainsAny(s.begun, "\x1b\r\b") {
			s.raw("\r\x1b[K")
			begun, s.at.col, s.begun = s.begun, 0, ""
		} else {
			s.freshLine()
		}
	}
	c.asking = true
	return begun, prompt
}

// endAsking notes what the editor has left on the screen, puts back a begun
// line that it took away, and writes what waited.
func (c *consoleSink) endAsking(left, begun string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	width := 1 << 30
	if c.sheet.size != nil {
		width, _ = c.sheet.size()
	}
	c.sheet.at.pass(left, width)
	c.sheet.begun, c.sheet.newest, c.sheet.at.col = "", "", 0
	c.sheet.write(c.sheet.out, begun, true)
	c.asking = false
	for _, write := range c.held {
		write()
	}
	c.held = nil
}

// fit cuts a text to a width.
func fit(text string, width int) string {
	if columns(text) <= width {
		return text
	}
	var b strings.Builder
	for column := 0; text != ""; {
		c, rest, w, _ := uniseg.FirstGraphemeClusterInString(text, -1)
		if column = advance(column, c, w); column >= width {
			break
		}
		b.WriteString(c)
		text = rest
	}
	return fmt.Sprintf("%s…", &b)
}
