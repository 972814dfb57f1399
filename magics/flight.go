package magics

import (
	"hpgo/kernel/display"
	"hpgo/magics/tracing"
)

// FlightSetting is the setting of %trace --flight: how long a cell may take before it
// is slow, as time.Duration writes it; not set: the flight recorder is off.
const FlightSetting = tracing.FlightSetting

// Landing is what a flight recorder left of a cell, and why it is shown.
type Landing = tracing.Landing

// Flight shows what a flight recorder left. The error says why there is nothing.
func Flight(l Landing) (display.Bundle, error) { return tracing.Flight(l) }

// WatchSetting is the setting of %goroutines --watch; not set: it is off.
const WatchSetting = tracing.WatchSetting

// Left is a warning of goroutines that a cell left behind, by their tracebacks; empty
// if all of them go on.
func Left(tracebacks string) string { return tracing.Left(tracebacks) }
