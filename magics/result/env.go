package result

import "time"

// Env is where and under which settings something was measured. What the system
// doesn't tell is "", 0 or nil.
type Env struct {
	Time       time.Time `json:"time"`         // of the start
	Go         string    `json:"go"`           // version of the toolchain
	OS         string    `json:"goos"`         //
	Arch       string    `json:"goarch"`       //
	Level      string    `json:"goamd64"`      // GOAMD64; "" on other architectures
	MaxProcs   int       `json:"gomaxprocs"`   // of the session's process
	GC         string    `json:"gogc"`         // GOGC
	MemLimit   string    `json:"gomemlimit"`   // GOMEMLIMIT
	Experiment string    `json:"goexperiment"` // GOEXPERIMENT
	Flags      []string  `json:"build_flags"`  // of the session's cells
	CPU        string    `json:"cpu_model"`    //
	Cores      int       `json:"cores"`        // CPUs that a process may use, those that share a core included
	Virtual    string    `json:"virtualised"`  // no, yes, or the name of the virtual machine's maker
	Governor   string    `json:"governor"`     // of the first CPU's frequency
	Turbo      *bool     `json:"turbo"`        // the CPU may go above its nominal frequency
	Battery    *bool     `json:"battery"`      // the machine runs on a battery
	HugePages  string    `json:"huge_pages"`   // transparent ones: always, madvise, never
	HZ         int       `json:"hz"`           // timer interrupts of the system's kernel per second
	PMU        *bool     `json:"pmu"`          // the CPU's event counters can be seen
	Kernel     string    `json:"kernel"`       // release of the operating system
	Load       *float64  `json:"load"`         // load average of the minute before the start
	Steal      *float64  `json:"steal"`        // share of CPU time that the hypervisor gave to others during the measurement
	Others     *float64  `json:"others_cpus"`  // CPUs that other programs kept busy during the measurement
}
