package jupyter

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"
)

const (
	// backlogLimit is what may wait for a subscriber before a cell that puts
	// out more has to wait.
	backlogLimit = 32 << 20
	// drainTimeout bounds the wait for slow subscribers before a reply.
	drainTimeout = 10 * time.Second
)

// publisher is the kernel's iopub side: it fans messages out to subscribers,
// all in one order. It starts no goroutine.
type publisher struct {
	composer *Composer
	log      *logger

	mu   sync.Mutex
	subs map[*peer]map[string]bool // topics by subscriber
	// fresh holds until the first request: a subscriber that comes before it
	// is told that the kernel is starting.
	fresh bool
}

func newPublisher(composer *Composer, log *logger) *publisher {
	return &publisher{composer: composer, log: log, subs: map[*peer]map[string]bool{}, fresh: true}
}

// receive handles what comes in on an XPUB socket: subscriptions.
func (p *publisher) receive(from *peer, frames [][]byte) {
	if len(frames) != 1 || len(frames[0]) == 0 || frames[0][0] > 1 {
		p.log.printf("iopub: message from %s is no subscription, ignored", from.conn.Remote())
		return
	}
	topic := string(frames[0][1:])
	p.mu.Lock()
	defer p.mu.Unlock()
	if frames[0][0] == 0 {
		delete(p.subs[from], topic)
		return
	}
	if p.subs[from] == nil {
		p.subs[from] = map[string]bool{}
	}
	p.subs[from][topic] = true
	p.welcome(from, topic)
}

// welcome tells one subscriber that its subscription is in force (JEP 65).
func (p *publisher) welcome(to *peer, topic string) {
	p.sendTo(to, "iopub_welcome", map[string]any{"subscription": topic}, topic)
	if p.fresh {
		p.sendTo(to, "status", statusContent{"starting"}, p.topic("status"))
	}
}

// sendTo sends a message without a parent to one subscriber.
func (p *publisher) sendTo(to *peer, msgType string, content any, topic string) {
	if _, frames, err := p.composer.Compose(msgType, nil, content, []byte(topic)); err != nil {
		p.log.printf("iopub: %v", err)
	} else {
		to.send(frames)
	}
}

// left forgets a subscriber.
func (p *publisher) left(peer *peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.subs, peer)
}

// topic is the routing prefix that other kernels use too.
func (p *publisher) topic(msgType string) string {
	return "kernel." + p.composer.session + "." + msgType
}

// publish sends a message to all who subscribed to its topic. It never blocks.
func (p *publisher) publish(msgType string, parent json.RawMessage, content any) error {
	return p.broadcast(outgoing{kind: msgType, parent: parent, content: content})
}

// broadcast is publish for messages with more parts.
func (p *publisher) broadcast(m outgoing) error {
	topic := p.topic(m.kind)
	_, frames, err := p.composer.compose(m, [][]byte{[]byte(topic)})
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for peer, topics := range p.subs {
		for t := range topics {
			if strings.HasPrefix(topic, t) {
				peer.send(frames)
				break
			}
		}
	}
	return nil
}

// status publishes busy or idle for a request.
func (p *publisher) status(state string, parent json.RawMessage) {
	p.mu.Lock()
	p.fresh = false
	p.mu.Unlock()
	if err := p.publish("status", parent, statusContent{state}); err != nil {
		p.log.printf("iopub: %v", err)
	}
}

// makeRoom waits while a subscriber is further behind than the limit.
func (p *publisher) makeRoom(ctx context.Context) {
	for _, peer := range p.subscribers() {
		peer.waitBelow(ctx, backlogLimit)
	}
}

// drain waits, within bounds, until everything published so far is with the sockets.
func (p *publisher) drain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	for _, peer := range p.subscribers() {
		peer.waitSent(ctx)
	}
}

func (p *publisher) subscribers() []*peer {
	p.mu.Lock()
	defer p.mu.Unlock()
	peers := make([]*peer, 0, len(p.subs))
	for peer := range p.subs {
		peers = append(peers, peer)
	}
	return peers
}
