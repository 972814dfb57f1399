package gonb

import (
	"context"
	"encoding/gob"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"hpgo/kernel/display"
)

// tape is a kernel that writes down what it is told.
type tape struct {
	mu    sync.Mutex
	lines []string
	delay time.Duration
}

func (k *tape) add(format string, args ...any) {
	time.Sleep(k.delay)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lines = append(k.lines, fmt.Sprintf(format, args...))
}

func (k *tape) all() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.lines)
}

func (k *tape) Show(e display.Event)         { k.add("%s %s %v", e.Op, e.ID, e.Bundle.Data) }
func (k *tape) Ask(prompt string, hide bool) { k.add("ask %q %v", prompt, hide) }
func (k *tape) Complain(text string)         { k.add("complain %s", text) }

// process is the program's end, as gonbui opens it.
type process struct {
	*gob.Encoder
	*gob.Decoder
	raw *os.File
}

// open starts a program over a page; its end is opened when gonbui would.
func open(t *testing.T, page *Page, k Kernel) (*Program, process) {
	t.Helper()
	p, err := Open(t.TempDir(), page, k)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	env := map[string]string{}
	for _, kv := range p.Env() {
		name, value, _ := strings.Cut(kv, "=")
		env[name] = value
	}
	out, err := os.OpenFile(env["GONB_PIPE"], os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	back, err := os.OpenFile(env["GONB_PIPE_BACK"], os.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close(); back.Close() })
	return p, process{gob.NewEncoder(out), gob.NewDecoder(back), out}
}

// say sends one message.
func (p process) say(t *testing.T, id string, key protocol.MIMEType, content any) {
	t.Helper()
	if err := p.Encode(&protocol.DisplayData{Data: map[protocol.MIMEType]any{key: content}, DisplayID: id}); err != nil {
		t.Fatal(err)
	}
}

func (p process) hear(t *testing.T) protocol.CommValue {
	t.Helper()
	var v protocol.CommValue
	if err := p.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMessages(t *testing.T) {
	k := &tape{}
	p, prog := open(t, NewPage(nil, nil), k)
	prog.say(t, "", protocol.MIMETextHTML, "<b>x</b>")
	prog.say(t, "a", protocol.MIMETextMarkdown, "# one")
	prog.say(t, "a", protocol.MIMETextMarkdown, "# two")
	prog.say(t, "", protocol.MIMEImagePNG, []byte("png"))
	prog.say(t, "", protocol.MIMEJupyterInput, &protocol.InputRequest{Prompt: "Pin:", Password: true})
	prog.say(t, "", protocol.MIMECommValue, "nonsense")
	prog.say(t, "", protocol.MIMECommValue, &protocol.CommValue{Address: protocol.GonbuiSyncAddress, Value: 7})
	if v := prog.hear(t); v.Address != protocol.GonbuiSyncAckAddress || v.Value != 7 {
		t.Errorf("the answer to Sync is %+v", v)
	}
	// The answer says that all before was published.
	want := []string{"display  map[text/html:<b>x</b>]", "display a map[text/markdown:# one]", "update a map[text/markdown:# two]",
		"display  map[image/png:cG5n]", `ask "Pin:" true`, "complain gonbui sent a string as gonb/comm_value, which it can't be"}
	if got := k.all(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	p.Drain(t.Context())
}

// TestScriptsOfCells: the scripts of package dom run in a display of the cell that
// runs now, whose output may be the only one that is still there.
func TestScriptsOfCells(t *testing.T) {
	k := &tape{}
	page := NewPage(func(display.Comm) {}, func() string { return "connects" })
	p, prog := open(t, page, k)
	for range 2 {
		p.Begin()
		prog.say(t, "gonb_transient_js_1", protocol.MIMETextHTML, "a")
		prog.say(t, "gonb_transient_js_1", protocol.MIMETextHTML, "")
		prog.say(t, "other", protocol.MIMETextHTML, "x")
		p.Drain(t.Context())
	}
	page.Comm(t.Context(), display.Comm{Op: display.CommOpen, ID: "again"})
	page.Comm(t.Context(), display.Comm{Op: display.CommMsg, ID: "again", Data: []byte(`{"address":"#heartbeat/pong"}`)})
	prog.say(t, "gonb_transient_js_1", protocol.MIMETextHTML, "b")
	p.Drain(t.Context())
	var ops []string
	for _, line := range k.all() {
		op, _, _ := strings.Cut(line, " ")
		ops = append(ops, op)
	}
	if got, want := strings.Join(ops, " "), "display update display display update update display"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestDrain: nothing is lost without Sync, however slow the front end is.
func TestDrain(t *testing.T) {
	k := &tape{delay: time.Millisecond}
	p, prog := open(t, NewPage(nil, nil), k)
	const n = 300
	for i := range n {
		prog.say(t, "", protocol.MIMETextHTML, strings.Repeat("x", i*10))
	}
	p.Drain(t.Context())
	if got := len(k.all()); got != n {
		t.Errorf("%d of %d messages were shown when Drain returned", got, n)
	}
}

// TestBroken: what can't be read is said once, the program isn't blocked and the
// cell's end isn't either.
func TestBroken(t *testing.T) {
	k := &tape{}
	p, prog := open(t, NewPage(nil, nil), k)
	prog.say(t, "", protocol.MIMETextHTML, "good")
	if _, err := prog.raw.Write([]byte(strings.Repeat("\x03garbage", 50_000))); err != nil {
		t.Fatal(err)
	}
	p.Drain(t.Context())
	got := k.all()
	if len(got) != 2 || !strings.Contains(got[1], "can't be read") {
		t.Errorf("got %q", got)
	}
}

// TestHalfMessage: a program that died in the middle of a message, or is stopped
// there, holds its cell up for a moment only.
func TestHalfMessage(t *testing.T) {
	p, prog := open(t, NewPage(nil, nil), &tape{})
	if _, err := prog.raw.Write([]byte{200}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	p.Drain(ctx)
	if ctx.Err() != nil {
		t.Error("Drain waits for the rest of a message for ever")
	}
}

// TestClose: the pipes go, and goroutines that wait for anything end.
func TestClose(t *testing.T) {
	dir := t.TempDir()
	page := NewPage(func(display.Comm) {}, func() string { return "script" })
	p, err := Open(dir, page, &tape{})
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.OpenFile(p.paths()[0], os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	// The page never answers; Close doesn't wait for it.
	process{Encoder: gob.NewEncoder(out)}.say(t, "", protocol.MIMECommSubscribe, &protocol.CommSubscription{Address: "a"})
	for range 2 {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestCloseIsQuiet: a reader that waits when its pipe is closed says nothing.
func TestCloseIsQuiet(t *testing.T) {
	k := &tape{}
	p, _ := open(t, NewPage(nil, nil), k)
	p.Drain(t.Context())
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if said := k.all(); len(said) > 0 {
		t.Errorf("said %q", said)
	}
}

// TestTyped covers what a page can send: gonbui must never get a []any or a
// map[string]any, at which it closes its pipes for good.
func TestTyped(t *testing.T) {
	for _, test := range []struct {
		json   any
		before kind
		want   any
	}{
		{1.5, unknown, 1.5},
		{0.0, unknown, 0.0},
		{"", unknown, ""},
		{nil, unknown, nil},
		{false, unknown, 0},
		{true, unknown, 1},
		{[]any{1.0, 2.0}, unknown, []int{1, 2}},
		{[]any{1.0, 2.0}, floats, []float64{1, 2}},
		{[]any{1.0, 2.5}, ints, []float64{1, 2.5}},
		{[]any{1e300}, unknown, []float64{1e300}},
		{[]any{"a", "b"}, unknown, []string{"a", "b"}},
		{[]any{"a", 1.0, nil, []any{true}}, unknown, []string{"a", "1", "null", "[true]"}},
		{[]any{1.0}, texts, []string{"1"}},
		{[]any{}, unknown, []float64{}},
		{[]any{}, texts, []string{}},
		{map[string]any{"x": 1.0}, unknown, map[string]int{"x": 1}},
		{map[string]any{"x": 1.5}, unknown, map[string]float64{"x": 1.5}},
		{map[string]any{"x": "y", "z": 2.0}, unknown, map[string]string{"x": "y", "z": "2"}},
	} {
		if got := typed(test.json, test.before); !reflect.DeepEqual(got, test.want) {
			t.Errorf("typed(%#v, %d) = %#v, want %#v", test.json, test.before, got, test.want)
		}
	}
}
