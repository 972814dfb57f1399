// Package frame is the wire between the kernel and its worker processes:
// framed, versioned and length-limited JSON messages on two inherited pipes.
//
// A frame is a header of 24 bytes, in big-endian order, and a JSON text:
//
//	byte 0       'h', byte 1 'p'
//	byte 2       Version
//	byte 3       Kind
//	bytes 4-7    length of the JSON text, at most MaxPayload
//	bytes 8-15   Position.Out
//	bytes 16-23  Position.Err
//
// The position says where among the worker's text a frame stands. It is what
// keeps text and displays in order without an answer to each frame; Progress
// tells how the worker finds it.
//
// A version number in every header lets either side name a mismatch, which
// happens when a worker was built from another kernel's source. Nothing is
// allocated on the word of a header: a decoder grows with the bytes that came.
//
// The package is linked into every worker, so it imports the standard library,
// display and guard only. It has no state and starts no goroutines.
package frame

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

const (
	// Version is the protocol of this source tree. Any change of a message
	// type that an older side would misread makes it one higher.
	Version = 3
	// MaxPayload bounds one message. Base64 of a 150 MB picture fits.
	MaxPayload = 256 << 20

	headerSize = 24
)

// Kind says which message type a frame holds.
type Kind byte

// Kinds from the kernel to the worker.
const (
	KindConfig    Kind = 1 // Config, the first message
	KindCall      Kind = 2 // Call
	KindAsk       Kind = 3 // empty: asks for Status
	KindInterrupt Kind = 4 // Interrupt: stop the call in progress
	KindCommIn    Kind = 5 // display.Comm of the page
	KindAnswer    Kind = 6 // Answer, to a Question
	KindTune      Kind = 7 // Tune
)

// Kinds from the worker to the kernel.
const (
	KindHello    Kind = 16 // Hello, the first message
	KindDisplay  Kind = 17 // display.Event
	KindText     Kind = 18 // Text
	KindPanic    Kind = 19 // guard.Panic of a goroutine
	KindDone     Kind = 20 // Done, the answer to a Call
	KindStatus   Kind = 21 // Status, the answer to an Ask
	KindCommOut  Kind = 22 // display.Comm for the page
	KindQuestion Kind = 23 // Question, for the user
	KindWant     Kind = 24 // Want
)

// Errors that a stream of frames can show. They are wrapped with what was
// found; after one of them the stream can't be used any more.
var (
	ErrMagic   = errors.New("not a frame")
	ErrVersion = errors.New("version mismatch")
	ErrTooLong = errors.New("frame too long")
)

// Encode returns the frame of one message; a nil message has an empty payload.
func Encode(kind Kind, message any) ([]byte, error) { return encode(kind, message, MaxPayload) }

func encode(kind Kind, message any, limit int) ([]byte, error) {
	var buf bytes.Buffer
	buf.Write([]byte{'h', 'p', Version, byte(kind)})
	buf.Write(make([]byte, headerSize-4))
	if message != nil {
		enc := json.NewEncoder(&buf)
		// HTML and SVG travel as they are, not as \u003c.
		enc.SetEscapeHTML(false)
		if err := enc.Encode(message); err != nil {
			return nil, fmt.Errorf("encode message: %w", err)
		}
		buf.Truncate(buf.Len() - 1) // Encode's newline
	}
	data := buf.Bytes()
	size := len(data) - headerSize
	if size > limit {
		return nil, fmt.Errorf("%w: %d bytes, limit %d", ErrTooLong, size, limit)
	}
	binary.BigEndian.PutUint32(data[4:], uint32(size))
	return data, nil
}

// Unmarshal decodes a frame's payload. Numbers in free-form JSON stay as they
// were written, so that no digit of a large integer is lost on the way.
func Unmarshal(payload []byte, message any) error {
	dec := json.NewDecoder(bytes.NewReader(payload))
	dec.UseNumber()
	if err := dec.Decode(message); err != nil {
		return fmt.Errorf("decode message: %w", err)
	}
	if rest := bytes.TrimSpace(payload[dec.InputOffset():]); len(rest) > 0 {
		return fmt.Errorf("decode message: %d bytes after its end", len(rest))
	}
	return nil
}

// Position counts the bytes written to stdout and stderr before a frame.
type Position struct{ Out, Err int64 }

// Place writes the position into an encoded frame.
func Place(data []byte, at Position) {
	binary.BigEndian.PutUint64(data[8:], uint64(at.Out))
	binary.BigEndian.PutUint64(data[16:], uint64(at.Err))
}

// Frame is one decoded frame. The payload is valid until the decoder's next Feed.
type Frame struct {
	Kind    Kind
	At      Position
	Payload []byte
}

// Decoder cuts a byte stream into frames. Feed it what was read, then call
// Next until it has no more. The zero value is ready.
type Decoder struct {
	buf   []byte
	start int // of the next frame in buf
	err   error
}

// Feed appends bytes of the stream. They are copied.
func (d *Decoder) Feed(p []byte) {
	if d.start > 0 && d.start == len(d.buf) {
		d.buf, d.start = d.buf[:0], 0
		if cap(d.buf) > 1<<20 {
			d.buf = nil // a huge frame must not hold its memory for ever
		}
	}
	d.buf = append(d.buf, p...)
}

// Next returns the next complete frame; ok is false when more bytes are needed.
func (d *Decoder) Next() (f Frame, ok bool, err error) {
	if d.err != nil {
		return f, false, d.err
	}
	rest := d.buf[d.start:]
	if d.err = checkHeader(rest); d.err != nil {
		return f, false, d.err
	}
	if len(rest) < headerSize {
		return f, false, nil
	}
	size := int(binary.BigEndian.Uint32(rest[4:]))
	if len(rest) < headerSize+size {
		d.compact()
		return f, false, nil
	}
	d.start += headerSize + size
	f.Kind = Kind(rest[3])
	f.At.Out = int64(binary.BigEndian.Uint64(rest[8:]))
	f.At.Err = int64(binary.BigEndian.Uint64(rest[16:]))
	f.Payload = rest[headerSize : headerSize+size]
	return f, true, nil
}

// Pending returns the number of bytes of an incomplete frame.
func (d *Decoder) Pending() int { return len(d.buf) - d.start }

// compact moves an incomplete frame to the front once the dead part before it
// is the larger one.
func (d *Decoder) compact() {
	if d.start > len(d.buf)/2 {
		n := copy(d.buf, d.buf[d.start:])
		d.buf, d.start = d.buf[:n], 0
	}
}

// checkHeader judges as much of a header as is there, so that garbage is
// noticed at its first byte.
func checkHeader(b []byte) error {
	if len(b) >= 1 && b[0] != 'h' || len(b) >= 2 && b[1] != 'p' {
		return fmt.Errorf("%w: it starts with %q", ErrMagic, b[:min(len(b), 16)])
	}
	if len(b) >= 3 && b[2] != Version {
		return fmt.Errorf("%w: the other side speaks version %d, this one %d", ErrVersion, b[2], Version)
	}
	if len(b) >= headerSize {
		if size := binary.BigEndian.Uint32(b[4:]); size > MaxPayload {
			return fmt.Errorf("%w: %d bytes, limit %d", ErrTooLong, size, MaxPayload)
		}
	}
	return nil
}
