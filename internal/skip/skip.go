// Package skip is how tests skip: always with a reason, and counted. Each
// package's tests are a process of their own, so the count of a whole run goes
// through a file: when HPGO_SKIP_LOG names one, every skip adds a line to it,
// and who started the run counts the lines.
package skip

import (
	"fmt"
	"os"
	"testing"
)

// LogVariable names the environment variable with the path of the skip log.
const LogVariable = "HPGO_SKIP_LOG"

// Because skips the test and records why.
func Because(t testing.TB, reason string) {
	t.Helper()
	if path := os.Getenv(LogVariable); path != "" {
		if err := record(path, t.Name()+": "+reason); err != nil {
			t.Fatalf("record the skip: %v", err)
		}
	}
	t.Skip(reason)
}

// record appends one line; O_APPEND keeps lines of parallel packages whole.
func record(path, line string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(f, line); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
