package tracing

import (
	"fmt"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/result"
)

// WatchSetting is the session's setting that has cells looked at for goroutines that
// they leave behind.
const WatchSetting = "goroutines"

// setWatch turns the watch on or off.
func setWatch(h magic.Host, in *measuring.Input) (magic.Result, error) {
	m := in.Magic
	if in.Form == magic.Cell || in.Args.Rest != "" {
		return magic.Result{}, m.Usagef("%s --watch looks at all cells from now on and takes no statement", m.Title())
	}
	switch choice := in.Args.Text("watch", ""); choice {
	case "on":
		h.Set(WatchSetting, []string{"on"})
		h.Stream("stdout", "From now on a cell that leaves goroutines behind which may wait for ever gets a warning; those that exist now are known.\n")
	case "off":
		h.Set(WatchSetting, nil)
		h.Stream("stdout", "Cells are no longer looked at for goroutines that they leave behind.\n")
	default:
		return magic.Result{}, m.Usagef("flag --watch of %s: %q is neither on nor off", m.Title(), choice)
	}
	return magic.Result{}, nil
}

// warnedGroups is how many places of goroutines a warning names.
const warnedGroups = 3

// Left is a warning of goroutines that a cell left behind, by their tracebacks; empty
// if all of them go on by themselves.
func Left(text string) string {
	own, _ := ofProgram(readTracebacks(text))
	groups := groupsOf(own)
	waiting, certain := 0, 0
	var places []string
	for _, g := range groups {
		switch g.Verdict {
		case "waits for ever":
			certain += g.Count
		case "may wait for ever":
		default:
			continue
		}
		waiting += g.Count
		if len(places) < warnedGroups {
			places = append(places, fmt.Sprintf("%d in %s at %s%s", g.Count, g.State, at(g.At), startedAlso(g)))
		} else if len(places) == warnedGroups {
			places = append(places, "...")
		}
	}
	switch {
	case waiting == 0:
		return ""
	case certain == waiting:
		return fmt.Sprintf("warning: the cell left %s behind that can never go on: %s", quantity.Counted(waiting, "goroutine"), strings.Join(places, "; "))
	}
	return fmt.Sprintf("warning: the cell left %s behind that may wait for ever: %s; %%goroutines --prove STATEMENT finds out", quantity.Counted(waiting, "goroutine"), strings.Join(places, "; "))
}

// startedAlso names the go statement of goroutines, if it isn't where they wait.
func startedAlso(g result.GoroutineGroup) string {
	if g.Started.Where == "" || g.Started.Where == g.At.Where {
		return ""
	}
	return ", started at " + at(g.Started)
}
