package magics

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"hpgo/magics/harness"
)

// allocated is what the lines of a function allocated, with what they call.
type allocated struct{ bytes, objects int64 }

// recordAllocs runs the statement once while every allocation is recorded.
func (l *lprun) recordAllocs(ctx context.Context, keep bool) error {
	params, err := json.Marshal(harness.AllocsParams{Run: time.Now().UnixNano()})
	if err != nil {
		return fmt.Errorf("write the parameters: %w", err)
	}
	s := l.subj
	p := Program{Imports: map[string]string{harnessName: harnessPath}, Records: l.hear, Fresh: l.in.Args.Has("fresh"),
		Pieces: []Piece{Ours(fmt.Sprintf("hpgo__m := %s.NewAllocs(%q)", harnessName, params)), s.setup, Ours(uses(s.setupInfo) + "hpgo__m.Start()"),
			s.body, Ours(uses(s.bodyInfo) + "hpgo__m.End()")}}
	if p.Fresh {
		p.Env = []string{"GODEBUG=memprofilerate=1"}
	}
	_, _, err = measureKept(ctx, l.h, s, p, keep)
	l.noteEnd(ctx, err)
	return err
}

// allocsOf gives each recorded stack with a function on it to the line where the
// innermost of the function's frames is.
func (l *lprun) allocsOf(f Function) map[int]allocated {
	lines := map[int]allocated{}
	if l.allocs == nil {
		return lines
	}
	for _, s := range l.allocs.Stacks {
		at := slices.IndexFunc(s.Frames, func(i int) bool { return within(l.allocs.Frames[i], f) })
		if at < 0 {
			continue
		}
		line := l.allocs.Frames[s.Frames[at]].Line
		sum := lines[line]
		lines[line] = allocated{sum.bytes + s.Bytes, sum.objects + s.Objects}
	}
	return lines
}
