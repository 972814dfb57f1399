package worker

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"hpgo/kernel/worker/frame"
)

// Usage returns what the worker takes. The memory figures come from the
// system; the rest is asked of the worker, within ctx.
func (w *Worker) Usage(ctx context.Context) (Usage, error) {
	var u Usage
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.PID()))
	if err != nil || !w.Alive() {
		if d := w.Err(); d != nil {
			return u, d
		}
		return u, fmt.Errorf("usage of the worker: %w", err)
	}
	u.RSS, u.PeakRSS = statusBytes(string(status), "VmRSS:"), statusBytes(string(status), "VmHWM:")

	answer := make(chan frame.Status, 1)
	if !w.post(func(p *pump) { p.ask(answer) }) {
		<-w.dead
		return u, w.died
	}
	select {
	case s, ok := <-answer:
		if !ok {
			<-w.dead
			return u, w.died
		}
		u.Goroutines, u.Loaded, u.Pace = s.Goroutines, s.Loaded, &s.Pace
		return u, nil
	case <-ctx.Done():
		return u, fmt.Errorf("usage of the worker: %w", ctx.Err())
	}
}

// Tune changes how the worker's runtime runs it, before any call that follows;
// false: it is gone.
func (w *Worker) Tune(t Tune) bool {
	return w.post(func(p *pump) {
		if !p.over {
			_ = p.send(frame.KindTune, t) // a failure means that exited comes next
		}
	})
}

// statusBytes finds a line such as "VmRSS:     1234 kB" in a status file.
func statusBytes(status, key string) int64 {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, key); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err != nil {
				return 0
			}
			return kib << 10
		}
	}
	return 0
}

// ask sends a question for the worker's status.
func (p *pump) ask(answer chan frame.Status) {
	if p.over {
		close(answer)
		return
	}
	p.asked = append(p.asked, answer)
	_ = p.send(frame.KindAsk, nil) // a failure means that exited comes next
}

// told hands the answer to the oldest question.
func (p *pump) told(payload []byte) error {
	var s frame.Status
	if err := frame.Unmarshal(payload, &s); err != nil {
		return err
	}
	if len(p.asked) == 0 {
		return fmt.Errorf("a status that nobody asked for")
	}
	p.asked[0] <- s
	p.asked = p.asked[1:]
	return nil
}
