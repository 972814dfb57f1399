package machine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/profiling"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

func recordRow() magic.Magic {
	return measuring.Row(magic.Magic{Name: "perf record", Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
		Usage: "%perf record [flags] STATEMENT, %%perf record [flags] [SETUP] and a cell", Flags: append(samplingFlags(),
			magic.Flag{Name: "l", Long: "limit", Arg: "LIMIT", Doc: "rows of the tables: a number (10), a part of them such as 0.1, or those whose place or function holds this text; several apply in turn"}),
		Doc: "sample where Go spends its CPU time: functions, lines, instructions\nThe kernel notes where the process is, by the CPU's cycles or, where it counts none, by its clock; repeated until there are 2,000 samples. " +
			"The tables count samples of code itself, not of what it calls; the flame graph shows who called whom. -D writes a profile for pprof. " +
			"In %%perf record the line is preparation and runs once, before."}, runRecord)
}

// shownSpots is how many functions, lines and instructions the tables have.
const shownSpots = 10

// readLimits reads the flags -l.
func readLimits(in *measuring.Input) ([]profiling.Limit, error) {
	var all []profiling.Limit
	for _, text := range in.Args.All("l") {
		l, err := profiling.ReadLimit(text)
		if err != nil {
			return nil, in.Magic.Usagef("flag -l of %s: %v", in.Magic.Title(), err)
		}
		all = append(all, l)
	}
	return all, nil
}

// limited are the rows of a table, after the limits; without any the first.
func limited(spots []result.PerfSpot, limits []profiling.Limit) []result.PerfSpot {
	for _, l := range limits {
		spots = profiling.Limited(l, spots, func(s result.PerfSpot) string { return fmt.Sprintf("%s %s:%d", s.Func, shortFile(s.File), s.Line) })
	}
	if len(limits) == 0 {
		return spots[:min(len(spots), shownSpots)]
	}
	return spots
}

// runRecord implements %perf record and %%perf record.
func runRecord(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	s, err := readSampling(h, in)
	if err != nil {
		return magic.Result{}, err
	}
	if s.limits, err = readLimits(in); err != nil {
		return magic.Result{}, err
	}
	defer s.progress.End()
	fail := s.sample(ctx, h)
	all, total := places(s.run.Samples)
	if total == 0 {
		return magic.Result{}, cmp.Or(fail, s.unseen())
	}
	var code *machineCode
	if reading, cancel := s.readingCode(ctx, fail); reading != nil {
		code, err = readCode(reading, h, s.program)
		cancel()
		if err == nil {
			defer code.close()
		}
	}
	out, bad := s.recordOutput(h, all, total, code)
	if bad != nil {
		return magic.Result{}, errors.Join(fail, bad)
	}
	if err != nil {
		out.Warnings = append(out.Warnings, "instructions have no text: "+oneLine(err))
	}
	if fail != nil {
		out.Partial = s.partial()
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, out)
	if fail != nil {
		err = fail
	}
	return res, err
}

// recordOutput is what was sampled in all its forms.
func (s *sampling) recordOutput(h magic.Host, all []*place, total int64, code *machineCode) (report.Output, error) {
	rec := recorded(s.run, all, total, newSources(h).line, func(p *place) string {
		if in := code.instruction(p); in != nil {
			return in.Text
		}
		return ""
	})
	profile := profiling.SampledProfile("cpu", s.run.Samples.Measured())
	raw, err := profile.Encode()
	if err != nil {
		return report.Output{}, err
	}
	flame := plots.Flame{Profile: raw, Value: "cpu"}
	out := report.Output{Magic: "perf-record", Result: rec, Samples: s.run, Raw: raw, Params: s.params(), Figure: flame, Warnings: s.cautions(total)}
	out.Text = " " + rec.String()
	flame.Interactive = true
	out.HTML = []report.Block{report.Headline{Figure: quantity.Count(total) + " samples", Label: sampledBy(rec)}, report.Figure{Picture: flame}}
	for _, t := range spotTables(rec, s.limits) {
		out.Text += "\n\n" + indented(t.Text())
		out.HTML = append(out.HTML, t)
	}
	for _, note := range s.notes() {
		out.Text += "\n" + note
		out.HTML = append(out.HTML, report.Note(note))
	}
	return out, nil
}

func sampledBy(r result.PerfRecord) string {
	return fmt.Sprintf("of %s at %s Hz, in %s of %s%s", r.Source, quantity.Number(r.Rate), quantity.Counted(r.Runs, "run"), quantity.Seconds(r.Elapsed, 3), r.ScaledTo())
}

// cautions are what the reader must know of the samples.
func (s *sampling) cautions(total int64) []string {
	all := slices.Clone(s.run.Samples.Warnings)
	if total < fewSamples {
		all = append(all, fmt.Sprintf("only %d samples: shares are rough", total))
	}
	return all
}

// fewSamples are so few that shares have errors of several percent.
const fewSamples = 100

// notes say how the figures came about.
func (s *sampling) notes() []string {
	notes := []string{"a sample names the instruction that the CPU had come to when it was stopped: often the one behind that which took the time (skid)"}
	if note := profiling.Unscaled(s.run); note != "" {
		notes = append(notes, note)
	}
	return append(notes, measuring.RestoredNote(s.restored)...)
}

// spotTables are the tables of functions, lines and instructions.
func spotTables(r result.PerfRecord, limits []profiling.Limit) []report.Table {
	share := report.Column{Name: "%", Look: report.Bar, Title: "of all samples"}
	count, deviation := report.Column{Name: "samples"}, report.Column{Name: "±", Title: "standard error of %"}
	left := func(name string) report.Column { return report.Column{Name: name, Align: report.Left} }
	code := func(name string) report.Column { return report.Column{Name: name, Align: report.Code} }
	table := func(spots []result.PerfSpot, what []report.Column, cells func(result.PerfSpot) []report.Cell) report.Table {
		t := report.Table{Columns: append([]report.Column{share, count, deviation}, what...)}
		for _, s := range limited(spots, limits) {
			t.Rows = append(t.Rows, report.Cells(append([]report.Cell{report.Percent(s.Share), report.Count(s.Samples), report.Percent(s.Err)}, cells(s)...)...))
		}
		return t
	}
	tables := []report.Table{
		table(r.Functions, []report.Column{left("function"), left("where")}, func(s result.PerfSpot) []report.Cell {
			return []report.Cell{report.Word(s.Func), report.Word(shortFile(s.File))}
		}),
		table(r.Lines, []report.Column{left("line"), code("source")}, func(s result.PerfSpot) []report.Cell {
			return []report.Cell{report.Word(fmt.Sprintf("%s:%d", shortFile(s.File), s.Line)).Titled(s.Func), report.Word(s.Text)}
		}),
	}
	if len(r.Instructions) > 0 {
		tables = append(tables, table(r.Instructions, []report.Column{left("instruction of"), {Name: "offset"}, left("line"), code("code")}, func(s result.PerfSpot) []report.Cell {
			return []report.Cell{report.Word(s.Func), report.Word(fmt.Sprintf("%#x", s.Offset)), report.Word(fmt.Sprintf("%s:%d", shortFile(s.File), s.Line)), report.Word(s.Text)}
		}))
	}
	return tables
}

// shortFile is a file's name with its directory; cells keep theirs.
func shortFile(file string) string {
	parts := strings.Split(file, "/")
	if len(parts) < 3 {
		return file
	}
	return strings.Join(parts[len(parts)-2:], "/")
}

// sources are the lines of cells and of files.
type sources struct {
	cells map[string]string
	lines map[string][]string
}

func newSources(h magic.Host) *sources {
	return &sources{cells: cellTexts(h), lines: map[string][]string{}}
}

// line is the text of a line; "" where it can't be read.
func (s *sources) line(at position) string {
	lines, ok := s.lines[at.file]
	if !ok {
		text, isCell := s.cells[at.file]
		if !isCell {
			if data, err := os.ReadFile(at.file); err == nil { // generated code has none
				text = string(data)
			}
		}
		lines = strings.Split(text, "\n")
		s.lines[at.file] = lines
	}
	if at.line < 1 || at.line > len(lines) {
		return ""
	}
	return lines[at.line-1]
}
