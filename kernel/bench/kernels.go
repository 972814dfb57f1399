package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"hpgo/kernel/build"
	"hpgo/kernels"
	"hpgo/kernels/protocol"
)

// KernelRow is one way to compute a subject, measured.
type KernelRow struct {
	By        string    `json:"by"` // Go, Python, C
	Name      string    `json:"name"`
	Doc       string    `json:"doc,omitempty"`
	Missing   string    `json:"missing,omitempty"`   // why it has no time
	Yardstick bool      `json:"yardstick,omitempty"` // of the machine
	Close     bool      `json:"close,omitempty"`     // another result by nature, as with fewer bits
	Rounds    []float64 `json:"rounds,omitempty"`    // seconds of a run, round by round
	Seconds   float64   `json:"seconds,omitempty"`   // their median
}

// KernelTable is a subject, measured.
type KernelTable struct {
	kernels.Facts
	Size     int               `json:"size"`
	Ops      float64           `json:"ops"`             // of a run
	Bytes    float64           `json:"bytes,omitempty"` // that a run moves at least
	Versions map[string]string `json:"versions"`
	Rows     []KernelRow       `json:"rows"`
	Verdicts []Verdict         `json:"verdicts,omitempty"`
}

// KernelOptions are what `hpgo bench kernels` was asked for.
type KernelOptions struct {
	Names []string // of subjects; none: all
	Scale string   // smoke, small, book
	Size  int      // of each subject, in place of the scale's; 0: the scale's
	Plot  string   // file for the figure; none: no figure
}

const (
	kernelRounds = 7
	roundTime    = 0.1 // seconds that a row runs in a round, at least
	longRun      = 2.0 // seconds of a run from which three rounds do; from ten times that, one
	settle       = 10 * time.Millisecond
)

// Scales are what KernelOptions.Scale may be.
var Scales = []string{"smoke", "small", "book"}

// measureKernels measures subjects, all rows taking turns.
func measureKernels(ctx context.Context, r *Report, o KernelOptions, progress func(string)) error {
	source, err := build.SourceDir()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "hpgo-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w := workshop{source, dir, progress}
	progress("building the kernels")
	ours, err := w.goContender(ctx, "simd", nil, []string{"GOEXPERIMENT=simd"})
	if err != nil && ctx.Err() == nil {
		r.Notes = append(r.Notes, fmt.Sprintf("Built without GOEXPERIMENT=simd: %v", err))
		ours, err = w.goContender(ctx, "plain", nil, nil)
	}
	if err != nil {
		return err
	}
	defer ours.close()
	subjects, err := chosen(ours, o.Names)
	if err != nil {
		return err
	}
	for _, s := range subjects {
		size, err := sizeAt(s.Sizes, o)
		if err != nil {
			return err
		}
		progress(fmt.Sprintf("%s, size %d", s.Name, size))
		t := &KernelTable{Facts: s, Size: size, Versions: map[string]string{}}
		err = r.contest(ctx, w, t, ours)
		if len(t.measured()) > 0 {
			r.Kernels = append(r.Kernels, t)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	return nil
}

// chosen returns the facts of the subjects with these names; of all without names.
func chosen(ours *contender, names []string) ([]kernels.Facts, error) {
	list, err := ours.ask("list")
	if err != nil || len(names) == 0 {
		return list.Subjects, err
	}
	var out []kernels.Facts
	var known []string
	for _, s := range list.Subjects {
		known = append(known, s.Name)
	}
	for at, n := range names {
		if slices.Contains(names[:at], n) {
			continue
		}
		i := slices.Index(known, n)
		if i < 0 {
			return nil, fmt.Errorf("no kernel is called %q (known: %s)", n, strings.Join(known, ", "))
		}
		out = append(out, list.Subjects[i])
	}
	return out, nil
}

func sizeAt(s kernels.Sizes, o KernelOptions) (int, error) {
	if o.Size > 0 {
		return o.Size, nil
	}
	switch o.Scale {
	case "smoke":
		return s.Smoke, nil
	case "", "small":
		return s.Small, nil
	case "book":
		return s.Book, nil
	}
	return 0, fmt.Errorf("unknown scale %q (known: %s)", o.Scale, strings.Join(Scales, ", "))
}

// rival is one row of one contender.
type rival struct {
	*contender
	row  int
	into int // of the table's rows
}

// contest measures one subject. With an error the table has what was measured before.
func (r *Report) contest(ctx context.Context, w workshop, t *KernelTable, ours *contender) error {
	a, err := ours.open(t.Name, t.Size)
	if err != nil {
		return err
	}
	t.Ops, t.Bytes = a.Ops, a.Bytes
	peers, notes := w.startPeers(ctx, t)
	r.Notes = append(r.Notes, notes...)
	engines := w.engines(ctx, t, ours)
	list := slices.Concat([]*contender{ours}, engines, peers)
	for _, p := range list[1:] {
		defer p.close()
	}
	rivals, err := t.check(ctx, list, w.progress)
	if err != nil {
		return err
	}
	defer t.conclude()
	for round := range kernelRounds {
		order := slices.Clone(rivals)
		if round%2 == 1 {
			slices.Reverse(order) // what is always measured after a hot one would be slower
		}
		w.progress(fmt.Sprintf("%s, round %d of %d", t.Name, round+1, kernelRounds))
		for _, v := range order {
			if round < t.Rows[v.into].due() {
				t.run(v)
			}
			if err := cmp.Or(ctx.Err(), ours.ended); err != nil {
				return err
			}
		}
	}
	return nil
}

// due is how many rounds a row gets, by the first: those whose runs are long get fewer.
func (r KernelRow) due() int {
	switch {
	case r.Missing != "":
		return 0
	case len(r.Rounds) == 0 || r.Rounds[0] <= longRun:
		return kernelRounds
	case r.Rounds[0] <= 10*longRun:
		return 3
	}
	return 1
}

// conclude makes times and verdicts of the rounds.
func (t *KernelTable) conclude() {
	for i := range t.Rows {
		t.Rows[i].Seconds = median(t.Rows[i].Rounds)
	}
	t.judge()
}

// startPeers starts those that the subject and the machine have; notes tell which
// aren't there.
func (w workshop) startPeers(ctx context.Context, t *KernelTable) (peers []*contender, notes []string) {
	python, err := w.pythonContender(ctx, t.Name)
	if err == nil {
		_, err = python.open(t.Name, t.Size)
		peers = append(peers, python)
	}
	c, failed := w.cContender(ctx, t.Name)
	if failed == nil {
		_, failed = c.open(t.Name, t.Size)
		peers = append(peers, c)
	}
	for _, err := range []error{err, failed} {
		if err != nil && !errors.Is(err, errNoPeer) {
			notes = append(notes, fmt.Sprintf("%s: %v", t.Name, err))
		}
	}
	return peers, notes
}

// check has each row compute once, compares its figures with the reference's, and
// returns the rows that may be measured.
func (t *KernelTable) check(ctx context.Context, list []*contender, progress func(string)) ([]rival, error) {
	var out []rival
	var want protocol.Answer // of the first row of all, which is the reference
	for _, c := range list {
		if c.engine == "" {
			t.Versions[c.name] = c.version
		}
		for i, row := range c.rows {
			t.Rows = append(t.Rows, KernelRow{By: c.name, Name: row.Name, Doc: row.Doc, Missing: row.Missing, Yardstick: row.Yardstick, Close: row.Close})
			into := &t.Rows[len(t.Rows)-1]
			if row.Missing != "" {
				continue
			}
			progress(fmt.Sprintf("%s, checking %s", t.Name, row.Name))
			a, err := c.ask("check %d", i)
			if stop := cmp.Or(ctx.Err(), list[0].ended); stop != nil {
				return nil, stop
			}
			if err != nil { // the others can be measured all the same
				into.Missing = err.Error()
				continue
			}
			if want.Sums == nil && a.Error == "" {
				want = a
			}
			if a.Error == "" && c != list[0] {
				a.Error = differs(want, a)
			}
			if a.Error != "" {
				into.Missing = "wrong: " + a.Error
				continue
			}
			out = append(out, rival{c, i, len(t.Rows) - 1})
		}
	}
	return out, nil
}

// differs tells where a result isn't the reference's: by its figures, or by all that
// it prints where it has no figures.
func differs(want, got protocol.Answer) string {
	if got.Sums == nil && got.Digest != "" {
		if got.Digest != want.Digest {
			return "the result isn't the reference's"
		}
		return ""
	}
	return kernels.SameSums(want.Sums, got.Sums)
}

// run measures one row in one round. A row that fails is measured no more, and what had
// been measured of it doesn't count; the others of a process that has ended keep theirs.
func (t *KernelTable) run(v rival) {
	row := &t.Rows[v.into]
	time.Sleep(settle) // threads of the last one may still spin
	had := v.ended
	a, err := v.carryOut("run %d %g", v.row, roundTime)
	switch {
	case err == nil:
		row.Rounds = append(row.Rounds, a.Seconds/float64(a.Runs))
	case had == nil || len(row.Rounds) == 0:
		row.Rounds, row.Missing = nil, err.Error()
	}
}
