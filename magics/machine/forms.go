package machine

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"hpgo/magics/result"
)

// separated is what perf stat -x writes: value, unit, event, the standard error in
// percent, the time for which it was counted in ns, the part of it in percent, the
// derived figure and its unit. Fields without a value are empty.
func separated(p result.Perf, sep string) []byte {
	var b strings.Builder
	for _, v := range p.Variants {
		for _, e := range eventsOf(v) {
			f := machineForm(e)
			fields := []string{f.Value, f.Unit, f.Event}
			if v.Runs > 1 {
				fields = append(fields, f.Variance)
			}
			b.WriteString(strings.Join(append(fields, f.Runtime, f.Percent, f.Metric, f.MetricUnit), sep) + "\n")
		}
	}
	return []byte(b.String())
}

// jsonLines is what perf stat -j writes: an object on each line. Where there are
// several variants, it names its own.
func jsonLines(p result.Perf) ([]byte, error) {
	var b strings.Builder
	for _, v := range p.Variants {
		for _, e := range eventsOf(v) {
			f := machineForm(e)
			if len(p.Variants) > 1 {
				f.Variant = v.Name
			}
			line, err := json.Marshal(f)
			if err != nil {
				return nil, fmt.Errorf("write %s as JSON: %w", e.Event, err)
			}
			b.Write(append(line, '\n'))
		}
	}
	return []byte(b.String()), nil
}

// eventsOf are those that were counted, then those of the model.
func eventsOf(v result.PerfVariant) []result.PerfEvent {
	all := v.Events
	if v.Simulated != nil {
		all = append(all[:len(all):len(all)], v.Simulated.Events...)
	}
	return all
}

// formLine is a line of perf's forms for machines. The names of the fields are perf's,
// but for the source.
type formLine struct {
	Variant    string `json:"variant,omitempty"`
	Value      string `json:"counter-value"`
	Unit       string `json:"unit"`
	Event      string `json:"event"`
	Variance   string `json:"variance,omitempty"`
	Runtime    string `json:"event-runtime"`
	Percent    string `json:"pcnt-running"`
	Metric     string `json:"metric-value,omitempty"`
	MetricUnit string `json:"metric-unit,omitempty"`
	Source     string `json:"source"`
}

func machineForm(e result.PerfEvent) formLine {
	f := formLine{Event: e.Event, Source: e.Source, Value: e.Missing, Runtime: "0", Percent: "100.00"}
	if e.Source == result.PerfModel {
		f.Event += ":sim" // a name that nothing takes for a count of this CPU
		f.Runtime, f.Percent = "", ""
	}
	if e.Value == nil {
		f.Percent = "0.00"
		return f
	}
	switch {
	case e.Clock:
		f.Value, f.Unit = strconv.FormatFloat(*e.Value*1e3, 'f', 6, 64), "msec"
	default:
		f.Value = strconv.FormatFloat(*e.Value, 'f', -1, 64)
	}
	if e.Source != result.PerfModel {
		f.Runtime = strconv.FormatFloat(e.Running*1e9, 'f', 0, 64)
		f.Percent = strconv.FormatFloat(100*e.Share, 'f', 2, 64)
	}
	if e.Err != nil {
		f.Variance = strconv.FormatFloat(100**e.Err, 'f', 2, 64) + "%"
	}
	if e.Unit != "" {
		f.Metric, f.MetricUnit = strconv.FormatFloat(e.Metric, 'f', 6, 64), e.Unit
	}
	return f
}
