package python

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	dead, old := cmd.Process.Pid, time.Now().Add(-time.Hour)
	for _, test := range []struct {
		name  string
		time  time.Time
		stays bool
	}{
		{fmt.Sprint(handoverPrefix, dead, "-a-in"), old, false},
		{fmt.Sprint(handoverPrefix, dead, "-b-out"), time.Now(), true},
		{fmt.Sprint(handoverPrefix, os.Getpid(), "-c-in"), old, true},
		{handoverPrefix + "x-in", old, true},
		{"other", old, true},
	} {
		path := filepath.Join(dir, test.name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, test.time, test.time); err != nil {
			t.Fatal(err)
		}
		sweep(dir)
		if _, err := os.Stat(path); (err == nil) != test.stays {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
