package magics

import (
	"hpgo/kernel/display"
	"hpgo/magics/tracing"
)

// FlightSetting is the setting of %trace --flight: how long a cell may take before it
// is slow, as time.Duration writes it; not set: the flight recorder is off.
const FlightSetting = tracing.FlightSetting

// Flight shows the trace that a flight recorder wrote because of a panic, an interrupt
// or a slow cell. failed says why it could not.
func Flight(file, why, failed string) (display.Bundle, error) {
	return tracing.Flight(file, why, failed)
}
