package tracing

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/plots/recording"
)

// FlightSetting is the session's setting that turns the flight recorder on: how long a
// cell may take before it is slow, as time.Duration writes it.
const FlightSetting = "flight"

// slowCell is how long a cell may take without --slow.
const slowCell = 5 * time.Second

// setFlight turns the flight recorder on or off.
func setFlight(h magic.Host, in *measuring.Input) (magic.Result, error) {
	m := in.Magic
	if in.Form == magic.Cell || in.Args.Rest != "" {
		return magic.Result{}, m.Usagef("%s --flight records all cells from now on and takes no statement", m.Title())
	}
	switch choice := in.Args.Text("flight", ""); choice {
	case "on":
		slow := in.Args.Duration("slow", slowCell)
		h.Set(FlightSetting, []string{slow.String()})
		h.Stream("stdout", fmt.Sprintf("The flight recorder is on: the trace of a cell's last 10 seconds, as far as 10 MiB hold them, is shown when it or a goroutine panics, when it is interrupted or takes more than %s, and when the worker dies.\n", quantity.Seconds(slow.Seconds(), 3)))
	case "off":
		h.Set(FlightSetting, nil)
		h.Stream("stdout", "The flight recorder is off.\n")
	default:
		return magic.Result{}, m.Usagef("flag --flight of %s: %q is neither on nor off", m.Title(), choice)
	}
	return magic.Result{}, nil
}

// Landing is what a flight recorder left of a cell, and why it is shown.
type Landing struct {
	Files        []string // that together are the trace, oldest first
	Header       int      // bytes of all but the first that are to be left out
	Why          string   // "panic", "elsewhere", "interrupt" or "slow"
	Died         string   // how the worker ended; empty: it lives
	Failed       string   // why there is nothing
	Began, Ended time.Time
}

// title says why it is shown.
func (l Landing) title() string {
	if l.Died != "" {
		return "the worker died: " + l.Died
	}
	return map[string]string{"panic": "the cell panicked", "elsewhere": "a goroutine panicked", "interrupt": "the cell was interrupted", "slow": "the cell was slow"}[l.Why]
}

// read puts the files together.
func (l Landing) read() ([]byte, error) {
	var all []byte
	for i, name := range l.Files {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			raw = raw[min(l.Header, len(raw)):]
		}
		all = append(all, raw...)
	}
	return all, nil
}

// leastLost is what may be missing at the end without a word: a death takes as long.
const leastLost = 10 * time.Millisecond

// kept says which part of the cell's time a study is of.
func (l Landing) kept(s recording.Study) string {
	took := quantity.Seconds(s.Duration.Seconds(), 3)
	lost := l.Ended.Sub(s.Wall)
	if l.Died == "" || s.Over || strings.HasPrefix(l.Died, "panic: ") || s.Wall.IsZero() || lost < leastLost { // a panic has the runtime write all
		if s.Begun {
			return "its last " + took + ", since it began"
		}
		return "its last " + took + "; its beginning is no longer kept"
	}
	until := fmt.Sprintf(", until %s before the death: what came then was not yet written", quantity.Seconds(lost.Seconds(), 2))
	if s.Begun {
		return took + " since it began" + until
	}
	return took + until
}

// Flight shows what a flight recorder left. The error says why there is nothing.
func Flight(l Landing) (display.Bundle, error) {
	if l.Failed != "" {
		return display.Bundle{}, errors.New(l.Failed)
	}
	raw, err := l.read()
	if err != nil {
		return display.Bundle{}, err
	}
	s, err := recording.ReadStudy(context.Background(), bytes.NewReader(raw), traceRows)
	if l.Died != "" && (err != nil || !s.Wall.IsZero() && s.Wall.Before(l.Began)) {
		return display.Bundle{}, fmt.Errorf("the worker died after %s, before anything of the cell was written", quantity.Seconds(l.Ended.Sub(l.Began).Seconds(), 3))
	}
	if err != nil {
		return display.Bundle{}, err
	}
	r := resultOf(s)
	r.Bytes = int64(len(raw))
	r.Summary = verdict(r)
	o := report.Output{Magic: "trace", Result: r, Params: map[string]any{"flight": cmp.Or(l.Why, "died")}, Untimed: true}
	note := fmt.Sprintf("flight recorder: %s; %s", l.title(), l.kept(s))
	show(&o, r, s.Lanes, nil)
	o.Text = note + "\n" + o.Text
	o.HTML = []report.Block{report.Note(note), report.Details{Summary: "what the flight recorder kept: " + r.Summary[0], Open: true, Blocks: o.HTML}}
	return o.Bundle()
}
