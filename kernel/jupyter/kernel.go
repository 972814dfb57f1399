package jupyter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"hpgo/kernel/jupyter/internal/zmtp"
)

const (
	// endTimeout is how long a cell has to end at shutdown, and then the backend.
	endTimeout = 5 * time.Second
	// lingerTime is how long last messages may take to leave.
	lingerTime = 2 * time.Second
)

// Config is what a kernel needs.
type Config struct {
	Connection Connection
	Backend    Backend
	Log        io.Writer // one line for each oddity; os.Stderr if nil
	// ParentPID is the process that started the kernel (Jupyter names it in
	// JPY_PARENT_PID); the kernel ends with it. 0 watches nothing.
	ParentPID int
	// MessageLimit is the most bytes in one incoming message; 0 for 128 MiB.
	MessageLimit int64
}

// Exit says why a kernel ended.
type Exit struct {
	Reason  string // shutdown, parent, closed
	Restart bool   // the front end is going to start it again
}

// Kernel serves one connection. Start starts the loops named in the package
// comment; Close, a shutdown_request, the parent's end or the end of Start's
// context end them all, in an orderly way that Wait waits for.
type Kernel struct {
	cfg      Config
	log      *logger
	composer *Composer
	conn     Connection

	shell, control, stdin, hb, pub *channel
	iopub                          *publisher
	prompter                       *prompter

	cells    *queue[*request] // execute_requests
	requests *queue[*request] // everything else from the shell channel
	controls *queue[*request]
	count    int // of the last counted cell; only the execute loop uses it

	statusMu sync.Mutex // orders the status of cells and of requests beside them
	running  *request
	working  []json.RawMessage // parents of the backend's own work
	comms    commParents

	ctx      context.Context
	cancel   context.CancelFunc
	loops    sync.WaitGroup
	exitOnce sync.Once
	exit     Exit
	done     chan struct{}
}

// request is a message with where it came from.
type request struct {
	msg       *Message
	from      *peer
	channel   *channel
	kernelCtx context.Context
}

// New prepares a kernel. Nothing is opened yet.
func New(cfg Config) *Kernel {
	if cfg.Log == nil {
		cfg.Log = os.Stderr
	}
	k := &Kernel{
		cfg:      cfg,
		log:      &logger{out: cfg.Log},
		composer: NewComposer(cfg.Connection.Key, "kernel"),
		conn:     cfg.Connection,
		cells:    newQueue[*request](),
		requests: newQueue[*request](),
		controls: newQueue[*request](),
		done:     make(chan struct{}),
	}
	opts := zmtp.DefaultOptions
	if cfg.MessageLimit > 0 {
		opts.MessageLimit = cfg.MessageLimit
	}
	newChannel := func(name string, kind zmtp.Kind) *channel {
		return &channel{name: name, kind: kind, opts: opts, log: k.log}
	}
	k.iopub = newPublisher(k.composer, k.log)
	k.pub = newChannel("iopub", zmtp.XPub)
	k.pub.receive, k.pub.left = k.iopub.receive, k.iopub.left
	k.shell = newChannel("shell", zmtp.Router)
	k.shell.receive = k.receiver(k.shell, k.onShell)
	k.control = newChannel("control", zmtp.Router)
	k.control.receive = k.receiver(k.control, k.controls.push)
	k.stdin = newChannel("stdin", zmtp.Router)
	k.prompter = &prompter{channel: k.stdin, composer: k.composer, log: k.log}
	k.stdin.receive = k.receiver(k.stdin, func(r *request) { k.prompter.receive(r.from, r.msg) })
	k.stdin.left = k.prompter.left
	k.hb = newChannel("hb", zmtp.Router)
	k.hb.receive = func(p *peer, frames [][]byte) { p.send(frames) }
	cfg.Backend.Connect(page{k})
	return k
}

// receiver decodes what comes in on a channel.
func (k *Kernel) receiver(c *channel, handle func(*request)) func(*peer, [][]byte) {
	return func(p *peer, frames [][]byte) {
		msg, err := k.composer.Decode(frames)
		if err != nil {
			k.log.printf("%s: message from %s dropped: %v", c.name, p.conn.Remote(), err)
			return
		}
		handle(&request{msg: msg, from: p, channel: c, kernelCtx: k.ctx})
	}
}

func (k *Kernel) onShell(r *request) {
	if r.msg.Header.Type == "execute_request" {
		k.cells.push(r)
		return
	}
	k.requests.push(r)
}

// channels are in the order in which they close: iopub last but for the
// heartbeat, so that everything said about the end is heard.
func (k *Kernel) channels() []*channel {
	return []*channel{k.shell, k.control, k.stdin, k.pub, k.hb}
}

// Start opens the channels and serves them until ctx ends or the kernel does.
func (k *Kernel) Start(ctx context.Context) error {
	if err := k.conn.check(); err != nil {
		return fmt.Errorf("connection: %w", err)
	}
	for i, c := range k.channels() {
		network, address, err := k.conn.Address(c.name)
		if err == nil {
			err = c.listen(network, address)
		}
		if err != nil {
			for _, opened := range k.channels()[:i] {
				opened.listener.Close()
			}
			return err
		}
		if tcp, ok := c.listener.Addr().(*net.TCPAddr); ok {
			k.setPort(c.name, tcp.Port)
		}
	}
	if k.conn.Key == "" {
		k.log.printf("the connection has no key: messages are not authenticated")
	}
	k.ctx, k.cancel = context.WithCancel(ctx)
	for _, loop := range []func(){
		func() { k.serve(k.cells, k.execute) },
		func() { k.serve(k.requests, k.answer) },
		func() { k.serve(k.controls, k.answer) },
		k.watchParent,
	} {
		k.loops.Go(loop)
	}
	for _, c := range k.channels() {
		c.start()
	}
	go k.supervise()
	return nil
}

func (k *Kernel) setPort(name string, port int) {
	for _, ch := range k.conn.ports() {
		if ch.name == name {
			*ch.port = port
		}
	}
}

// Connection is the configured one with the ports that were really opened.
func (k *Kernel) Connection() Connection { return k.conn }

func (k *Kernel) serve(q *queue[*request], handle func(*request)) {
	for {
		r, ok := q.pop()
		if !ok {
			return
		}
		handle(r)
	}
}

// stop begins the end; the first reason counts.
func (k *Kernel) stop(e Exit) {
	k.exitOnce.Do(func() { k.exit = e })
	k.cancel()
}

// supervise waits for the end and puts everything away: queues, loops, backend,
// sockets.
func (k *Kernel) supervise() {
	<-k.ctx.Done()
	k.exitOnce.Do(func() { k.exit = Exit{Reason: "closed"} })
	for _, r := range k.cells.take() {
		k.abort(r)
	}
	k.cells.close()
	k.requests.close()
	k.controls.close()
	ended := make(chan struct{})
	go func() {
		k.loops.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(endTimeout):
		k.log.printf("the running cell does not end, leaving it")
	}
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	k.guarded("shutdown", func() { k.cfg.Backend.Shutdown(ctx, k.exit.Restart) })
	cancel()
	ctx, cancel = context.WithTimeout(context.Background(), lingerTime)
	defer cancel()
	for _, c := range k.channels() {
		c.close(ctx)
	}
	close(k.done)
}

// Wait returns when the kernel has ended and everything is closed.
func (k *Kernel) Wait() Exit {
	<-k.done
	return k.exit
}

// Close ends the kernel as a shutdown_request would and waits for it.
func (k *Kernel) Close() error {
	if k.cancel == nil {
		return errors.New("the kernel was not started")
	}
	k.stop(Exit{Reason: "closed"})
	k.Wait()
	return nil
}

// Serve starts a kernel and waits for its end.
func Serve(ctx context.Context, cfg Config) (Exit, error) {
	k := New(cfg)
	if err := k.Start(ctx); err != nil {
		return Exit{}, err
	}
	return k.Wait(), nil
}

// reply answers a request where it came from. A client that has reconnected
// meanwhile is found by its identity.
func (k *Kernel) reply(r *request, msgType string, content any) {
	k.replyWith(r, msgType, nil, content)
}

func (k *Kernel) replyWith(r *request, msgType string, metadata json.RawMessage, content any) {
	m := outgoing{kind: msgType, parent: r.msg.RawHeader, metadata: metadata, content: content}
	_, frames, err := k.composer.compose(m, r.msg.Identities)
	if err != nil {
		k.log.printf("%s: %v", r.channel.name, err)
		m.metadata, m.content = nil, errorReply("EncodeError", err)
		if _, frames, err = k.composer.compose(m, r.msg.Identities); err != nil {
			return
		}
	}
	to := r.from
	if id := to.conn.Identity(); id != "" && to.isGone() {
		if again := r.channel.byIdentity(id); again != nil {
			to = again
		}
	}
	to.send(frames)
}

// guarded keeps a panic of the backend from ending the kernel.
func (k *Kernel) guarded(what string, run func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: internal panic: %v", what, r)
			k.log.printf("%v", err)
		}
	}()
	run()
	return nil
}

func errorReply(name string, err error) errorReplyContent {
	text := err.Error()
	return errorReplyContent{"error", errorContent{name, text, []string{name + ": " + text}}}
}

// replyType is the answer's type for a request's.
func replyType(msgType string) string {
	return strings.TrimSuffix(msgType, "_request") + "_reply"
}
