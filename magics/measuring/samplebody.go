package measuring

import (
	"context"
	"fmt"

	"hpgo/kernel/display"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
)

// SamplerName and SamplerPath are how generated Go imports the sampler.
const (
	SamplerName = "hpgo__sampler"
	SamplerPath = "hpgo/magics/harness/sampler"
)

// SampleBody runs the body of a cell magic in the plain build, unseen, while the
// worker is sampled; hear gets the sampler's record.
func SampleBody(ctx context.Context, h magic.Host, wall bool, hear func(harness.Record)) (magic.Outcome, error) {
	sampling := func(ctx context.Context, text string) error {
		_, err := h.Measure(ctx, magic.Program{Imports: map[string]string{SamplerName: SamplerPath}, Pieces: []magic.Piece{magic.Ours(text)}, Records: hear})
		return err
	}
	begin := fmt.Sprintf("if err := %s.Open(`{\"wall\":%v}`); err != nil {\npanic(err)\n}", SamplerName, wall)
	if err := sampling(ctx, begin); err != nil {
		return magic.Outcome{}, err
	}
	stop := h.Record(Unseen{})
	out, err := h.RunBody(ctx)
	if stopped := stop(); err == nil {
		err = stopped
	}
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), RestoreTime)
	defer cancel()
	if ended := sampling(after, SamplerName+".Close()"); err == nil {
		err = ended
	}
	return out, err
}

// Unseen hides what a cell shows that runs again.
type Unseen struct{}

// Stream implements magic.Recorder.
func (Unseen) Stream(string, string) bool { return false }

// Display implements magic.Recorder.
func (Unseen) Display(display.Event) bool { return false }

// Close implements magic.Recorder.
func (Unseen) Close() error { return nil }
