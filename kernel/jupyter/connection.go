package jupyter

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
)

// signatureScheme is the only one in use; Jupyter itself writes no other.
const signatureScheme = "hmac-sha256"

// Connection is what a connection file says: where the five channels are and
// the key that signs messages.
type Connection struct {
	Transport       string `json:"transport"` // tcp or ipc
	IP              string `json:"ip"`        // for ipc, the path before "-port"
	ShellPort       int    `json:"shell_port"`
	ControlPort     int    `json:"control_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	HBPort          int    `json:"hb_port"`
	Key             string `json:"key"` // empty: messages are neither signed nor checked
	SignatureScheme string `json:"signature_scheme"`
	KernelName      string `json:"kernel_name,omitempty"`
}

// ReadConnectionFile reads and checks the file that Jupyter passes to a kernel.
func ReadConnectionFile(path string) (Connection, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Connection{}, fmt.Errorf("connection file: %w", err)
	}
	c, err := ParseConnection(text)
	if err != nil {
		return Connection{}, fmt.Errorf("connection file %s: %w", path, err)
	}
	return c, nil
}

// ParseConnection checks the text of a connection file. Fields that it doesn't
// know are ignored.
func ParseConnection(text []byte) (Connection, error) {
	var c Connection
	if err := json.Unmarshal(text, &c); err != nil {
		return Connection{}, explainJSON(err, text)
	}
	if err := c.check(); err != nil {
		return Connection{}, err
	}
	for _, ch := range c.ports() {
		if *ch.port == 0 {
			return Connection{}, fmt.Errorf("%s is missing", ch.field)
		}
	}
	return c, nil
}

// explainJSON says where and what in words for the person who made the file.
func explainJSON(err error, text []byte) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case len(text) == 0:
		return errors.New("the file is empty")
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON (at byte %d): %w", syntax.Offset, err)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%s must be a %s, not a %s", kind.Field, jsonKind(kind.Type.String()), kind.Value)
	default:
		return fmt.Errorf("not a connection: %w", err)
	}
}

func jsonKind(goType string) string {
	if goType == "int" {
		return "port number"
	}
	return goType
}

// check fills in defaults and refuses what no kernel of ours can serve. A port
// of 0 is let through here: a test asks for a free one that way.
func (c *Connection) check() error {
	if c.Transport == "" {
		c.Transport = "tcp"
	}
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return fmt.Errorf("unsupported transport %q (tcp and ipc are known)", c.Transport)
	}
	if c.SignatureScheme == "" {
		c.SignatureScheme = signatureScheme
	}
	if c.SignatureScheme != signatureScheme {
		return fmt.Errorf("unsupported signature_scheme %q (%s is known)", c.SignatureScheme, signatureScheme)
	}
	if c.IP == "" {
		if c.Transport == "ipc" {
			return errors.New("ip is missing: with ipc it is the path of the sockets")
		}
		c.IP = "127.0.0.1"
	}
	seen := map[int]string{}
	for _, ch := range c.ports() {
		port := *ch.port
		if port < 0 || c.Transport == "tcp" && port > 65535 {
			return fmt.Errorf("%s is %d, not a port number", ch.field, port)
		}
		if other, dup := seen[port]; dup && port != 0 {
			return fmt.Errorf("%s and %s are both %d", other, ch.field, port)
		}
		seen[port] = ch.field
	}
	return nil
}

// channelPort names one channel's field in a Connection.
type channelPort struct {
	name  string
	field string
	port  *int
}

func (c *Connection) ports() []channelPort {
	return []channelPort{
		{"shell", "shell_port", &c.ShellPort},
		{"control", "control_port", &c.ControlPort},
		{"iopub", "iopub_port", &c.IOPubPort},
		{"stdin", "stdin_port", &c.StdinPort},
		{"hb", "hb_port", &c.HBPort},
	}
}

// Address is the network and address, as package net has them, of the channel
// (shell, control, iopub, stdin or hb) with this port.
func (c Connection) Address(channel string) (network, address string, err error) {
	for _, ch := range c.ports() {
		if ch.name != channel {
			continue
		}
		if c.Transport == "ipc" {
			return "unix", c.IP + "-" + strconv.Itoa(*ch.port), nil
		}
		ip := c.IP
		if ip == "*" {
			ip = "" // ZeroMQ's spelling of all interfaces
		}
		return "tcp", net.JoinHostPort(ip, strconv.Itoa(*ch.port)), nil
	}
	return "", "", fmt.Errorf("no channel %q", channel)
}
