package tracer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGoroutines(t *testing.T) {
	dir := t.TempDir()
	p := DumpParams{Before: filepath.Join(dir, "before"), After: filepath.Join(dir, "after")}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan bool)
	defer close(stop)
	g := NewGoroutines(string(text))
	g.Start()
	go stuck(stop)
	g.End()
	g.End() // reports once
	before, err1 := os.ReadFile(p.Before)
	after, err2 := os.ReadFile(p.After)
	if r := g.result; !r.Before || !r.After || !r.Whole || r.Failed != "" || err1 != nil || err2 != nil {
		t.Fatalf("%+v, %v, %v", r, err1, err2)
	}
	if strings.Contains(string(before), "tracer.stuck(") || !strings.Contains(string(after), "tracer.stuck(") {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	p = DumpParams{Before: filepath.Join(dir, "none", "before"), After: filepath.Join(dir, "none", "after")}
	if text, err = json.Marshal(p); err != nil {
		t.Fatal(err)
	}
	bad := NewGoroutines(string(text))
	bad.Start()
	bad.finish(false)
	if r := bad.result; r.Before || r.After || r.Whole || !strings.Contains(r.Failed, p.Before) {
		t.Errorf("%+v", r)
	}
}

func stuck(stop chan bool) { <-stop }
