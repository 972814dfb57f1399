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
// otherwise complain about.
func Uses(b *cell.Body) string {
	var text strings.Builder
	for _, name := range b.Declares {
		fmt.Fprintf(&text, "_ = %s\n", name)
	}
	return text.String()
}

// changed returns the session's variables that the measured Go may change.
func (s *Subject) changed(ctx context.Context, h magic.Host) ([]string, error) {
	parts := slices.Concat(s.SetupInfo.Parts, s.BodyInfo.Parts)
	if len(parts) > 0 {
		known, err := h.List(ctx, false)
		if err != nil {
			return nil, fmt.Errorf("list the session's variables: %w", err)
		}
		parts = slices.DeleteFunc(parts, func(name string) bool {
			return slices.ContainsFunc(known, func(n magic.Name) bool { return n.Name == name && n.Kind == "var" && refers(n.Type) })
		})
	}
	variables := h.Variables()
	var names []string
	for _, name := range slices.Concat(s.SetupInfo.Assigns, s.BodyInfo.Assigns, parts) {
		if slices.Contains(variables, name) && !slices.Contains(s.SetupInfo.Declares, name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// refers reports whether the fields and elements of a variable are outside of it.
func refers(typ string) bool {
	return strings.HasPrefix(typ, "*") || strings.HasPrefix(typ, "[]") || strings.HasPrefix(typ, "map[")
}

// RestoreTime is how long giving variables their values back may take after an
// interrupt.
const RestoreTime = 10 * time.Second

// Measure runs a program and then gives the session's variables that it
// assigns the values they had: a shallow copy, so that what a slice or a pointer
// leads to stays changed. It returns the names of those that had other values. With
// keep nothing is given back.
func Measure(ctx context.Context, h magic.Host, s *Subject, p magic.Program, keep bool) (magic.Outcome, []string, error) {
	var names []string
	if !keep && !p.Fresh {
		var err error
		if names, err = s.changed(ctx, h); err != nil {
			return magic.Outcome{}, nil, err
		}
	}
	if len(names) == 0 {
		out, err := h.Measure(ctx, p)
		return out, nil, err
	}
	imports := map[string]string{HarnessName: HarnessPath}
	var save, restore strings.Builder
	for _, name := range names {
		fmt.Fprintf(&save, "%s.Save(%q, %s)\n", HarnessName, name, name)
		fmt.Fprintf(&restore, "%s.Restore(%q, &%s)\n", HarnessName, name, name)
	}
	if _, err := h.Measure(ctx, magic.Program{Pieces: []magic.Piece{magic.Ours(save.String())}, Imports: imports}); err != nil {
		return magic.Outcome{}, nil, fmt.Errorf("keep the variables %s: %w", strings.Join(names, ", "), err)
	}
	out, err := h.Measure(ctx, p)
	// Also after an interrupt, which has ended ctx.
	after, stop := context.WithTimeout(context.WithoutCancel(ctx), RestoreTime)
	defer stop()
	if len(h.Variables()) == 0 {
		return out, nil, err // the worker died, and they with it
	}
	var restored []string
	back := magic.Program{Pieces: []magic.Piece{magic.Ours(restore.String())}, Imports: imports, Records: func(r harness.Record) {
		var name string
		if r.Kind == harness.RecordRestored && json.Unmarshal(r.Data, &name) == nil {
			restored = append(restored, name)
		}
	}}
	if _, bad := h.Measure(after, back); bad != nil && err == nil {
		err = fmt.Errorf("give the variables %s their values back: %w", strings.Join(names, ", "), bad)
	}
	return out, restored, err
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
