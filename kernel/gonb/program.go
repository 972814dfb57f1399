package gonb

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"hpgo/kernel/display"
)

// Kernel is what a program's messages need of the kernel. Its methods are called
// one at a time.
type Kernel interface {
	// Show shows an event after everything that the program has printed so far.
	Show(display.Event)
	// Ask asks the user for a line, which goes to the program's standard input.
	// It doesn't wait for the answer.
	Ask(prompt string, password bool)
	// Complain tells the user what went wrong.
	Complain(text string)
}

// Program is the connection to one process that may use gonbui.
type Program struct {
	dir    string
	kernel Kernel
	page   *Page
	in     *source
	out    *os.File
	values chan protocol.CommValue // to the program

	mu         sync.Mutex
	subscribed map[string]bool
	kinds      map[string]kind // of the values at an address

	cells  atomic.Int64    // those that have begun
	alone  bool            // it was told that there is no page
	lost   atomic.Int64    // values that it didn't read in time
	broken atomic.Bool     // its messages can't be read any more
	ctx    context.Context // ended by Close
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

// queued is how many values may wait for a program that doesn't read them.
const queued = 4096

// Open makes the pipes of a process in a new directory inside dir and starts to
// listen. The process is started afterwards, with Env.
func Open(dir string, page *Page, k Kernel) (*Program, error) {
	own, err := os.MkdirTemp(dir, "gonbui-")
	if err != nil {
		return nil, fmt.Errorf("make the pipes for gonbui: %w", err)
	}
	p := &Program{dir: own, kernel: k, page: page, values: make(chan protocol.CommValue, queued),
		subscribed: map[string]bool{}, kinds: map[string]kind{}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	if err := p.open(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(own))
	}
	page.join(p)
	p.ended.Add(2)
	go p.read()
	go p.write()
	return p, nil
}

// open makes both pipes and opens our ends.
func (p *Program) open() error {
	for _, path := range p.paths() {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			return fmt.Errorf("make the pipe %s: %w", path, err)
		}
	}
	var err error
	if p.in, err = newSource(p.paths()[0]); err != nil {
		return err
	}
	if p.out, err = os.OpenFile(p.paths()[1], os.O_RDWR, 0); err != nil {
		return errors.Join(fmt.Errorf("open the pipe to gonbui: %w", err), p.in.close())
	}
	return nil
}

// paths are the pipe that the program writes and the one that it reads.
func (p *Program) paths() [2]string {
	return [2]string{filepath.Join(p.dir, "out"), filepath.Join(p.dir, "back")}
}

// Env returns the variables that the process must be started with.
func (p *Program) Env() []string {
	return []string{protocol.GONB_PIPE_ENV + "=" + p.paths()[0], protocol.GONB_PIPE_BACK_ENV + "=" + p.paths()[1]}
}

// Variables are the names of the variables of Env. A process without pipes must
// not have them.
func Variables() []string { return []string{protocol.GONB_PIPE_ENV, protocol.GONB_PIPE_BACK_ENV} }

// Begin says that a cell begins, to which what comes from now on belongs.
func (p *Program) Begin() { p.cells.Add(1) }

// Drain waits until everything that the process has written is handled.
func (p *Program) Drain(ctx context.Context) { p.in.drain(ctx) }

// Close ends the connection and removes the pipes.
func (p *Program) Close() error {
	if p.ctx.Err() != nil {
		return nil
	}
	p.cancel()
	p.page.leave(p)
	err := errors.Join(p.in.close(), p.out.Close())
	p.ended.Wait()
	return errors.Join(err, os.RemoveAll(p.dir))
}

// read handles the program's messages until Close.
func (p *Program) read() {
	defer p.ended.Done()
	dec := gob.NewDecoder(p.in)
	for {
		var m protocol.DisplayData
		err := dec.Decode(&m)
		if errors.Is(err, os.ErrClosed) || p.ctx.Err() != nil { // who waited is told in other words than os.ErrClosed
			return
		}
		if err != nil {
			p.broken.Store(true)
			p.kernel.Complain(fmt.Sprintf("a message of gonbui can't be read, and none after it: %v", err))
			p.in.boundary()
			p.skip()
			return
		}
		p.handle(m)
		p.in.boundary()
	}
}

// skip reads on without understanding, so that the program is not blocked.
func (p *Program) skip() {
	buf := make([]byte, 4096)
	for {
		if _, err := p.in.Read(buf); err != nil {
			return
		}
		p.in.at = p.in.end
		p.in.boundary()
	}
}

// write sends values to the program until Close.
func (p *Program) write() {
	defer p.ended.Done()
	enc := gob.NewEncoder(p.out)
	for {
		select {
		case v := <-p.values:
			if err := enc.Encode(&v); err != nil {
				return // closed by Close: we hold its other end open
			}
			if n := p.lost.Swap(0); n > 0 {
				p.kernel.Complain(fmt.Sprintf("gonbui didn't read its values: %d are lost", n))
			}
		case <-p.ctx.Done():
			return
		}
	}
}

// send queues a value for the program. One that doesn't read loses values
// rather than stopping the kernel.
func (p *Program) send(v protocol.CommValue) {
	select {
	case p.values <- v:
	case <-p.ctx.Done():
	default:
		p.lost.Add(1)
	}
}
