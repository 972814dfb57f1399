// Package zmtp is the one place that knows ZeroMQ: connections that carry
// multipart messages over TCP or Unix sockets, and nothing of Jupyter.
//
// The protocol itself (greeting, NULL handshake, framing) is done by
// github.com/go-zeromq/zmq4, used at the level of single connections. Its
// sockets are not used: they accept one peer at a time, so that a peer which
// never finishes its handshake shuts all others out; they allocate whatever
// frame length a peer names and panic on a malformed handshake; their XPUB
// hides subscriptions, which iopub_welcome needs; and their writers outlive
// Close. What sockets add (fan-out, routing) is small and lives with the user
// of this package.
//
// Goroutines: none here. A Conn may be used by one reader and one writer at
// the same time; Close may be called by anyone and ends both.
package zmtp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
)

// Kind is the type of socket that one end claims to be.
type Kind string

// The kinds that Jupyter's channels and their clients use.
const (
	Router Kind = "ROUTER"
	XPub   Kind = "XPUB"
	Dealer Kind = "DEALER"
	Sub    Kind = "SUB"
	Req    Kind = "REQ"
)

const (
	bufferSize = 64 << 10
	// handshakeTimeout ends a connection that doesn't introduce itself.
	handshakeTimeout = 10 * time.Second
	// handshakeLimit is ample for the socket type and an identity.
	handshakeLimit = 8 << 10
)

// Options bound what a peer may do to us.
type Options struct {
	MessageLimit int64         // most bytes in one message
	WriteTimeout time.Duration // longest time a peer may take nothing
}

// DefaultOptions suit a kernel: 128 MiB is far beyond any cell or widget
// upload, a front end that takes nothing for so long is gone.
var DefaultOptions = Options{MessageLimit: 128 << 20, WriteTimeout: 30 * time.Second}

// Conn is one ZeroMQ connection after its handshake.
type Conn struct {
	guard    *guard
	z        *zmq4.Conn
	identity string

	// writing serialises whole messages. The library answers a PING from
	// within a read; the reader takes the lock for that (see Recv).
	writing   sync.Mutex
	ponging   bool // the reader holds writing
	closeOnce sync.Once
}

// Accept makes the server's side of the handshake on a new connection, which
// it closes if that fails.
func Accept(raw net.Conn, kind Kind, opts Options) (*Conn, error) {
	return open(raw, kind, "", true, opts)
}

// Dial connects to a tcp or unix address as a client of the given identity.
func Dial(ctx context.Context, network, address string, kind Kind, identity string, opts Options) (*Conn, error) {
	var dialer net.Dialer
	raw, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", address, err)
	}
	return open(raw, kind, identity, false, opts)
}

// open makes the handshake within its time and size limits. The library
// panics on some malformed metadata and on unknown socket types; that is the
// peer's fault and ends the connection only.
func open(raw net.Conn, kind Kind, identity string, server bool, opts Options) (c *Conn, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("malformed handshake: %v", r)
		}
		if err != nil {
			raw.Close()
			c = nil
		}
	}()
	if err := raw.SetDeadline(time.Now().Add(handshakeTimeout)); err != nil {
		return nil, fmt.Errorf("set handshake deadline: %w", err)
	}
	c = &Conn{}
	c.guard = &guard{Conn: raw, in: bufio.NewReaderSize(raw, bufferSize), limit: handshakeLimit}
	c.z, err = zmq4.Open(c.guard, null.Security(), zmq4.SocketType(kind), zmq4.SocketIdentity(identity), server, nil)
	if err != nil {
		return nil, fmt.Errorf("zeromq handshake: %w", err)
	}
	if err := raw.SetDeadline(time.Time{}); err != nil {
		return nil, fmt.Errorf("clear handshake deadline: %w", err)
	}
	c.identity = c.z.Peer.Meta["Identity"]
	c.guard.out = bufio.NewWriterSize(patientWriter{raw, opts.WriteTimeout}, bufferSize)
	c.guard.limit = opts.MessageLimit
	c.guard.onCommand = c.lockForCommand
	return c, nil
}

// Identity is the name that the peer gave itself, empty if none.
func (c *Conn) Identity() string { return c.identity }

// Remote is the peer's address for log lines.
func (c *Conn) Remote() string {
	if a := c.guard.RemoteAddr(); a != nil && a.String() != "" {
		return a.String()
	}
	return "local peer"
}

// Recv waits for the next message. Commands are answered or passed over.
func (c *Conn) Recv() ([][]byte, error) {
	for {
		msg, err := c.z.RecvMsg()
		if c.ponging {
			if err == nil {
				err = c.guard.out.Flush()
			}
			c.ponging = false
			c.writing.Unlock()
		}
		if err != nil {
			return nil, fmt.Errorf("receive: %w", err)
		}
		if msg.Type == zmq4.CmdMsg {
			continue
		}
		return msg.Frames, nil
	}
}

// lockForCommand runs on the reader before a command's last byte reaches the
// library, which may answer it: no message may be half written then.
func (c *Conn) lockForCommand() {
	if !c.ponging {
		c.writing.Lock()
		c.ponging = true
	}
}

// Send writes one message to the buffer, which goes out when it is full or at
// Flush.
func (c *Conn) Send(frames [][]byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.z.SendMsg(zmq4.NewMsgFrom(frames...)); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// Flush sends everything that Send collected.
func (c *Conn) Flush() error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.guard.out.Flush(); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// Close ends the connection at once; what was not flushed is lost.
func (c *Conn) Close() {
	c.closeOnce.Do(func() { c.guard.Conn.Close() })
}

// TooLarge says whether an error of Recv means a message over the limit.
func TooLarge(err error) bool { return errors.Is(err, errTooLarge) }
