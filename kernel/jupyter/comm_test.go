package jupyter_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"hpgo/kernel/jupyter/jupytertest"
)

// openComm opens a comm from the page's side.
func openComm(c *jupytertest.Client, id, target string) []jupytertest.Message {
	return c.Published(c.Send("shell", "comm_open", map[string]any{"comm_id": id, "target_name": target, "data": map[string]any{}}))
}

// TestCommUnknown: who talks to nobody is told so.
func TestCommUnknown(t *testing.T) {
	k, log := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	open := openComm(c, "c1", "t")
	wantPublished(t, open, "busy", "comm_close", "idle")
	if open[1].Text("comm_id") != "c1" {
		t.Errorf("comm_close %v", open[1])
	}
	wantPublished(t, c.Published(c.Send("shell", "comm_msg", map[string]any{"comm_id": "c2"})), "busy", "comm_close", "idle")
	wantPublished(t, c.Published(c.Send("shell", "comm_close", map[string]any{"comm_id": "c1"})), "busy", "idle")
	for i, bad := range []any{map[string]any{}, map[string]any{"comm_id": 7}} {
		wantPublished(t, c.Published(c.Send("shell", "comm_msg", bad)), "busy", "idle")
		if n := strings.Count(strings.Join(log.Lines(), "\n"), "malformed comm_msg"); n != i+1 {
			t.Errorf("%v: %d lines in the log", bad, n)
		}
	}
}

// TestCommFromPage opens a comm in the page and sends binary data both ways.
func TestCommFromPage(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	wantPublished(t, openComm(c, "c1", jupytertest.EchoTarget), "busy", "comm_msg", "idle")
	for _, buffers := range [][][]byte{nil, {{}}, {[]byte("\xff\x00<IDS|MSG>"), bytes.Repeat([]byte{7}, 1<<20)}} {
		id := c.SendComm("comm_msg", map[string]any{"comm_id": "c1", "data": map[string]any{"n": 1}}, buffers...)
		published := c.Published(id)
		wantPublished(t, published, "busy", "comm_msg", "idle")
		echo := published[1]
		if got := canonical(t, echo); got != `{"comm_id":"c1","data":{"n":1}}` {
			t.Errorf("echo %s", got)
		}
		if len(echo.Raw.Buffers) != len(buffers) {
			t.Fatalf("%d buffers came back, %d were sent", len(echo.Raw.Buffers), len(buffers))
		}
		for i, b := range buffers {
			if !bytes.Equal(echo.Raw.Buffers[i], b) {
				t.Errorf("buffer %d changed", i)
			}
		}
	}
	wantPublished(t, c.Published(c.Send("shell", "comm_close", map[string]any{"comm_id": "c1"})), "busy", "idle")
	wantPublished(t, c.Published(c.Send("shell", "comm_msg", map[string]any{"comm_id": "c1"})), "busy", "comm_close", "idle")
}

// TestCommFromKernel: comms that a cell opens, their metadata, and the list.
func TestCommFromKernel(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	_, published := c.Execute("comm w1 widget hello\ntell w1 <b>")
	wantPublished(t, published, "busy", "input:1", "comm_open", "comm_msg", "idle")
	open, msg := published[2], published[3]
	if got := canonical(t, open); got != `{"comm_id":"w1","data":{"text":"hello"},"target_name":"widget"}` {
		t.Errorf("comm_open %s", got)
	}
	if string(open.Raw.Metadata) != `{"version":"1"}` {
		t.Errorf("metadata %s", open.Raw.Metadata)
	}
	if got := canonical(t, msg); got != `{"comm_id":"w1","data":{"text":"\u003cb\u003e"}}` || string(msg.Raw.Buffers[0]) != "<b>" {
		t.Errorf("comm_msg %s with %q", got, msg.Raw.Buffers)
	}
	openComm(c, "p1", jupytertest.EchoTarget)
	for target, want := range map[string]string{
		"":       `{"comms":{"p1":{"target_name":"echo"},"w1":{"target_name":"widget"}},"status":"ok"}`,
		"widget": `{"comms":{"w1":{"target_name":"widget"}},"status":"ok"}`,
		"other":  `{"comms":{},"status":"ok"}`,
	} {
		content := map[string]any{"target_name": target}
		if target == "" {
			content = map[string]any{}
		}
		if reply, _ := c.Request("shell", "comm_info_request", content); canonical(t, reply) != want {
			t.Errorf("comms of %q: %s, want %s", target, canonical(t, reply), want)
		}
	}
	c.Execute("hangup w1")
	if reply, _ := c.Request("shell", "comm_info_request", map[string]any{"target_name": "widget"}); canonical(t, reply) != `{"comms":{},"status":"ok"}` {
		t.Errorf("after the close: %v", reply)
	}
}

// TestCommParents: what the kernel sends bears the message that it answers, also
// beside a cell; else the cell; else what was last.
func TestCommParents(t *testing.T) {
	b := &jupytertest.Backend{Late: make(chan struct{})}
	k, _ := jupytertest.Start(t, b, nil)
	c := jupytertest.Connect(t, k.Connection())
	openComm(c, "c1", jupytertest.EchoTarget)
	cell := startBlocked(c)
	wantPublished(t, c.Published(c.SendComm("comm_msg", map[string]any{"comm_id": "c1"})), "busy", "comm_msg", "idle")
	b.Tell("c1", "during the cell")
	during := c.PublishedWhere("comm_msg", func(m jupytertest.Message) bool { return m.Type == "comm_msg" })
	if during.Parent != cell {
		t.Errorf("during the cell: parent %s, want %s", during.Parent, cell)
	}
	c.Request("control", "interrupt_request", map[string]any{})
	c.Reply("shell", cell)
	c.Published(cell)
	b.Tell("c1", "after the cell")
	after := c.PublishedWhere("comm_msg", func(m jupytertest.Message) bool { return m.Type == "comm_msg" })
	if after.Parent != cell {
		t.Errorf("after the cell: parent %s, want %s", after.Parent, cell)
	}
	var header map[string]any
	if err := json.Unmarshal(after.Raw.Parent, &header); err != nil || header["msg_type"] != "execute_request" {
		t.Errorf("parent header %s", after.Raw.Parent)
	}
}

// TestWork: what the backend does on its own account shows as busy, before and
// after what it does for requests.
func TestWork(t *testing.T) {
	b := &jupytertest.Backend{}
	k, _ := jupytertest.Start(t, b, nil)
	c := jupytertest.Connect(t, k.Connection())
	next := func(want, parent string) {
		t.Helper()
		m := c.PublishedWhere("a status", func(m jupytertest.Message) bool { return m.Parent != "" })
		if summary(m) != want || m.Parent != parent {
			t.Errorf("published %v of %q, want %s of %q", m, m.Parent, want, parent)
		}
	}
	cell := c.Send("shell", "execute_request", jupytertest.ExecuteContent("print x", nil))
	c.Reply("shell", cell)
	c.Published(cell)
	done := b.Work()
	next("busy", cell)
	id := c.Send("shell", "kernel_info_request", map[string]any{})
	next("busy", id)
	next("idle", id)
	next("busy", cell)
	done()
	next("idle", cell)
}
