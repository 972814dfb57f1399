package jupyter

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// ProtocolVersion is the version of the messaging specification spoken here.
const ProtocolVersion = "5.5"

// delimiter stands between routing frames and the message.
const delimiter = "<IDS|MSG>"

// Header identifies a message. Fields that we don't know are kept in Message.RawHeader.
type Header struct {
	ID       string `json:"msg_id"`
	Type     string `json:"msg_type"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Version  string `json:"version"`
}

// Message is one decoded message. The JSON parts are kept as they came.
type Message struct {
	Identities [][]byte // frames before the delimiter: routing, or the topic on iopub
	Header     Header
	RawHeader  json.RawMessage // goes into replies as parent_header
	Parent     json.RawMessage
	Metadata   json.RawMessage
	Content    json.RawMessage
	Buffers    [][]byte // binary data behind the JSON parts; not signed
}

// Reasons why frames are no message; Decode wraps one of these.
var (
	ErrNoDelimiter  = errors.New("no <IDS|MSG> delimiter")
	ErrTooFewFrames = errors.New("too few frames")
	ErrSignature    = errors.New("wrong signature")
	ErrMalformed    = errors.New("malformed")
)

// Signer signs and checks messages with a connection's key.
type Signer struct{ key []byte }

// NewSigner makes a signer; with an empty key nothing is signed or checked.
func NewSigner(key string) Signer { return Signer{[]byte(key)} }

// Sign is the signature of the four JSON parts: hex HMAC-SHA256, empty without a key.
func (s Signer) Sign(header, parent, metadata, content []byte) []byte {
	if len(s.key) == 0 {
		return nil
	}
	mac := hmac.New(sha256.New, s.key)
	for _, part := range [][]byte{header, parent, metadata, content} {
		mac.Write(part)
	}
	sum := mac.Sum(nil)
	return hex.AppendEncode(make([]byte, 0, 2*len(sum)), sum)
}

// Decode checks the frames of one message: delimiter, number, signature, and
// that each part is a JSON object in valid UTF-8 with a usable header.
func (s Signer) Decode(frames [][]byte) (*Message, error) {
	at := -1
	for i, f := range frames {
		if string(f) == delimiter {
			at = i
			break
		}
	}
	if at < 0 {
		return nil, fmt.Errorf("%w in %d frames", ErrNoDelimiter, len(frames))
	}
	rest := frames[at+1:]
	if len(rest) < 5 {
		return nil, fmt.Errorf("%w: %d after the delimiter, 5 needed", ErrTooFewFrames, len(rest))
	}
	if len(s.key) > 0 && !hmac.Equal(rest[0], s.Sign(rest[1], rest[2], rest[3], rest[4])) {
		return nil, ErrSignature
	}
	m := &Message{
		Identities: frames[:at:at],
		RawHeader:  rest[1],
		Parent:     rest[2],
		Metadata:   rest[3],
		Content:    rest[4],
		Buffers:    rest[5:],
	}
	for _, part := range []struct {
		name string
		text json.RawMessage
	}{{"header", m.RawHeader}, {"parent_header", m.Parent}, {"metadata", m.Metadata}, {"content", m.Content}} {
		if err := checkObject(part.text); err != nil {
			return nil, fmt.Errorf("%w %s: %w", ErrMalformed, part.name, err)
		}
	}
	if err := m.readHeader(); err != nil {
		return nil, fmt.Errorf("%w header: %w", ErrMalformed, err)
	}
	return m, nil
}

// checkObject accepts a JSON object; null stands for an empty one, as some
// clients write it.
func checkObject(text []byte) error {
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	switch {
	case !utf8.Valid(text):
		return errors.New("not valid UTF-8")
	case !json.Valid(text):
		return errors.New("not valid JSON")
	case trimmed[0] != '{' && string(bytes.TrimSpace(text)) != "null":
		return errors.New("not a JSON object")
	}
	return nil
}

// readHeader takes the fields that routing needs. The others may be of any
// kind, so that a newer client's header doesn't shut it out.
func (m *Message) readHeader() error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(m.RawHeader, &fields); err != nil {
		return err
	}
	text := func(name string) string {
		var s string
		if json.Unmarshal(fields[name], &s) != nil {
			return ""
		}
		return s
	}
	m.Header = Header{
		ID: text("msg_id"), Type: text("msg_type"), Session: text("session"),
		Username: text("username"), Date: text("date"), Version: text("version"),
	}
	switch {
	case m.Header.Type == "":
		return errors.New("no msg_type")
	case m.Header.ID == "":
		return errors.New("no msg_id")
	}
	return nil
}

// Composer makes the frames of outgoing messages of one session.
type Composer struct {
	Signer
	session string
	user    string
	count   *atomic.Uint64
}

// NewComposer starts a session under a new random name.
func NewComposer(key, username string) *Composer {
	return &Composer{Signer: NewSigner(key), session: newSessionID(), user: username, count: new(atomic.Uint64)}
}

// Session is the name of the session in the headers.
func (c *Composer) Session() string { return c.session }

// Compose encodes a message. parent is the raw header it answers, nil for none;
// prefix goes before the delimiter.
func (c *Composer) Compose(msgType string, parent json.RawMessage, content any, prefix ...[]byte) (id string, frames [][]byte, err error) {
	return c.compose(outgoing{kind: msgType, parent: parent, content: content}, prefix)
}

// outgoing is a message to be composed.
type outgoing struct {
	kind     string
	parent   json.RawMessage // raw header of the message that it belongs to; nil for none
	metadata json.RawMessage // nil for {}
	content  any
	buffers  [][]byte
}

func (c *Composer) compose(m outgoing, prefix [][]byte) (string, [][]byte, error) {
	id := c.session + "_" + strconv.FormatUint(c.count.Add(1), 10)
	header, err := encodeJSON(Header{
		ID: id, Type: m.kind, Session: c.session, Username: c.user,
		Date: time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"), Version: ProtocolVersion,
	})
	if err != nil {
		return "", nil, fmt.Errorf("encode %s header: %w", m.kind, err)
	}
	body, err := encodeJSON(m.content)
	if err != nil {
		return "", nil, fmt.Errorf("encode %s: %w", m.kind, err)
	}
	parent, metadata := orEmptyObject(m.parent), orEmptyObject(m.metadata)
	frames := make([][]byte, 0, len(prefix)+6+len(m.buffers))
	frames = append(frames, prefix...)
	frames = append(frames, []byte(delimiter), c.Sign(header, parent, metadata, body), header, parent, metadata, body)
	return id, append(frames, m.buffers...), nil
}

// orEmptyObject stands in for JSON that isn't there.
func orEmptyObject(text json.RawMessage) json.RawMessage {
	if len(text) == 0 {
		return json.RawMessage("{}")
	}
	return text
}

// encodeJSON leaves <, > and & as they are: outputs are full of HTML.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// newSessionID is a random UUID in the usual spelling.
func newSessionID() string {
	var u [16]byte
	rand.Read(u[:]) // never fails: see crypto/rand
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}
