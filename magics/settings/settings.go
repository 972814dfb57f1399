package settings

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Reach is what a setting changes, and so when it takes effect.
type Reach int

// The reaches.
const (
	OwnCode    Reach = iota // the session's own code, each time it is compiled
	Process                 // the running worker, at once
	Everything              // all that is linked: it needs a new worker
	Programs                // cells become programs of their own, which go build makes
)

// Setting is one way to build or run cells.
type Setting struct {
	Name  string
	Reach Reach
	// Takes is what values are allowed, for messages.
	Takes string
	check func(value string) error // the value's form; nil: only trying tells
}

// The names of the settings.
const (
	GCFlags    = "gcflags"
	PGO        = "pgo"
	GoFlags    = "goflags"
	GC         = "GOGC"
	MemLimit   = "GOMEMLIMIT"
	MaxProcs   = "GOMAXPROCS"
	Level      = "GOAMD64"
	Experiment = "GOEXPERIMENT"
)

// MostProcs is the largest GOMAXPROCS: the runtime takes memory for each.
const MostProcs = 1024

// table has the settings in the order in which they are shown.
var table = []Setting{
	{Name: GCFlags, Reach: OwnCode, Takes: "flags of the compiler, such as -N -l, -B or -d=checkptr"},
	{Name: PGO, Reach: OwnCode, Takes: "a CPU profile in pprof's format, as %prun -D FILE writes; it is read when it is set"},
	{Name: GC, Reach: Process, Takes: "a whole number of percent, 0 or more, or off", check: func(v string) error { _, err := Percent(v); return err }},
	{Name: MemLimit, Reach: Process, Takes: "bytes, also with B, KiB, MiB, GiB or TiB, or off", check: func(v string) error { _, err := Bytes(v); return err }},
	{Name: MaxProcs, Reach: Process, Takes: fmt.Sprintf("a whole number from 1 to %d", MostProcs), check: func(v string) error { _, err := Procs(v); return err }},
	{Name: Level, Reach: Everything, Takes: "v1, v2, v3 or v4", check: checkLevel},
	{Name: Experiment, Reach: Everything, Takes: "names of experiments with commas between, such as simd or nogreenteagc"},
	{Name: GoFlags, Reach: Programs, Takes: "flags of go build, such as -race or -tags=NAME"},
}

// All returns the settings in the order in which they are shown.
func All() []Setting { return slices.Clone(table) }

// Find returns the setting with a name.
func Find(name string) (Setting, bool) {
	i := slices.IndexFunc(table, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		return Setting{}, false
	}
	return table[i], true
}

// Names returns the names of all settings.
func Names() []string {
	names := make([]string, len(table))
	for i, s := range table {
		names[i] = s.Name
	}
	return names
}

// Check tells in one line what is wrong with the form of a value.
func (s Setting) Check(value string) error {
	if s.check == nil || value == "" {
		return nil
	}
	if err := s.check(value); err != nil {
		return fmt.Errorf("%s=%s: %w: it takes %s", s.Name, value, err, s.Takes)
	}
	return nil
}

// Values are settings by name; an empty value is the default.
type Values map[string]string

// Reaches reports whether any of the values reaches that far.
func (v Values) Reaches(r Reach) bool { return len(v.Of(r)) > 0 }

// Of returns the values with a reach.
func (v Values) Of(r Reach) Values {
	of := Values{}
	for _, s := range table {
		if value, ok := v[s.Name]; ok && s.Reach == r {
			of[s.Name] = value
		}
	}
	return of
}

// List is the values as one types them, in the order of the table.
func (v Values) List() []string {
	var list []string
	for _, s := range table {
		if value, ok := v[s.Name]; ok {
			list = append(list, s.Name+"="+value)
		}
	}
	return list
}

// String is the values as one line.
func (v Values) String() string {
	list := v.List()
	for i, s := range list {
		if strings.ContainsAny(s, " \t") {
			name, value, _ := strings.Cut(s, "=")
			list[i] = fmt.Sprintf("%s=%q", name, value)
		}
	}
	return strings.Join(list, " ")
}

// Parse reads words such as GOGC=50 and checks the form of the values.
func Parse(words []string) (Values, error) {
	v := Values{}
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		s, known := Find(name)
		switch {
		case strings.HasPrefix(w, "-"):
			return nil, fmt.Errorf("%s is no setting: flags of go build are written goflags=%q, those of the compiler gcflags=%q", w, w, w)
		case !known:
			return nil, unknown(name)
		case !ok:
			return nil, fmt.Errorf("%s has no value: write %s=VALUE, which takes %s", w, w, s.Takes)
		}
		if before, twice := v[name]; twice {
			return nil, fmt.Errorf("%s is given twice: %s and %s", name, before, value)
		}
		value = strings.TrimSpace(value)
		if err := s.Check(value); err != nil {
			return nil, err
		}
		v[name] = value
	}
	return v, nil
}

// unknown is the error for a name that no setting has.
func unknown(name string) error {
	for _, s := range table {
		if strings.EqualFold(s.Name, name) {
			return fmt.Errorf("setting %s is unknown: did you mean %s?", name, s.Name)
		}
	}
	if name == "ldflags" || name == "tags" || name == "race" {
		return fmt.Errorf("setting %s is unknown: it is a flag of go build: goflags=-%s...", name, name)
	}
	return fmt.Errorf("setting %s is unknown: there are %s", name, strings.Join(Names(), ", "))
}

// Percent reads GOGC as runtime/debug.SetGCPercent takes it: -1 is off.
func Percent(value string) (int, error) {
	if value == "off" {
		return -1, nil
	}
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is no percentage", value)
	}
	return int(n), nil
}

// Bytes reads GOMEMLIMIT as the runtime does: off is math.MaxInt64.
func Bytes(value string) (int64, error) {
	if value == "off" {
		return math.MaxInt64, nil
	}
	digits := strings.TrimRight(value, "KMGTiB")
	shift, ok := map[string]uint{"": 0, "B": 0, "KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40}[value[len(digits):]]
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n <= 0 || n > math.MaxInt64>>shift {
		return 0, fmt.Errorf("%q is no size", value)
	}
	return n << shift, nil
}

// Procs reads GOMAXPROCS.
func Procs(value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > MostProcs {
		return 0, fmt.Errorf("%q is no number of threads", value)
	}
	return n, nil
}

func checkLevel(value string) error {
	if len(value) != 2 || value[0] != 'v' || value[1] < '1' || value[1] > '4' {
		return fmt.Errorf("%q is no level of amd64", value)
	}
	return nil
}
