package report

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"hpgo/magics/result"
)

// describe fills in what doesn't change while something is measured.
func (m machine) describe(e *result.Env) {
	e.Kernel = m.text("proc/sys/kernel/osrelease")
	e.CPU, e.Virtual = m.cpu()
	e.Governor = m.text("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
	e.Turbo = m.turbo()
	e.Battery = m.battery()
	_, pages, _ := strings.Cut(m.text("sys/kernel/mm/transparent_hugepage/enabled"), "[")
	e.HugePages, _, _ = strings.Cut(pages, "]")
	e.HZ = m.hz(e.Kernel)
	e.PMU = m.pmu()
}

// cpu reads the model and whether the processor says that it is virtual.
func (m machine) cpu() (model, virtual string) {
	info := m.text("proc/cpuinfo")
	if info == "" {
		return "", ""
	}
	flags := false
	for line := range strings.Lines(info) {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.TrimSpace(key) {
		case "model name":
			if model == "" {
				model = value
			}
		case "flags":
			flags = true
			if strings.Contains(" "+value+" ", " hypervisor ") {
				virtual = "yes"
				if maker := m.text("sys/class/dmi/id/sys_vendor"); maker != "" {
					virtual = maker
				}
			}
		}
	}
	if flags && virtual == "" {
		virtual = "no"
	}
	return model, virtual
}

// turbo asks the drivers that know, each in its own way.
func (m machine) turbo() *bool {
	if s := m.text("sys/devices/system/cpu/intel_pstate/no_turbo"); s != "" {
		return new(s == "0")
	}
	if s := m.text("sys/devices/system/cpu/cpufreq/boost"); s != "" {
		return new(s == "1")
	}
	return nil
}

// battery reports whether a battery is being emptied.
func (m machine) battery() *bool {
	const dir = "sys/class/power_supply"
	supplies, err := os.ReadDir(filepath.Join(string(m), dir))
	if err != nil {
		return nil
	}
	on := false
	for _, s := range supplies {
		at := filepath.Join(dir, s.Name())
		on = on || m.text(filepath.Join(at, "type")) == "Battery" && m.text(filepath.Join(at, "status")) == "Discharging"
	}
	return &on
}

// hz finds the rate of timer interrupts in the kernel's own configuration.
func (m machine) hz(release string) int {
	config := m.text("boot/config-" + release)
	if f, err := os.Open(filepath.Join(string(m), "proc/config.gz")); err == nil {
		defer f.Close()
		if z, err := gzip.NewReader(f); err == nil {
			data, _ := io.ReadAll(z) // what was read of a broken file
			config = string(data)
		}
	}
	_, value, _ := strings.Cut(config, "CONFIG_HZ=")
	value, _, _ = strings.Cut(value, "\n")
	n, _ := strconv.Atoi(value) // 0: unknown
	return n
}

// pmu reports whether the system has a device for the CPU's event counters.
func (m machine) pmu() *bool {
	const dir = "sys/bus/event_source/devices"
	devices, err := os.ReadDir(filepath.Join(string(m), dir))
	if err != nil {
		return nil
	}
	there := false
	for _, d := range devices {
		name := d.Name()
		there = there || name == "cpu" || strings.HasPrefix(name, "cpu_") || strings.HasPrefix(name, "armv8")
	}
	return &there
}
