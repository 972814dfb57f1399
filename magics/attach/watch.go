package attach

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/remote"
	"hpgo/magics/report"
	"hpgo/plots/recording/profiles"
)

// watch shows the output in the place of that of before; of is what is watched.
func (a *attached) watch(ctx context.Context, h magic.Host, of string, out report.Output) error {
	measuring.CompleteOutput(context.WithoutCancel(ctx), h, a.in, &out)
	b, err := out.Bundle()
	if err != nil {
		return fmt.Errorf("%s: %w", a.in.Magic.Title(), err)
	}
	op := display.OpUpdate
	if a.watched == "" {
		cell, _ := h.At()
		op, a.watched = display.OpDisplay, fmt.Sprintf("attach-%d-%s", cell, of)
	}
	h.Display(display.Event{Op: op, ID: a.watched, Bundle: b})
	return nil
}

// watchPages asks a program for a profile each second, until the time is over, the
// program doesn't answer, or the user has seen enough: CPU time is added up, of others
// the last is shown.
func (a *attached) watchPages(ctx context.Context, h magic.Host, address remote.Address) (magic.Result, error) {
	span := cmp.Or(a.span, address.Span, usualSpan)
	a.span = 0 // what is shown is no change in a time
	end := time.Now().Add(span)
	var seen profiles.Profile
	var out report.Output
	var failed error
	for failed == nil {
		p, err := a.look(ctx, address)
		if err != nil {
			failed = cmp.Or(ctx.Err(), fmt.Errorf("%s: %w", a.in.Magic.Title(), err))
			break
		}
		if !a.kind.Lasts() {
			seen = profiles.Profile{}
		}
		seen = joined(seen, p)
		switch out, err = a.profile(h, address.Host(), seen, seen.Duration); {
		case errors.Is(err, errIdle):
			a.progress.Say("no CPU time so far, in %v", seen.Duration.Round(time.Second))
		case err != nil:
			return magic.Result{}, fmt.Errorf("%s: %s of %s: %w", a.in.Magic.Title(), a.kind, address.Host(), err)
		default:
			out.Statement, out.Params = address.String(), a.params(address.String())
			if err := a.watch(ctx, h, address.Host(), out); err != nil {
				return magic.Result{}, err
			}
		}
		if time.Until(end) < lookEvery/2 {
			break
		}
		if !a.kind.Lasts() {
			failed = pause(ctx, lookEvery)
		}
	}
	if a.watched == "" {
		return magic.Result{}, cmp.Or(failed, fmt.Errorf("%s: %w", a.in.Magic.Title(), nothing("it", seen.Duration)))
	}
	if failed != nil {
		out.Partial = fmt.Sprintf("%s of %v", quantity.Seconds((span-time.Until(end)).Seconds(), 3), span)
		if err := a.watch(ctx, h, address.Host(), out); err != nil {
			return magic.Result{}, err
		}
	}
	a.in.Args.Set("q") // it is shown
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, a.in, out)
	return res, cmp.Or(failed, err)
}

// look gets one profile: where it is of a time, of a second.
func (a *attached) look(ctx context.Context, address remote.Address) (profiles.Profile, error) {
	var span time.Duration
	if a.kind.Lasts() {
		span = lookEvery
	}
	data, err := address.Fetch(ctx, a.kind, span)
	if err != nil {
		return profiles.Profile{}, err
	}
	return profiles.Decode(data)
}

// joined is a profile that goes on with another one of the same program.
func joined(before, next profiles.Profile) profiles.Profile {
	if len(before.Types) == 0 {
		return next
	}
	before.Stacks = append(before.Stacks, next.Stacks...)
	before.Duration += next.Duration
	return before
}

// pause waits; it ends before with ctx.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
