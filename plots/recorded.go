package plots

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// maxRecording limits a recording, which travels to the kernel in one message.
const maxRecording = 512 << 20

// recorded reads a recording from any form in which a cell may have it. A
// buffer is not drained and a file is read from its start, so that a figure can
// be shown twice, and a file that was just written needn't be rewound. hint says
// what may have been forgotten when there is nothing.
func recorded(v any, hint string) ([]byte, error) {
	data, err := recordedBytes(v)
	switch {
	case err != nil:
		return nil, err
	case len(data) == 0:
		return nil, fmt.Errorf("is empty; %s", hint)
	case len(data) > maxRecording:
		return nil, fmt.Errorf("has more than %s; record a shorter time", SI(maxRecording, "B"))
	}
	return data, nil
}

func recordedBytes(v any) ([]byte, error) {
	if nilPointer(v) {
		return nil, fmt.Errorf("is a nil %s", typeText(v))
	}
	switch v := v.(type) {
	case []byte:
		return v, nil
	case bytes.Buffer:
		return v.Bytes(), nil
	case string:
		data, err := os.ReadFile(v)
		if err != nil {
			return nil, fmt.Errorf("can't be read: %w", err)
		}
		return data, nil
	case interface{ Bytes() []byte }: // *bytes.Buffer
		return v.Bytes(), nil
	case interface {
		WriteTo(w io.Writer, debug int) error
	}: // *pprof.Profile
		var buf bytes.Buffer
		if err := v.WriteTo(&buf, 0); err != nil {
			return nil, fmt.Errorf("can't be read: %w", err)
		}
		return buf.Bytes(), nil
	case io.Reader:
		return readAgain(v)
	}
	return nil, fmt.Errorf("is %s, not bytes, a reader or the path of a file", typeText(v))
}

// readAgain reads all of a reader, from its start if it has one, and leaves it
// where it was.
func readAgain(r io.Reader) ([]byte, error) {
	s, ok := r.(io.Seeker)
	at := int64(0)
	if ok {
		var err error
		if at, err = s.Seek(0, io.SeekCurrent); err != nil {
			ok = false // a pipe
		} else if _, err = s.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("can't be read: %w", err)
		}
	}
	data, err := io.ReadAll(io.LimitReader(r, maxRecording+1))
	if err == nil && ok {
		_, err = s.Seek(at, io.SeekStart)
	}
	if err != nil {
		return nil, fmt.Errorf("can't be read: %w", err)
	}
	return data, nil
}

// text tells what a recording is, until it is read.
func (r *RecordingData) text() string {
	what, size := "profile", len(r.Profile)
	if r.Trace != nil {
		what, size = "execution trace", len(r.Trace)
	}
	return fmt.Sprintf("%s of %s, drawn where hpgo shows it\n", what, SI(float64(size), "B"))
}
