package measuring

import (
	"context"
	"errors"
	"testing"

	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
)

// TestNothingToShow: code that ran and left nothing gets a word, code that didn't
// compile none.
func TestNothingToShow(t *testing.T) {
	for text, want := range map[string]string{
		"WorkerDied: signal: killed":                   "[stdout]%gauge: nothing to show: it broke\n",
		"Panic: x":                                     "[stdout]%gauge: nothing to show: it broke\n",
		"CompileError: undefined: x":                   "",
		"Interrupted: interrupted before the cell ran": "",
		"Interrupted: the cell was interrupted":        "[stdout]%gauge: nothing to show: it broke\n",
		"compile Panic: no such thing":                 "",
	} {
		h := magictest.New(t)
		m := Row(magic.Magic{Name: "gauge", Kind: magic.Both, Usage: "%gauge STATEMENT", Syntax: magic.Go}, func(ctx context.Context, h magic.Host, in *Input) (magic.Result, error) {
			err := errors.New(text)
			NothingToShow(h, in, err, "it broke")
			return magic.Result{}, err
		})
		args, err := magic.ParseArgs(&m, " f()")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = magic.Run(context.Background(), h, &magic.Input{Magic: &m, Form: magic.Line, Args: args})
		if got := h.Out.String(); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if HasRun(nil) || Died(nil) || !Died(errors.New("WorkerDied: exit status 3")) {
		t.Error("kinds of errors")
	}
}
