package tracing

import (
	"bytes"
	"errors"
	"fmt"
	"os"
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
		h.Stream("stdout", fmt.Sprintf("The flight recorder is on: the trace of a cell's last 10 seconds, as far as 10 MiB hold them, is shown when it panics, is interrupted or takes more than %s.\n", quantity.Seconds(slow.Seconds(), 3)))
	case "off":
		h.Set(FlightSetting, nil)
		h.Stream("stdout", "The flight recorder is off.\n")
	default:
		return magic.Result{}, m.Usagef("flag --flight of %s: %q is neither on nor off", m.Title(), choice)
	}
	return magic.Result{}, nil
}

// flightTitles say why the recorder's trace is shown.
var flightTitles = map[string]string{"panic": "the cell panicked", "interrupt": "the cell was interrupted", "slow": "the cell was slow"}

// Flight shows the trace that the flight recorder wrote.
func Flight(file, why, failed string) (display.Bundle, error) {
	if failed != "" {
		return display.Bundle{}, errors.New(failed)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return display.Bundle{}, err
	}
	s, err := recording.ReadStudy(bytes.NewReader(raw), traceRows)
	if err != nil {
		return display.Bundle{}, err
	}
	r := resultOf(s)
	r.Bytes = int64(len(raw))
	r.Summary = verdict(r)
	o := report.Output{Magic: "trace", Result: r, Params: map[string]any{"flight": why}, Untimed: true}
	part := "since it began"
	if !s.Begun {
		part = "of the time before" // its begin is no longer kept
	}
	note := fmt.Sprintf("flight recorder: %s; its last %s, %s", flightTitles[why], quantity.Seconds(r.Seconds, 3), part)
	show(&o, r, s.Lanes, nil)
	o.Text = note + "\n" + o.Text
	o.HTML = []report.Block{report.Note(note), report.Details{Summary: "what the flight recorder kept: " + r.Summary[0], Open: true, Blocks: o.HTML}}
	return o.Bundle()
}
