package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/build"
	"hpgo/kernel/live"
	"hpgo/kernel/live/fresh"
	"hpgo/kernel/worker"
	"hpgo/magics/settings"
)

// SetFlags implements magic.Tuner.
func (d *dispatcher) SetFlags(ctx context.Context, v settings.Values) error {
	if err := d.waitWarm(ctx); err != nil {
		return err
	}
	if err := d.readProfile(ctx, v); err != nil {
		return err
	}
	d.warnOfProfile(ctx, v[settings.PGO])
	d.mu.Lock()
	d.setUp()
	next := maps.Clone(d.flags.set)
	d.mu.Unlock()
	if next == nil {
		next = settings.Values{}
	}
	maps.Copy(next, v)
	maps.DeleteFunc(next, func(_, value string) bool { return value == "" })
	if v.Reaches(settings.Everything) {
		if err := d.relink(ctx, linkEnv(next)); err != nil {
			return err
		}
	}
	d.mu.Lock()
	d.flags.set = next
	if flags, ok := v[settings.GoFlags]; ok {
		d.magic.settings["goflags"] = splitFlags(flags)
	}
	d.setProcess(v.Of(settings.Process))
	d.mu.Unlock()
	return nil
}

// warnOfProfile says that a profile has none of the session's functions, if it has any:
// it is of another program, or of other names.
func (d *dispatcher) warnOfProfile(ctx context.Context, file string) {
	if file == "" {
		return
	}
	all, err := d.Functions(ctx, "")
	if err != nil || len(all) == 0 {
		return // nothing to compare with
	}
	var names []string
	for _, f := range all {
		names = append(names, f.Name)
	}
	d.mu.Lock()
	profile := d.flags.profiles[file]
	d.mu.Unlock()
	if !profile.About(names) {
		d.Stream("stdout", fmt.Sprintf("warning: none of the session's functions is in %s: it is a profile of another program, or of functions with other names, and says nothing of them\n", file))
	}
}

// setProcess puts GOGC, GOMEMLIMIT and GOMAXPROCS in force: in the environment, for
// processes to come, and in the worker. The caller holds mu.
func (s *Session) setProcess(v settings.Values) {
	for name, value := range v {
		if value == "" {
			s.unsetenv(name)
			continue
		}
		s.env[name], s.magic.pending[name] = value, value
	}
	if s.worker != nil && len(v) > 0 {
		s.worker.Tune(tuneFor(v))
	}
}

// unsetenv takes back what %env or %flags has set: the kernel's own value, if there
// is one, is that of the cells again. The caller holds mu.
func (s *Session) unsetenv(name string) {
	delete(s.env, name)
	delete(s.magic.pending, name)
	if value, ok := os.LookupEnv(name); ok {
		s.magic.pending[name] = value
		return
	}
	s.magic.unset = append(s.magic.unset, name)
}

// tuneFor is what makes a running process as values say; without a value it is as the
// kernel's environment says, or as usual.
func tuneFor(v settings.Values) worker.Tune {
	var t worker.Tune
	for name, value := range v {
		if value == "" {
			value = os.Getenv(name)
		}
		switch name {
		case settings.GC:
			n, err := settings.Percent(value)
			if err != nil {
				n = 100
			}
			t.Percent = &n
		case settings.MemLimit:
			n, _ := settings.Bytes(value) // 0, as usual, for none
			t.Limit = &n
		case settings.MaxProcs:
			n, _ := settings.Procs(value) // likewise
			t.Procs = &n
		}
	}
	return t
}

// LendFlags implements magic.Tuner.
func (d *dispatcher) LendFlags(ctx context.Context, v settings.Values) (back func(), err error) {
	if err := d.waitWarm(ctx); err != nil {
		return nil, err
	}
	if err := d.readProfile(ctx, v); err != nil {
		return nil, err
	}
	process := v.Of(settings.Process)
	pace := d.pace(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.setUp()
	before, lent, w := settings.Values{}, d.flags.lent, d.worker
	for name := range process {
		before[name] = d.env[name]
	}
	d.flags.lent = v
	d.setProcess(process)
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.flags.lent = lent
		d.setProcess(before)
		if pace != nil && d.worker == w { // which code of a cell may have set
			d.worker.Tune(paceAgain(process, *pace))
		}
	}, nil
}

// paceAgain is what gives a process back the pace that it had, as far as values of
// that were changed.
func paceAgain(v settings.Values, pace worker.Pace) worker.Tune {
	var t worker.Tune
	for name := range v {
		switch name {
		case settings.GC:
			t.Percent = &pace.Percent
		case settings.MemLimit:
			t.Limit = &pace.Limit
		case settings.MaxProcs:
			t.Procs = &pace.Procs
		}
	}
	return t
}

// percentText is GOGC as one sets it.
func percentText(n int) string {
	if n < 0 {
		return "off"
	}
	return strconv.Itoa(n)
}

// bytesText is GOMEMLIMIT as one sets it.
func bytesText(n int64) string {
	if n == math.MaxInt64 {
		return "off"
	}
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for i < len(units)-1 && n >= 1024 && n%1024 == 0 {
		n, i = n/1024, i+1
	}
	return fmt.Sprint(n, units[i])
}

// relink makes everything that is linked anew, for an environment of the toolchain
// such as GOAMD64=v3: another module, engine and worker. Variables are lost. With an
// error all is as before.
func (d *dispatcher) relink(ctx context.Context, env []string) error {
	d.mu.Lock()
	tc, old := d.toolchain.With(env...), d.mod
	d.mu.Unlock()
	mod, engine, err := d.relinked(ctx, tc, old)
	if err != nil {
		return fmt.Errorf("link everything for %s: %w", strings.Join(env, " "), err)
	}
	d.mu.Lock()
	w := d.worker
	d.tc = tc
	d.mu.Unlock()
	if w != nil || !d.keepsValues() {
		d.forgetWorker()
	}
	if w != nil {
		w.Close()
	}
	if err := d.use(mod, engine); err != nil {
		return err
	}
	return d.ensureWorker(ctx)
}

// relinked makes a module and an engine of the session's kind with a toolchain, and
// tries whether they work.
func (d *dispatcher) relinked(ctx context.Context, tc *build.Toolchain, old *build.Module) (mod *build.Module, engine live.Engine, err error) {
	isFresh := d.whyFresh() != ""
	if isFresh {
		if mod, err = build.NewPlainModule(tc); err == nil {
			engine = fresh.New(tc, mod)
		}
	} else if mod, err = build.NewModule(tc); err == nil {
		engine = d.newLive(tc, mod)
	}
	if err != nil {
		return nil, nil, err
	}
	if err = mod.Adopt(old); err == nil {
		err = d.tryEngine(ctx, tc, mod, engine, isFresh)
	}
	if err != nil {
		return nil, nil, errors.Join(err, engine.Close(), mod.Close())
	}
	return mod, engine, nil
}

// tryEngine compiles the standard set and checks the engine with it.
func (d *dispatcher) tryEngine(ctx context.Context, tc *build.Toolchain, mod *build.Module, engine live.Engine, isFresh bool) error {
	if !mod.Ready() {
		defer d.announce("compiling the standard library for the new settings (once, about a minute on a quiet machine)")()
		defer build.Alone(ctx)()
		mod.Refresh()
	}
	if isFresh {
		_, err := engine.Worker(ctx)
		return err
	}
	return d.checkLive(ctx, tc, mod, engine)
}

// unsetNames takes the names of variables that the worker's environment has to lose.
// The caller holds mu.
func (s *Session) unsetNames() []string {
	names := slices.DeleteFunc(s.magic.unset, func(name string) bool {
		_, set := s.env[name]
		return set
	})
	s.magic.unset = nil
	return names
}
