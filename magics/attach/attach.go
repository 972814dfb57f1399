// Package attach holds %attach, which profiles programs that run already: by their
// pages of net/http/pprof, or, on this machine, by sampling a process. What comes of
// it is shown as %prun and %trace show what they measure.
package attach

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/profiling"
	"hpgo/magics/quantity"
	"hpgo/magics/remote"
)

// usualSpan is how long a program is looked at without -d.
const usualSpan = 5 * time.Second

// Rows are the magics about other programs.
func Rows() []magic.Magic {
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "attach", Kind: magic.Line, Usage: "%attach [-d TIME] [-kind KIND] [flags] PID|NAME|URL|VARIABLE", Mixed: true, Min: 1, Max: 1, Wants: "a program: the number of its process, its name, or the URL of its /debug/pprof pages, as in %attach localhost:6060", Transient: true,
			Flags: append([]magic.Flag{
				{Name: "d", Long: "duration", Arg: "TIME", Value: magic.Duration, Min: 0.1, Bounded: true, Doc: "how long (5s); for heap, allocs, goroutine, block, mutex and threadcreate of a URL the change in that time, in place of all so far"},
				{Name: "kind", Arg: "KIND", Doc: "what: " + strings.Join(kindNames(), ", ") + "; CPU time without it"},
				{Name: "rate", Arg: "HZ", Value: magic.Float, Min: 1, Bounded: true, Doc: "samples per second of a process's CPU time (4,000, which took 7 % of a program's speed where it was tried; 1,000 took none that could be seen)"},
				{Name: "watch", Doc: "show the functions that are on top, anew each second, until the time is over or the cell is interrupted"},
			}, profiling.ViewFlags()...),
			Doc: "profile a running program\nA URL is that of a program that serves net/http/pprof: host:port, or one of its pages; https+insecure://host takes any certificate. A PID, or the NAME of a program that runs once, is sampled by the kernel: it need not know of it, nor be written in Go, but it takes its user's rights or root's, and tells of CPU time only. A VARIABLE of the session, or a field of one such as server.URL, holds one of these. " +
				"Table and flame graph are those of %prun, and %prun peek, list, callers, callees, tree and traces look at the profile, too; kind trace is shown as by %trace. An interrupt of a process's sampling shows what came together; a program that was asked by its URL sends nothing then, but with --watch."}, runAttach),
	}
}

func kindNames() []string {
	var names []string
	for _, k := range remote.Kinds() {
		names = append(names, string(k))
	}
	return names
}

// attached is one use of %attach.
type attached struct {
	in       *measuring.Input
	kind     remote.Kind
	span     time.Duration // 0: none was asked for
	watched  string        // the display that -watch renews; "": there is none yet
	progress *measuring.Progress
}

// runAttach implements %attach.
func runAttach(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	a := &attached{in: in, kind: remote.Kind(in.Args.Text("kind", "")), span: in.Args.Duration("d", 0), progress: measuring.NewProgress(h)}
	defer a.progress.End()
	if in.Args.Has("kind") && !slices.Contains(remote.Kinds(), a.kind) {
		return magic.Result{}, in.Magic.Usagef("flag --kind of %s: %q is none of %s", in.Magic.Title(), a.kind, strings.Join(kindNames(), ", "))
	}
	if err := profiling.CheckView(h, in); err != nil {
		return magic.Result{}, err
	}
	if rate := in.Args.Float("rate", 0); rate > sampler.MaxRate {
		return magic.Result{}, in.Magic.Usagef("flag --rate of %s: %g is more than %d", in.Magic.Title(), rate, sampler.MaxRate)
	}
	target, err := variable(ctx, h, in.Args.Words[0])
	if err != nil {
		return magic.Result{}, err
	}
	if strings.ContainsAny(target, ":/") {
		return a.fetch(ctx, h, target)
	}
	pid, err := strconv.Atoi(target)
	if err != nil {
		if pid, err = remote.Named(target); err != nil {
			if word := in.Args.Words[0]; word != target {
				return magic.Result{}, in.Magic.Usagef("%s: the variable %s holds %.40q; it would have to hold the number of a process, the name of a program that runs once, or the URL of /debug/pprof pages", in.Magic.Title(), word, target)
			}
			return magic.Result{}, in.Magic.Usagef("%s: %v", in.Magic.Title(), err)
		}
	}
	return a.sample(ctx, h, pid)
}

// selector is a variable, or a field of one.
var selector = regexp.MustCompile(`^[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)*$`)

// variable is the value of a target that is a variable of the session, or a field of
// one; others stay as they are.
func variable(ctx context.Context, h magic.Host, target string) (string, error) {
	name, _, _ := strings.Cut(target, ".")
	if !selector.MatchString(target) || !slices.Contains(h.Variables(), name) {
		return target, nil
	}
	b, err := h.Eval(ctx, "hpgo__fmt.Sprint("+target+")", map[string]string{"hpgo__fmt": "fmt"})
	if err != nil || b == nil {
		return "", err
	}
	text, err := strconv.Unquote(fmt.Sprint(b.Data["text/plain"]))
	if err != nil {
		return "", fmt.Errorf("read the variable %s: %w", target, err)
	}
	return text, nil
}

// spanOr is the time that was asked for, or another.
func (a *attached) spanOr(usual time.Duration) time.Duration {
	if a.span > 0 {
		return a.span
	}
	return usual
}

// params are the choices for the data.
func (a *attached) params(target string) map[string]any {
	return map[string]any{"target": target, "kind": a.kind, "duration": a.span.Seconds()}
}

// errIdle says that a program didn't compute.
var errIdle = errors.New("it waits, or sleeps; --kind goroutine of its /debug/pprof pages tells where")

// nothing is the error of a profile in which nothing is.
func nothing(of string, took time.Duration) error {
	return fmt.Errorf("%s used no CPU time in %s: %w", of, quantity.Seconds(took.Seconds(), 3), errIdle)
}
