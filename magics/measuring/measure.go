package measuring

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
)

// HarnessName and HarnessPath are how generated Go imports the harness.
const (
	HarnessName = "hpgo__harness"
	HarnessPath = "hpgo/magics/harness"
)

// Subject is what a measuring magic measures: the statement on its line, or the
// body of its cell, with the line as preparation.
type Subject struct {
	Setup, Body         magic.Piece
	SetupInfo, BodyInfo *cell.Body
}

// Text is the measured Go as the user wrote it.
func (s *Subject) Text() string { return strings.TrimSpace(s.Body.Text) }

// ReadSubject takes the Go out of a magic's input. What can't stand in a loop is
// an error with its place in the cell.
func ReadSubject(h magic.Host, in *Input) (*Subject, error) {
	line := magic.Piece{Text: in.Args.Rest, At: in.Line.ArgsAt + in.Args.RestAt}
	s := &Subject{Body: line}
	if in.Form == magic.Cell {
		s.Setup, s.Body = line, magic.Piece{Text: in.Body, At: in.Line.BodyAt}
	}
	var err error
	if s.SetupInfo, err = ReadPiece(h, &s.Setup); err != nil {
		return nil, err
	}
	if s.BodyInfo, err = ReadPiece(h, &s.Body); err != nil {
		return nil, err
	}
	switch {
	case s.BodyInfo.Empty && in.Form == magic.Cell:
		return nil, in.Magic.Usagef("%s needs Go below its line: that line is the preparation, which isn't measured", in.Magic.Spell(in.Form))
	case s.BodyInfo.Empty:
		return nil, in.Magic.Usagef("%s needs a statement to measure", in.Magic.Spell(in.Form))
	}
	return s, nil
}

// NoSubject is a subject without any Go, for magics that need none.
func NoSubject() *Subject {
	return &Subject{SetupInfo: &cell.Body{Empty: true}, BodyInfo: &cell.Body{Empty: true}}
}

// ReadPiece reads a piece of the user's Go.
func ReadPiece(h magic.Host, p *magic.Piece) (*cell.Body, error) {
	body, errs := cell.ReadBody(h.CellText(), p.Text, p.At)
	if len(errs) > 0 {
		return nil, errs
	}
	if body.Leaves != nil {
		return nil, cell.Errors{*body.Leaves}
	}
	p.Expr = body.Expr != nil
	return body, nil
}

// Uses writes a use of each name that Go declares, which the compiler would
// otherwise complain about. Behind measured Go it keeps their values alive, outside
// of loops over B.Loop, which do it themselves.
func Uses(b *cell.Body) string {
	var text strings.Builder
	for _, name := range b.Declares {
		fmt.Fprintf(&text, "_ = %s\n", name)
	}
	return text.String()
}

// changing names the session's variables that measured Go may change.
type changing struct {
	assigned []string // by assignments
	called   []string // by methods
}

// all are both.
func (c changing) all() []string { return slices.Concat(c.assigned, c.called) }

// changed returns the session's variables that the measured Go may change.
func (s *Subject) changed(ctx context.Context, h magic.Host) (changing, error) {
	var found changing
	variables := h.Variables()
	fresh := func(name string) bool {
		return slices.Contains(variables, name) && !slices.Contains(s.SetupInfo.Declares, name) && !slices.Contains(found.all(), name)
	}
	for _, name := range slices.Concat(s.SetupInfo.Assigns, s.BodyInfo.Assigns) {
		if fresh(name) {
			found.assigned = append(found.assigned, name)
		}
	}
	parts, calls := slices.Concat(s.SetupInfo.Parts, s.BodyInfo.Parts), slices.Concat(s.SetupInfo.Calls, s.BodyInfo.Calls)
	if !slices.ContainsFunc(slices.Concat(parts, calls), fresh) {
		return found, nil
	}
	known, err := h.List(ctx, false)
	if err != nil {
		return found, fmt.Errorf("list the session's variables: %w", err)
	}
	types := map[string]string{}
	for _, n := range known {
		if n.Kind == "var" {
			types[n.Name] = n.Type
		}
	}
	for _, name := range parts {
		if fresh(name) && !refers(types[name]) {
			found.assigned = append(found.assigned, name)
		}
	}
	for _, name := range calls {
		if fresh(name) && changedByMethods(ctx, h, types[name]) {
			found.called = append(found.called, name)
		}
	}
	return found, nil
}

// refers reports whether the fields and elements of a variable are outside of it.
func refers(typ string) bool {
	return strings.HasPrefix(typ, "*") || strings.HasPrefix(typ, "[]") || strings.HasPrefix(typ, "map[")
}

// changedByMethods reports whether a copy should be kept of a variable whose
// methods are called: of the session's own types, if any has methods of pointers,
// which structs may have from those that they embed; and of values of other
// packages' types. What their pointers lead to is theirs.
func changedByMethods(ctx context.Context, h magic.Host, typ string) bool {
	own, pointer := strings.CutPrefix(typ, "*")
	own, _, _ = strings.Cut(own, "[")
	if own == "" || strings.Contains(own, ".") {
		return !pointer && own != "" && !strings.HasPrefix(own, "time.") // times have methods of values
	}
	functions, err := h.Functions(ctx, "")
	return err == nil && slices.ContainsFunc(functions, func(f magic.Function) bool { return strings.HasPrefix(f.Name, "(*") })
}

// RestoreTime is how long giving variables their values back may take after an
// interrupt.
const RestoreTime = 10 * time.Second

// Measure runs a program and then gives the session's variables that it changes
// the values they had: those that it assigns a shallow copy, so that what a slice or
// a pointer leads to stays changed; those whose methods it calls a whole one, if they
// can have one (harness.SaveCalled). It returns the names of those that had other
// values. With keep nothing is given back.
func Measure(ctx context.Context, h magic.Host, s *Subject, p magic.Program, keep bool) (magic.Outcome, []string, error) {
	var names changing
	if !keep && !p.Fresh {
		var err error
		if names, err = s.changed(ctx, h); err != nil {
			return magic.Outcome{}, nil, err
		}
	}
	if len(names.all()) == 0 {
		out, err := h.Measure(ctx, p)
		return out, nil, err
	}
	if _, err := h.Measure(ctx, names.program("Save(%q, %[1]s)", "SaveCalled(%q, &%[1]s)")); err != nil {
		return magic.Outcome{}, nil, fmt.Errorf("keep the variables %s: %w", strings.Join(names.all(), ", "), err)
	}
	out, err := h.Measure(ctx, p)
	// Also after an interrupt, which has ended ctx.
	after, stop := context.WithTimeout(context.WithoutCancel(ctx), RestoreTime)
	defer stop()
	if len(h.Variables()) == 0 {
		return out, nil, err // the worker died, and they with it
	}
	var restored, changed []string
	back := names.program("Restore(%q, &%[1]s)", "Restore(%q, &%[1]s)")
	back.Records = func(r harness.Record) {
		var name string
		switch {
		case json.Unmarshal(r.Data, &name) != nil:
		case r.Kind == harness.RecordRestored:
			restored = append(restored, name)
		case r.Kind == harness.RecordChanged:
			changed = append(changed, name)
		}
	}
	if _, bad := h.Measure(after, back); bad != nil && err == nil {
		err = fmt.Errorf("give the variables %s their values back: %w", strings.Join(names.all(), ", "), bad)
	}
	if len(changed) > 0 {
		h.Stream("stderr", "note: methods have changed "+strings.Join(changed, ", ")+" for good: no copy is kept of a value with maps, pointers, locks or more than 1 MiB\n")
	}
	return out, restored, err
}

// program is Go that calls the harness for each variable.
func (c changing) program(assigned, called string) magic.Program {
	var text strings.Builder
	write := func(names []string, call string) {
		for _, name := range names {
			text.WriteString(HarnessName + "." + fmt.Sprintf(call, name) + "\n")
		}
	}
	write(c.assigned, assigned)
	write(c.called, called)
	return magic.Program{Pieces: []magic.Piece{magic.Ours(text.String())}, Imports: map[string]string{HarnessName: HarnessPath}}
}

// patience is how long a magic works before it says how far it is.
const patience = 2 * time.Second

// Progress tells a user who has waited for a while how far a magic is. What it says
// is not part of the cell's output.
type Progress struct {
	h     magic.Host
	began time.Time
	said  bool
}

// NewProgress begins to wait.
func NewProgress(h magic.Host) *Progress { return &Progress{h: h, began: time.Now()} }

// Say tells how far the magic is.
func (w *Progress) Say(format string, args ...any) {
	if time.Since(w.began) >= patience {
		w.said = true
		w.h.Busy(fmt.Sprintf(format, args...))
	}
}

// End takes it away.
func (w *Progress) End() {
	if w.said {
		w.h.Busy("")
	}
}

// RestoredNote tells which variables have their values back, if any.
func RestoredNote(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	return []string{"restored: " + strings.Join(names, ", ") + " (--keep leaves what the measured code assigns)"}
}
