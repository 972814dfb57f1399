package jupyter

import (
	"context"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"

	"hpgo/kernel/jupyter/internal/zmtp"
)

// peer is one connection with its queue of outgoing messages. send never
// blocks; those who must not run ahead of a slow peer use waitBelow. The
// channel that accepted it starts its writer.
type peer struct {
	conn *zmtp.Conn
	born time.Time

	mu      sync.Mutex
	changed sync.Cond // one of the fields below changed
	out     [][][]byte
	queued  int64 // bytes ever queued
	written int64 // bytes ever handed to the socket
	stalled bool  // took nothing while someone waited for it
	gone    bool
}

// stallTime is how long a reply waits for a peer that takes nothing.
const stallTime = 500 * time.Millisecond

func newPeer(conn *zmtp.Conn) *peer {
	p := &peer{conn: conn, born: time.Now()}
	p.changed.L = &p.mu
	return p
}

// send queues a message; the frames must not be changed afterwards.
func (p *peer) send(frames [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return
	}
	p.out = append(p.out, frames)
	p.queued += int64(sizeOf(frames))
	p.changed.Broadcast()
}

// write is the writer's loop. Whatever queued up meanwhile goes out together.
func (p *peer) write() error {
	for {
		p.mu.Lock()
		for len(p.out) == 0 && !p.gone {
			p.changed.Wait()
		}
		if p.gone {
			p.mu.Unlock()
			return nil
		}
		batch := p.out
		p.out = nil
		p.mu.Unlock()
		if err := p.writeBatch(batch); err != nil {
			p.abandon()
			return err
		}
	}
}

func (p *peer) writeBatch(batch [][][]byte) error {
	unflushed := 0
	for i, frames := range batch {
		batch[i] = nil
		if err := p.conn.Send(frames); err != nil {
			return err
		}
		unflushed += sizeOf(frames)
		if i == len(batch)-1 {
			if err := p.conn.Flush(); err != nil {
				return err
			}
		} else if unflushed < 1<<20 {
			continue
		}
		p.mu.Lock()
		p.written += int64(unflushed)
		p.stalled = false
		p.changed.Broadcast()
		p.mu.Unlock()
		unflushed = 0
	}
	return nil
}

// waitBelow waits until at most so many bytes are on their way.
func (p *peer) waitBelow(ctx context.Context, bytes int64) {
	p.wait(ctx, func() bool { return p.queued-p.written <= bytes })
}

// waitSent waits until all that is queued now has been written, whatever
// others queue meanwhile. It gives up on a peer that takes nothing for
// stallTime, and from then on at once until the peer takes something.
func (p *peer) waitSent(ctx context.Context) {
	p.mu.Lock()
	target := p.queued
	p.mu.Unlock()
	for reached := false; !reached && ctx.Err() == nil; {
		p.mu.Lock()
		before := p.written
		p.mu.Unlock()
		patience, cancel := context.WithTimeout(ctx, stallTime)
		p.wait(patience, func() bool { return p.stalled || p.written >= target || p.written > before })
		cancel()
		p.mu.Lock()
		p.stalled = p.stalled || p.written == before && before < target
		reached = p.stalled || p.gone || p.written >= target
		p.mu.Unlock()
	}
}

// wait waits until reached (called with the lock), the peer is gone or ctx ends.
func (p *peer) wait(ctx context.Context, reached func() bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if reached() || p.gone {
		return
	}
	stop := context.AfterFunc(ctx, func() {
		p.mu.Lock()
		p.changed.Broadcast()
		p.mu.Unlock()
	})
	defer stop()
	for !reached() && !p.gone && ctx.Err() == nil {
		p.changed.Wait()
	}
}

// abandon ends the connection at once.
func (p *peer) abandon() {
	p.mu.Lock()
	p.gone, p.out = true, nil
	p.changed.Broadcast()
	p.mu.Unlock()
	p.conn.Close()
}

func sizeOf(frames [][]byte) int {
	n := 0
	for _, f := range frames {
		n += len(f)
	}
	return n
}

// isHangup says whether an error only means that the peer left.
func isHangup(err error) bool {
	return errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// isGone says whether the connection has ended.
func (p *peer) isGone() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.gone
}
