package worker

import (
	"context"
	"errors"
)

// Run starts the one-shot program o.Exe (one that calls child.MainStatic), runs
// its entry as a call, and waits until the process has ended. c.Args are also
// the program's own arguments. A program that calls os.Exit(0) has succeeded;
// otherwise the end of the process is a *Died, as for Call.
func Run(ctx context.Context, o Options, c Call, sink Sink) (Reply, error) {
	if len(c.Args) > 0 && len(o.Args) == 0 {
		o.Args = c.Args
	}
	w, err := Start(ctx, o)
	if err != nil {
		return Reply{}, err
	}
	defer w.Close()
	if o.Started != nil {
		o.Started(w)
	}
	reply, err := w.Call(ctx, c, sink)
	if err == nil {
		// Nothing is to come any more; what it started ends with it.
		select {
		case <-w.Dead():
		case <-ctx.Done():
		}
		return reply, nil
	}
	var d *Died
	if errors.As(err, &d) && d.Reason == Exited && d.ExitCode == 0 {
		return reply, nil
	}
	return reply, err
}
