package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"hpgo/kernel/cell"
)

// dumbReader asks line by line, on a terminal that can't move its cursor. The
// terminal's own editing is all there is.
type dumbReader struct {
	term    *terminal
	cleared atomic.Bool // ^C was pressed
}

// clear is told of ^C.
func (d *dumbReader) clear() {
	d.cleared.Store(true)
	d.term.wake()
}

// read implements reader.
func (d *dumbReader) read(ctx context.Context, q question) (string, error) {
	if q.secret {
		return d.secret(ctx, q)
	}
	d.cleared.Store(false)
	var b strings.Builder
	prompt := q.prompt
	for {
		fmt.Fprint(d.term.out, prompt)
		line, err := d.line(ctx)
		if err != nil {
			fmt.Fprintln(d.term.out)
			return "", err
		}
		b.WriteString(line)
		if q.status == nil {
			return b.String(), nil
		}
		if status, _ := completeness(q.status, b.String()); status != cell.StatusIncomplete {
			return b.String(), nil
		}
		b.WriteByte('\n')
		prompt = q.more
	}
}

// line reads a line; what wakes the terminal otherwise doesn't end it.
func (d *dumbReader) line(ctx context.Context) (string, error) {
	for {
		line, err := d.term.line(ctx)
		switch {
		case err == nil:
			return line, nil
		case ctx.Err() != nil:
			return "", ctx.Err()
		case errors.Is(err, errWoken) && d.cleared.Load():
			return "", errCleared
		case errors.Is(err, io.EOF):
			return "", errLeave
		case !errors.Is(err, errWoken):
			return "", err
		}
	}
}

// secret reads single keys, since the terminal would show them. It asks when the
// terminal no longer does: an answer that comes at once must not be seen either.
func (d *dumbReader) secret(ctx context.Context, q question) (string, error) {
	if err := d.term.raw(); err != nil {
		return "", err
	}
	fmt.Fprint(d.term.out, strings.ReplaceAll(q.prompt, "\n", "\r\n"))
	defer fmt.Fprintln(d.term.out)
	text, err := newEditor(d.term, io.Discard, true, nil).read(ctx, q)
	return text, errors.Join(err, d.term.restore())
}
