package recording

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/pprof/profile"

	"hpgo/plots"
)

// maxUnpacked limits what a compressed profile may unpack to.
const maxUnpacked = 1 << 30

// Flame reads a profile as pprof writes it, compressed or not, into a flame
// graph. Of f count the fields that choose and describe, and Base. The typed
// table of functions is Data.Flame.Top.
func Flame(pprof []byte, f plots.Flame) (plots.Data, error) {
	f.Profile, f.Stacks = pprof, nil
	d, err := f.Encode()
	if err != nil {
		return d, err
	}
	return Resolve(d)
}

// resolveProfile makes the flame graph of a recorded profile.
func resolveProfile(d plots.Data) (plots.Data, error) {
	f := plots.FlameOf(d)
	newer, err := readProfile(d.Recording.Profile)
	if err != nil {
		return d, fmt.Errorf("read profile: %w", err)
	}
	value, err := chooseValue(newer, f.Value)
	if err != nil {
		return d, fmt.Errorf("read profile: %w", err)
	}
	kind := newer.SampleType[value]
	unit, factor := unitOf(kind.Unit)
	label := ""
	if key, ok := strings.CutPrefix(f.Root, "label:"); ok {
		label, f.Root = key, ""
	}
	r := stackReader{value: value, factor: factor, label: label, anyCell: d.Recording.Base != nil}
	f.Notes = append(slices.Clone(f.Notes), sampling(newer)...)
	f.Stacks, f.Unit, f.Value = r.stacks(newer), unit, kind.Type
	if d.Recording.Base != nil {
		older, err := readProfile(d.Recording.Base)
		if err != nil {
			return d, fmt.Errorf("read base profile: %w", err)
		}
		if r.value, err = chooseValue(older, kind.Type); err != nil {
			return d, fmt.Errorf("read base profile: %w", err)
		}
		baseUnit, baseFactor := unitOf(older.SampleType[r.value].Unit)
		if baseUnit != unit {
			return d, fmt.Errorf("read base profile: its %s is in %s and the other's in %s", kind.Type, older.SampleType[r.value].Unit, kind.Unit)
		}
		r.factor = baseFactor
		f.Base = r.stacks(older)
		f.Notes = append(f.Notes, chance(newer, older)...)
	}
	out, err := f.Encode()
	if err != nil {
		return d, fmt.Errorf("read profile: %w", err)
	}
	return out, nil
}

// readProfile parses a profile and checks that it has something to show.
func readProfile(data []byte) (*profile.Profile, error) {
	if len(data) == 0 {
		return nil, fmt.Errorf("it is empty; a CPU profile is written when pprof.StopCPUProfile is called")
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err == nil {
			data, err = io.ReadAll(io.LimitReader(z, maxUnpacked+1))
		}
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
			return nil, fmt.Errorf("it ends too early; call pprof.StopCPUProfile before it is shown")
		case err != nil:
			return nil, fmt.Errorf("it can't be unpacked: %w", err)
		case len(data) > maxUnpacked:
			return nil, fmt.Errorf("it unpacks to more than %s", plots.SI(maxUnpacked, "B"))
		}
	}
	p, err := profile.ParseData(data)
	if err != nil {
		return nil, fmt.Errorf("it is no profile in pprof's format: %w", err)
	}
	if err := p.CheckValid(); err != nil {
		return nil, fmt.Errorf("it is broken: %w", err)
	}
	if len(p.SampleType) == 0 {
		return nil, fmt.Errorf("it measures nothing")
	}
	if len(p.Sample) == 0 {
		if isCPU(p) {
			return nil, fmt.Errorf("it has no samples: the program used the CPU for less than %s", plots.SI(float64(max(p.Period, 1e7))/1e9, "s"))
		}
		return nil, fmt.Errorf("it has no samples")
	}
	return p, nil
}

func isCPU(p *profile.Profile) bool {
	return slices.ContainsFunc(p.SampleType, func(t *profile.ValueType) bool { return t.Type == "cpu" })
}

// chooseValue is the index of the value to show: the one asked for, the
// profile's default, that which pprof shows for its kind, or the last.
func chooseValue(p *profile.Profile, name string) (int, error) {
	at := func(name string) int {
		return slices.IndexFunc(p.SampleType, func(t *profile.ValueType) bool { return t.Type == name })
	}
	if name != "" {
		if i := at(name); i >= 0 {
			return i, nil
		}
		var names []string
		for _, t := range p.SampleType {
			names = append(names, t.Type)
		}
		return 0, fmt.Errorf("it has no value %q; it has %s", name, strings.Join(names, ", "))
	}
	for _, usual := range []string{p.DefaultSampleType, "inuse_space", "cpu"} {
		if i := at(usual); usual != "" && i >= 0 {
			return i, nil
		}
	}
	return len(p.SampleType) - 1, nil
}

// unitOf turns a unit of pprof into one of figures.
func unitOf(unit string) (string, float64) {
	switch unit {
	case "nanoseconds", "ns":
		return "s", 1e-9
	case "microseconds", "us":
		return "s", 1e-6
	case "milliseconds", "ms":
		return "s", 1e-3
	case "seconds", "s":
		return "s", 1
	case "bytes", "B":
		return "B", 1
	case "kilobytes", "kB", "KB":
		return "B", 1024 // as pprof counts them
	case "megabytes", "MB":
		return "B", 1 << 20
	case "count", "":
		return "", 1
	}
	return unit, 1
}

// sampling notes how the values were measured: they are estimates.
func sampling(p *profile.Profile) []string {
	if p.PeriodType == nil || p.Period <= 1 {
		return nil
	}
	unit, factor := unitOf(p.PeriodType.Unit)
	period := plots.SI(float64(p.Period)*factor, unit)
	if !isCPU(p) {
		what := p.PeriodType.Type
		if what == "space" {
			what = "allocations"
		}
		return []string{fmt.Sprintf("estimated from one sample per %s of %s", period, what)}
	}
	count, _ := sampleCount(p)
	text := fmt.Sprintf("estimated from %d samples, one per %s of CPU time", count, period)
	if p.DurationNanos > 0 {
		text += " in " + plots.SI(time.Duration(p.DurationNanos).Seconds(), "s")
	}
	return []string{text}
}

// sampleCount is the number of samples of a CPU profile; false if it isn't known.
func sampleCount(p *profile.Profile) (n int64, ok bool) {
	i := slices.IndexFunc(p.SampleType, func(t *profile.ValueType) bool { return t.Unit == "count" })
	if i < 0 || !isCPU(p) {
		return 0, false
	}
	for _, s := range p.Sample {
		n += s.Value[i]
	}
	return n, n > 0
}

// chance notes how large a change of a share may be by chance: 1.96 standard
// errors of the difference of two binomial proportions, for a share of 10%.
func chance(newer, older *profile.Profile) []string {
	n, ok := sampleCount(newer)
	m, also := sampleCount(older)
	if !ok || !also {
		return nil
	}
	const share = 0.1
	by := 1.96 * math.Sqrt(share*(1-share)*(1/float64(n)+1/float64(m)))
	return []string{fmt.Sprintf("with %d samples against %d, a share of 10%% changes by up to %.2g points by chance (95%%)", n, m, 100*by)}
}
