package jupyter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"hpgo/kernel/jupyter/internal/zmtp"
)

// channel is one of the five sockets: it accepts peers and hands on what they
// send. It starts an accept loop and, for each peer, a reader and a writer;
// close ends them all and waits.
type channel struct {
	name    string
	kind    zmtp.Kind
	opts    zmtp.Options
	log     *logger
	receive func(*peer, [][]byte) // on the peer's reader; must not block for long
	left    func(*peer)           // a peer is gone; may be nil

	listener net.Listener
	tasks    sync.WaitGroup

	mu     sync.Mutex
	raw    map[net.Conn]struct{} // accepted, handshake not finished
	peers  map[*peer]struct{}
	closed bool
}

// listen binds the channel. A Unix socket that a dead process left behind is
// replaced, as libzmq does.
func (c *channel) listen(network, address string) error {
	l, err := net.Listen(network, address)
	if err != nil && network == "unix" && deadSocket(address) {
		if err = os.Remove(address); err == nil {
			l, err = net.Listen(network, address)
		}
	}
	if err != nil {
		return fmt.Errorf("open the %s channel: %w", c.name, err)
	}
	c.listener = l
	c.raw = map[net.Conn]struct{}{}
	c.peers = map[*peer]struct{}{}
	return nil
}

// deadSocket says whether a socket file is there and nobody answers.
func deadSocket(path string) bool {
	st, err := os.Stat(path)
	if err != nil || st.Mode()&os.ModeSocket == 0 {
		return false
	}
	conn, err := net.Dial("unix", path)
	if err != nil {
		return true
	}
	conn.Close()
	return false
}

// start begins to accept.
func (c *channel) start() {
	c.tasks.Add(1)
	go c.accept()
}

func (c *channel) accept() {
	defer c.tasks.Done()
	for {
		raw, err := c.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // out of descriptors, or the peer is gone already
			c.log.printf("%s: accept: %v", c.name, err)
			time.Sleep(50 * time.Millisecond)
			continue
		}
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			raw.Close()
			return
		}
		c.raw[raw] = struct{}{}
		c.tasks.Add(1)
		c.mu.Unlock()
		go c.serve(raw)
	}
}

// serve is a peer's reader, from handshake to the end.
func (c *channel) serve(raw net.Conn) {
	defer c.tasks.Done()
	remote := raw.RemoteAddr().String()
	conn, err := zmtp.Accept(raw, c.kind, c.opts)
	p := c.admit(raw, conn)
	if err != nil {
		if !c.isClosed() {
			c.log.printf("%s: connection from %s refused: %v", c.name, orLocal(remote), err)
		}
		return
	}
	if p == nil {
		conn.Close()
		return
	}
	for {
		frames, err := conn.Recv()
		if err != nil {
			if !errors.Is(err, io.EOF) && !c.isClosed() && !isHangup(err) {
				c.log.printf("%s: connection from %s ended: %v", c.name, conn.Remote(), err)
			}
			break
		}
		c.receive(p, frames)
	}
	c.dismiss(p)
}

// admit moves a connection from handshaking to peers and starts its writer;
// nil when the handshake failed or the channel is closed.
func (c *channel) admit(raw net.Conn, conn *zmtp.Conn) *peer {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.raw, raw)
	if conn == nil || c.closed {
		return nil
	}
	p := newPeer(conn)
	c.peers[p] = struct{}{}
	c.tasks.Add(1)
	go func() {
		defer c.tasks.Done()
		if err := p.write(); err != nil && !c.isClosed() && !isHangup(err) {
			c.log.printf("%s: connection from %s ended: %v", c.name, conn.Remote(), err)
		}
	}()
	return p
}

// dismiss forgets a peer that is gone.
func (c *channel) dismiss(p *peer) {
	p.abandon()
	c.mu.Lock()
	delete(c.peers, p)
	c.mu.Unlock()
	if c.left != nil {
		c.left(p)
	}
}

// byIdentity finds the newest peer with an identity.
func (c *channel) byIdentity(identity string) *peer {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found *peer
	for p := range c.peers {
		if p.conn.Identity() == identity && (found == nil || p.born.After(found.born)) {
			found = p
		}
	}
	return found
}

// only is the channel's peer when there is just one.
func (c *channel) only() *peer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.peers) != 1 {
		return nil
	}
	for p := range c.peers {
		return p
	}
	return nil
}

func (c *channel) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// close stops accepting, gives the peers' queues until the deadline to drain,
// ends all connections and waits for the goroutines.
func (c *channel) close(ctx context.Context) {
	if c.listener == nil {
		return
	}
	c.mu.Lock()
	c.closed = true
	peers := make([]*peer, 0, len(c.peers))
	for p := range c.peers {
		peers = append(peers, p)
	}
	for raw := range c.raw {
		raw.Close()
	}
	c.mu.Unlock()
	c.listener.Close()
	for _, p := range peers {
		p.waitSent(ctx)
		p.abandon()
	}
	c.tasks.Wait()
}

func orLocal(remote string) string {
	if remote == "" || remote == "@" {
		return "local peer"
	}
	return remote
}
