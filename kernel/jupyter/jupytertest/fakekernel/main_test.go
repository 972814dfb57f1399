package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBadConnectionFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.json")
	if err := os.WriteFile(file, []byte(`{"transport":"carrier pigeon"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--connection-file", file}, 1, `unsupported transport "carrier pigeon"`},
		{[]string{"--connection-file", file + ".none"}, 1, "no such file"},
		{[]string{"--what"}, 2, "not defined"},
	} {
		var stderr bytes.Buffer
		if code := run(context.Background(), test.args, &stderr); code != test.code || !strings.Contains(stderr.String(), test.says) {
			t.Errorf("%v: exit %d, stderr %q", test.args, code, stderr.String())
		}
	}
}
