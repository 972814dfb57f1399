//go:build !linux

package harness

import "time"

// What Linux tells in /proc isn't known elsewhere.

func cpuTime() time.Duration { return -1 }
func loadAverage() float64   { return -1 }
func readSteal() stealClock  { return stealClock{} }
func memoryAvailable() int64 { return -1 }
