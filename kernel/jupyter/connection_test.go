package jupyter_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hpgo/kernel/jupyter"
)

const connectionText = `{"shell_port": 50001, "iopub_port": 50002, "stdin_port": 50003, "control_port": 50004,
 "hb_port": 50005, "ip": "127.0.0.1", "key": "a0436f6c-1916-498b-8eb9-e81ab9368e84", "transport": "tcp",
 "signature_scheme": "hmac-sha256", "kernel_name": "hpgo", "jupyter_session": "x.ipynb"}`

func TestParseConnection(t *testing.T) {
	tests := []struct {
		name, old, new string // a change of connectionText
		err            string // part of the error; empty for none
	}{
		{"as it is", "", "", ""},
		{"no ip", `"ip": "127.0.0.1",`, ``, ""},
		{"no transport", `"transport": "tcp",`, ``, ""},
		{"no scheme", `"signature_scheme": "hmac-sha256",`, ``, ""},
		{"empty key", `"a0436f6c-1916-498b-8eb9-e81ab9368e84"`, `""`, ""},
		{"no key", `"key": "a0436f6c-1916-498b-8eb9-e81ab9368e84",`, ``, ""},
		{"key a number", `"a0436f6c-1916-498b-8eb9-e81ab9368e84"`, `17`, "key must be a string, not a number"},
		{"empty scheme", `"hmac-sha256"`, `""`, ""},
		{"other scheme", `"hmac-sha256"`, `"hmac-md5"`, `unsupported signature_scheme "hmac-md5" (hmac-sha256 is known)`},
		{"other transport", `"tcp"`, `"inproc"`, `unsupported transport "inproc" (tcp and ipc are known)`},
		{"missing port", `"stdin_port": 50003,`, ``, "stdin_port is missing"},
		{"port a string", `50003`, `"50003"`, "stdin_port must be a port number, not a string"},
		{"port too large", `50003`, `70000`, "stdin_port is 70000, not a port number"},
		{"port negative", `50003`, `-1`, "stdin_port is -1, not a port number"},
		{"ports alike", `50003`, `50001`, "shell_port and stdin_port are both 50001"},
		{"ipc", `"tcp"`, `"ipc"`, ""},
		{"cut off", `"kernel_name": "hpgo", "jupyter_session": "x.ipynb"}`, ``, "not JSON (at byte"},
		{"two values", `x.ipynb"}`, `x.ipynb"}{}`, "not JSON (at byte"},
		{"a list", connectionText, `[]`, "not a connection"},
		{"null", connectionText, `null`, "shell_port is missing"},
		{"empty", connectionText, ``, "the file is empty"},
		{"ipc without ip", connectionText, `{"transport":"ipc","shell_port":1}`, "ip is missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := jupyter.ParseConnection([]byte(strings.Replace(connectionText, test.old, test.new, 1)))
			switch {
			case test.err == "" && err != nil:
				t.Errorf("error %v", err)
			case test.err == "" && (c.IP != "127.0.0.1" || c.SignatureScheme != "hmac-sha256" || c.ShellPort != 50001):
				t.Errorf("connection %+v", c)
			case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
				t.Errorf("error %v, want %q", err, test.err)
			}
			if err != nil && strings.ContainsAny(err.Error(), "\n") {
				t.Errorf("the error is more than one line: %q", err)
			}
		})
	}
}

func TestReadConnectionFile(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing.json")
	if _, err := jupyter.ReadConnectionFile(missing); err == nil || !strings.Contains(err.Error(), missing) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	file := filepath.Join(dir, "kernel.json")
	if err := os.WriteFile(file, []byte("{]"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := jupyter.ReadConnectionFile(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("bad file: %v", err)
	}
	if err := os.WriteFile(file, []byte(connectionText), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := jupyter.ReadConnectionFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for channel, want := range map[string]string{"shell": "127.0.0.1:50001", "iopub": "127.0.0.1:50002", "hb": "127.0.0.1:50005"} {
		if network, address, err := c.Address(channel); network != "tcp" || address != want || err != nil {
			t.Errorf("%s at %s %s %v", channel, network, address, err)
		}
	}
	c.Transport, c.IP = "ipc", "/run/k"
	if network, address, _ := c.Address("control"); network != "unix" || address != "/run/k-50004" {
		t.Errorf("control at %s %s", network, address)
	}
	if _, _, err := c.Address("smoke"); err == nil {
		t.Error("a channel that isn't there has an address")
	}
}

func FuzzParseConnection(f *testing.F) {
	f.Add([]byte(connectionText))
	f.Add([]byte(`{"transport":"ipc","ip":"/tmp/k","shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5}`))
	f.Add([]byte(`{"shell_port":1e3}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := jupyter.ParseConnection(text)
		if err != nil {
			if c != (jupyter.Connection{}) {
				t.Errorf("an error and a connection: %+v", c)
			}
			return
		}
		for _, channel := range []string{"shell", "control", "iopub", "stdin", "hb"} {
			if _, address, err := c.Address(channel); err != nil || strings.HasSuffix(address, ":0") {
				t.Errorf("%s: %s %v", channel, address, err)
			}
		}
	})
}
