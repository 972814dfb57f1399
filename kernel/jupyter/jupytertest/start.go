package jupytertest

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"hpgo/kernel/jupyter"
)

// Log collects a kernel's log lines.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// Lines are the lines so far.
func (l *Log) Lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Split(strings.TrimSuffix(l.text.String(), "\n"), "\n")
}

// Start runs a kernel on free ports of the loopback with a key, until the end
// of the test. change may adjust the configuration; it may be nil.
func Start(t testing.TB, backend jupyter.Backend, change func(*jupyter.Config)) (*jupyter.Kernel, *Log) {
	t.Helper()
	log := &Log{}
	cfg := jupyter.Config{
		Connection: jupyter.Connection{Transport: "tcp", IP: "127.0.0.1", Key: "a key of the test"},
		Backend:    backend,
		Log:        log,
	}
	if change != nil {
		change(&cfg)
	}
	k := jupyter.New(cfg)
	if err := k.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k, log
}
