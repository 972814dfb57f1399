package machine

import (
	"context"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// Rows are the magics of this family.
func Rows() []magic.Magic {
	parts := []magic.Magic{statRow(), recordRow(), annotateRow(), listRow()}
	return append(parts, perfRow(parts))
}

// perfRow is the row of %perf without a second word that it knows.
func perfRow(parts []magic.Magic) magic.Magic {
	var words []string
	for _, p := range parts {
		_, word, _ := strings.Cut(p.Name, " ")
		words = append(words, word)
	}
	return magic.Magic{Name: "perf", Kind: magic.Both, Usage: "%perf " + strings.Join(words, "|") + " ...", Syntax: magic.Verbatim, Transient: true,
		Doc: "ask the machine what it does while Go runs\n%perf stat counts events, %perf record and %perf annotate sample, %perf list names the events; %help perf stat says more, and so for the other words.",
		Run: func(_ context.Context, _ magic.Host, in *magic.Input) (magic.Result, error) {
			word, _, _ := strings.Cut(strings.TrimSpace(in.Args.Rest), " ")
			if word == "" {
				return magic.Result{}, in.Magic.Usagef("%s needs one of the words %s", in.Magic.Spell(in.Form), strings.Join(words, ", "))
			}
			hint := ""
			if near := magic.Nearest(word, words); near != "" {
				hint = ", did you mean " + near + "?"
			}
			return magic.Result{}, in.Magic.Usagef("%s has no %q%s", in.Magic.Spell(in.Form), word, hint)
		}}
}

// Names and paths by which generated Go imports what measures.
const (
	countersName  = "hpgo__counters"
	countersPath  = "hpgo/magics/harness/counters"
	valgrindName  = "hpgo__valgrind"
	valgrindPath  = "hpgo/magics/harness/valgrind"
	allVariants   = "---"
	unnamedInCell = "the cell"
)

// variant is one piece of Go that is measured.
type variant struct {
	name string
	*measuring.Subject
}

// readVariants takes the Go out of the line, or out of the cell: one piece, or blocks
// with names.
func readVariants(h magic.Host, in *measuring.Input) ([]variant, error) {
	if in.Form != magic.Cell || !strings.HasPrefix(strings.TrimLeft(in.Body, " \t\r\n"), allVariants) {
		s, err := measuring.ReadSubject(h, in)
		if err != nil {
			return nil, err
		}
		name := strings.Join(strings.Fields(s.Text()), " ")
		if in.Form == magic.Cell && strings.Contains(s.Text(), "\n") {
			name = unnamedInCell
		}
		return []variant{{name, s}}, nil
	}
	parts, err := measuring.Blocks(magic.Piece{Text: in.Body, At: in.Line.BodyAt})
	if err != nil {
		return nil, in.Magic.Usagef("%s: %v", in.Magic.Spell(in.Form), err)
	}
	all, err := variantsOf(h, magic.Piece{Text: in.Args.Rest, At: in.Line.ArgsAt + in.Args.RestAt}, parts)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, v := range all {
		switch {
		case v.BodyInfo.Empty:
			return nil, in.Magic.Usagef("%s: block %q has no Go", in.Magic.Spell(in.Form), v.name)
		case seen[v.name]:
			return nil, in.Magic.Usagef("%s: two blocks have the name %q", in.Magic.Spell(in.Form), v.name)
		}
		seen[v.name] = true
	}
	return all, nil
}

// variantsOf reads pieces of Go with the preparation that all have.
func variantsOf(h magic.Host, setup magic.Piece, parts []measuring.Block) ([]variant, error) {
	var all []variant
	for _, p := range parts {
		s := &measuring.Subject{Setup: setup, Body: p.Piece}
		var err error
		if s.SetupInfo, err = measuring.ReadPiece(h, &s.Setup); err != nil {
			return nil, err
		}
		if s.BodyInfo, err = measuring.ReadPiece(h, &s.Body); err != nil {
			return nil, err
		}
		all = append(all, variant{p.Name, s})
	}
	return all, nil
}

// program is the variant between generated lines, which begin and end a loop of runs;
// in each the Go is executed so many times.
func (v variant) program(begin, next, end string, loops int) magic.Program {
	p := magic.Program{Pieces: []magic.Piece{magic.Ours(begin)}}
	if !v.SetupInfo.Empty {
		p.Pieces = append(p.Pieces, v.Setup, magic.Ours(measuring.Uses(v.SetupInfo)))
	}
	open, shut := "for "+next+" {", "}\n"+end
	if loops > 1 {
		open, shut = open+"\nfor range "+decimal(loops)+" {", "}\n"+shut
	}
	p.Pieces = append(p.Pieces, magic.Ours(open), v.Body, magic.Ours(measuring.Uses(v.BodyInfo)+shut))
	return p
}
