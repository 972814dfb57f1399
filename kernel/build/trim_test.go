package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTrimCache(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HPGO_CACHE", dir)
	for _, test := range []struct {
		name  string
		age   time.Duration
		stays bool
	}{
		{"worker-old", 40 * 24 * time.Hour, false},
		{"worker-now", 0, true},
		{"source-old/kernel", 40 * 24 * time.Hour, false},
		{"source-week", 7 * 24 * time.Hour, true},
		{"exports-old.json", 40 * 24 * time.Hour, false},
		{"source-1.tmp", 2 * 24 * time.Hour, false},
		{"worker-1.tmp", time.Hour, true},
		{"history.jsonl", 400 * 24 * time.Hour, true},
		{"gocache", 400 * 24 * time.Hour, true},
	} {
		path := filepath.Join(dir, test.name)
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		top := filepath.Join(dir, strings.TrimSuffix(test.name, "/kernel"))
		then := time.Now().Add(-test.age)
		if err := os.Chtimes(top, then, then); err != nil {
			t.Fatal(err)
		}
		TrimCache()
		if _, err := os.Stat(top); (err == nil) != test.stays {
			t.Errorf("%s, %v old: %v", test.name, test.age, err)
		}
	}
	used := filepath.Join(dir, "worker-used")
	then := time.Now().Add(-2 * keepUnused)
	if err := os.WriteFile(used, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(used, then, then); err != nil {
		t.Fatal(err)
	}
	Used(used)
	TrimCache()
	if _, err := os.Stat(used); err != nil {
		t.Errorf("what is used was removed: %v", err)
	}
}
