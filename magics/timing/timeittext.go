package timing

import (
	"fmt"
	"strconv"
	"strings"

	"hpgo/magics/quantity"
	"hpgo/magics/result"
)

// Short names for what the texts of these magics are full of.
func seconds(s float64, digits int) string { return quantity.Seconds(s, digits) }
func percent(share float64) string         { return quantity.Percent(share) }
func bytesText(b float64) string           { return quantity.Bytes(b) }

// slowestText is IPython's warning, which stands before its line.
func slowestText(r result.Timeit) string {
	if r.Worst > 4*r.Best && r.Best > 0 && r.Worst > 1e-6 {
		return fmt.Sprintf("The slowest run took %.2f times longer than the fastest. This could mean that an intermediate result is being cached.\n", r.Worst/r.Best)
	}
	return ""
}

// secondLine is what %timeit tells beyond IPython.
func secondLine(r result.Timeit, onStack bool) string {
	parts := []string{"median " + medianText(r), "best " + seconds(r.Best, 4), allocText(r, onStack), gcText(r)}
	if r.Loop > loopMatters*r.Median && r.Singly == nil {
		parts = append(parts, "loop "+seconds(r.Loop, 3))
	}
	if r.Cold != nil {
		parts = append(parts, "first "+seconds(*r.Cold, 3))
	}
	if r.Clock == "cpu" {
		parts = append(parts, "CPU time of all threads")
	}
	parts = append(parts, fmt.Sprintf("build %.2f s", r.CompileTime))
	text := strings.Join(parts, " · ")
	if l := r.Singly; l != nil {
		text += fmt.Sprintf("\n%s timed one by one: p50 %s · p90 %s · p99 %s · max %s", quantity.Counted(l.N, "operation"),
			seconds(l.P50, 3), seconds(l.P90, 3), seconds(l.P99, 3), seconds(l.Max, 3))
	}
	return text
}

// medianText is the median with its interval, in one unit.
func medianText(r result.Timeit) string {
	text := seconds(r.Median, 4)
	if r.CI == nil {
		return text + " (no interval: it takes 6 runs)"
	}
	scale := unitOf(r.Median)
	if scale == 0 {
		return fmt.Sprintf("%s [%s, %s; %.0f %% CI]", text, seconds(r.CI.Low, 4), seconds(r.CI.High, 4), 100*r.CI.Confidence)
	}
	digits := func(s float64) string { return strconv.FormatFloat(quantity.Round(s*scale, 4), 'g', -1, 64) }
	return fmt.Sprintf("%s [%s, %s; %.0f %% CI]", text, digits(r.CI.Low), digits(r.CI.High), 100*r.CI.Confidence)
}

// unitOf is how many of the unit in which a time is written make a second; 0 for
// hours and minutes.
func unitOf(s float64) float64 {
	_, unit, _ := strings.Cut(seconds(s, 4), " ")
	return map[string]float64{"s": 1, "ms": 1e3, "μs": 1e6, "ns": 1e9}[unit]
}

// allocText is what an operation allocates. onStack says that there is something
// which stays on the stack.
func allocText(r result.Timeit, onStack bool) string {
	if r.AllocsPerOp == 0 && r.BytesPerOp == 0 {
		if onStack {
			return "0 allocs (stack)"
		}
		return "0 allocs"
	}
	return bytesText(r.BytesPerOp) + "/op · " + quantity.PerOp(r.AllocsPerOp) + " allocs/op"
}

// gcText is the collector's part.
func gcText(r result.Timeit) string {
	switch {
	case r.GCOff:
		return "GC off"
	case r.GCs == 0:
		return "GC 0"
	}
	return fmt.Sprintf("GC %s/run (%s)", quantity.Number(float64(r.GCs)/float64(r.Repeat)), percent(r.GCShare))
}
