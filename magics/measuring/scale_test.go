package measuring

import (
	"context"
	"strings"
	"testing"

	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/report"
)

// TestScale: usual lengths are short at the scale smoke, which is said; what a flag
// says isn't.
func TestScale(t *testing.T) {
	for _, c := range []struct {
		scale, line string
		seconds     float64
		count       int
	}{
		{"", "%gauge f()", 0.2, 2000},
		{"book", "%gauge f()", 0.2, 2000},
		{"smoke", "%gauge f()", 0.01, 100},
		{"smoke", "%gauge -o f()", 0.2, 2000},
	} {
		h := magictest.New(t)
		h.Setenv(scaleVariable, c.scale)
		var seconds float64
		var count int
		m := Row(magic.Magic{Name: "gauge", Kind: magic.Both, Usage: "%gauge STATEMENT", Syntax: magic.Go}, func(ctx context.Context, h magic.Host, in *Input) (magic.Result, error) {
			seconds, count = 0.2, 2000
			if !in.Args.Has("o") {
				seconds, count = in.Seconds(0.2), in.Count(2000)
			}
			return Finish(ctx, h, in, report.Output{Text: "1 m", HTML: []report.Block{report.Note("1 m")}, Result: gauged.Result})
		})
		in := &magic.Input{Magic: &m, Form: magic.Line}
		var err error
		if in.Args, err = magic.ParseArgs(&m, strings.TrimPrefix(c.line, "%gauge")); err != nil {
			t.Fatal(err)
		}
		res, err := magic.Run(context.Background(), h, in)
		if err != nil {
			t.Fatal(err)
		}
		if seconds-c.seconds > 1e-9 || c.seconds-seconds > 1e-9 || count != c.count {
			t.Errorf("%s at scale %q: %v s, %d", c.line, c.scale, seconds, count)
		}
		b := res.Show
		if b == nil {
			b = &h.Shown[0].Bundle
		}
		for _, mime := range []string{"text/plain", "text/html"} {
			if said := strings.Contains(b.Data[mime].(string), shortNote); said != (c.seconds < 0.2) {
				t.Errorf("%s at scale %q: %s says %v: %v", c.line, c.scale, mime, said, b.Data[mime])
			}
		}
	}
	in := Input{smoke: true}
	if n := in.Count(3); n != 1 {
		t.Errorf("3 times becomes %d", n)
	}
}
