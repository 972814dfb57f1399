package tracing

import (
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// tracerName and tracerPath are how generated Go imports the tracer.
const (
	tracerName = "hpgo__tracer"
	tracerPath = "hpgo/magics/harness/tracer"
)

// Rows are the magics of the trace.
func Rows() []magic.Magic {
	return []magic.Magic{measuring.Row(traceRow(), runTrace), measuring.Row(goroutinesRow(), runGoroutines), measuring.Row(raceRow(), runRace), measuring.Row(cpuplotRow(), runCPUPlot)}
}

// program is the statement between generated lines.
func program(s *measuring.Subject, before, open, shut string) magic.Program {
	p := magic.Program{Imports: map[string]string{tracerName: tracerPath}, Pieces: []magic.Piece{magic.Ours(before)}}
	if !s.SetupInfo.Empty {
		p.Pieces = append(p.Pieces, s.Setup, magic.Ours(measuring.Uses(s.SetupInfo)))
	}
	p.Pieces = append(p.Pieces, magic.Ours(open), s.Body, magic.Ours(measuring.Uses(s.BodyInfo)+shut))
	return p
}
