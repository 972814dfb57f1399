package jupyter_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/jupyter"
	"hpgo/kernel/jupyter/internal/zmtp"
	"hpgo/kernel/jupyter/jupytertest"
)

// rawSubscriber subscribes to iopub and then never reads.
func rawSubscriber(t *testing.T, conn jupyter.Connection) *zmtp.Conn {
	t.Helper()
	network, address, _ := conn.Address("iopub")
	z, err := zmtp.Dial(context.Background(), network, address, zmtp.Sub, "", zmtp.DefaultOptions)
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Send([][]byte{{1}}); err != nil {
		t.Fatal(err)
	}
	if err := z.Flush(); err != nil {
		t.Fatal(err)
	}
	return z
}

// waitForLine waits for a log line with the text and wants just one of it.
func waitForLine(t *testing.T, log *jupytertest.Log, text string) {
	t.Helper()
	for range 2000 {
		n := 0
		for _, line := range log.Lines() {
			if strings.Contains(line, text) {
				n++
			}
		}
		if n == 1 {
			return
		}
		if n > 1 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("want one log line with %q, have %q", text, log.Lines())
}

// badFrame is a message that is none, and what the log says of it.
type badFrame struct {
	name   string
	frames func(*jupytertest.Client) [][]byte
	line   string
}

func badFrames() []badFrame {
	good := func(c *jupytertest.Client) [][]byte {
		return c.Compose("kernel_info_request", map[string]any{})
	}
	// resign replaces a part by what a client with the key might send.
	resign := func(part int, text string) func(c *jupytertest.Client) [][]byte {
		return func(c *jupytertest.Client) [][]byte {
			f := good(c)
			f[part] = []byte(text)
			f[1] = c.Sign(f[2], f[3], f[4], f[5])
			return f
		}
	}
	return []badFrame{
		{"wrong signature", func(c *jupytertest.Client) [][]byte {
			f := good(c)
			f[1] = []byte(strings.Repeat("0", 64))
			return f
		}, "wrong signature"},
		{"no signature", func(c *jupytertest.Client) [][]byte {
			f := good(c)
			f[1] = nil
			return f
		}, "wrong signature"},
		{"spoilt content", func(c *jupytertest.Client) [][]byte {
			f := good(c)
			f[5] = []byte(`{"a":1}`)
			return f
		}, "wrong signature"},
		{"no delimiter", func(c *jupytertest.Client) [][]byte { return good(c)[1:] }, "no <IDS|MSG> delimiter in 5 frames"},
		{"too few frames", func(c *jupytertest.Client) [][]byte { return good(c)[:4] }, "too few frames: 3"},
		{"one empty frame", func(c *jupytertest.Client) [][]byte { return [][]byte{{}} }, "no <IDS|MSG> delimiter in 1 frames"},
		{"header no JSON", resign(2, `{"msg_id":`), "malformed header: not valid JSON"},
		{"header empty", resign(2, ``), "malformed header: not valid JSON"},
		{"header a list", resign(2, `[1]`), "malformed header: not a JSON object"},
		{"header null", resign(2, `null`), "malformed header: no msg_type"},
		{"header without id", resign(2, `{"msg_type":"x_request"}`), "malformed header: no msg_id"},
		{"type a number", resign(2, `{"msg_id":"1","msg_type":3}`), "malformed header: no msg_type"},
		{"header not UTF-8", resign(2, "{\"msg_id\":\"\xff\"}"), "malformed header: not valid UTF-8"},
		{"parent", resign(3, `{`), "malformed parent_header"},
		{"metadata", resign(4, `"text"`), "malformed metadata"},
		{"content", resign(5, `{]`), "malformed content"},
		{"deep content", resign(5, strings.Repeat("[", 100000)), "malformed content"},
	}
}

// TestBadFrames: each bad message costs a log line, and the same connection
// goes on to work.
func TestBadFrames(t *testing.T) {
	for _, channel := range []string{"shell", "control", "stdin"} {
		for _, test := range badFrames() {
			t.Run(channel+" "+test.name, func(t *testing.T) {
				k, log := jupytertest.Start(t, &jupytertest.Backend{}, nil)
				c := jupytertest.Connect(t, k.Connection())
				c.SendFrames(channel, test.frames(c)...)
				waitForLine(t, log, test.line)
				if !strings.HasPrefix(log.Lines()[0], "hpgo kernel: "+channel+": message from 127.0.0.1:") {
					t.Errorf("log line %q", log.Lines()[0])
				}
				if channel != "stdin" {
					c.Request(channel, "kernel_info_request", map[string]any{})
				}
				_, published := c.Execute("print fine")
				wantPublished(t, published, "busy", "input:1", "stdout:fine\n", "idle")
			})
		}
	}
}

// greeting is a correct ZMTP 3.0 greeting with NULL security.
func greeting() []byte {
	g := make([]byte, 64)
	g[0], g[9], g[10] = 0xff, 0x7f, 3
	copy(g[12:], "NULL")
	return g
}

// ready is a READY command frame with the given metadata.
func ready(metadata string) []byte {
	body := "\x05READY" + metadata
	return append([]byte{4, byte(len(body))}, body...)
}

func property(name, value string) string {
	return string(byte(len(name))) + name + string(binary.BigEndian.AppendUint32(nil, uint32(len(value)))) + value
}

// TestGarbage writes bytes to the ports that no ZeroMQ peer would.
func TestGarbage(t *testing.T) {
	peerType := map[string]string{"shell": "DEALER", "control": "DEALER", "stdin": "DEALER", "iopub": "SUB", "hb": "REQ"}
	tests := []struct {
		name  string
		bytes func(channel string) []byte
		line  string
	}{
		{"HTTP", func(string) []byte {
			return []byte("GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: a browser or port scanner\r\n\r\n")
		}, "refused: zeromq handshake"},
		{"noise", func(string) []byte { return bytes.Repeat([]byte{0xa5, 0x5a, 0}, 5000) }, "refused: zeromq handshake"},
		{"a lone byte", func(string) []byte { return []byte{0xff} }, "refused: zeromq handshake"},
		{"other security", func(string) []byte { g := greeting(); copy(g[12:], "CURVE"); return g }, "refused: zeromq handshake"},
		{"not READY", func(string) []byte { return append(greeting(), 4, 4, 3, 'F', 'O', 'O') }, "refused: zeromq handshake"},
		{"bad metadata", func(string) []byte { return append(greeting(), ready("\xffabc")...) }, "refused: "},
		{"cut metadata", func(string) []byte { return append(greeting(), ready("\x03ab")...) }, "refused: "},
		{"unknown socket type", func(string) []byte { return append(greeting(), ready(property("Socket-Type", "ROOSTER"))...) }, "refused: "},
		{"wrong socket type", func(string) []byte { return append(greeting(), ready(property("Socket-Type", "PUSH"))...) }, "refused: zeromq handshake"},
		{"huge handshake", func(string) []byte { return append(greeting(), 6, 0, 0, 0, 0, 1, 0, 0, 0) }, "message too large"},
		{"absurd frame", func(ch string) []byte {
			return append(append(greeting(), ready(property("Socket-Type", peerType[ch]))...), 2, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
		}, "message too large"},
		{"absurd negative frame", func(ch string) []byte {
			return append(append(greeting(), ready(property("Socket-Type", peerType[ch]))...), 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
		}, "message too large"},
		{"bad flags", func(ch string) []byte {
			return append(append(greeting(), ready(property("Socket-Type", peerType[ch]))...), 0x88, 1, 1)
		}, "bad frame flags"},
		{"endless message", func(ch string) []byte {
			return append(append(greeting(), ready(property("Socket-Type", peerType[ch]))...), bytes.Repeat([]byte{1, 0}, 1<<15)...)
		}, "message too large"},
	}
	for _, channel := range []string{"shell", "control", "iopub", "stdin", "hb"} {
		for _, test := range tests {
			t.Run(channel+" "+test.name, func(t *testing.T) {
				k, log := jupytertest.Start(t, &jupytertest.Backend{}, func(cfg *jupyter.Config) { cfg.MessageLimit = 1 << 20 })
				_, address, _ := k.Connection().Address(channel)
				raw, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := raw.Write(test.bytes(channel)); err != nil {
					t.Logf("write: %v", err) // the kernel may have hung up already
				}
				raw.(*net.TCPConn).CloseWrite()
				waitForLine(t, log, test.line)
				if line := log.Lines()[0]; !strings.HasPrefix(line, "hpgo kernel: "+channel+": connection from 127.0.0.1:") {
					t.Errorf("log line %q", line)
				}
				raw.Close()
				c := jupytertest.Connect(t, k.Connection())
				_, published := c.Execute("print fine")
				wantPublished(t, published, "busy", "input:1", "stdout:fine\n", "idle")
				c.Beat("alive")
			})
		}
	}
}

// TestSilentPeer: one that connects and says nothing shuts nobody out, and
// doesn't hold up the end.
func TestSilentPeer(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	for _, channel := range []string{"shell", "control", "iopub", "stdin", "hb"} {
		_, address, _ := k.Connection().Address(channel)
		raw, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
	}
	c := jupytertest.Connect(t, k.Connection())
	_, published := c.Execute("print fine")
	wantPublished(t, published, "busy", "input:1", "stdout:fine\n", "idle")
	c.Beat("alive")
	k.Close()
}

// TestPing: a peer's PING is answered between messages.
func TestPing(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	_, address, _ := k.Connection().Address("hb")
	raw, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	raw.Write(append(greeting(), ready(property("Socket-Type", "REQ"))...))
	raw.Write([]byte("\x04\x07\x04PING\x00\x0a"))
	raw.Write([]byte("\x01\x00\x00\x02hi"))
	raw.SetReadDeadline(time.Now().Add(time.Minute))
	want := "\x04\x05\x04PONG\x01\x00\x00\x02hi"
	var got []byte
	for b := make([]byte, 1); !strings.HasSuffix(string(got), want); got = append(got, b[0]) {
		if _, err := raw.Read(b); err != nil {
			t.Fatalf("answer %q: %v", got, err)
		}
	}
}

// TestLargeMessage: below the limit a large cell and large buffers pass.
func TestLargeMessage(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	frames := c.Compose("execute_request", map[string]any{"code": "print " + strings.Repeat("x", 8<<20)})
	frames = append(frames, make([]byte, 20<<20))
	c.SendFrames("shell", frames...)
	m := c.PublishedWhere("stream", func(m jupytertest.Message) bool { return m.Type == "stream" })
	if len(m.Text("text")) != 64<<10 {
		t.Errorf("first stream message has %d bytes", len(m.Text("text")))
	}
	c.PublishedWhere("idle", func(m jupytertest.Message) bool { return summary(m) == "idle" })
}

// TestSameIdentity: two clients of the same identity each get their own replies.
func TestSameIdentity(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	network, address, _ := k.Connection().Address("shell")
	signer := jupyter.NewComposer(k.Connection().Key, "twin")
	var ids []string
	var twins []*zmtp.Conn
	for range 2 {
		z, err := zmtp.Dial(context.Background(), network, address, zmtp.Dealer, "twin", zmtp.DefaultOptions)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		id, frames, _ := signer.Compose("kernel_info_request", nil, map[string]any{})
		z.Send(frames)
		z.Flush()
		ids, twins = append(ids, id), append(twins, z)
	}
	for i, z := range twins {
		frames, err := z.Recv()
		if err != nil {
			t.Fatal(err)
		}
		if m, err := signer.Decode(frames); err != nil || !strings.Contains(string(m.Parent), ids[i]) {
			t.Errorf("twin %d got %v %v", i, m, err)
		}
	}
}
