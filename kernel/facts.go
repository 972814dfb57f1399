package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"hpgo/kernel/notebook/report"
)

// reportFacts are the machine and the toolchain of a run: without them a
// measured time says little.
func reportFacts(t *tools, scale string) []report.Fact {
	facts := []report.Fact{
		{Name: "Machine", Value: machine()},
		{Name: "System", Value: runtime.GOOS + "/" + runtime.GOARCH + kernelRelease()},
		{Name: "Go", Value: t.version()},
	}
	if x := os.Getenv("GOEXPERIMENT"); x != "" {
		facts = append(facts, report.Fact{Name: "GOEXPERIMENT", Value: x})
	}
	if x := os.Getenv("GOAMD64"); x != "" {
		facts = append(facts, report.Fact{Name: "GOAMD64", Value: x})
	}
	return append(facts,
		report.Fact{Name: "hpgo", Value: fullVersion()},
		report.Fact{Name: "Scale", Value: scale},
		report.Fact{Name: "Run", Value: time.Now().Format("2006-01-02 15:04 MST")},
	)
}

// machine is the processor, the cores that this process may use, the memory.
func machine() string {
	parts := []string{}
	if m := procField("/proc/cpuinfo", "model name"); m != "" {
		parts = append(parts, m)
	}
	cores := "1 core"
	if n := runtime.NumCPU(); n > 1 {
		cores = strconv.Itoa(n) + " cores"
	}
	parts = append(parts, cores)
	if kb, err := strconv.ParseInt(strings.TrimSuffix(procField("/proc/meminfo", "MemTotal"), " kB"), 10, 64); err == nil {
		parts = append(parts, fmt.Sprintf("%.1f GiB", float64(kb)/(1<<20)))
	}
	return strings.Join(parts, ", ")
}

// kernelRelease is the operating system's version where it is easy to know.
func kernelRelease() string {
	data, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return ""
	}
	return ", Linux " + strings.TrimSpace(string(data))
}

// procField returns the first "name: value" of a file of /proc; elsewhere than
// on Linux there is none.
func procField(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if k, v, ok := strings.Cut(sc.Text(), ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return ""
}
