package tracing

import (
	"bytes"
	"context"

	"hpgo/magics/report"
	"hpgo/plots/recording"
)

// Show makes the output of a trace of another program.
func Show(raw []byte) (report.Output, error) {
	s, err := recording.ReadStudy(context.Background(), bytes.NewReader(raw), traceRows)
	if err != nil {
		return report.Output{}, err
	}
	r := resultOf(s)
	r.Bytes = int64(len(raw))
	r.Summary = verdict(r)
	o := report.Output{Result: r, Raw: raw}
	if s.Broken != "" {
		o.Warnings = []string{"the trace breaks off: " + s.Broken}
	}
	show(&o, r, s.Lanes, nil)
	return o, nil
}
