package catalog

import (
	"hpgo/kernels/pi"
	"hpgo/kernels/primes"
	"hpgo/kernels/processes"
)

// Tasks returns what the subjects' rows with processes have workers do.
func Tasks() []processes.Task { return []processes.Task{pi.Task, primes.Task} }
