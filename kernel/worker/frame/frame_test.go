package frame

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"hpgo/kernel/display"
)

// encoded is Encode for messages that can be encoded.
func encoded(t testing.TB, kind Kind, message any) []byte {
	t.Helper()
	data, err := Encode(kind, message)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRoundTrip(t *testing.T) {
	first := encoded(t, KindCall, Call{Cell: 3, Object: "a.so", Args: []string{"x", "<&>"}})
	second := encoded(t, KindAsk, nil)
	third := encoded(t, KindText, Text{Name: "stderr", Data: []byte("\xff\xe4")})
	Place(third, Position{Out: 1 << 40, Err: 7})
	stream := append(append(append([]byte(nil), first...), second...), third...)

	for _, size := range []int{1, 2, 23, 24, 25, 1000} {
		var d Decoder
		var got []Frame
		r := iotest.OneByteReader(bytes.NewReader(stream))
		buf := make([]byte, size)
		for {
			n, err := readFull(r, buf)
			d.Feed(buf[:n])
			for {
				f, ok, err := d.Next()
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				f.Payload = bytes.Clone(f.Payload)
				got = append(got, f)
			}
			if err != nil {
				break
			}
		}
		if len(got) != 3 || d.Pending() != 0 {
			t.Fatalf("size %d: %d frames, %d bytes left", size, len(got), d.Pending())
		}
		var c Call
		if err := Unmarshal(got[0].Payload, &c); err != nil || c.Cell != 3 || c.Args[1] != "<&>" {
			t.Errorf("call %+v, %v", c, err)
		}
		var x Text
		if err := Unmarshal(got[2].Payload, &x); err != nil || string(x.Data) != "\xff\xe4" {
			t.Errorf("text %+v, %v", x, err)
		}
		if got[1].Kind != KindAsk || len(got[1].Payload) != 0 || got[2].At != (Position{1 << 40, 7}) {
			t.Errorf("got %+v, %+v", got[1], got[2])
		}
	}
}

// readFull is io.ReadFull that returns what there is before an error.
func readFull(r interface{ Read([]byte) (int, error) }, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	return n, err
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	data := encoded(t, KindDisplay, display.Event{Bundle: display.Bundle{Data: map[string]any{"application/json": map[string]int64{"n": 1<<62 + 1}}}})
	var d Decoder
	d.Feed(data)
	f, _, _ := d.Next()
	var e display.Event
	if err := Unmarshal(f.Payload, &e); err != nil {
		t.Fatal(err)
	}
	if again := encoded(t, KindDisplay, e); !bytes.Contains(again, []byte("4611686018427387905")) {
		t.Errorf("got %s", again[headerSize:])
	}
}

func TestBadStreams(t *testing.T) {
	good := encoded(t, KindAsk, nil)
	tests := []struct {
		name string
		data string
		err  error
	}{
		{"garbage", "Usage: something", ErrMagic},
		{"one wrong byte", "x", ErrMagic},
		{"second wrong", "hq", ErrMagic},
		{"version", string([]byte{'h', 'p', Version + 1}), ErrVersion},
		{"too long", string([]byte{'h', 'p', Version}) + "\x11\xff\xff\xff\xff" + strings.Repeat("\x00", 16), ErrTooLong},
		{"garbage behind a frame", string(good) + "zzz", ErrMagic},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d Decoder
			d.Feed([]byte(tt.data))
			for {
				_, ok, err := d.Next()
				if err != nil {
					if !errors.Is(err, tt.err) {
						t.Errorf("got %v, want %v", err, tt.err)
					}
					if _, _, again := d.Next(); again != err {
						t.Errorf("then %v", again)
					}
					return
				}
				if !ok {
					t.Fatal("no error")
				}
			}
		})
	}
}

func TestUnmarshalErrors(t *testing.T) {
	for _, payload := range []string{"", "{", "{}x", "[]", "nul"} {
		var c Call
		if err := Unmarshal([]byte(payload), &c); err == nil {
			t.Errorf("%q: no error", payload)
		}
	}
	if _, err := Encode(KindDisplay, map[string]any{"a": func() {}}); err == nil {
		t.Error("a function was encoded")
	}
	if _, err := encode(KindText, Text{Data: make([]byte, 100)}, 100); !errors.Is(err, ErrTooLong) {
		t.Errorf("a message beyond the limit: %v", err)
	}
}

// FuzzDecoder feeds any bytes, cut anywhere: no panic, no frame that is not in
// the bytes, and the same frames however they are cut.
func FuzzDecoder(f *testing.F) {
	ask := encoded(f, KindAsk, nil)
	call := encoded(f, KindCall, Call{Cell: 1, Args: []string{"a"}})
	f.Add(ask, 3)
	f.Add(append(append([]byte(nil), ask...), call...), 25)
	f.Add(call[:len(call)-2], 1)
	f.Add([]byte{'h', 'p', Version, 0x11, 0xff, 0xff, 0xff, 0xff}, 4)
	f.Add([]byte{'h', 'p', Version + 1}, 1)
	f.Add([]byte("GET / HTTP/1.1\r\n"), 2)
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		at := int(uint(cut) % uint(len(data)+1))
		whole, wholeErr := decodeAll(data)
		parts, partsErr := decodeAll(data[:at], data[at:])
		if (wholeErr == nil) != (partsErr == nil) || len(whole) != len(parts) {
			t.Fatalf("whole: %d frames, %v; in parts: %d frames, %v", len(whole), wholeErr, len(parts), partsErr)
		}
		size := 0
		for i := range whole {
			if !bytes.Equal(whole[i].Payload, parts[i].Payload) || whole[i].Kind != parts[i].Kind {
				t.Fatalf("frame %d differs", i)
			}
			size += headerSize + len(whole[i].Payload)
			var c Call
			_ = Unmarshal(whole[i].Payload, &c) // must not panic
		}
		if size > len(data) {
			t.Fatalf("frames of %d bytes out of %d", size, len(data))
		}
	})
}

func decodeAll(parts ...[]byte) (frames []Frame, err error) {
	var d Decoder
	for _, p := range parts {
		d.Feed(p)
		for {
			f, ok, err := d.Next()
			if err != nil {
				return frames, err
			}
			if !ok {
				break
			}
			f.Payload = bytes.Clone(f.Payload)
			frames = append(frames, f)
		}
	}
	return frames, nil
}

func BenchmarkEncodeDisplay(b *testing.B) {
	e := display.Event{Op: display.OpDisplay, Bundle: display.Bundle{Data: map[string]any{"text/plain": "hello", "text/html": "<b>hello</b>"}}}
	for b.Loop() {
		encoded(b, KindDisplay, e)
	}
}
