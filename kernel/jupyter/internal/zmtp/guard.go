package zmtp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"time"
)

// ZMTP 3.0 framing: a greeting of 64 bytes, then frames of a flag byte, a
// length of one byte or eight, and a body. https://rfc.zeromq.org/spec/23/
const (
	greetingSize = 64
	flagMore     = 0x1
	flagLong     = 0x2
	flagCommand  = 0x4
	flagReserved = 0xf8

	// frameOverhead is counted for each frame beside its body, so that a
	// message of endless empty frames meets the limit too.
	frameOverhead = 64
)

// errTooLarge marks a message over the limit.
var errTooLarge = errors.New("message too large")

// guard is the net.Conn that the ZMTP library sees. It follows the frames in
// the bytes that pass, because the library allocates whatever length a peer
// names (and panics on an absurd one): the guard ends such a connection before
// the library has read the length. After the handshake writes are collected
// until out is flushed.
type guard struct {
	net.Conn
	in  *bufio.Reader
	out *bufio.Writer // nil during the handshake, when the library writes through

	limit     int64  // most bytes of one message, overhead included
	onCommand func() // called before the last byte of a command frame is handed on
	track     frameTracker
}

// Read passes bytes on as long as the frames in them stay within the limit.
func (g *guard) Read(p []byte) (int, error) {
	n, err := g.in.Read(p)
	if trackErr := g.track.feed(p[:n], g.limit, g.onCommand); trackErr != nil {
		return 0, trackErr
	}
	return n, err
}

// Write sends at once during the handshake and collects afterwards.
func (g *guard) Write(p []byte) (int, error) {
	if g.out == nil {
		return g.Conn.Write(p)
	}
	return g.out.Write(p)
}

// patientWriter gives each piece of what it writes the whole timeout, so that
// only a peer that takes nothing fails, not one behind a slow network.
type patientWriter struct {
	conn    net.Conn
	timeout time.Duration
}

func (w patientWriter) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		if err := w.conn.SetWriteDeadline(time.Now().Add(w.timeout)); err != nil {
			return written, err
		}
		n, err := w.conn.Write(p[:min(len(p), bufferSize)])
		written += n
		if err != nil {
			return written, err
		}
		p = p[n:]
	}
	return written, nil
}

// frameTracker is the state of the guard's reading: where in the stream of
// greeting and frames the next byte stands.
type frameTracker struct {
	greeted int    // bytes of the greeting seen
	header  []byte // flag and length bytes seen of the current frame
	body    uint64 // bytes of the current body still to come
	inBody  bool
	total   int64 // bytes of the current message
}

// feed advances over bytes that passed. The error names what broke the rules.
func (t *frameTracker) feed(p []byte, limit int64, onCommand func()) error {
	for len(p) > 0 {
		switch {
		case t.greeted < greetingSize:
			n := min(greetingSize-t.greeted, len(p))
			t.greeted += n
			p = p[n:]
		case t.inBody:
			n := min(t.body, uint64(len(p)))
			t.body -= n
			p = p[n:]
			if t.body == 0 {
				t.endFrame(onCommand)
			}
		default:
			t.header = append(t.header, p[0])
			p = p[1:]
			if err := t.headerByte(limit, onCommand); err != nil {
				return err
			}
		}
	}
	return nil
}

// headerByte looks at the header so far and opens the body when it is whole.
func (t *frameTracker) headerByte(limit int64, onCommand func()) error {
	flags := t.header[0]
	if flags&flagReserved != 0 {
		return fmt.Errorf("bad frame flags %#02x", flags)
	}
	var size uint64
	switch {
	case flags&flagLong == 0 && len(t.header) == 2:
		size = uint64(t.header[1])
	case flags&flagLong != 0 && len(t.header) == 9:
		size = binary.BigEndian.Uint64(t.header[1:])
	default:
		return nil
	}
	if size > uint64(limit) || t.total+int64(size)+frameOverhead > limit {
		return fmt.Errorf("%w: a frame of %d bytes, limit %d for the message", errTooLarge, size, limit)
	}
	t.total += int64(size) + frameOverhead
	t.body, t.inBody = size, true
	if size == 0 {
		t.endFrame(onCommand)
	}
	return nil
}

// endFrame closes the current frame and, unless more follow, the message.
func (t *frameTracker) endFrame(onCommand func()) {
	flags := t.header[0]
	if flags&flagMore == 0 {
		t.total = 0
	}
	t.header, t.inBody = t.header[:0], false
	if flags&flagCommand != 0 && onCommand != nil {
		onCommand()
	}
}
