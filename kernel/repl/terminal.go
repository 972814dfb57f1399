package repl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// terminal is where keys come from. While raw it gives every key as it is
// pressed and echoes nothing.
type terminal struct {
	in  *os.File // an opening of its own: it doesn't block, which others needn't know
	out *os.File

	brackets bool        // it can be asked to put pastes in brackets
	cooked   *term.State // as it was before raw; nil: it isn't raw
	pending  []byte      // read and not yet a key

	mu    sync.Mutex
	woken bool
}

// openTerminal opens the terminal that in is.
func openTerminal(in, out *os.File) (*terminal, error) {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		// No controlling terminal, as in some containers.
		if f, err = os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", in.Fd()), os.O_RDWR, 0); err != nil {
			return nil, fmt.Errorf("open the terminal: %w", err)
		}
	}
	return &terminal{in: f, out: out, brackets: !isDumb()}, nil
}

// control runs do on the descriptor, which asking for it directly would make
// a blocking one.
func (t *terminal) control(do func(fd int) error) error {
	conn, err := t.in.SyscallConn()
	if err != nil {
		return err
	}
	if e := conn.Control(func(fd uintptr) { err = do(int(fd)) }); e != nil {
		return e
	}
	return err
}

// raw begins to give single keys; restore ends it.
func (t *terminal) raw() error {
	if t.cooked != nil {
		return nil
	}
	err := t.control(func(fd int) (err error) {
		t.cooked, err = term.MakeRaw(fd)
		return err
	})
	if err != nil {
		return fmt.Errorf("set the terminal's mode: %w", err)
	}
	return t.say("\x1b[?2004h")
}

// say turns the brackets around pastes on or off.
func (t *terminal) say(sequence string) error {
	if !t.brackets {
		return nil
	}
	_, err := io.WriteString(t.out, sequence)
	return err
}

func (t *terminal) restore() error {
	if t.cooked == nil {
		return nil
	}
	err := t.say("\x1b[?2004l")
	state := t.cooked
	t.cooked = nil
	return errors.Join(err, t.control(func(fd int) error { return term.Restore(fd, state) }))
}

// close gives the terminal back as it was.
func (t *terminal) close() error { return errors.Join(t.restore(), t.in.Close()) }

// size is the terminal's, or a usual one when it tells none.
func (t *terminal) size() (width, height int) {
	width, height, err := term.GetSize(int(t.out.Fd()))
	if err != nil || width < 1 || height < 1 {
		return 80, 24
	}
	return width, height
}

// wake makes a waiting key return keyWake, now or when it is called next.
func (t *terminal) wake() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.woken = true
	_ = t.in.SetReadDeadline(time.Now()) // without deadlines the next key does it
}

// escapePatience is how long bytes that follow an escape may take.
const escapePatience = 50 * time.Millisecond

// await prepares for a read, which with patience is a short one, and reports
// that it isn't to begin.
func (t *terminal) await(patience bool) (woken bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.woken {
		t.woken = false
		return true
	}
	var until time.Time
	if patience {
		until = time.Now().Add(escapePatience)
	}
	_ = t.in.SetReadDeadline(until)
	return false
}

// key waits for the next key. io.EOF and other errors of reading mean that the
// terminal is gone.
func (t *terminal) key(ctx context.Context) (key, error) {
	defer context.AfterFunc(ctx, t.wake)()
	var chunk [4096]byte
	final := false
	for {
		if err := ctx.Err(); err != nil {
			return key{}, err
		}
		if k, n := decodeKey(t.pending, final); n > 0 {
			t.pending = t.pending[n:]
			return k, nil
		}
		if t.await(len(t.pending) > 0) {
			if err := ctx.Err(); err != nil {
				return key{}, err
			}
			return key{name: keyWake}, nil
		}
		n, err := t.in.Read(chunk[:])
		t.pending = append(t.pending, chunk[:n]...)
		final = n == 0 && errors.Is(err, os.ErrDeadlineExceeded) && len(t.pending) > 0
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return key{}, err
		}
	}
}

// more says that keys wait, so that drawing can too.
func (t *terminal) more() bool {
	_, n := decodeKey(t.pending, false)
	return n > 0
}

// errWoken is the error of line when it was woken.
var errWoken = errors.New("woken")

// line waits for a line, of a terminal that isn't raw, and returns it without
// its end. io.EOF is ^D.
func (t *terminal) line(ctx context.Context) (string, error) {
	defer context.AfterFunc(ctx, t.wake)()
	var chunk [4096]byte
	for {
		if i := bytes.IndexByte(t.pending, '\n'); i >= 0 {
			text := string(t.pending[:i])
			t.pending = t.pending[i+1:]
			return text, nil
		}
		if t.await(false) {
			return "", errors.Join(errWoken, ctx.Err())
		}
		n, err := t.in.Read(chunk[:])
		t.pending = append(t.pending, chunk[:n]...)
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return "", err
		}
	}
}
