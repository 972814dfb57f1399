package report

import (
	"fmt"
	"slices"
	"strings"

	"hpgo/magics/quantity"
	"hpgo/magics/result"
)

// Noise names what has disturbed a measurement while it ran.
func Noise(e result.Env) []string {
	var w []string
	if e.Others != nil && *e.Others >= 0.25 {
		w = append(w, fmt.Sprintf("other programs kept %s of %s busy meanwhile: times are longer than on a quiet machine",
			quantity.PerOp(*e.Others), quantity.Counted(e.Cores, "CPU")))
	}
	if e.Steal != nil && *e.Steal >= 0.01 {
		w = append(w, fmt.Sprintf("the hypervisor gave %s of the CPU time to other machines", quantity.Percent(*e.Steal)))
	}
	if e.Battery != nil && *e.Battery {
		w = append(w, "the machine runs on a battery, which may slow its CPU down")
	}
	return w
}

// Doubts names everything about a machine that makes its measurements vary or hard
// to compare, also what can't be helped.
func Doubts(e result.Env) []string {
	w := Noise(e)
	if e.Load != nil && *e.Load > 0.5 {
		w = append(w, fmt.Sprintf("load average %.2f: something else is running", *e.Load))
	}
	if e.Steal != nil && *e.Steal > 0 && *e.Steal < 0.01 {
		w = append(w, fmt.Sprintf("the hypervisor takes CPU time: %s", quantity.Percent(*e.Steal)))
	}
	if e.Virtual != "" && e.Virtual != "no" {
		w = append(w, "virtual machine: neighbours and the hypervisor are felt")
	}
	if e.Governor != "" && e.Governor != "performance" {
		w = append(w, fmt.Sprintf("frequency governor %s: the CPU's frequency follows the load; performance keeps it", e.Governor))
	}
	if e.Turbo != nil && *e.Turbo {
		w = append(w, "turbo is on: the frequency depends on heat and on the other cores")
	}
	if e.HugePages == "always" {
		w = append(w, "transparent huge pages are always on: memory grows in steps of 2 MiB")
	}
	if e.HZ > 0 && e.HZ < 1000 {
		w = append(w, fmt.Sprintf("HZ=%d: SIGPROF can't sample faster than %d times a second", e.HZ, e.HZ))
	}
	if e.PMU != nil && !*e.PMU {
		w = append(w, "no PMU: hardware events can't be counted")
	}
	if e.MaxProcs != e.Cores {
		w = append(w, fmt.Sprintf("GOMAXPROCS is %d of %s", e.MaxProcs, quantity.Counted(e.Cores, "CPU")))
	}
	return w
}

// EnvLine is the record in one line, for the foot of an output.
func EnvLine(e result.Env) string {
	parts := []string{e.Go, e.OS + "/" + e.Arch}
	if e.Level != "" {
		parts[1] += " " + e.Level
	}
	if e.CPU != "" {
		parts = append(parts, e.CPU)
	}
	parts = append(parts, fmt.Sprintf("GOMAXPROCS %d", e.MaxProcs), "GOGC "+e.GC)
	if e.MemLimit != "off" && e.MemLimit != "" {
		parts = append(parts, "GOMEMLIMIT "+e.MemLimit)
	}
	if e.Experiment != "" {
		parts = append(parts, "GOEXPERIMENT "+e.Experiment)
	}
	if len(e.Flags) > 0 {
		parts = append(parts, strings.Join(e.Flags, " "))
	}
	if e.Virtual != "" && e.Virtual != "no" {
		parts = append(parts, "virtual machine")
	}
	if e.Load != nil {
		parts = append(parts, fmt.Sprintf("load %.2f", *e.Load))
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}
