package timing

import (
	"context"
	"fmt"

	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// checkResults runs each variant once and compares its result with the base's.
// Variants whose results differ get no time.
func (c *comparison) checkResults(ctx context.Context, h magic.Host) error {
	for i := range c.variants {
		if _, ok := resultOf(&c.variants[i]); !ok {
			return c.in.Magic.Usagef("flag --check of %s: %s has no result: its last statement must be an expression", c.in.Magic.Title(), c.variants[i].name)
		}
	}
	got, err := c.snapshots(ctx, h)
	if err != nil {
		return err
	}
	c.differ = make([]string, len(c.variants))
	for i, s := range got {
		switch {
		case s == nil:
			return fmt.Errorf("%%compare: %s gave no result", c.variants[i].name)
		case i > 0:
			c.differ[i] = s.Difference(*got[0], c.tol)
		}
	}
	return nil
}

// snapshots are the results of the variants, each of which runs once.
func (c *comparison) snapshots(ctx context.Context, h magic.Host) ([]*harness.Snapshot, error) {
	w := composer{timing: &c.timing}
	for i := range c.variants {
		v := &c.variants[i]
		value, ok := resultOf(v)
		if !ok {
			continue
		}
		w.ours("{")
		w.user(v.Setup, v.SetupInfo)
		if v.last.Text != "" {
			w.user(v.Body, v.BodyInfo)
		}
		w.ours("%s.ReportSnapshot(%d,", measuring.HarnessName, i)
		value.Text += ")"
		w.pieces = append(w.pieces, value)
		w.ours("}")
	}
	got := make([]*harness.Snapshot, len(c.variants))
	var spoilt error
	p := magic.Program{Pieces: w.pieces, Imports: map[string]string{measuring.HarnessName: measuring.HarnessPath}, Fresh: c.fresh, Records: func(r harness.Record) {
		if r.Kind != harness.RecordSnapshot {
			return
		}
		s, err := harness.ReadSnapshot(r.Data)
		if err == nil && (s.Variant < 0 || s.Variant >= len(got)) {
			err = fmt.Errorf("there is no variant %d", s.Variant)
		}
		if err != nil {
			spoilt = fmt.Errorf("%%compare: %w", err)
			return
		}
		got[s.Variant] = &s
	}}
	if _, _, err := measuring.Measure(ctx, h, c.everything(), p, false); err != nil {
		return nil, err
	}
	return got, spoilt
}
