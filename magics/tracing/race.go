package tracing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// raceRow is %race.
func raceRow() magic.Magic {
	return magic.Magic{Name: "race", Kind: magic.Both, Usage: "%race [flags] STATEMENT, %%race [flags] [SETUP] and a cell", Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
		Doc: "look for data races of a statement\nIt runs in a program of its own, built with -race, where the session's variables have the values they have now, or, where those hold pointers and the like, those of their declarations. Each race is shown once, with both accesses in lines of cells and the go statements that started their goroutines. " +
			"The detector sees the races of what ran, not those that could be. Code runs some 5 to 10 times slower under it. It needs a C compiler. -D FILE writes the detector's own report."}
}

// races is one use of %race.
type races struct {
	in      *measuring.Input
	subject *measuring.Subject
	dir     string
	wall    float64
}

// runRace implements %race and %%race.
func runRace(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	c := &races{in: in}
	var err error
	if c.subject, err = measuring.ReadSubject(h, in); err != nil {
		return magic.Result{}, err
	}
	if err := needCompiler(h); err != nil {
		return magic.Result{}, fmt.Errorf("%s: %w", in.Magic.Title(), err)
	}
	if c.dir, err = os.MkdirTemp(h.ModuleDir(), "trace"); err != nil {
		return magic.Result{}, fmt.Errorf("%s: a place for the report: %w", in.Magic.Title(), err)
	}
	defer os.RemoveAll(c.dir)
	fail := c.run(ctx, h)
	raw, err := c.report()
	if err != nil {
		return magic.Result{}, errors.Join(fail, fmt.Errorf("%s: %w", in.Magic.Title(), err))
	}
	r := result.Race{Seconds: c.wall}
	r.Races, r.Seen = readRaces(raw)
	if fail != nil && len(r.Races) == 0 {
		return magic.Result{}, fail
	}
	if r.Seen > 0 {
		r.Exit = raceExit
	}
	addLines(h, r.Races)
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, c.output(r, raw, fail))
	if fail != nil {
		return res, fail
	}
	return res, err
}

// raceExit is the exit status of a program after a race (runtime/race, GORACE exitcode).
const raceExit = 66

// needCompiler reports what keeps the go command from building with -race.
func needCompiler(h magic.Host) error {
	env := magic.Environ(h)
	cc := env["CC"]
	if cc == "" {
		cc = "gcc"
	}
	name, _, _ := strings.Cut(cc, " ")
	if _, err := exec.LookPath(name); err != nil {
		if _, clang := exec.LookPath("clang"); clang == nil && env["CC"] == "" {
			return nil
		}
		return fmt.Errorf("no C compiler: the race detector is linked by %s, which isn't found; install gcc", name)
	}
	return nil
}

// run builds the program with the detector and runs it.
func (c *races) run(ctx context.Context, h magic.Host) error {
	h.Busy("building a program with -race")
	defer h.Busy("")
	p := program(c.subject, "", "{", "}")
	p.Imports = nil
	// The report goes into a file, and the exit status stays the program's own. The
	// detector knows one function for each address, and leaves out those into which that
	// was inlined: so nothing is.
	p.Fresh, p.Flags, p.Env = true, []string{"-race", "-gcflags=-l"}, []string{"CGO_ENABLED=1", "GORACE=exitcode=0 log_path=" + filepath.Join(c.dir, "race")}
	out, err := h.Measure(ctx, p)
	c.wall = out.Wall.Seconds()
	return err
}

// report is what the detector wrote: a file for each process.
func (c *races) report() (string, error) {
	files, err := filepath.Glob(filepath.Join(c.dir, "race.*"))
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, f := range files {
		part, err := os.ReadFile(f)
		if err != nil {
			return "", fmt.Errorf("read the detector's report: %w", err)
		}
		text.Write(part)
	}
	return text.String(), nil
}

// addLines adds the source of accesses in cells.
func addLines(h magic.Host, found []result.DataRace) {
	n, _ := h.At()
	source := map[string][]string{fmt.Sprintf("cell %d", n): strings.Split(h.CellText(), "\n")}
	for _, past := range h.Inputs() {
		if key := fmt.Sprintf("cell %d", past.Cell); source[key] == nil {
			source[key] = strings.Split(past.Text, "\n")
		}
	}
	for i := range found {
		for _, a := range []*result.RaceAccess{&found[i].Access, &found[i].Previous} {
			file, line, _ := strings.Cut(a.At.Where, ":")
			var at int
			if _, err := fmt.Sscan(line, &at); err == nil && at >= 1 && at <= len(source[file]) {
				a.Line = strings.TrimSpace(source[file][at-1])
			}
		}
	}
}

// output is what %race shows.
func (c *races) output(r result.Race, raw string, fail error) report.Output {
	o := report.Output{Result: r, Untimed: true}
	if raw != "" {
		o.Raw = []byte(raw)
	}
	if fail != nil {
		o.Partial = "the races of what ran"
	}
	o.Text = r.String() + "\n"
	head := report.Headline{Figure: r.String()}
	if r.Seen > 0 {
		head.Label = fmt.Sprintf("(`go run -race` would end with exit status %d)", r.Exit)
		o.Text += fmt.Sprintf("go run -race would end with exit status %d\n", r.Exit)
	} else {
		head.Label = "in what ran"
	}
	o.HTML = append(o.HTML, head)
	for i, race := range r.Races {
		title := fmt.Sprintf("race %d: %s and %s without order", i+1, race.Access.Op, race.Previous.Op)
		if race.Seen > 1 {
			title += ", seen " + quantity.Counted(race.Seen, "time")
		}
		t := accessTable(race)
		o.Text += "\n" + title + "\n" + t.Text() + "\n"
		o.HTML = append(o.HTML, report.Heading(title), t, report.Details{Summary: "stacks", Blocks: []report.Block{report.Text(raceStacks(race))}})
	}
	if len(r.Races) == 0 {
		note := "the detector sees the races of what ran; other schedules may have others"
		o.Text += note + "\n"
		o.HTML = append(o.HTML, report.Note(note))
	}
	return o
}

// accessTable is the two accesses of a race.
func accessTable(r result.DataRace) report.Table {
	t := report.Table{Unsorted: true, Columns: []report.Column{{Name: "access", Align: report.Left}, {Name: "at", Align: report.Left}, {Name: "line", Align: report.Code}, {Name: "by", Align: report.Left}}}
	known := r.Access.Started != (result.TracePlace{}) || r.Previous.Started != (result.TracePlace{})
	if known {
		t.Columns = append(t.Columns, report.Column{Name: "which was started at", Align: report.Left})
	}
	for _, a := range []result.RaceAccess{r.Access, r.Previous} {
		cells := []report.Cell{report.Word(a.Op), report.Word(at(a.At)), report.Word(a.Line), report.Word(runner(a))}
		if known {
			cells = append(cells, report.Word(at(a.Started)))
		}
		t.Rows = append(t.Rows, report.Cells(cells...))
	}
	return t
}

// runner is the goroutine of an access, with the function that it began with.
func runner(a result.RaceAccess) string {
	if n := len(a.Frames); n > 0 {
		return a.Goroutine + ", " + a.Frames[n-1].Function
	}
	return a.Goroutine
}

func raceStacks(r result.DataRace) string {
	var b strings.Builder
	for _, a := range []result.RaceAccess{r.Access, r.Previous} {
		fmt.Fprintf(&b, "%s by %s\n", a.Op, a.Goroutine)
		for _, f := range a.Frames {
			fmt.Fprintf(&b, "    %s  %s\n", f.Function, f.Where)
		}
	}
	return strings.TrimRight(b.String(), "\n")
}
