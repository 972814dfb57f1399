package gonb

import (
	"encoding/base64"
	"encoding/gob"
	"errors"
	"fmt"
	"strings"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"hpgo/kernel/display"
)

func init() {
	// What gonb registers beside its protocol's own types: metadata may be nested.
	gob.Register(map[string]any{})
	gob.Register([]any{})
}

// handle does what one message asks for.
func (p *Program) handle(m protocol.DisplayData) {
	for key, content := range m.Data {
		var err error
		switch key {
		case protocol.MIMEJupyterInput:
			err = p.input(content)
		case protocol.MIMECommValue:
			err = p.value(content)
		case protocol.MIMECommSubscribe:
			err = p.subscribe(content)
		default:
			continue
		}
		if err != nil {
			p.complain(err)
		}
		delete(m.Data, key)
	}
	if len(m.Data) > 0 {
		if err := p.reconnect(m.DisplayID); err != nil {
			p.complain(err)
		}
		m.DisplayID = p.ownID(m.DisplayID)
		p.kernel.Show(p.page.event(m))
	}
}

// scriptPrefix begins the identifier of the display in which gonbui's package dom
// runs its scripts, one after the other. A process has one.
const scriptPrefix = "gonb_transient_js_"

// complain tells the user what went wrong; that there is no page is told once.
func (p *Program) complain(err error) {
	noPage := errors.Is(err, ErrNoPage)
	if !noPage || !p.alone {
		p.kernel.Complain(err.Error())
	}
	p.alone = p.alone || noPage
}

// reconnect makes sure before a script of package dom that the page which was
// connected is still there: gonbui doesn't subscribe again to what it knows.
func (p *Program) reconnect(id string) error {
	if !strings.HasPrefix(id, scriptPrefix) || p.page.opens.Load() == 0 {
		return nil
	}
	return p.page.start(p)
}

// ownID makes the display for scripts one of the running cell and of the page as
// it is now. gonb has a process for each cell; here the process lives on, and an
// update of what an earlier cell showed would run nothing when that cell ran
// again or the page was loaded again meanwhile.
func (p *Program) ownID(id string) string {
	if !strings.HasPrefix(id, scriptPrefix) {
		return id
	}
	return fmt.Sprintf("%s-%d-%d", id, p.cells.Load(), p.page.opens.Load())
}

// unexpected is the error for a content of the wrong type.
func unexpected(key protocol.MIMEType, content any) error {
	return fmt.Errorf("gonbui sent a %T as %s, which it can't be", content, key)
}

// input asks the user.
func (p *Program) input(content any) error {
	req, ok := content.(protocol.InputRequest)
	if !ok {
		return unexpected(protocol.MIMEJupyterInput, content)
	}
	p.kernel.Ask(req.Prompt, req.Password)
	return nil
}

// value passes a value on: to the page, or to the kernel itself.
func (p *Program) value(content any) error {
	v, ok := content.(protocol.CommValue)
	if !ok {
		return unexpected(protocol.MIMECommValue, content)
	}
	switch v.Address {
	case protocol.GonbuiSyncAddress:
		// All messages before this one were handled, one after the other.
		p.send(protocol.CommValue{Address: protocol.GonbuiSyncAckAddress, Value: v.Value})
	case protocol.GonbuiStartAddress:
		return p.page.start(p)
	default:
		p.note(v.Address, kindOf(v.Value))
		if err := p.page.start(p); err != nil {
			if v.Request {
				p.deliver(v.Address, nil) // else ReadValue waits for ever
			}
			return err
		}
		p.page.post(v)
	}
	return nil
}

// subscribe begins or ends the delivery of an address's values.
func (p *Program) subscribe(content any) error {
	s, ok := content.(protocol.CommSubscription)
	if !ok {
		return unexpected(protocol.MIMECommSubscribe, content)
	}
	p.mu.Lock()
	if s.Unsubscribe {
		delete(p.subscribed, s.Address)
	} else {
		p.subscribed[s.Address] = true
	}
	p.mu.Unlock()
	if s.Unsubscribe {
		return nil
	}
	return p.page.start(p)
}

// deliver gives a value from the page to the program if it wants it: gonbui
// locks up when it gets a value that it did not ask for.
func (p *Program) deliver(address string, value any) {
	p.mu.Lock()
	wanted := p.subscribed[address] && !p.broken.Load()
	var v any
	if wanted {
		v = typed(value, p.kinds[address])
		if k := kindOf(v); k != unknown {
			p.kinds[address] = k
		}
	}
	p.mu.Unlock()
	if wanted {
		p.send(protocol.CommValue{Address: address, Value: v})
	}
}

// note remembers what kind of values an address has.
func (p *Program) note(address string, k kind) {
	if k == unknown {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kinds[address] = k
}

// event is a message that shows something.
func (p *Page) event(m protocol.DisplayData) display.Event {
	e := display.Event{Op: display.OpDisplay, ID: m.DisplayID, Bundle: display.Bundle{Data: map[string]any{}, Metadata: m.Metadata}}
	for key, content := range m.Data {
		if raw, ok := content.([]byte); ok {
			content = base64.StdEncoding.EncodeToString(raw)
		}
		e.Bundle.Data[string(key)] = content
	}
	if p.seen(m.DisplayID) {
		e.Op = display.OpUpdate
	}
	return e
}
