package attach

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/profiling"
	"hpgo/magics/quantity"
	"hpgo/magics/remote"
	"hpgo/magics/report"
	"hpgo/magics/tracing"
	"hpgo/plots/recording/profiles"
)

// shown says how %prun shows a kind of page, and what its figure is.
type shown struct {
	kind  string // of result.Prun
	value string // of the profile; "": its last
	what  string
}

// pages are the kinds that are profiles.
var pages = map[remote.Kind]shown{
	remote.CPU:          {"cpu", "cpu", "CPU time"},
	remote.Heap:         {"mem", "inuse_space", "live on the heap"},
	remote.Allocs:       {"mem", "alloc_space", "allocated"},
	remote.Goroutine:    {"goroutine", "", "goroutines"},
	remote.Leak:         {"leak", "", "leaked goroutines"},
	remote.Block:        {"block", "delay", "of waiting"},
	remote.Mutex:        {"mutex", "delay", "of making others wait"},
	remote.ThreadCreate: {"goroutine", "", "threads created"},
}

// fetch shows what a program's page tells.
func (a *attached) fetch(ctx context.Context, h magic.Host, target string) (magic.Result, error) {
	m := a.in.Magic
	address, err := remote.ParseURL(target)
	switch {
	case err != nil:
		return magic.Result{}, m.Usagef("%s: %v", m.Title(), err)
	case address.Kind != "" && a.kind != "" && address.Kind != a.kind:
		return magic.Result{}, m.Usagef("%s: the address is that of %s, --kind says %s", m.Title(), address.Kind, a.kind)
	}
	a.kind = cmp.Or(a.kind, address.Kind, remote.CPU)
	watch := a.in.Args.Has("watch")
	switch {
	case a.in.Args.Has("rate"):
		return magic.Result{}, m.Usagef("flag --rate of %s is for a process that is sampled, not for a URL", m.Title())
	case watch && a.kind == remote.Trace:
		return magic.Result{}, m.Usagef("flag --watch of %s is for profiles, not for a trace", m.Title())
	case watch:
		return a.watchPages(ctx, h, address)
	}
	asked := cmp.Or(a.span, address.Span)
	if a.kind.Lasts() {
		asked = cmp.Or(asked, usualSpan)
	}
	a.span = a.kind.Span(asked)
	stop := a.tell(ctx, address.Host(), a.span)
	data, err := address.Fetch(ctx, a.kind, a.span)
	stop()
	if err != nil {
		return magic.Result{}, fmt.Errorf("%s: %w", m.Title(), err)
	}
	out, err := a.page(h, address.Host(), data, a.span)
	if err != nil {
		return magic.Result{}, fmt.Errorf("%s: %s of %s: %w", m.Title(), a.kind, address.Host(), err)
	}
	if a.span != asked {
		out.Warnings = append(out.Warnings, fmt.Sprintf("programs are asked for whole seconds of %s: for %v, not %v", a.kind, a.span, asked))
	}
	out.Statement, out.Params = address.String(), a.params(address.String())
	return measuring.Finish(ctx, h, a.in, out)
}

// tell says each second how far the program's span is, until stop.
//
// Its goroutine ends with stop, or ctx.
func (a *attached) tell(ctx context.Context, host string, span time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		began := time.Now()
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if span == 0 {
					a.progress.Say("waiting for %s of %s for %v", a.kind, host, time.Since(began).Round(time.Second))
					continue
				}
				a.progress.Say("%s of %s for %v of %v", a.kind, host, time.Since(began).Round(time.Second), span)
			}
		}
	}()
	return func() { cancel(); <-done }
}

// page is what is shown of an answer.
func (a *attached) page(h magic.Host, host string, data []byte, span time.Duration) (report.Output, error) {
	if a.kind == remote.Trace {
		return tracing.Show(data)
	}
	p, err := profiles.Decode(data)
	if err != nil {
		return report.Output{}, err
	}
	return a.profile(h, host, p, span)
}

// profile is what is shown of a profile, or errIdle.
func (a *attached) profile(h magic.Host, host string, p profiles.Profile, span time.Duration) (report.Output, error) {
	as := pages[a.kind]
	f := profiling.Foreign{Kind: as.kind, Profile: p, Value: as.value, Source: host, Elapsed: p.Duration.Seconds(), Headline: as.what + " of " + host}
	if f.Elapsed == 0 {
		f.Elapsed = span.Seconds()
	}
	if a.kind == remote.CPU && p.Sum(0) == 0 {
		return report.Output{}, nothing("it", span)
	}
	samples := quantity.Counted(int64(p.Sum(0)), "sample")
	switch {
	case a.kind == remote.CPU:
		if p.Period > 0 {
			f.Rate = 1e9 / float64(p.Period)
		}
		f.Notes = []string{fmt.Sprintf("%s in %s, by the program's own profiler", samples, quantity.Seconds(f.Elapsed, 3))}
	case a.span > 0:
		f.Headline += ", in " + quantity.Seconds(span.Seconds(), 3)
		f.Notes = []string{"what changed in that time"}
		if len(p.Stacks) == 0 {
			f.Notes = []string{"nothing changed in that time"}
		}
	case a.kind != remote.Goroutine && a.kind != remote.Leak && a.kind != remote.Heap:
		f.Notes = []string{"since the program began; -d TIME takes what comes together in a time"}
	}
	if (a.kind == remote.Block || a.kind == remote.Mutex) && p.Sum(0) == 0 {
		why := "nothing was recorded: the program must call "
		if a.span > 0 {
			why = "a program records this from when it has called "
		}
		f.Notes = append(f.Notes, why+map[remote.Kind]string{remote.Block: "runtime.SetBlockProfileRate", remote.Mutex: "runtime.SetMutexProfileFraction"}[a.kind])
	}
	return profiling.Show(h, a.in, f)
}
