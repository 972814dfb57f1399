package notebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// scripted is an executor whose cells are names of Go functions.
type scripted struct {
	cells map[string]func(context.Context, session.Sink) session.Result
	ran   []string
}

func (s *scripted) Execute(ctx context.Context, code string, sink session.Sink) session.Result {
	s.ran = append(s.ran, code)
	r := session.Result{}
	if f := s.cells[code]; f != nil {
		r = f(ctx, sink)
	}
	r.Count = len(s.ran)
	return r
}

func text(s string) display.Bundle {
	return display.Bundle{Data: map[string]any{"text/plain": s}}
}

func show(id, s string) display.Event {
	return display.Event{Op: display.OpDisplay, ID: id, Bundle: text(s)}
}

// cells makes a notebook of code cells.
func cells(sources ...string) *Notebook {
	nb := New()
	for _, s := range sources {
		nb.Append(Code, s)
	}
	return nb
}

// shownText is the outputs of a cell on one line each.
func shownText(c *Cell) string {
	var b strings.Builder
	for _, o := range c.Outputs {
		switch o.Type {
		case StreamOutput:
			fmt.Fprintf(&b, "%s %q\n", o.Name, o.Text)
		case ErrorOutput:
			fmt.Fprintf(&b, "error %s: %s %q\n", o.EName, o.EValue, o.Traceback)
		case ResultOutput:
			fmt.Fprintf(&b, "Out[%d] %v\n", *o.ExecutionCount, o.Data["text/plain"])
		default:
			fmt.Fprintf(&b, "display %v\n", o.Data["text/plain"])
		}
	}
	return b.String()
}

func TestOutputs(t *testing.T) {
	value := text("42")
	tests := []struct {
		name string
		run  func(context.Context, session.Sink) session.Result
		want string
	}{
		{"streams merge", func(_ context.Context, s session.Sink) session.Result {
			s.Stream("stdout", "a")
			s.Stream("stdout", "b\n")
			s.Stream("stderr", "e")
			s.Stream("stdout", "c")
			s.Display(show("", "d"))
			s.Stream("stdout", "f")
			s.Stream("stdout", "")
			return session.Result{Value: &value}
		}, "stdout \"ab\\n\"\nstderr \"e\"\nstdout \"c\"\ndisplay d\nstdout \"f\"\nOut[1] 42\n"},
		{"error last", func(_ context.Context, s session.Sink) session.Result {
			s.Stream("stdout", "a")
			return session.Result{Err: &session.Error{Name: "Panic", Value: "boom", Traceback: []string{"t1", "t2"}}}
		}, "stdout \"a\"\nerror Panic: boom [\"t1\" \"t2\"]\n"},
		{"carriage returns", func(_ context.Context, s session.Sink) session.Result {
			for i := range 3 {
				s.Stream("stderr", fmt.Sprintf("\r%d %%", i))
			}
			return session.Result{}
		}, "stderr \"2 %\"\n"},
		{"erased progress leaves nothing", func(_ context.Context, s session.Sink) session.Result {
			s.Stream("stderr", "50 %\r\x1b[K")
			return session.Result{}
		}, ""},
		{"clear now", func(_ context.Context, s session.Sink) session.Result {
			s.Stream("stdout", "a")
			s.Display(display.Event{Op: display.OpClear})
			s.Stream("stdout", "b")
			return session.Result{}
		}, "stdout \"b\"\n"},
		{"clear when the next comes", func(_ context.Context, s session.Sink) session.Result {
			s.Stream("stdout", "a")
			s.Display(display.Event{Op: display.OpClear, Wait: true})
			s.Display(show("", "b"))
			s.Display(show("", "c"))
			return session.Result{}
		}, "display b\ndisplay c\n"},
		{"clear with nothing after it", func(_ context.Context, s session.Sink) session.Result {
			s.Stream("stdout", "a")
			s.Display(display.Event{Op: display.OpClear, Wait: true})
			return session.Result{}
		}, "stdout \"a\"\n"},
		{"update", func(_ context.Context, s session.Sink) session.Result {
			s.Display(show("x", "1"))
			s.Display(show("x", "2"))
			s.Display(display.Event{Op: display.OpUpdate, ID: "x", Bundle: text("3")})
			s.Display(display.Event{Op: display.OpUpdate, ID: "nobody", Bundle: text("4")})
			return session.Result{}
		}, "display 3\ndisplay 3\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			nb := cells("c")
			ex := &scripted{cells: map[string]func(context.Context, session.Sink) session.Result{"c": tt.run}}
			RunAll(t.Context(), nb, ex, Options{})
			if got := shownText(nb.Cells[0]); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestUpdateOverCells(t *testing.T) {
	nb := cells("show", "update")
	var old session.Sink
	ex := &scripted{cells: map[string]func(context.Context, session.Sink) session.Result{
		"show": func(_ context.Context, s session.Sink) session.Result {
			old = s
			s.Display(show("x", "before"))
			return session.Result{}
		},
		"update": func(_ context.Context, s session.Sink) session.Result {
			old.Stream("stdout", "too late for the first cell")
			s.Display(show("x", "now"))
			s.Display(display.Event{Op: display.OpUpdate, ID: "x", Bundle: text("after")})
			return session.Result{}
		},
	}}
	if _, err := RunAll(t.Context(), nb, ex, Options{}); err != nil {
		t.Fatal(err)
	}
	if got := shownText(nb.Cells[0]) + shownText(nb.Cells[1]); got != "display after\ndisplay after\n" {
		t.Error(got)
	}
}

func fail(context.Context, session.Sink) session.Result {
	return session.Result{Err: &session.Error{Name: "Panic", Value: "boom"}}
}

// TestErased: a display that ends empty isn't kept, one that a later cell fills
// is.
func TestErased(t *testing.T) {
	ex := &scripted{cells: map[string]func(context.Context, session.Sink) session.Result{
		"bars": func(_ context.Context, s session.Sink) session.Result {
			s.Display(show("gone", "50 %"))
			s.Display(show("back", "50 %"))
			for _, id := range []string{"gone", "back"} {
				s.Display(display.Event{Op: display.OpUpdate, ID: id, Bundle: display.Bundle{Data: map[string]any{"text/plain": "", "text/html": ""}}})
			}
			return session.Result{}
		},
		"fill": func(_ context.Context, s session.Sink) session.Result {
			s.Display(display.Event{Op: display.OpUpdate, ID: "back", Bundle: text("done")})
			return session.Result{}
		},
	}}
	nb := cells("bars", "fill")
	if _, err := RunAll(t.Context(), nb, ex, Options{}); err != nil {
		t.Fatal(err)
	}
	if got := shownText(nb.Cells[0]); len(nb.Cells[0].Outputs) != 1 || !strings.Contains(got, "done") {
		t.Errorf("kept:\n%s", got)
	}
}

func TestStopAndKeepGoing(t *testing.T) {
	script := map[string]func(context.Context, session.Sink) session.Result{"fail": fail, "fail too": fail}
	for _, keep := range []bool{false, true} {
		nb := cells("a", "fail", "b", "fail too")
		nb.Cells[2].Outputs = []*Output{{Type: StreamOutput, Name: "stdout", Text: "stale"}}
		ex := &scripted{cells: script}
		sum, err := RunAll(t.Context(), nb, ex, Options{KeepGoing: keep})
		var failed *CellError
		if !errors.As(err, &failed) || failed.Position != 2 || failed.ID != nb.Cells[1].ID || err.Error() != "cell 2: Panic: boom" {
			t.Errorf("keep %v: error %v", keep, err)
		}
		want := Summary{Ran: 2, Failed: sum.Failed[:1], Elapsed: sum.Elapsed}
		if keep {
			want.Ran, want.Failed = 4, sum.Failed[:2]
		}
		if fmt.Sprint(sum) != fmt.Sprint(want) {
			t.Errorf("keep %v: summary %+v", keep, sum)
		}
		if len(nb.Cells[2].Outputs) != 0 {
			t.Errorf("keep %v: stale output left", keep)
		}
	}
}

func tag(c *Cell, tags ...string) *Cell {
	list := []any{}
	for _, t := range tags {
		list = append(list, t)
	}
	c.Metadata["tags"] = list
	return c
}

func TestTags(t *testing.T) {
	nb := cells("fail", "skip", "  \n", "a")
	tag(nb.Cells[0], "raises-exception")
	tag(nb.Cells[1], "skip-execution").Outputs = []*Output{{Type: StreamOutput, Name: "stdout", Text: "kept"}}
	ex := &scripted{cells: map[string]func(context.Context, session.Sink) session.Result{"fail": fail}}
	sum, err := RunAll(t.Context(), nb, ex, Options{})
	if err != nil || fmt.Sprint(ex.ran) != "[fail a]" || sum.Ran != 2 || sum.Skipped != 2 {
		t.Errorf("ran %v, summary %+v, error %v", ex.ran, sum, err)
	}
	if shownText(nb.Cells[1]) != "stdout \"kept\"\n" {
		t.Error("a skipped cell lost its outputs")
	}
	if nb.Cells[2].ExecutionCount != nil || *nb.Cells[3].ExecutionCount != 2 {
		t.Error("execution counts")
	}
}

func untilStopped(ctx context.Context, s session.Sink) session.Result {
	s.Stream("stdout", "begun")
	<-ctx.Done()
	return session.Result{Err: &session.Error{Name: "Interrupted", Value: "stopped", Traceback: []string{"at line 3"}}}
}

func TestTimeout(t *testing.T) {
	nb := cells("slow", "after")
	tag(nb.Cells[0], "raises-exception") // does not excuse a timeout
	ex := &scripted{cells: map[string]func(context.Context, session.Sink) session.Result{"slow": untilStopped}}
	_, err := RunAll(t.Context(), nb, ex, Options{Timeout: time.Millisecond})
	var failed *CellError
	if !errors.As(err, &failed) || failed.Err.Name != "Timeout" {
		t.Fatalf("error %v", err)
	}
	want := "stdout \"begun\"\nerror Timeout: the cell ran longer than its limit of 1ms [\"Timeout: the cell ran longer than its limit of 1ms\" \"at line 3\"]\n"
	if got := shownText(nb.Cells[0]); got != want {
		t.Errorf("got %s", got)
	}
	if len(ex.ran) != 1 {
		t.Error("the run went on after the timeout")
	}
	own := &session.Error{Name: "Timeout", Value: "too long", Traceback: []string{"Timeout: too long", "x is lost"}}
	if got := timeoutError(time.Second, own); strings.Join(got.Traceback, "|") != "Timeout: the cell ran longer than its limit of 1s|x is lost" {
		t.Errorf("the session's own timeout becomes %q", got.Traceback)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	nb := cells("slow", "after")
	ex := &scripted{cells: map[string]func(context.Context, session.Sink) session.Result{
		"slow": func(ctx context.Context, s session.Sink) session.Result { cancel(); return untilStopped(ctx, s) },
	}}
	_, err := RunAll(ctx, nb, ex, Options{KeepGoing: true})
	if !errors.Is(err, context.Canceled) || len(ex.ran) != 1 {
		t.Errorf("ran %v, error %v", ex.ran, err)
	}
	if !strings.Contains(shownText(nb.Cells[0]), "error Interrupted") {
		t.Error("the stopped cell has no error output")
	}
}

func TestProgress(t *testing.T) {
	nb := New()
	nb.Append(Markdown, "# A")
	nb.Append(Code, "a")
	tag(nb.Append(Code, "s"), "skip-execution")
	nb.Append(Code, "fail")
	var lines []string
	ex := &scripted{cells: map[string]func(context.Context, session.Sink) session.Result{"fail": fail}}
	RunAll(t.Context(), nb, ex, Options{Progress: func(p Progress) {
		lines = append(lines, fmt.Sprintf("%d/%d cell %d %s done=%v skipped=%v err=%v", p.Cell, p.Of, p.Position, p.Source, p.Done, p.Skipped, p.Err != nil))
	}})
	want := `1/3 cell 2 a done=false skipped=false err=false
1/3 cell 2 a done=true skipped=false err=false
2/3 cell 3 s done=true skipped=true err=false
3/3 cell 4 fail done=false skipped=false err=false
3/3 cell 4 fail done=true skipped=false err=true`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestRunMetadata(t *testing.T) {
	nb := cells("a")
	nb.Cells[0].Metadata["execution"] = Object{"iopub.execute_input": "stale"}
	ex := &scripted{}
	RunAll(t.Context(), nb, ex, Options{})
	if _, there := nb.Cells[0].Metadata["execution"]; there {
		t.Error("time stamps written, or stale ones kept, without being asked")
	}
	if fmt.Sprint(nb.Metadata["kernelspec"]) != "map[display_name:Go (hpgo) language:go name:hpgo]" {
		t.Errorf("kernelspec %v", nb.Metadata["kernelspec"])
	}
	RunAll(t.Context(), nb, ex, Options{RecordTiming: true, LanguageInfo: Object{"name": "go", "version": "x"}})
	times, _ := nb.Cells[0].Metadata["execution"].(Object)
	if _, err := time.Parse(time.RFC3339Nano, fmt.Sprint(times["shell.execute_reply"])); err != nil {
		t.Error(err)
	}
	if fmt.Sprint(nb.Metadata["language_info"]) != "map[name:go version:x]" {
		t.Errorf("language_info %v", nb.Metadata["language_info"])
	}
}

func TestJSONValues(t *testing.T) {
	type point struct{ X, Y int }
	nb := cells("c")
	ex := &scripted{cells: map[string]func(context.Context, session.Sink) session.Result{
		"c": func(_ context.Context, s session.Sink) session.Result {
			b := text("p")
			b.Data["application/json"] = []point{{1, 2}}
			b.Metadata = map[string]any{"image/png": map[string]any{"width": 3}}
			s.Display(display.Event{Op: display.OpDisplay, Bundle: b})
			return session.Result{}
		},
	}}
	if _, err := RunAll(t.Context(), nb, ex, Options{}); err != nil {
		t.Fatal(err)
	}
	out := nb.Cells[0].Outputs[0]
	if s, _ := json.Marshal(out.Data["application/json"]); string(s) != `[{"X":1,"Y":2}]` {
		t.Errorf("json %s", s)
	}
	ex.cells["c"] = func(_ context.Context, s session.Sink) session.Result {
		s.Display(display.Event{Bundle: display.Bundle{Data: map[string]any{"application/json": func() {}}}})
		return session.Result{}
	}
	if _, err := RunAll(t.Context(), nb, ex, Options{}); err == nil || !strings.Contains(err.Error(), "cell 1: output application/json") {
		t.Errorf("a value that is no JSON: %v", err)
	}
}

func TestFoldStream(t *testing.T) {
	for in, want := range map[string]string{
		"plain\n":              "plain\n",
		"a\rb\n":               "b\n",
		"a\r\nb\r\n":           "a\nb\n",
		"1\r2\r3":              "3",
		"done\r":               "done",
		"x\r   \r":             "",
		"x\r   \rend\n":        "end\n",
		"abc\b\bX":             "aX",
		"\b\bA":                "A",
		"é\be":                 "e",
		"line\n50%\r\x1b[Kok":  "line\nok",
		"keep\n10\r20\nkeep\n": "keep\n20\nkeep\n",
	} {
		if got := FoldStream(in); got != want {
			t.Errorf("FoldStream(%q) = %q, want %q", in, got, want)
		}
	}
}
