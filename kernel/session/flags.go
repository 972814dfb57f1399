package session

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/worker"
	"hpgo/magics/magic"
	"hpgo/magics/settings"
)

// flagState is how %flags has cells built and run. The flags of go build stand in the
// settings of %goflags, those of processes in the environment of %env, too: there is
// one truth of each. The session's mu guards it.
type flagState struct {
	set  settings.Values // by %flags
	lent settings.Values // for one magic, before those; nil: none
	// profiles are those of pgo, by file, as they were when they were set.
	profiles map[string]*build.Profile
}

// flag returns the value of a setting; "" where nobody has set it. The caller holds mu.
func (s *Session) flag(name string) string {
	if v, ok := s.flags.lent[name]; ok {
		return v
	}
	if name == settings.GoFlags {
		return joinFlags(s.magic.settings["goflags"])
	}
	return s.flags.set[name]
}

// buildFlags are the flags of go build in force: with them cells are programs of their own.
func (s *Session) buildFlags() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if lent, ok := s.flags.lent[settings.GoFlags]; ok {
		return splitFlags(lent)
	}
	return s.magic.settings["goflags"]
}

// asPrograms reports whether cells are programs of their own, which the go command
// builds: with flags for it, or where a magic was lent what all must be linked for.
func (s *Session) asPrograms() bool {
	s.mu.Lock()
	lent := s.flags.lent.Reaches(settings.Everything)
	s.mu.Unlock()
	return lent || len(s.buildFlags()) > 0
}

// withoutLent runs f with the settings that are the session's own: what belongs to the
// session is declared and read in its worker, also by a magic that was lent others.
func (s *Session) withoutLent(f func() error) error {
	set := func(v settings.Values) settings.Values {
		s.mu.Lock()
		defer s.mu.Unlock()
		before := s.flags.lent
		s.flags.lent = v
		return before
	}
	lent := set(nil)
	defer set(lent)
	return f()
}

// gcflags are the flags of the compiler for the session's own code, as a program's
// package main or as the session's package.
func (s *Session) gcflags(main bool) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	flags := s.ownGCFlags()
	file := s.flag(settings.PGO)
	if file == "" {
		return flags, nil
	}
	profile, err := s.mod.WriteProfile(s.flags.profiles[file], main)
	return append(flags, "-pgoprofile="+profile), err
}

// ownGCFlags are those of them that name no file. The caller holds mu.
func (s *Session) ownGCFlags() []string {
	return append(slices.Clone(s.opt.GCFlags), splitFlags(s.flag(settings.GCFlags))...)
}

// gcflagsText is all of them as a user knows them.
func (s *Session) gcflagsText() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	flags := s.ownGCFlags()
	if file := s.flag(settings.PGO); file != "" {
		flags = append(flags, "-pgoprofile="+file)
	}
	return flags
}

// readProfile keeps the profile that values name, as it is now.
func (s *Session) readProfile(ctx context.Context, v settings.Values) error {
	file := v[settings.PGO]
	if file == "" {
		return nil
	}
	dir := s.programDir()
	if !build.Keep() {
		defer os.RemoveAll(dir)
	}
	p, err := s.mod.ReadProfile(ctx, file, dir)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flags.profiles == nil {
		s.flags.profiles = map[string]*build.Profile{}
	}
	s.flags.profiles[file] = p
	return nil
}

// linkFlag is what everything is linked for. The caller holds mu.
func (s *Session) linkFlag(name string) string {
	if v := s.flag(name); v != "" {
		return v
	}
	return s.tc.Getenv(name)
}

// buildProgram has the go command build a program of a module, completed.
func (s *Session) buildProgram(ctx context.Context, mod *build.Module, p build.Program) (string, error) {
	p, err := s.program(p)
	if err != nil {
		return "", err
	}
	return mod.BuildProgram(ctx, p)
}

// program completes a program for the go command: it is compiled as the session's
// own code is, and linked as is asked for. Flags of go build that say otherwise count.
func (s *Session) program(p build.Program) (build.Program, error) {
	flags, err := s.gcflags(true)
	if err != nil {
		return p, err
	}
	if len(flags) > 0 && p.Package == "" {
		p.Flags = append([]string{compilerFlags(flags)}, p.Flags...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Over = append(linkEnv(s.flags.lent), p.Over...)
	return p, nil
}

// linkEnv is the environment that builds everything as values say.
func linkEnv(v settings.Values) []string {
	var env []string
	for _, kv := range v.Of(settings.Everything).List() {
		if _, value, _ := strings.Cut(kv, "="); value != "" {
			env = append(env, kv)
		}
	}
	return env
}

// splitFlags takes the flags of a value apart, which were checked to be whole.
func splitFlags(value string) []string {
	words, err := cell.SplitArgs(value)
	if err != nil {
		return strings.Fields(value)
	}
	return words
}

// joinFlags is what the go command takes apart again.
func joinFlags(flags []string) string {
	list := make([]string, len(flags))
	for i, f := range flags {
		list[i] = f
		switch {
		case !strings.ContainsAny(f, " \t\n'\""):
		case strings.Contains(f, "'"):
			list[i] = `"` + f + `"`
		default:
			list[i] = "'" + f + "'"
		}
	}
	return strings.Join(list, " ")
}

// compilerFlags is the flag of go build for flags of the compiler. Its value may begin
// with a quote only behind a pattern: the dot is the program itself.
func compilerFlags(flags []string) string {
	value := joinFlags(flags)
	if strings.HasPrefix(value, "'") || strings.HasPrefix(value, `"`) {
		value = ".=" + value
	}
	return "-gcflags=" + value
}

// Flags implements magic.Tuner.
func (d *dispatcher) Flags(ctx context.Context) []magic.Flagged {
	pace := d.pace(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.setUp()
	var all []magic.Flagged
	for _, s := range settings.All() {
		f := magic.Flagged{Setting: s, Value: d.flag(s.Name), From: "%flags"}
		_, lent := d.flags.lent[s.Name]
		switch {
		case lent:
			f.From = "-flags of this magic"
		case s.Reach == settings.Process:
			f.Value, f.From = d.processFlag(s.Name, pace)
		case f.Value != "" && s.Name == settings.GoFlags && d.flags.set[s.Name] != f.Value:
			f.From = "%goflags"
		case f.Value != "":
		case s.Name == settings.GCFlags && len(d.opt.GCFlags) > 0:
			f.Value, f.From = joinFlags(d.opt.GCFlags), "--flags of hpgo"
		case s.Reach == settings.Everything:
			f.Value, f.From = d.tc.Getenv(s.Name), magic.ByDefault
			if v := os.Getenv(s.Name); v != "" && v == f.Value {
				f.From = "environment"
			}
		default:
			f.From = magic.ByDefault
		}
		all = append(all, f)
	}
	return all
}

// pace asks the worker how its runtime runs it; nil where none answers.
func (d *dispatcher) pace(ctx context.Context) *worker.Pace {
	d.mu.Lock()
	w := d.worker
	d.mu.Unlock()
	if w == nil || !w.Alive() {
		return nil
	}
	u, _ := w.Usage(ctx)
	return u.Pace
}

// processFlag tells what of GOGC, GOMEMLIMIT and GOMAXPROCS is in force and where it
// comes from: code may have changed it. The caller holds mu.
func (d *dispatcher) processFlag(name string, pace *worker.Pace) (value, from string) {
	value, from = os.Getenv(name), "environment"
	if v, ok := d.env[name]; ok {
		value, from = v, "%env"
		if d.flags.set[name] == v {
			from = "%flags"
		}
	}
	if value == "" {
		from = magic.ByDefault
	}
	if pace == nil {
		return value, from
	}
	asked := tuneFor(settings.Values{name: value})
	now, same := "", true
	switch name {
	case settings.GC:
		now, same = percentText(pace.Percent), *asked.Percent == pace.Percent
	case settings.MemLimit:
		limit := *asked.Limit
		if limit == 0 {
			limit = pace.UsualLimit
		}
		now, same = bytesText(pace.Limit), limit == pace.Limit
		if same && value == "" && limit != math.MaxInt64 {
			from = magic.ByDefault + ": 90 % of the worker's memory limit"
		}
	case settings.MaxProcs:
		procs := *asked.Procs
		if procs == 0 {
			procs = pace.UsualProcs
		}
		now, same = fmt.Sprint(pace.Procs), procs == pace.Procs
	}
	if !same {
		return now, "code of a cell, such as debug.SetGCPercent"
	}
	if value != "" {
		return value, from
	}
	return now, from
}

// TryFlags implements magic.Tuner.
func (d *dispatcher) TryFlags(ctx context.Context, v settings.Values) (string, error) {
	if err := d.waitWarm(ctx); err != nil {
		return "", err
	}
	for _, s := range settings.All() {
		value := v[s.Name]
		if value == "" {
			continue
		}
		why, err := d.tryFlag(ctx, s.Name, value)
		if err != nil {
			return "", err
		}
		if why != "" {
			takes := s.Takes
			if s.Name == settings.Experiment {
				takes = "names with commas between, with no before them to turn one off: " + strings.Join(d.tc.Experiments(), ", ")
			}
			return (settings.Values{s.Name: value}).String() + ": " + why + "; it takes " + takes, nil
		}
	}
	return "", nil
}

// tryFlag tells why a value can't be used.
func (d *dispatcher) tryFlag(ctx context.Context, name, value string) (string, error) {
	switch name {
	case settings.GCFlags:
		flags, err := cell.SplitArgs(value)
		if err != nil {
			return err.Error(), nil
		}
		if why := build.RefusedGCFlags(flags); why != "" {
			return why, nil
		}
		return d.refused(ctx, []string{compilerFlags(flags)})
	case settings.PGO:
		if _, err := os.Stat(value); err != nil {
			return "there is no such file", nil
		}
		return d.refused(ctx, []string{compilerFlags([]string{"-pgoprofile=" + value})})
	case settings.GoFlags:
		flags, err := cell.SplitArgs(value)
		if err != nil {
			return err.Error(), nil
		}
		return d.refused(ctx, flags)
	case settings.Level:
		return settings.Lacks("/", value), nil
	case settings.Experiment:
		return d.tc.RefusedExperiment(ctx, value)
	}
	return "", nil
}
