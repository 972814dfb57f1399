package magics

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/quantity"
)

// historyRows are the magics about earlier cells.
func historyRows() []magic.Magic {
	return []magic.Magic{
		{Name: "history", Aliases: []string{"hist"}, Kind: magic.Line, Usage: "%history [-n] [-l N] [-g PATTERN] [-f FILE] [CELL | FROM-TO]...",
			Flags: []magic.Flag{
				{Name: "n", Doc: "with the numbers of the cells"},
				{Name: "l", Arg: "N", Value: magic.Int, Min: 1, Bounded: true, Doc: "only the last N"},
				{Name: "g", Arg: "PATTERN", Doc: "only cells with this text; * stands for anything, ? for one character"},
				{Name: "f", Arg: "FILE", Takes: magic.AboutFiles, Doc: "write them to a file instead"},
			},
			Max: -1, Transient: true, Run: runHistory,
			Doc: "show the cells that ran before, failed ones too\nFROM- means all from there on. cells := %history keeps them as a []string."},
	}
}

// runHistory implements %history.
func runHistory(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	ranges, err := cellRanges(in.Magic, in.Args.Words)
	if err != nil {
		return magic.Result{}, err
	}
	pattern := globText(in.Args.Text("g", ""))
	var found []magic.PastInput
	for _, c := range h.Inputs() {
		if ranges.hold(c.Cell) && pattern.MatchString(c.Text) {
			found = append(found, c)
		}
	}
	if last := in.Args.Int("l", len(found)); last < len(found) {
		found = found[len(found)-last:]
	}
	texts, shown := []string{}, strings.Builder{}
	for _, c := range found {
		texts = append(texts, c.Text)
		text := strings.TrimSuffix(c.Text, "\n")
		if in.Args.Has("n") {
			text = fmt.Sprintf("%4d: %s", c.Cell, strings.ReplaceAll(text, "\n", "\n      "))
		}
		shown.WriteString(text + "\n")
	}
	if file := in.Args.Text("f", ""); file != "" {
		return magic.Result{Value: texts}, writeHistory(h, file, shown.String(), len(found))
	}
	if in.Line.Assign == "" && len(found) > 0 {
		h.Stream("stdout", shown.String())
	}
	return magic.Result{Value: texts}, nil
}

// writeHistory writes cells to a file.
func writeHistory(h magic.Host, name, text string, cells int) error {
	path, err := magic.Path(h, name)
	if err != nil {
		return err
	}
	if err := writeOutput(path, text, false); err != nil {
		return err
	}
	h.Stream("stderr", fmt.Sprintf("%s written to %q.\n", quantity.Counted(cells, "cell"), name))
	return nil
}

// cellRange is a range of cells, both ends included.
type cellRange struct{ from, to int }

type ranges []cellRange

// hold reports whether a cell is in one of the ranges; without any all are.
func (r ranges) hold(cell int) bool {
	for _, one := range r {
		if one.from <= cell && cell <= one.to {
			return true
		}
	}
	return len(r) == 0
}

// cellRanges reads words such as 3, 2-5 and 4-.
func cellRanges(m *magic.Magic, words []string) (ranges, error) {
	const lastCell = 1 << 30
	var all ranges
	for _, w := range words {
		first, last, isRange := strings.Cut(w, "-")
		from, err := strconv.Atoi(first)
		to := from
		switch {
		case err != nil || !isRange:
		case last == "":
			to = lastCell
		default:
			to, err = strconv.Atoi(last)
		}
		if err != nil || to < from {
			return nil, m.Usagef("%q is no cell and no range of cells such as 2-5", w)
		}
		all = append(all, cellRange{from, to})
	}
	return all, nil
}

// globText matches texts that contain a pattern.
func globText(pattern string) *regexp.Regexp {
	text := regexp.QuoteMeta(pattern)
	text = strings.ReplaceAll(strings.ReplaceAll(text, `\*`, ".*"), `\?`, ".")
	return regexp.MustCompile("(?s)" + text)
}
