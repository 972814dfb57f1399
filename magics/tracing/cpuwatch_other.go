//go:build !linux

package tracing

import "errors"

// readCPU is only known of Linux.
func readCPU(int) (cpuReading, error) {
	return cpuReading{}, errors.New("the CPU time of cores is read from /proc, which this system hasn't")
}
