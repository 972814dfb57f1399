package session

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
)

// TestMeasure: programs composed of ours and the user's see the session, declare
// nothing in it, and fail at the user's lines.
func TestMeasure(t *testing.T) {
	s := New(Options{Dir: t.TempDir()})
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	heard := &streams{}
	run := func(code string) {
		t.Helper()
		if res := s.Execute(context.Background(), code, heard); res.Err != nil {
			t.Fatal(res.Err)
		}
	}
	run("xs := []int{1, 2, 3}\nfunc sum(xs []int) (n int) {\n\tfor _, x := range xs {\n\t\tn += x\n\t}\n\treturn n\n}\nfunc at(i int) int { return xs[i] }")
	text := "%%measure t := 10\nt += sum(xs)\nat(t)"
	imports := map[string]string{"hpgo__h": "hpgo/magics/harness"}
	measure := func(pieces []magic.Piece, fresh bool) ([]string, error) {
		d := &dispatcher{Session: s, n: 7, cell: &cell.Cell{Text: text}, sink: &callSink{sink: heard, session: s}}
		s.remember(7, (&cell.Source{Text: text}))
		var got []string
		_, err := d.Measure(context.Background(), magic.Program{Pieces: pieces, Imports: imports, Fresh: fresh,
			Records: func(r harness.Record) { got = append(got, r.Kind+string(r.Data)) }})
		d.rejoin()
		return got, err
	}
	at := func(piece string) magic.Piece { return magic.Piece{Text: piece, At: strings.Index(text, piece)} }
	value := func(name string) string { return "hpgo__h.Report(\"" + name + "\", " + name + ")" }
	for _, fresh := range []bool{false, true} {
		got, err := measure([]magic.Piece{at("t := 10"), magic.Ours("for range 2 {"), at("t += sum(xs)"), magic.Ours(value("t") + "\n}")}, fresh)
		if want := "t16 t22"; err != nil || strings.Join(got, " ") != want {
			t.Fatalf("fresh %v: got %q, %v, want %s", fresh, got, err, want)
		}
	}
	run("for i := range xs { xs[i] *= 10 }")
	got, err := measure([]magic.Piece{at("t := 10"), at("t += sum(xs)"), magic.Ours(value("t"))}, true)
	if err != nil || strings.Join(got, " ") != "t70" {
		t.Errorf("what a loop did to xs is missing in a program of its own: %q, %v", got, err)
	}
	for _, values := range []bool{false, true} {
		d := &dispatcher{Session: s, n: 7, cell: &cell.Cell{Text: text}, sink: &callSink{sink: heard, session: s}}
		files, err := d.Plain(context.Background(), magic.Program{Pieces: []magic.Piece{at("sum(xs)")}, Values: values})
		if err != nil || len(files) != 1 || strings.Contains(files[0].Text, "Into(&xs") != values {
			t.Errorf("a plain program with values %v: %v, %v", values, files, err)
		}
		d.finish()
	}
	again := magic.Ours("hpgo__h.Timed(`{\"points\":[{}],\"loops\":1,\"runs\":2}`).Next()\nxs = append(xs, 1)")
	got, err = measure([]magic.Piece{again, at("t := 10"), at("t += sum(xs)"), magic.Ours(value("t"))}, true)
	if got = slices.DeleteFunc(got, func(r string) bool { return !strings.HasPrefix(r, "t7") }); err != nil || strings.Join(got, " ") != "t71 t72" {
		t.Errorf("between the calls of its entry a program lost what it had made of xs: %q, %v", got, err)
	}
	run("for i := range xs { xs[i] /= 10 }")
	unused := at("t := 10")
	unused.Text, unused.At, unused.Expr = "sum(xs) + 1", strings.Index(text, "sum(xs)"), true
	if _, err := measure([]magic.Piece{unused}, false); err != nil {
		t.Errorf("an expression: %v", err)
	}
	ends := at("t := 10")
	ends.Text = "t := 10; t + 1 // it is measured\n"
	if _, err := measure([]magic.Piece{ends}, false); err != nil {
		t.Errorf("an expression behind a statement: %v", err)
	}
	got, err = measure([]magic.Piece{at("t := 10"), magic.Ours(value("t")), at("at(t)")}, false)
	fail, ok := err.(*Error)
	if !ok || fail.Name != "Panic" || !strings.Contains(strings.Join(fail.Traceback, "\n"), "cell 7:3") || len(got) != 1 {
		t.Errorf("a panic: %q, %v", got, err)
	}
	if ok {
		if trace, _ := json.Marshal(fail.Traceback); strings.Contains(string(trace), "hpgo__") {
			t.Errorf("generated names: %s", trace)
		}
	}
	_, err = measure([]magic.Piece{magic.Ours("for {"), at("at(t)"), magic.Ours("}")}, false)
	if fail, ok = err.(*Error); !ok || fail.Name != "CompileError" || !strings.Contains(fail.Value, "cell 7:3:4: undefined: t") {
		t.Errorf("an undefined name: %v", err)
	}
	for _, d := range s.scope.Decls() {
		if d.Name != "xs" && d.Name != "sum" && d.Name != "at" {
			t.Errorf("the session has %s", d.Name)
		}
	}
	run("if sum(xs) != 6 { panic(xs) }")
	run("type T struct{ n int }\nfunc (t T) String() string { return strings.Repeat(\"t\", t.n) }")
	run("var shown any = T{2}\nfmt.Sprint(shown)") // the code that the type's descriptor knows
	for _, fresh := range []bool{false, true} {
		checkCounts(t, s, fresh)
	}
	run("if fmt.Sprint(shown) != \"tt\" { panic(shown) }")
}

// checkCounts: counters see the session's functions, methods that are called
// through interfaces, and what ran before a panic.
func checkCounts(t *testing.T, s *Session, fresh bool) {
	text := "%count\nfor i := range 4 {\n\tif i == 3 { fmt.Sprint(shown); at(i) }\n\tsum(xs)\n}"
	d := &dispatcher{Session: s, n: 9, cell: &cell.Cell{Text: text}, sink: &callSink{sink: &streams{}, session: s}}
	s.remember(9, (&cell.Source{Text: text}))
	var counts harness.Counts
	body := strings.Index(text, "for")
	countIn, inStrings := map[string][]string{}, ""
	if !fresh { // there the go command would build all that uses the package
		countIn["strings"], inStrings = []string{"Repeat"}, "strings.Repeat:1 "
	}
	out, err := d.Measure(context.Background(), magic.Program{Pieces: []magic.Piece{{Text: text[body:], At: body}}, Fresh: fresh,
		Count:   &cell.Count{Lines: cell.Counted{Keys: []string{"sum"}, Entry: true}, Calls: cell.Counted{All: true}},
		CountIn: countIn,
		Records: func(r harness.Record) {
			if err := json.Unmarshal(r.Data, &counts); err != nil || r.Kind != harness.CountsKind {
				t.Errorf("record %s: %v", r.Kind, err)
			}
		}})
	d.rejoin()
	if fail, ok := err.(*Error); !ok || fail.Name != "Panic" {
		t.Fatalf("fresh %v: %v", fresh, err)
	}
	var got strings.Builder
	for _, c := range out.Counters {
		if c.File != "" {
			if c.Kind == cell.CountCalls {
				fmt.Fprintf(&got, "strings.%s:%d ", c.Func, c.Value(counts.Values))
			}
		} else if c.Kind != cell.CountPrimitive {
			fmt.Fprintf(&got, "%s:%d=%d ", c.Func, c.Line, c.Value(counts.Values))
		}
	}
	if want := inStrings + "sum:2=3 sum:3=12 sum:4=9 sum:6=3 at:8=1 T.String:2=1 :2=4 :3=4 :4=3 "; got.String() != want || !counts.Final {
		t.Errorf("fresh %v: got %s, want %s", fresh, got.String(), want)
	}
}
