package zmtp

import (
	"bytes"
	"context"
	"errors"
	"net"
	"sync"
	"testing"
)

// FuzzFrameTracker checks that the tracker's view of the stream doesn't depend
// on how the bytes are cut, and that it never lets more than the limit pass as
// one body.
func FuzzFrameTracker(f *testing.F) {
	start := bytes.Repeat([]byte{0}, greetingSize)
	add := func(frames string, cut uint8) { f.Add(append(append([]byte{}, start...), frames...), cut) }
	add("\x00\x02hi", 1)
	add("\x01\x01a\x00\x01b\x04\x05\x04PING", 3)
	add("\x02\x00\x00\x00\x00\x00\x00\x00\x03abc", 5)
	add("\x02\xff\xff\xff\xff\xff\xff\xff\xff", 2)
	add("\x80\x00", 1)
	add("\x01\x00\x01\x00\x01\x00", 7)
	f.Fuzz(func(t *testing.T, stream []byte, cut uint8) {
		const limit = 1000
		var whole, pieces frameTracker
		var wholeCommands, piecesCommands int
		wholeErr := whole.feed(stream, limit, func() { wholeCommands++ })
		var piecesErr error
		for rest := stream; len(rest) > 0 && piecesErr == nil; {
			n := min(int(cut)+1, len(rest))
			piecesErr = pieces.feed(rest[:n], limit, func() { piecesCommands++ })
			rest = rest[n:]
		}
		if (wholeErr == nil) != (piecesErr == nil) {
			t.Fatalf("whole: %v, in pieces: %v", wholeErr, piecesErr)
		}
		if wholeErr == nil && (whole.body != pieces.body || whole.inBody != pieces.inBody || whole.total != pieces.total || wholeCommands != piecesCommands) {
			t.Fatalf("whole %+v, in pieces %+v", whole, pieces)
		}
		if whole.body > limit || whole.total > limit {
			t.Fatalf("over the limit: %+v", whole)
		}
	})
}

// FuzzAccept feeds a handshake from a stranger: it may fail, not panic or hang.
func FuzzAccept(f *testing.F) {
	g := make([]byte, greetingSize)
	g[0], g[9], g[10] = 0xff, 0x7f, 3
	copy(g[12:], "NULL")
	f.Add(append(g, "\x04\x1c\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER"...))
	f.Add(append(g, "\x04\x07\x05READY\xff"...))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		ours, theirs := net.Pipe()
		var copying sync.WaitGroup
		copying.Go(func() {
			var sink bytes.Buffer
			sink.ReadFrom(theirs)
		})
		copying.Go(func() {
			theirs.Write(sent)
			theirs.Close()
		})
		if c, err := Accept(ours, Router, DefaultOptions); err == nil {
			for err == nil {
				_, err = c.Recv()
			}
			c.Close()
		}
		copying.Wait()
	})
}

func TestConn(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var echo sync.WaitGroup
	echo.Go(func() {
		raw, err := l.Accept()
		if err != nil {
			t.Error(err)
			return
		}
		c, err := Accept(raw, Router, Options{MessageLimit: 1000, WriteTimeout: DefaultOptions.WriteTimeout})
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		if c.Identity() != "me" || c.Remote() == "" {
			t.Errorf("identity %q, remote %q", c.Identity(), c.Remote())
		}
		for {
			m, err := c.Recv()
			if err != nil {
				if !TooLarge(err) {
					t.Errorf("the server ended with %v", err)
				}
				return
			}
			if err := errors.Join(c.Send(m), c.Flush()); err != nil {
				t.Error(err)
				return
			}
		}
	})
	c, err := Dial(context.Background(), "tcp", l.Addr().String(), Dealer, "me", DefaultOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, m := range [][][]byte{{{}}, {[]byte("a"), {}, []byte("b")}, {bytes.Repeat([]byte("x"), 800)}} {
		if err := errors.Join(c.Send(m), c.Flush()); err != nil {
			t.Fatal(err)
		}
		got, err := c.Recv()
		if err != nil || !bytes.Equal(bytes.Join(got, []byte("|")), bytes.Join(m, []byte("|"))) {
			t.Errorf("sent %q, got %q, %v", m, got, err)
		}
	}
	c.Send([][]byte{make([]byte, 1001)})
	c.Flush()
	echo.Wait()
	if _, err := c.Recv(); err == nil {
		t.Error("the connection outlives a message over the limit")
	}
}
