package result

// Sweep is the result of %sweep, and of %timeit for several values of a parameter.
type Sweep struct {
	Param  string        `json:"param"` // the variable, or GOMAXPROCS
	Series []SweepSeries `json:"series"`
}

// SweepSeries is what one statement took for each value.
type SweepSeries struct {
	Name   string       `json:"name"`
	Points []SweepPoint `json:"points"` // in ascending order of the values
	Time   *Growth      `json:"time"`   // how the medians grow; nil: too few values
	Bytes  *Growth      `json:"bytes"`  // how bytes per operation grow; nil: none are allocated, or too few values
}

// SweepPoint is the time for one value.
type SweepPoint struct {
	Value float64 `json:"value"`
	Timeit
}

// Growth is how a quantity grows with a parameter n.
type Growth struct {
	Exponent float64  `json:"exponent"` // of the power law through the points on logarithmic axes
	Factor   float64  `json:"factor"`   // s or B at n = 1, by the same
	Low      *float64 `json:"low"`      // ends of the exponent's 95 % interval; nil: it has none
	High     *float64 `json:"high"`
	Best     string   `json:"best"`      // the curve that fits best, such as O(n log n); "" without
	RunnerUp string   `json:"runner_up"` // the next
	Behind   float64  `json:"behind"`    // AICc of the runner-up above the best: the larger the surer
	Within   float64  `json:"within"`    // how far a value is from the best curve at most, as a share of the curve
	Sure     bool     `json:"sure"`      // the best is clearly better, and nothing contradicts it
	Why      string   `json:"why"`       // why it isn't sure
	Text     string   `json:"text"`      // all this in one line
}

// String is one line for each series.
func (s Sweep) String() string {
	text := ""
	for i, series := range s.Series {
		if i > 0 {
			text += "\n"
		}
		if series.Name != "" {
			text += series.Name + ": "
		}
		if series.Time == nil {
			text += "too few values to tell how the time grows with " + s.Param
			continue
		}
		text += "time grows like " + series.Time.Text
	}
	return text
}

// MIMEBundle shows the result as its text.
func (s Sweep) MIMEBundle() map[string]any { return map[string]any{"text/plain": s.String()} }
