package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/notebook"
)

// TestProgressInALog: what counts up leaves few lines where nothing is overwritten.
func TestProgressInALog(t *testing.T) {
	var log bytes.Buffer
	p := newProgress(&log, "nb")
	p.cell(notebook.Progress{Cell: 1, Of: 2})
	for i := range 1000 {
		p.note(fmt.Sprintf("%d of 1000 runs timed", i))
	}
	p.written = time.Now().Add(-silence) // as if that had taken a while
	p.note("late")
	p.note("later")
	p.cell(notebook.Progress{Cell: 1, Of: 2, Done: true, Elapsed: time.Second})
	p.close()
	if want := "late\ncell 1/2  1.00s\n"; log.String() != want {
		t.Errorf("%d lines, want 2:\n%.300s", strings.Count(log.String(), "\n"), &log)
	}
}
