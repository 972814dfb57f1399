//go:build !linux

package main

// countersFinding says that hardware counters are read on Linux only.
func countersFinding() finding {
	return finding{what: "counters", detail: "hardware counters are read on Linux only; counts are left out"}
}
