package machine

import (
	"bytes"
	"cmp"
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
				fields = append(fields, cmp.Or(f.Variance.String(), "0.00")+"%")
			}
			b.WriteString(strings.Join(append(fields, f.Runtime.String(), f.Percent.String(), f.Metric.String(), f.MetricUnit), sep) + "\n")
		}
	}
	return []byte(b.String())
}

// jsonLines is what perf stat -j writes: an object on each line. Where there are
// several variants, it names its own.
func jsonLines(p result.Perf) ([]byte, error) {
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	for _, v := range p.Variants {
		for _, e := range eventsOf(v) {
			f := machineForm(e)
			if len(p.Variants) > 1 {
				f.Variant = v.Name
			}
			if err := lines.Encode(f); err != nil {
				return nil, fmt.Errorf("write %s as JSON: %w", e.Event, err)
			}
		}
	}
	return b.Bytes(), nil
}

// eventsOf are those that were counted, then those of the model.
func eventsOf(v result.PerfVariant) []result.PerfEvent {
	all := v.Events
	if v.Simulated != nil {
		all = append(all[:len(all):len(all)], v.Simulated.Events...)
	}
	return all
}

// formLine is a line of perf's forms for machines. The names of the fields and their
// kinds are perf's, but for the variant and the source.
type formLine struct {
	Variant    string      `json:"variant,omitempty"`
	Value      string      `json:"counter-value"`
	Unit       string      `json:"unit"`
	Event      string      `json:"event"`
	Variance   json.Number `json:"variance,omitempty"`      // %; "": one run
	Runtime    json.Number `json:"event-runtime,omitempty"` // ns; "": a model's
	Percent    json.Number `json:"pcnt-running,omitempty"`
	Metric     json.Number `json:"metric-value,omitempty"`
	MetricUnit string      `json:"metric-unit,omitempty"`
	Source     string      `json:"source"`
}

// machineForm writes an event; one that isn't counted has perf's 0 and 100.
func machineForm(e result.PerfEvent) formLine {
	number := func(x float64, digits int) json.Number { return json.Number(strconv.FormatFloat(x, 'f', digits, 64)) }
	f := formLine{Event: e.Event, Source: e.Source, Value: e.Missing, Runtime: "0", Percent: "100.00"}
	if e.Source == result.PerfModel {
		f.Event += ":sim" // a name that nothing takes for a count of this CPU
		f.Runtime, f.Percent = "", ""
	}
	if e.Value == nil {
		return f
	}
	switch {
	case e.Clock:
		f.Value, f.Unit = strconv.FormatFloat(*e.Value*1e3, 'f', 6, 64), "msec"
	default:
		f.Value = strconv.FormatFloat(*e.Value, 'f', -1, 64)
	}
	if e.Source != result.PerfModel {
		f.Runtime, f.Percent = number(e.Running*1e9, 0), number(100*e.Share, 2)
	}
	if e.Err != nil {
		f.Variance = number(100**e.Err, 2)
	}
	if e.Unit != "" {
		f.Metric, f.MetricUnit = number(e.Metric, 6), e.Unit
	}
	return f
}

// readSeparator is the text that -x puts between fields; as with perf, \t is a tab.
func (s *stat) readSeparator() (string, error) {
	switch sep := s.in.Args.Text("x", ""); sep {
	case `\t`:
		return "\t", nil
	case "":
		return "", s.in.Magic.Usagef("flag -x of %s needs a text that stands between the fields, such as -x ,", s.in.Magic.Title())
	default:
		return sep, nil
	}
}
