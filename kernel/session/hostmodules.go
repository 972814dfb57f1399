package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"hpgo/kernel/build"
	"hpgo/magics/magic"
	"hpgo/magics/settings"
)

// Get implements magic.Modules.
func (d *dispatcher) Get(ctx context.Context, args []string, progress func(line string)) ([]magic.ModuleChange, error) {
	if err := d.waitWarm(ctx); err != nil {
		return nil, err
	}
	changes, err := d.mod.Fetch(ctx, d.Environ(), args, func(line string) {
		if !announced(line) {
			progress(line)
		}
	})
	if len(changes) > 0 {
		d.importer.Reset()
	}
	var failed *build.CommandError
	if errors.As(err, &failed) {
		// All lines were shown as they came; the last says what went wrong.
		text := strings.TrimSpace(failed.Output)
		return nil, fmt.Errorf("%w: %s", failed.Err, text[strings.LastIndexByte(text, '\n')+1:])
	}
	if err != nil {
		return nil, err
	}
	loaded := d.loadedModules(ctx)
	out := make([]magic.ModuleChange, 0, len(changes))
	for _, c := range changes {
		out = append(out, magic.ModuleChange{Path: c.Path, Old: c.Old, New: c.New, Loaded: c.Old != "" && loaded(c.Path)})
	}
	return out, nil
}

// announced recognises what go get says about go.mod, which %get says itself.
func announced(line string) bool {
	for _, verb := range []string{"added", "upgraded", "downgraded", "removed"} {
		if strings.HasPrefix(line, "go: "+verb+" ") {
			return true
		}
	}
	return false
}

// loadedModules tells which modules may have packages in the worker: those that
// the imports in force reach. When that can't be found out, all are.
func (d *dispatcher) loadedModules(ctx context.Context) func(module string) bool {
	d.mu.Lock()
	alive := d.worker != nil && d.worker.Alive()
	args := []string{"list", "-e", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}"}
	for _, im := range d.scope.Imports() {
		if im.Path != "C" {
			args = append(args, im.Path)
		}
	}
	d.mu.Unlock()
	none := len(args) == 5
	if !alive || none {
		return func(string) bool { return false }
	}
	out, err := d.tc.Run(ctx, d.ModuleDir(), args...)
	if err != nil {
		return func(string) bool { return true }
	}
	found := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		found[strings.TrimSpace(line)] = true
	}
	return func(module string) bool { return found[module] }
}

// Use implements magic.Modules.
func (d *dispatcher) Use(ctx context.Context, dir string) (magic.ModuleChange, error) {
	if err := d.waitWarm(ctx); err != nil {
		return magic.ModuleChange{}, err
	}
	if _, err := os.Stat(dir); err != nil {
		return magic.ModuleChange{}, fmt.Errorf("use a local module: %w", err)
	}
	path, err := d.mod.Use(ctx, dir)
	if err != nil {
		return magic.ModuleChange{}, err
	}
	d.mod.Forget(path)
	d.importer.Reset()
	return magic.ModuleChange{Path: path, New: dir, Loaded: d.loadedModules(ctx)(path)}, nil
}

// RefusedFlags implements magic.Modules.
func (d *dispatcher) RefusedFlags(ctx context.Context, flags []string) (string, error) {
	if err := d.waitWarm(ctx); err != nil {
		return "", err
	}
	refused, err := d.checkFlags(ctx, flags)
	if refused != nil {
		return refused.Error(), nil
	}
	return "", err
}

// refused tells why no program comes of flags of go build, without naming them.
func (d *dispatcher) refused(ctx context.Context, flags []string) (string, error) {
	refused, err := d.checkFlags(ctx, flags)
	if refused != nil {
		return refused.Why, nil
	}
	return "", err
}

// checkFlags tries flags of go build.
func (d *dispatcher) checkFlags(ctx context.Context, flags []string) (*build.RefusedFlags, error) {
	dir := d.programDir()
	if !build.Keep() {
		defer os.RemoveAll(dir)
	}
	err := d.mod.CheckFlags(ctx, flags, d.toolEnv(), dir)
	var refused *build.RefusedFlags
	if errors.As(err, &refused) {
		return refused, nil
	}
	return nil, err
}

// Restart implements magic.Modules.
func (d *dispatcher) Restart(ctx context.Context) error {
	d.mu.Lock()
	w := d.worker
	d.mu.Unlock()
	if w != nil || !d.keepsValues() {
		d.forgetWorker()
	}
	if w != nil {
		w.Close()
	}
	return d.ensureWorker(ctx)
}

// Status implements magic.Modules.
func (d *dispatcher) Status(ctx context.Context) magic.Status {
	d.mu.Lock()
	s := magic.Status{Version: version(), Engine: d.engine.Name(), KeepsState: d.engine.KeepsValues(), Go: d.tc.Version,
		Experiment: d.linkFlag(settings.Experiment), Level: d.linkFlag(settings.Level), Cells: d.count, Dir: d.dir, ModuleDir: d.mod.Dir}
	w := d.worker
	d.mu.Unlock()
	s.Flags, s.Programs, s.GCFlags = d.buildFlags(), d.asPrograms(), d.gcflagsText()
	if w == nil || !w.Alive() {
		return s
	}
	s.PID = w.PID()
	// A worker that doesn't answer leaves zeros, which is what is known.
	u, _ := w.Usage(ctx)
	s.RSS, s.Peak, s.Loaded, s.Goroutines = u.RSS, u.PeakRSS, u.Loaded, u.Goroutines
	return s
}

// version is that of the binary, as the go command recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// revision is the commit of the binary, "" when unknown.
func revision() string {
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return ""
}
