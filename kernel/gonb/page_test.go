package gonb

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"hpgo/internal/skip"
	"hpgo/kernel/display"
)

// browser is a page that runs the script it is shown, as a notebook would.
type browser struct {
	tape
	page *Page

	mu     sync.Mutex
	opens  int
	values map[string]any
}

func newBrowser() *browser {
	b := &browser{values: map[string]any{}}
	b.page = NewPage(b.receive, func() string { return "script" })
	return b
}

func (b *browser) Show(e display.Event) {
	b.tape.Show(e)
	if e.Bundle.Data["text/html"] != "script" {
		return
	}
	b.mu.Lock()
	b.opens++
	id := fmt.Sprintf("comm%d", b.opens)
	b.mu.Unlock()
	go b.page.Comm(context.Background(), display.Comm{Op: display.CommOpen, ID: id, Target: Target})
}

// receive is the script: it answers pings and questions, and echoes values.
func (b *browser) receive(c display.Comm) {
	if c.ID == "gone" {
		return
	}
	var n note
	if err := json.Unmarshal(c.Data, &n); err != nil {
		panic(err)
	}
	switch n.Address {
	case openedAddress, pingAddress:
		n.Address = pongAddress
	case readAddress:
		n.Address, _ = n.Value.(string)
		n.Value = b.values[n.Address]
	}
	data, err := json.Marshal(n)
	if err != nil {
		panic(err)
	}
	go b.page.Comm(context.Background(), display.Comm{Op: display.CommMsg, ID: c.ID, Data: data})
}

func TestPage(t *testing.T) {
	b := newBrowser()
	b.values["/field"] = 0.0
	p, prog := open(t, b.page, b)
	value := func(v protocol.CommValue) { prog.say(t, "", protocol.MIMECommValue, &v) }
	value(protocol.CommValue{Address: protocol.GonbuiStartAddress, Value: 1})
	prog.say(t, "", protocol.MIMECommSubscribe, &protocol.CommSubscription{Address: "/echo"})
	value(protocol.CommValue{Address: "/echo", Value: 0})
	if v := prog.hear(t); v.Address != "/echo" || v.Value != 0.0 {
		t.Errorf("echo of a zero: %+v", v)
	}
	value(protocol.CommValue{Address: "/unheard", Value: 1}) // its echo must not arrive
	prog.say(t, "", protocol.MIMECommSubscribe, &protocol.CommSubscription{Address: "/field"})
	value(protocol.CommValue{Address: "/field", Request: true})
	if v := prog.hear(t); v.Address != "/field" || v.Value != 0.0 {
		t.Errorf("a value that was asked for: %+v", v)
	}
	p.Drain(t.Context())
	if b.opens != 1 {
		t.Errorf("the script ran %d times", b.opens)
	}
	got := b.all()
	if len(got) != 2 || got[0][:8] != "display " || got[1][:7] != "update " {
		t.Errorf("the script must come and go: %q", got)
	}
}

// TestPageLoadedAnew: the scripts of a page that was loaded again are gone; the
// next start finds that out and brings a new one.
func TestPageLoadedAnew(t *testing.T) {
	b := newBrowser()
	if err := b.page.Start(t.Context(), b.Show, true); err != nil {
		t.Fatal(err)
	}
	b.page.mu.Lock()
	b.page.comm = "gone" // nobody answers there
	b.page.heard = b.page.heard.Add(-2 * silentFor)
	b.page.mu.Unlock()
	if err := b.page.Start(t.Context(), b.Show, true); err != nil {
		t.Fatal(err)
	}
	if b.opens != 2 || !b.page.Alive(t.Context()) {
		t.Errorf("the script ran %d times", b.opens)
	}
}

// TestSlowPage: a page that answered too late is still the page.
func TestSlowPage(t *testing.T) {
	b := newBrowser()
	p, prog := open(t, b.page, b)
	prog.say(t, "", protocol.MIMECommSubscribe, &protocol.CommSubscription{Address: "/a"})
	p.Drain(t.Context())
	b.page.closed("comm1")
	b.page.Comm(t.Context(), display.Comm{Op: display.CommMsg, ID: "comm1", Data: []byte(`{"address":"/a","value":3}`)})
	if v := prog.hear(t); v.Value != 3.0 {
		t.Errorf("got %+v", v)
	}
	if !b.page.Alive(t.Context()) {
		t.Error("the page isn't connected")
	}
}

// TestNoPage: without a browser everything goes on, and ReadValue gets nothing
// instead of waiting for ever.
func TestNoPage(t *testing.T) {
	k := &tape{}
	_, prog := open(t, NewPage(nil, nil), k)
	prog.say(t, "", protocol.MIMECommSubscribe, &protocol.CommSubscription{Address: "/field"})
	prog.say(t, "", protocol.MIMECommValue, &protocol.CommValue{Address: "/field", Request: true})
	if v := prog.hear(t); v.Address != "/field" || v.Value != nil {
		t.Errorf("got %+v", v)
	}
	if said := k.all(); len(said) != 1 || !strings.Contains(said[0], "no browser page answers") {
		t.Errorf("said %q", said)
	}
}

// TestUnheardPage: what the page says may arrive before it hears anything. It is
// connected when it has answered on its comm, and not before.
func TestUnheardPage(t *testing.T) {
	said := make(chan display.Comm, 10)
	page := NewPage(func(c display.Comm) { said <- c }, func() string { return "script" })
	shown := make(chan bool, 2)
	ready := make(chan error, 1)
	go func() { ready <- page.Start(t.Context(), func(display.Event) { shown <- true }, true) }()
	<-shown
	for range 2 { // the first answer was not heard
		page.Comm(t.Context(), display.Comm{Op: display.CommOpen, ID: "c", Target: Target})
		if c := <-said; c.ID != "c" || !strings.Contains(string(c.Data), openedAddress) {
			t.Errorf("said %+v", c)
		}
		select {
		case err := <-ready:
			t.Fatalf("connected to a page that hears nothing: %v", err)
		default:
		}
		if page.Alive(t.Context()) {
			t.Error("a page that said nothing lives")
		}
	}
	page.Comm(t.Context(), display.Comm{Op: display.CommMsg, ID: "c", Data: []byte(`{"address":"#heartbeat/pong","value":true}`)})
	if err := <-ready; err != nil || page.opens.Load() != 1 {
		t.Errorf("%v, %d opens", err, page.opens.Load())
	}
}

// TestPageScript runs the page's script against a server that loses the first
// answer, and twice, as after a page that was slow to answer.
func TestPageScript(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		skip.Because(t, "no node")
	}
	if out, err := exec.CommandContext(t.Context(), node, "testdata/page.mjs", "page.js").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
