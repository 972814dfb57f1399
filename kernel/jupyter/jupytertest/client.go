// Package jupytertest tests kernels over real sockets: a client of our own,
// which sees the messages as they are on the wire, and a fake backend whose
// cells are commands. It is for tests of this and other rooms.
//
// Goroutines: Connect starts one reader per channel; each blocks on its
// connection and ends when Close (or the test's end) closes it.
package jupytertest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"hpgo/kernel/jupyter"
	"hpgo/kernel/jupyter/internal/zmtp"
)

// patience is how long the client waits for anything before the test fails.
const patience = 60 * time.Second

// Message is a received message with its parts decoded.
type Message struct {
	Type    string // msg_type
	ID      string // msg_id
	Parent  string // msg_id of the parent header, empty if none
	Topic   string // iopub: the first frame
	Content map[string]any
	Raw     *jupyter.Message
}

// String is for failure messages.
func (m Message) String() string { return fmt.Sprintf("%s%v", m.Type, m.Content) }

// Text is a string field of the content, empty if it isn't one.
func (m Message) Text(field string) string {
	s, _ := m.Content[field].(string)
	return s
}

// Int is a number field of the content, -1 if it isn't one.
func (m Message) Int(field string) int {
	if f, ok := m.Content[field].(float64); ok {
		return int(f)
	}
	return -1
}

// Client is a front end with all five channels open.
type Client struct {
	t        testing.TB
	composer *jupyter.Composer
	identity string
	conns    map[string]*zmtp.Conn
	boxes    map[string]*mailbox
	readers  sync.WaitGroup
	closing  sync.Once
}

// Connect opens the channels of a kernel and waits until iopub_welcome has
// come. The client is closed at the end of the test.
func Connect(t testing.TB, conn jupyter.Connection) *Client {
	t.Helper()
	c := ConnectQuietly(t, conn)
	c.wait("iopub", "iopub_welcome", func(m Message) bool { return m.Type == "iopub_welcome" })
	return c
}

// ConnectQuietly is Connect without the wait for the welcome, for kernels that
// send none.
func ConnectQuietly(t testing.TB, conn jupyter.Connection) *Client {
	t.Helper()
	c := &Client{
		t:        t,
		composer: jupyter.NewComposer(conn.Key, "tester"),
		conns:    map[string]*zmtp.Conn{},
		boxes:    map[string]*mailbox{},
	}
	c.identity = c.composer.Session()
	t.Cleanup(c.Close)
	for channel, kind := range map[string]zmtp.Kind{
		"shell": zmtp.Dealer, "control": zmtp.Dealer, "stdin": zmtp.Dealer, "iopub": zmtp.Sub, "hb": zmtp.Req,
	} {
		network, address, err := conn.Address(channel)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		z, err := zmtp.Dial(ctx, network, address, kind, c.identity, zmtp.DefaultOptions)
		cancel()
		if err != nil {
			t.Fatalf("connect to %s: %v", channel, err)
		}
		box := newMailbox()
		c.conns[channel], c.boxes[channel] = z, box
		c.readers.Go(func() { c.read(channel, z, box) })
	}
	c.SendFrames("iopub", []byte{1})
	return c
}

// read decodes what comes in until the connection ends.
func (c *Client) read(channel string, z *zmtp.Conn, box *mailbox) {
	for {
		frames, err := z.Recv()
		if err != nil {
			box.close()
			return
		}
		if channel == "hb" {
			box.put(Message{Type: "heartbeat", ID: string(frames[len(frames)-1])})
			continue
		}
		raw, err := c.composer.Decode(frames)
		if err != nil {
			c.t.Errorf("%s: the kernel sent a bad message: %v", channel, err)
			continue
		}
		m := Message{Type: raw.Header.Type, ID: raw.Header.ID, Raw: raw}
		var parent struct {
			ID string `json:"msg_id"`
		}
		if json.Unmarshal(raw.Parent, &parent) == nil {
			m.Parent = parent.ID
		}
		if err := json.Unmarshal(raw.Content, &m.Content); err != nil {
			c.t.Errorf("%s: %s: %v", channel, m.Type, err)
		}
		if len(raw.Identities) > 0 {
			m.Topic = string(raw.Identities[0])
		}
		box.put(m)
	}
}

// Close ends all connections.
func (c *Client) Close() {
	c.closing.Do(func() {
		for _, z := range c.conns {
			z.Close()
		}
		c.readers.Wait()
	})
}

// Send sends a message and returns its id.
func (c *Client) Send(channel, msgType string, content any) string {
	c.t.Helper()
	return c.SendChild(channel, msgType, nil, content)
}

// SendChild sends a message with a parent header.
func (c *Client) SendChild(channel, msgType string, parent json.RawMessage, content any) string {
	c.t.Helper()
	id, frames, err := c.composer.Compose(msgType, parent, content)
	if err != nil {
		c.t.Fatal(err)
	}
	c.SendFrames(channel, frames...)
	return id
}

// SendComm sends a message on the shell channel with buffers behind it.
func (c *Client) SendComm(msgType string, content any, buffers ...[]byte) string {
	c.t.Helper()
	id, frames, err := c.composer.Compose(msgType, nil, content)
	if err != nil {
		c.t.Fatal(err)
	}
	c.SendFrames("shell", append(frames, buffers...)...)
	return id
}

// Compose makes the frames of a message without sending it, to be spoilt.
func (c *Client) Compose(msgType string, content any) [][]byte {
	c.t.Helper()
	_, frames, err := c.composer.Compose(msgType, nil, content)
	if err != nil {
		c.t.Fatal(err)
	}
	return frames
}

// SendFrames sends frames as they are.
func (c *Client) SendFrames(channel string, frames ...[]byte) {
	c.t.Helper()
	z := c.conns[channel]
	err := z.Send(frames)
	if err == nil {
		err = z.Flush()
	}
	if err != nil {
		c.t.Fatalf("send on %s: %v", channel, err)
	}
}

// Sign signs four parts with the connection's key.
func (c *Client) Sign(header, parent, metadata, content []byte) []byte {
	return c.composer.Sign(header, parent, metadata, content)
}

// Reply waits for the reply to a request on its channel.
func (c *Client) Reply(channel, id string) Message {
	c.t.Helper()
	return c.wait(channel, "the reply to "+id, func(m Message) bool { return m.Parent == id })
}

// Published waits for the idle of a request and returns what was published
// with that parent, busy and idle included, in order.
func (c *Client) Published(id string) []Message {
	c.t.Helper()
	var all []Message
	for {
		m := c.wait("iopub", "idle of "+id, func(m Message) bool { return m.Parent == id })
		all = append(all, m)
		if m.Type == "status" && m.Text("execution_state") == "idle" {
			return all
		}
	}
}

// NextPublished waits for the next message on iopub, of whatever parent.
func (c *Client) NextPublished() Message {
	c.t.Helper()
	return c.wait("iopub", "a message", func(Message) bool { return true })
}

// PublishedWhere waits for a message on iopub and leaves the others there.
func (c *Client) PublishedWhere(what string, match func(Message) bool) Message {
	c.t.Helper()
	return c.wait("iopub", what, match)
}

// Request sends a request and returns its reply and what was published.
func (c *Client) Request(channel, msgType string, content any) (Message, []Message) {
	c.t.Helper()
	id := c.Send(channel, msgType, content)
	reply := c.Reply(channel, id)
	return reply, c.Published(id)
}

// ExecuteContent is an execute_request as front ends send it, changed by the
// given fields.
func ExecuteContent(code string, changes map[string]any) map[string]any {
	content := map[string]any{
		"code": code, "silent": false, "store_history": true,
		"user_expressions": map[string]any{}, "allow_stdin": true, "stop_on_error": true,
	}
	for k, v := range changes {
		content[k] = v
	}
	return content
}

// Execute runs a cell and returns the reply and what was published.
func (c *Client) Execute(code string) (Message, []Message) {
	c.t.Helper()
	return c.Request("shell", "execute_request", ExecuteContent(code, nil))
}

// NextInput waits for an input_request on the stdin channel.
func (c *Client) NextInput() Message {
	c.t.Helper()
	return c.wait("stdin", "an input_request", func(m Message) bool { return m.Type == "input_request" })
}

// Answer replies to an input_request.
func (c *Client) Answer(request Message, value string) {
	c.t.Helper()
	c.SendChild("stdin", "input_reply", request.Raw.RawHeader, map[string]any{"value": value})
}

// Beat sends a heartbeat and waits for its echo.
func (c *Client) Beat(text string) {
	c.t.Helper()
	c.SendFrames("hb", nil, []byte(text))
	c.wait("hb", "the heartbeat", func(m Message) bool { return m.ID == text })
}

// wait takes the first message that matches out of a channel's mailbox.
func (c *Client) wait(channel, what string, match func(Message) bool) Message {
	c.t.Helper()
	m, err := c.boxes[channel].take(match, patience)
	if err != nil {
		c.t.Fatalf("waiting for %s on %s: %v", what, channel, err)
	}
	return m
}
