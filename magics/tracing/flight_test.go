package tracing

import (
	"testing"
	"time"

	"hpgo/plots/recording"
)

func TestKept(t *testing.T) {
	now := time.Now()
	study := func(begun, over bool) recording.Study {
		return recording.Study{Execution: recording.Execution{Duration: 3 * time.Second}, Begun: begun, Over: over, Wall: now.Add(-80 * time.Millisecond)}
	}
	for _, tt := range []struct {
		died  string
		study recording.Study
		want  string
	}{
		{"", study(true, false), "its last 3 s, since it began"},
		{"", study(false, false), "its last 3 s; its beginning is no longer kept"},
		{"exit status 3", study(true, true), "its last 3 s, since it began"}, // the exit had it written
		{"panic: boom", study(true, false), "its last 3 s, since it began"},
		{"signal: killed", study(true, false), "3 s since it began, until 80 ms before the death: what came then was not yet written"},
		{"signal: killed", study(false, false), "3 s, until 80 ms before the death: what came then was not yet written"},
		{"signal: killed", recording.Study{}, "its last 0 ns; its beginning is no longer kept"},
	} {
		if got := (Landing{Died: tt.died, Ended: now}).kept(tt.study); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.died, got, tt.want)
		}
	}
	if _, err := Flight(Landing{Died: "signal: killed", Ended: now, Began: now.Add(-time.Millisecond)}); err == nil || err.Error() != "the worker died after 1 ms, before anything of the cell was written" {
		t.Errorf("%v", err)
	}
}
