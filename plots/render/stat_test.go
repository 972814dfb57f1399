package render

import (
	"fmt"
	"math"
	"time"

	"hpgo/plots"
)

// normal is roughly normal: the sum of twelve uniform numbers (Irwin-Hall).
func (n *noise) normal() float64 {
	sum := 0.0
	for range 12 {
		sum += n.next()
	}
	return sum
}

// latencies are log-normal durations around a median.
func (n *noise) latencies(count int, median time.Duration, spread float64) []time.Duration {
	out := make([]time.Duration, count)
	for i := range out {
		out[i] = time.Duration(float64(median) * math.Exp(spread*n.normal()))
	}
	return out
}

// alone is a layer as a figure of its own.
func alone(l plots.Layer) plots.Figure { return plots.Figure{Layers: plots.Layers{l}} }

// statistics are fits, distributions, groups and growth.
func statistics() map[string]plots.Picture {
	all := map[string]plots.Picture{}
	for _, add := range []func(map[string]plots.Picture){fits, distributions, groupPictures, hardGroups, growths} {
		add(all)
	}
	return all
}

func fits(out map[string]plots.Picture) {
	var gen noise = 11
	var load, took, other []float64
	for range 60 {
		x := 5 + 4.8*2*gen.next()
		load = append(load, x)
		took = append(took, 0.003+0.0012*x+0.0012*gen.normal())
		other = append(other, 0.011-0.0004*x+0.0007*gen.normal())
	}
	out["fit"] = plots.Figure{X: plots.Axis{Label: "load"}, Y: plots.Axis{Label: "latency", Unit: "s"}, Layers: plots.Layers{
		plots.Scatter{Name: "before", X: load, Y: took, Fit: true},
		plots.Scatter{Name: "after", X: load, Y: other, Fit: true}}}
	var n, t []float64
	for i := range 14 {
		x := math.Pow(2, float64(i+4))
		n, t = append(n, x), append(t, 3e-9*math.Pow(x, 1.98)*math.Exp(0.25*gen.normal()))
	}
	out["fit-power"] = plots.Figure{X: plots.Axis{Label: "n", Log: true}, Y: plots.Axis{Label: "time", Unit: "s", Log: true},
		Layers: plots.Layers{plots.Scatter{Name: "naive convolution", X: n, Y: t, Fit: true}}}
	out["fit-few"] = plots.Figure{Layers: plots.Layers{
		plots.Scatter{Name: "three points", X: []int{1, 2, 3}, Y: []float64{2, 2.9, 4.4}, Fit: true},
		plots.Scatter{Name: "one x", X: []int{2, 2}, Y: []float64{1, 3}, Fit: true}}}
}

func distributions(out map[string]plots.Picture) {
	var gen noise = 5
	before, after := gen.latencies(2000, 2*time.Millisecond, 0.35), gen.latencies(1200, 1300*time.Microsecond, 0.3)
	out["hist"] = plots.Figure{Title: "Request latency", Layers: plots.Layers{plots.Hist{Values: before, Percentiles: []float64{50, 90, 99}}}}
	out["hist-two"] = plots.Figure{X: plots.Axis{Label: "latency"}, Layers: plots.Layers{
		plots.Hist{Name: "before", Values: before, Percentiles: []float64{50, 99}},
		plots.Hist{Name: "after", Values: after, Percentiles: []float64{50, 99}}}}
	tail := append(gen.latencies(5000, 40*time.Microsecond, 0.5), gen.latencies(150, 9*time.Millisecond, 0.7)...)
	out["hist-log"] = plots.Figure{X: plots.Axis{Label: "latency", Log: true}, Y: plots.Axis{Log: true}, Layers: plots.Layers{
		plots.Hist{Name: "cache", Values: tail, Percentiles: []float64{50, 90, 99, 99.9}}}}
	out["hist-tail"] = alone(plots.Hist{Values: tail, Percentiles: []float64{50, 90}})
	var dice []int
	for range 400 {
		dice = append(dice, int(6*(gen.next()+0.5))+int(6*(gen.next()+0.5))+2)
	}
	out["hist-whole"] = plots.Figure{X: plots.Axis{Label: "sum of two dice"}, Layers: plots.Layers{plots.Hist{Values: dice}}}
	out["hist-equal"] = alone(plots.Hist{Name: "all alike", Values: []time.Duration{3e6, 3e6, 3e6, 3e6}, Percentiles: []float64{50, 99}})
	out["density"] = plots.Figure{X: plots.Axis{Label: "latency"}, Layers: plots.Layers{
		plots.Density{Name: "before", Values: before, Percentiles: []float64{50}},
		plots.Density{Name: "after", Values: after, Percentiles: []float64{50}}}}
	out["density-log"] = plots.Figure{X: plots.Axis{Label: "latency", Log: true}, Layers: plots.Layers{
		plots.Density{Values: tail, Percentiles: []float64{50, 90, 99}}}}
	out["density-hist"] = plots.Figure{X: plots.Axis{Label: "latency"}, Layers: plots.Layers{
		plots.Hist{Name: "after", Values: after, Bins: 24}, plots.Density{Name: "after", Values: after}}}
	out["density-equal"] = plots.Figure{X: plots.Axis{Label: "latency"}, Layers: plots.Layers{
		plots.Density{Name: "varied", Values: after}, plots.Density{Name: "all alike", Values: []time.Duration{1e6, 1e6}}}}
}

func groupPictures(out map[string]plots.Picture) {
	var gen noise = 17
	maps := map[string][]time.Duration{"map": gen.latencies(60, 40*time.Microsecond, 0.2),
		"slice": gen.latencies(60, 22*time.Microsecond, 0.1), "sync.Map": gen.latencies(60, 61*time.Microsecond, 0.3)}
	later := map[string][]time.Duration{"map": gen.latencies(60, 28*time.Microsecond, 0.15),
		"slice": gen.latencies(60, 20*time.Microsecond, 0.12), "sync.Map": gen.latencies(60, 66*time.Microsecond, 0.2)}
	time, log := plots.Axis{Label: "time per lookup"}, plots.Axis{Label: "time per lookup", Log: true}
	out["box"] = plots.Figure{Y: time, Layers: plots.Layers{plots.Box{Values: maps}}}
	out["box-two"] = plots.Figure{Y: time, Layers: plots.Layers{plots.Box{Name: "Go 1.23", Values: maps}, plots.Box{Name: "Go 1.24", Values: later}}}
	out["box-flat"] = plots.Figure{X: log, Layers: plots.Layers{
		plots.Box{Name: "Go 1.23", Values: maps, Horizontal: true}, plots.Box{Name: "Go 1.24", Values: later, Horizontal: true}}}
	out["violin"] = plots.Figure{Y: log, Layers: plots.Layers{plots.Violin{Values: maps}}}
	out["violin-two"] = plots.Figure{Y: time, Layers: plots.Layers{plots.Violin{Name: "Go 1.23", Values: maps}, plots.Violin{Name: "Go 1.24", Values: later}}}
	out["violin-flat"] = alone(plots.Violin{Values: maps, Horizontal: true})
	out["violin-box"] = plots.Figure{Y: time, Layers: plots.Layers{plots.Violin{Values: maps}, plots.Box{Values: maps}}}
	out["strip"] = plots.Figure{Y: time, Layers: plots.Layers{plots.Strip{Values: maps}}}
	out["strip-box"] = plots.Figure{Y: time, Layers: plots.Layers{plots.Box{Values: maps}, plots.Strip{Values: maps}}}
	out["strip-box-two"] = plots.Figure{Y: time, Layers: plots.Layers{
		plots.Box{Name: "Go 1.23", Values: maps}, plots.Box{Name: "Go 1.24", Values: later},
		plots.Strip{Name: "Go 1.23", Values: maps}, plots.Strip{Name: "Go 1.24", Values: later}}}
}

func hardGroups(out map[string]plots.Picture) {
	var gen noise = 23
	nan := math.NaN()
	out["box-hard"] = plots.Figure{Title: "One, equal, none, missing", Y: plots.Axis{Label: "time", Unit: "s"}, Layers: plots.Layers{plots.Box{
		Labels: []string{"one value", "all equal", "empty", "half missing", "two far apart", "a group with a name that is too long for its place"},
		Values: [][]float64{{0.02}, {0.03, 0.03, 0.03}, {}, {nan, 0.01, 0.02, nan}, {0.01, 0.05}, {0.02, 0.021, 0.022, 0.023, 0.05}}}}}
	out["violin-hard"] = plots.Figure{Layers: plots.Layers{plots.Violin{
		Labels: []string{"one value", "all equal", "empty", "half missing", "two", "five"},
		Values: [][]float64{{0.02}, {0.03, 0.03, 0.03}, {}, {nan, 0.01, 0.02, nan}, {0.01, 0.05}, {0.02, 0.021, 0.022, 0.023, 0.05}}}}}
	var many [][]float64
	var names []string
	for k := range 40 {
		var v []float64
		for range 30 {
			v = append(v, float64(k)*0.3+gen.normal())
		}
		many, names = append(many, v), append(names, fmt.Sprintf("BenchmarkEncode/size=%d", k*100))
	}
	out["box-many"] = plots.Figure{Layers: plots.Layers{plots.Box{Labels: names, Values: many}}}
	out["strip-run"] = plots.Figure{Title: "Twenty runs in order", Layers: plots.Layers{plots.Strip{Name: "warm-up", Values: warmUp()}, plots.Box{Name: "warm-up", Values: warmUp()}}}
}

// warmUp is a benchmark that gets faster run by run.
func warmUp() []time.Duration {
	var gen noise = 29
	out := make([]time.Duration, 20)
	for i := range out {
		out[i] = time.Duration(1e6 * (1 + 0.5*math.Exp(-float64(i)/5) + 0.04*gen.next()))
	}
	return out
}

func growths(out map[string]plots.Picture) {
	var gen noise = 31
	var n []int
	var sorts, quadratic, noisy []time.Duration
	for i := range 12 {
		size := 100 << i
		x := float64(size)
		n = append(n, size)
		sorts = append(sorts, time.Duration(2.1*x*math.Log2(x)*math.Exp(0.02*gen.normal())))
		quadratic = append(quadratic, time.Duration(0.8*x*x*math.Exp(0.05*gen.normal())))
		noisy = append(noisy, time.Duration(30*x*math.Exp(0.5*gen.normal())))
	}
	out["growth"] = alone(plots.Growth{N: n, T: sorts})
	out["growth-two"] = plots.Figure{Title: "Sorting", Layers: plots.Layers{
		plots.Growth{Name: "slices.Sort", N: n, T: sorts}, plots.Growth{Name: "insertion sort", N: n[:8], T: quadratic[:8]}}}
	out["growth-unsure"] = alone(plots.Growth{N: n, T: noisy, Candidates: []string{"n^2"}})
	out["growth-few"] = alone(plots.Growth{Name: "three sizes", N: n[:3], T: sorts[:3]})
}
