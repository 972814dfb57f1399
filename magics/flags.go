package magics

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/settings"
)

// restartFlag is the flag of %flags that allows a new worker.
const restartFlag = "restart"

// flagRows is %flags.
func flagRows() []magic.Magic {
	return []magic.Magic{
		{Name: "flags", Kind: magic.Line, Usage: "%flags [NAME=VALUE...] [-restart], %flags -reset [NAME...]", Max: -1, Transient: true, Run: runFlags,
			Flags: []magic.Flag{
				{Name: "reset", Doc: "take settings back, all without names"},
				{Name: restartFlag, Doc: "allow a new worker, which loses the variables"},
			},
			Doc: "show or set how cells are built and run: gcflags, pgo, GOGC, GOMEMLIMIT, GOMAXPROCS, GOAMD64, GOEXPERIMENT, goflags\n" + flagsDoc()},
	}
}

// flagsDoc says what there is to set.
func flagsDoc() string {
	var b strings.Builder
	b.WriteString("Without arguments it shows what is in force, and where that comes from; list := %flags has what differs from the defaults. What is set holds from the next cell on, also in new workers.\n")
	for _, s := range settings.All() {
		fmt.Fprintf(&b, "  %s=%s\n", s.Name, s.Takes)
	}
	b.WriteString("gcflags and pgo are for the session's own code. GOGC, GOMEMLIMIT and GOMAXPROCS change the running worker at once, as %env does. " +
		"GOAMD64 and GOEXPERIMENT change everything that is linked: they need a new worker (-restart if there are variables to lose), and the standard library compiled anew, once. " +
		"goflags is %goflags. Measuring magics take the same settings for one measurement: %timeit -flags 'gcflags=-B GOGC=off' f(x)")
	return b.String()
}

// runFlags implements %flags.
func runFlags(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	words, restart := in.Args.Words, in.Args.Has(restartFlag)
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		asked := w == "-"+restartFlag || w == "--"+restartFlag // behind the settings
		restart = restart || asked
		return asked
	})
	if len(words) == 0 && !in.Args.Has("reset") {
		if restart {
			return magic.Result{}, in.Magic.Usagef("flag --%s of %%flags goes with a setting", restartFlag)
		}
		return showFlags(ctx, h, in)
	}
	v, err := flagValues(ctx, h, in, words)
	if err != nil {
		return magic.Result{}, in.Magic.Usagef("%%flags: %v", err)
	}
	changed := changedFlags(h.Flags(ctx), v)
	refused, err := h.TryFlags(ctx, changed)
	if err != nil {
		return magic.Result{}, err
	}
	if refused != "" {
		return magic.Result{}, in.Magic.Usagef("%%flags: %s", refused)
	}
	if lost := h.Variables(); changed.Reaches(settings.Everything) && len(lost) > 0 && !restart {
		return magic.Result{}, in.Magic.Usagef("%%flags: %s changes everything that is linked: it needs a new worker, and with it these variables are lost: %s; --%s allows that (%%replay then runs the cells again)",
			resetText(changed.Of(settings.Everything)), shortList(lost), restartFlag)
	}
	say := flagNotes(h, changed)
	if err := h.SetFlags(ctx, changed); err != nil {
		return magic.Result{}, fmt.Errorf("%%flags: %w; nothing has changed", err)
	}
	if len(changed) == 0 {
		say = []string{"Nothing changes: it is so already."}
	}
	if changed.Reaches(settings.Programs) { // %goflags says that of what it sets
		h.Set("goflags said", []string{"yes"})
	}
	h.Stream("stdout", strings.Join(say, "\n")+"\n")
	return magic.Result{Value: setFlags(h.Flags(ctx)).List()}, nil
}

// flagValues are the values that a line asks for.
func flagValues(ctx context.Context, h magic.Host, in *magic.Input, words []string) (settings.Values, error) {
	if !in.Args.Has("reset") {
		return magic.ReadFlags(h, words)
	}
	v := settings.Values{}
	for _, name := range words {
		if _, ok := settings.Find(name); !ok {
			return nil, fmt.Errorf("setting %s is unknown: there are %s", name, strings.Join(settings.Names(), ", "))
		}
		v[name] = ""
	}
	if len(words) > 0 {
		return v, nil
	}
	for _, f := range h.Flags(ctx) {
		v[f.Name] = ""
	}
	return v, nil
}

// changedFlags are the values that differ from what is in force.
func changedFlags(now []magic.Flagged, v settings.Values) settings.Values {
	changed := settings.Values{}
	for _, f := range now {
		value, ok := v[f.Name]
		isSet := strings.HasPrefix(f.From, "%") || strings.HasPrefix(f.From, "code ")
		again := f.Name == settings.PGO && value != "" // the file may be another by now
		if ok && (again || value == "" && isSet || value != "" && (value != f.Value || f.From == magic.ByDefault)) {
			changed[f.Name] = value
		}
	}
	return changed
}

// resetText is values for a message.
func resetText(v settings.Values) string {
	words := v.List()
	for i, w := range words {
		if name, ok := strings.CutSuffix(w, "="); ok {
			words[i] = "-reset " + name
		}
	}
	return strings.Join(words, " ")
}

// flagNotes says of each change when it takes effect, and what it costs.
func flagNotes(h magic.Host, v settings.Values) []string {
	var notes []string
	for _, s := range settings.All() {
		value, ok := v[s.Name]
		if !ok {
			continue
		}
		what := (settings.Values{s.Name: value}).String()
		if value == "" {
			what = s.Name + " is reset"
		}
		notes = append(notes, what+": "+effect(h, s.Reach, value))
	}
	return notes
}

// effect says when a change takes effect.
func effect(h magic.Host, reach settings.Reach, value string) string {
	switch reach {
	case settings.OwnCode:
		return "the session's own code is compiled so from the next cell on, functions of earlier cells included"
	case settings.Process:
		return "in force now, and in new workers"
	case settings.Everything:
		if lost := h.Variables(); len(lost) > 0 {
			return "a new worker, in which everything is linked so; these variables are lost: " + shortList(lost) + " (%replay runs the cells again)"
		}
		return "a new worker, in which everything is linked so; no variables are lost"
	}
	if value == "" {
		return "cells are live again"
	}
	return "each cell is a program of its own from now on, and variables are computed anew; %flags -reset goflags goes back to live cells"
}

// showFlags shows what is in force.
func showFlags(ctx context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	all := h.Flags(ctx)
	if in.Line.Assign == "" {
		t := table{head: []string{"Setting", "In force", "From", "A change takes effect"}}
		for _, f := range all {
			t.rows = append(t.rows, []string{f.Name, inForce(f), f.From, when(f.Reach)})
		}
		h.Display(t.event())
	}
	return magic.Result{Value: setFlags(all).List()}, nil
}

// inForce is the value of a setting. The runtime's own are what a worker tells.
func inForce(f magic.Flagged) string {
	if f.Value == "" && f.Reach == settings.Process {
		return magic.ByDefault
	}
	return orNone(f.Value) + roughly(f)
}

// roughly is the size of a memory limit that is no whole number of MiB.
func roughly(f magic.Flagged) string {
	n, err := settings.Bytes(f.Value)
	if f.Name != settings.MemLimit || err != nil || f.Value == "off" || n%(1<<20) == 0 {
		return ""
	}
	return " (" + Bytes(n) + ")"
}

// when says when a change of a setting takes effect.
func when(reach settings.Reach) string {
	switch reach {
	case settings.OwnCode:
		return "in the next cell"
	case settings.Process:
		return "at once"
	case settings.Everything:
		return "in a new worker"
	}
	return "in the next cell, which is a program then"
}

// setFlags are the settings that somebody has set.
func setFlags(all []magic.Flagged) settings.Values {
	v := settings.Values{}
	for _, f := range all {
		if !strings.HasPrefix(f.From, magic.ByDefault) && f.Value != "" {
			v[f.Name] = f.Value
		}
	}
	return v
}
