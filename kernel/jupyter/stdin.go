package jupyter

import (
	"context"
	"encoding/json"
	"sync"
)

// prompter asks the front end for input on the stdin channel, one question at
// a time. It starts no goroutine; who asks waits for the answer.
type prompter struct {
	channel  *channel
	composer *Composer
	log      *logger

	asking sync.Mutex // held by the one who asks

	mu   sync.Mutex
	open *question
}

// question is an input_request that waits for its input_reply.
type question struct {
	to     *peer
	id     string
	answer chan string
	broken chan struct{} // closed by interrupt or when the front end leaves
}

// ask sends the question to the front end that sent the cell.
func (p *prompter) ask(ctx context.Context, req *request, prompt string, password bool) (string, error) {
	p.asking.Lock()
	defer p.asking.Unlock()
	to := p.frontEnd(req)
	if to == nil {
		return "", ErrNoStdin
	}
	id, frames, err := p.composer.Compose("input_request", req.msg.RawHeader,
		inputRequestContent{prompt, password}, req.msg.Identities...)
	if err != nil {
		return "", err
	}
	q := &question{to: to, id: id, answer: make(chan string, 1), broken: make(chan struct{})}
	p.mu.Lock()
	p.open = q
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.open = nil
		p.mu.Unlock()
	}()
	to.send(frames)
	select {
	case text := <-q.answer:
		return text, nil
	case <-q.broken:
		return "", ErrInterrupted
	case <-ctx.Done():
		return "", ctx.Err()
	case <-req.kernelCtx.Done():
		return "", ErrInterrupted
	}
}

// frontEnd finds the stdin connection that belongs to a request: clients name
// their shell and stdin sockets alike.
func (p *prompter) frontEnd(req *request) *peer {
	if id := req.from.conn.Identity(); id != "" {
		if to := p.channel.byIdentity(id); to != nil {
			return to
		}
	}
	return p.channel.only()
}

// receive takes an input_reply. One that names another request as its parent
// is late; one without a parent is taken, as jupyter_client sends no other.
func (p *prompter) receive(from *peer, msg *Message) {
	if msg.Header.Type != "input_reply" {
		p.log.printf("stdin: unexpected message type %q, ignored", msg.Header.Type)
		return
	}
	var content inputReplyContent
	if err := json.Unmarshal(msg.Content, &content); err != nil {
		p.log.printf("stdin: malformed input_reply: %v", err)
		return
	}
	var parent struct {
		ID string `json:"msg_id"`
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known := json.Unmarshal(msg.Parent, &parent) == nil && parent.ID != ""
	if p.open == nil || p.open.to != from || known && parent.ID != p.open.id {
		p.log.printf("stdin: input_reply without an open question, ignored")
		return
	}
	select {
	case p.open.answer <- content.Value:
	default: // answered twice
	}
}

// interrupt ends the open question, if any.
func (p *prompter) interrupt() { p.breakOff(func(*question) bool { return true }) }

// left ends the question of a front end that is gone.
func (p *prompter) left(peer *peer) { p.breakOff(func(q *question) bool { return q.to == peer }) }

func (p *prompter) breakOff(which func(*question) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open != nil && which(p.open) {
		close(p.open.broken)
		p.open = nil
	}
}
