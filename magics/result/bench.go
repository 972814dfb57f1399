package result

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"hpgo/magics/quantity"
)

// NoiseFloor is the result of %bench --calibrate: how far medians of the same code are
// apart on a machine.
type NoiseFloor struct {
	Floor  float64   `json:"floor"`  // the largest of the trials, up to the next 0.1 %
	Trials []float64 `json:"trials"` // share by which medians differed, the farthest of three, in each trial
	Rounds int       `json:"rounds"` // of a trial
	Clock  string    `json:"clock"`  // wall, or cpu where that is steadier, as %compare chooses
	Time   time.Time `json:"time"`
	CPU    string    `json:"cpu_model"`
	Go     string    `json:"go"`     // version
	Busy   bool      `json:"busy"`   // other programs or machines disturbed it
	Stored string    `json:"stored"` // the file that keeps it for other sessions; "": none does
}

// NewNoiseFloor makes a floor of the trials.
func NewNoiseFloor(trials []float64) NoiseFloor {
	n := NoiseFloor{Trials: trials}
	for _, t := range trials {
		n.Floor = math.Max(n.Floor, math.Ceil(1000*t-1e-9)/1000)
	}
	return n
}

// String is the floor with what it is made of.
func (n NoiseFloor) String() string {
	var parts []string
	for _, t := range n.Trials {
		parts = append(parts, strconv.FormatFloat(100*t, 'f', 1, 64))
	}
	what := "medians"
	if n.Clock == "cpu" {
		what = "medians of CPU times"
	}
	return fmt.Sprintf("noise floor %s: in %s of %s, %s of the same code differed by %s %%",
		quantity.Percent(n.Floor), quantity.Counted(len(n.Trials), "trial"), quantity.Counted(n.Rounds, "round"), what, strings.Join(parts, ", "))
}

// MIMEBundle shows the floor as its text.
func (n NoiseFloor) MIMEBundle() map[string]any { return map[string]any{"text/plain": n.String()} }
