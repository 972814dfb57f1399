package magics

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"

	"hpgo/magics/handover"
	"hpgo/magics/magic"
	"hpgo/magics/python"
	"hpgo/magics/quantity"
)

// transfer is one name of -i or -o.
type transfer struct {
	name string // of the variable that is made
	typ  string // its Go type, of -o; "": what fits
	from string // the expression on the other side
}

// pythonWords can be names in Go and not in Python.
var pythonWords = []string{"False", "None", "True", "and", "as", "assert", "async", "await", "class", "def", "del", "elif", "except", "finally",
	"from", "global", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "try", "while", "with", "yield"}

// transfers reads -i and -o.
func transfers(in *magic.Input) (ins, outs []transfer, err error) {
	for _, list := range in.Args.All("i") {
		for _, item := range splitList(list) {
			t := cutTransfer(item)
			switch _, err := parser.ParseExpr(t.from); {
			case !isIdentifier(t.name) || err != nil:
				return nil, nil, in.Magic.Usagef("-i %s: write NAME or NAME=GO", item)
			case slices.Contains(pythonWords, t.name):
				return nil, nil, in.Magic.Usagef("-i %s: %s can't be a name in Python; write another, as in my_%s=%s", item, t.name, t.name, t.from)
			}
			ins = append(ins, t)
		}
	}
	for _, list := range in.Args.All("o") {
		for _, item := range splitList(list) {
			t := cutTransfer(item)
			if name, typ, ok := strings.Cut(t.name, ":"); ok {
				if t.from == t.name {
					t.from = name
				}
				t.name, t.typ = name, typ
			}
			_, err := parser.ParseExpr(t.typ)
			switch {
			case !isIdentifier(t.name) || t.from == "" || t.typ != "" && err != nil:
				return nil, nil, in.Magic.Usagef("-o %s: write NAME, NAME:TYPE or NAME=PYTHON", item)
			case token.IsKeyword(t.name) || t.name == "_":
				return nil, nil, in.Magic.Usagef("-o %s: %s can't be a name in Go; write another, as in my_%s=%s", item, t.name, t.name, t.from)
			case slices.ContainsFunc(outs, func(o transfer) bool { return o.name == t.name }):
				return nil, nil, in.Magic.Usagef("-o names %s twice", t.name)
			}
			outs = append(outs, t)
		}
	}
	return ins, outs, nil
}

// cutTransfer splits NAME=FROM; an == is no separator.
func cutTransfer(item string) transfer {
	name, from, ok := strings.Cut(item, "=")
	if !ok {
		return transfer{name: item, from: item}
	}
	return transfer{name: strings.TrimSpace(name), from: strings.TrimSpace(from)}
}

// splitList splits at commas that stand in no brackets and no quotes.
func splitList(list string) []string {
	var items []string
	depth, start, quote := 0, 0, rune(0)
	for i, r := range list {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case strings.ContainsRune("([{", r):
			depth++
		case strings.ContainsRune(")]}", r):
			depth--
		case r == ',' && depth == 0:
			items = append(items, strings.TrimSpace(list[start:i]))
			start = i + 1
		}
	}
	return append(items, strings.TrimSpace(list[start:]))
}

// pythonSide are the names and Python expressions of what is handed out.
func pythonSide(outs []transfer) [][2]string {
	var side [][2]string
	for _, t := range outs {
		side = append(side, [2]string{t.name, t.from})
	}
	return side
}

// handIn writes Go variables to a file for Python and returns that.
func (s *pythonState) handIn(ctx context.Context, h magic.Host, ins []transfer) (string, error) {
	if err := checkNames(ctx, h, ins); err != nil {
		return "", err
	}
	file, spare := s.process.InFiles()
	args := []string{fmt.Sprintf("%q", file), fmt.Sprintf("%q", spare)}
	for _, t := range ins {
		args = append(args, fmt.Sprintf("%q", t.name), t.from)
	}
	b, err := h.Eval(ctx, "hpgo__handover.Save("+strings.Join(args, ", ")+")", map[string]string{"hpgo__handover": handoverPath})
	if err != nil {
		return "", err
	}
	var report handover.Report
	if b != nil {
		raw, err := json.Marshal(b.Data[handover.ReportMIME])
		if err == nil {
			err = json.Unmarshal(raw, &report)
		}
		if err != nil {
			return "", fmt.Errorf("hand variables to Python: %w", err)
		}
	}
	if report.Error != "" || report.File == "" {
		return "", errors.New("-i: " + report.Error)
	}
	return report.File, nil
}

// handoverPath is the package that cells hand values over with.
const handoverPath = "hpgo/magics/handover"

// checkNames tells which plain names of -i don't exist, or are no values.
func checkNames(ctx context.Context, h magic.Host, ins []transfer) error {
	known, err := h.List(ctx, false)
	if err != nil {
		return err
	}
	for _, t := range ins {
		if !isIdentifier(t.from) || t.from == "true" || t.from == "false" || t.from == "nil" {
			continue
		}
		i := slices.IndexFunc(known, func(n magic.Name) bool { return n.Name == t.from })
		switch {
		case i < 0:
			var names []string
			for _, n := range known {
				if n.Kind == "var" || n.Kind == "const" {
					names = append(names, n.Name)
				}
			}
			hint := "declare it in a Go cell first"
			if near := magic.Nearest(t.from, names); near != "" {
				hint = "did you mean " + near + "?"
			}
			return fmt.Errorf("-i %s: the session has no variable %s; %s", t.name, t.from, hint)
		case known[i].Kind != "var" && known[i].Kind != "const":
			return fmt.Errorf("-i %s: %s is a %s, which can't be handed over; hand over variables and constants", t.name, t.from, known[i].Kind)
		}
	}
	return nil
}

// handOut declares Go variables with what Python wrote to a file.
func (s *pythonState) handOut(ctx context.Context, h magic.Host, outs []transfer, done python.Done) error {
	if len(done.Types) != len(outs) {
		return fmt.Errorf("hand variables to Go: Python gave %s for %s", quantity.Counted(len(done.Types), "value"), quantity.Counted(len(outs), "name"))
	}
	load := "Load"
	if h.Status(ctx).KeepsState && !isSmall(done.File) {
		load = "LoadOnce"
		defer os.Remove(done.File) // where it fails the file is in the folder of temporary files
	} else if err := s.keepFile(h, &done); err != nil {
		return err
	}
	imports := map[string]string{"hpgo__handover": handoverPath}
	var names, exprs []string
	for i, t := range outs {
		typ := t.typ
		if typ == "" {
			typ = done.Types[i]
		}
		if strings.Contains(typ, "hpgo__time.") {
			imports["hpgo__time"] = "time"
		}
		names = append(names, t.name)
		exprs = append(exprs, fmt.Sprintf("hpgo__handover.%s[%s](%q, %d)", load, typ, done.File, i))
	}
	return h.Define(ctx, strings.Join(names, ", "), strings.Join(exprs, ", "), imports)
}

// mostKept is the largest hand-over whose file is kept in a session that keeps the
// values themselves.
const mostKept = 64 << 10 // B

func isSmall(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Size() <= mostKept
}

// keepFile gives the file of a hand-over a name of its own until the session
// ends: programs of their own, as those of %test and of cells with %goflags,
// initialise their variables again.
func (s *pythonState) keepFile(h magic.Host, done *python.Done) error {
	s.spare++
	kept := fmt.Sprintf("%s-%d", done.File, s.spare)
	if err := os.Rename(done.File, kept); err != nil {
		return fmt.Errorf("keep what Python handed over: %w", err)
	}
	done.File = kept
	h.AtEnd(func() { os.Remove(kept) })
	return nil
}
