package jupyter_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"hpgo/kernel/jupyter"
)

// TestSign pins the signature to one computed by Python's hmac module:
//
//	hmac.new(b"secret", b"{}[]", "sha256").hexdigest()
func TestSign(t *testing.T) {
	got := jupyter.NewSigner("secret").Sign([]byte("{"), []byte("}"), []byte("["), []byte("]"))
	if want := "1be73e47469b880471cb92715e6afc61eff2c9c56b362eb67057bdab9fb100a5"; string(got) != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	if got := jupyter.NewSigner("").Sign(nil, nil, nil, nil); len(got) != 0 {
		t.Errorf("signature without a key: %s", got)
	}
}

func TestComposeDecode(t *testing.T) {
	c := jupyter.NewComposer("k", "me")
	parent := json.RawMessage(`{"msg_id":"p"}`)
	content := map[string]any{"html": "<b>&ü</b>"}
	id, frames, err := c.Compose("x_request", parent, content, []byte("prefix"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Decode(append(frames, []byte{0xff}))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.ID != id || m.Header.Type != "x_request" || m.Header.Session != c.Session() || m.Header.Username != "me" ||
		string(m.Parent) != string(parent) || string(m.Content) != `{"html":"<b>&ü</b>"}` ||
		string(m.Metadata) != "{}" || len(m.Buffers) != 1 || string(m.Identities[0]) != "prefix" {
		t.Errorf("decoded %+v", m)
	}
	if _, err := jupyter.NewSigner("other").Decode(frames); !errors.Is(err, jupyter.ErrSignature) {
		t.Errorf("under another key: %v", err)
	}
	if _, err := jupyter.NewSigner("").Decode(frames); err != nil {
		t.Errorf("without a key: %v", err)
	}
	if _, _, err := c.Compose("x", nil, func() {}); err == nil {
		t.Error("a function was encoded")
	}
	second, _, _ := c.Compose("x", nil, nil)
	if second == id {
		t.Errorf("two messages are called %s", id)
	}
}

// FuzzDecode feeds frames, joined by the byte 0, to the decoder without and
// with a key.
func FuzzDecode(f *testing.F) {
	_, frames, err := jupyter.NewComposer("k", "fuzz").Compose("kernel_info_request", nil, map[string]any{"code": "x"}, []byte("id"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.Join(frames, []byte{0}))
	f.Add([]byte("<IDS|MSG>\x00\x00{\"msg_id\":\"1\",\"msg_type\":\"a\"}\x00{}\x00null\x00{}\x00buffer"))
	f.Add([]byte("<IDS|MSG>\x00\x00{\"msg_id\":1}\x00[]\x00{}\x00{"))
	f.Add([]byte("<IDS|MSG>\x00<IDS|MSG>\x00\x00\x00\x00"))
	f.Add([]byte("a\x00b\x00c"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, joined []byte) {
		frames := bytes.Split(joined, []byte{0})
		for _, key := range []string{"", "k"} {
			m, err := jupyter.NewSigner(key).Decode(frames)
			if err != nil {
				if m != nil {
					t.Errorf("an error and a message: %v %+v", err, m)
				}
				continue
			}
			if m.Header.ID == "" || m.Header.Type == "" || !json.Valid(m.RawHeader) || !json.Valid(m.Content) {
				t.Errorf("accepted %q as %+v", joined, m)
			}
			if len(m.Identities)+len(m.Buffers)+6 != len(frames) {
				t.Errorf("%d frames became %d identities and %d buffers", len(frames), len(m.Identities), len(m.Buffers))
			}
		}
	})
}
