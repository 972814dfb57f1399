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

// echoed is told what the terminal itself has shown.
func (c *consoleSink) echoed(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hide()
	if !c.asking {
		c.sheet.at.pass(text, 1<<30)
	}
}

// Input implements session.Asker. The line is typed with the editor, behind
// what the cell has begun to write.
func (c *consoleSink) Input(ctx context.Context, prompt string, password bool) (string, error) {
	k := c.console
	prompt = c.beginAsking(prompt)
	if err := k.mode(true); err != nil {
		return "", err
	}
	text, err := k.read(ctx, question{prompt: prompt, secret: password})
	err = errors.Join(err, k.mode(false))
	shown := prompt
	if !password {
		shown += text
	}
	c.endAsking(shown)
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

// beginAsking takes the begun line from the screen: it becomes part of the
// prompt, which the editor shows.
func (c *consoleSink) beginAsking(prompt string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hide()
	s := c.sheet
	before, _, lines := cutLast(prompt)
	if lines {
		s.write(s.out, before+"\n", true)
		prompt = prompt[len(before)+1:]
	}
	if begun := s.begun; s.at.col > 0 && s.size != nil {
		width, _ := s.size()
		if columns(begun) == s.at.col && s.at.col < width && !strings.ContainsAny(begun, "\x1b\r\b") {
			s.raw("\r\x1b[K")
			s.at.col, s.begun = 0, ""
			prompt = begun + prompt
		} else {
			s.freshLine()
		}
	}
	c.asking = true
	return prompt
}

// cutLast cuts a text before its last line.
func cutLast(text string) (before, last string, found bool) {
	i := strings.LastIndexByte(text, '\n')
	if i < 0 {
		return "", text, false
	}
	return text[:i], text[i+1:], true
}

// endAsking notes what the editor has left on the screen and writes what waited.
func (c *consoleSink) endAsking(shown string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	width := 1 << 30
	if c.sheet.size != nil {
		width, _ = c.sheet.size()
	}
	c.sheet.at.pass(shown+"\n", width)
	c.sheet.begun, c.sheet.newest = "", ""
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
