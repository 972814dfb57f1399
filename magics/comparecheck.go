package magics

import (
	"context"
	"fmt"

	"hpgo/magics/harness"
)

// checkResults runs each variant once and compares its result with the base's.
// Variants whose results differ get no time.
func (c *comparison) checkResults(ctx context.Context, h Host) error {
	w := composer{timing: &c.timing}
	for i := range c.variants {
		v := &c.variants[i]
		value, ok := resultOf(v)
		if !ok {
			return c.in.Magic.usageError("flag --check of %s: %s has no result: its last statement must be an expression", c.in.Magic.title(), v.name)
		}
		w.ours("{")
		w.user(v.setup, v.setupInfo)
		if v.last.Text != "" {
			w.user(v.body, v.bodyInfo)
		}
		w.ours("%s.ReportSnapshot(%d,", harnessName, i)
		value.Text += ")"
		w.pieces = append(w.pieces, value)
		w.ours("}")
	}
	got := make([]*harness.Snapshot, len(c.variants))
	var spoilt error
	p := Program{Pieces: w.pieces, Imports: map[string]string{harnessName: harnessPath}, Fresh: c.fresh, Records: func(r harness.Record) {
		if r.Kind != harness.RecordSnapshot {
			return
		}
		s, err := harness.ReadSnapshot(r.Data)
		if err != nil || s.Variant < 0 || s.Variant >= len(got) {
			spoilt = fmt.Errorf("%%compare: %w", err)
			return
		}
		got[s.Variant] = &s
	}}
	if _, _, err := measureKept(ctx, h, c.everything(), p, false); err != nil {
		return err
	}
	if spoilt != nil {
		return spoilt
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
