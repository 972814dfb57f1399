package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// quiet counts what a cell produces and drops it.
type quiet struct {
	bytes    int64
	displays int
}

func (q *quiet) Stream(_, text string) { q.bytes += int64(len(text)) }
func (q *quiet) Display(display.Event) { q.displays++ }

// cells measures the live engine: a trivial cell beside go build and run of the
// same program, the start of a session, growth over 100 cells, late cells, output.
func cells(ctx context.Context, r *Report, progress func(string)) error {
	steps := []struct {
		what string
		run  func(context.Context, *Report) error
	}{
		{"starting sessions", startup},
		{"trivial cells beside go build", trivial},
		{"100 cells", growth},
		{"late cells of a long session", late},
		{"output", output},
		{"loops at the top level beside loops in a function", loops},
	}
	for _, s := range steps {
		progress(s.what)
		if err := s.run(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	return nil
}

// open starts a session and runs its first cell.
func open(ctx context.Context) (*session.Session, error) {
	s := session.New(session.Options{})
	if err := s.Start(ctx); err != nil {
		return nil, err
	}
	if err := exec1(ctx, s, "1 + 1"); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// exec1 runs a cell that must succeed.
func exec1(ctx context.Context, s *session.Session, code string) error {
	if res := s.Execute(ctx, code, &quiet{}); res.Err != nil {
		return res.Err
	}
	return nil
}

// startup measures from nothing to the first result, with warm caches.
func startup(ctx context.Context, r *Report) error {
	var times []float64
	for i := range 6 {
		start := time.Now()
		s, err := open(ctx)
		if err != nil {
			return err
		}
		if i > 0 { // the first fills the caches
			times = append(times, time.Since(start).Seconds())
		}
		if err := s.Close(); err != nil {
			return err
		}
	}
	r.add("start to first result", median(times), "s", "median of 5, warm cache")
	return nil
}

const trivialRuns = 21

// trivial interleaves one cell with go build and run of the same program.
func trivial(ctx context.Context, r *Report) error {
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	dir, err := os.MkdirTemp("", "hpgo-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module trivial\n\ngo 1.26\n"), 0o644); err != nil {
		return err
	}
	var cell, program, ratio []float64
	for i := range trivialRuns {
		start := time.Now()
		if err := exec1(ctx, s, fmt.Sprintf("fmt.Println(\"hello\", %d)", i)); err != nil {
			return err
		}
		a := time.Since(start).Seconds()
		b, err := buildAndRun(ctx, dir, i)
		if err != nil {
			return err
		}
		if i > 0 {
			cell, program, ratio = append(cell, a), append(program, b), append(ratio, a/b)
		}
	}
	note := fmt.Sprintf("median of %d, interleaved", trivialRuns-1)
	r.add("warm trivial cell", median(cell), "s", note)
	r.add("go build + run", median(program), "s", note)
	r.add("cell / (go build + run)", median(ratio), "ratio", "median of the pairs")
	return nil
}

// buildAndRun does what one does without a kernel.
func buildAndRun(ctx context.Context, dir string, i int) (float64, error) {
	text := fmt.Sprintf("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\", %d) }\n", i)
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o644); err != nil {
		return 0, err
	}
	start := time.Now()
	if out, err := goTool(ctx, dir, nil, "build", "-o", "trivial", "."); err != nil {
		return 0, fmt.Errorf("go build: %w\n%s", err, out)
	}
	if err := exec.CommandContext(ctx, filepath.Join(dir, "trivial")).Run(); err != nil {
		return 0, err
	}
	return time.Since(start).Seconds(), nil
}

// growth runs 100 cells that declare, compute and define, and compares the
// worker's size and the time to load at both ends.
func growth(ctx context.Context, r *Report) error {
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	before, err := s.Usage(ctx)
	if err != nil {
		return err
	}
	r.add("idle worker RSS", float64(before.RSS), "B", "after one cell")
	r.add("idle kernel RSS", float64(ownRSS()), "B", "this process")
	var first, last []float64
	for i := range 100 {
		code := fmt.Sprintf("v%d := %d\nfunc f%d(n int) int { return n + v%d }\nf%d(1)", i, i, i, i, i)
		if err := exec1(ctx, s, code); err != nil {
			return err
		}
		load := s.LastTiming().Load.Seconds()
		if i < 10 {
			first = append(first, load)
		} else if i >= 90 {
			last = append(last, load)
		}
	}
	after, err := s.Usage(ctx)
	if err != nil {
		return err
	}
	r.add("time to load, cells 1-10", median(first), "s", "median")
	r.add("time to load, cells 91-100", median(last), "s", "median")
	r.add("RSS per cell", float64(after.RSS-before.RSS)/100, "B", "over 100 cells, each a variable and a function")
	return nil
}

// lateFunctions is how many functions a long session has: as many as a notebook of
// this repository.
const lateFunctions = 80

// late interleaves trivial cells and measurements of a session that has many
// functions with those of a session that has one.
func late(ctx context.Context, r *Report) error {
	var sessions [2]*session.Session
	for i, functions := range []int{1, lateFunctions} {
		s, err := open(ctx)
		if err != nil {
			return err
		}
		defer s.Close()
		for n := range functions {
			if err := exec1(ctx, s, worker(n)); err != nil {
				return err
			}
		}
		sessions[i] = s
	}
	var cell, magic [2][]float64
	for i := range trivialRuns {
		for j, s := range sessions {
			start := time.Now()
			if err := exec1(ctx, s, fmt.Sprintf("seen := %d", i)); err != nil {
				return err
			}
			middle := time.Now()
			if err := exec1(ctx, s, fmt.Sprintf("%%timeit -q -n 1 -r 1 describe0(%d)", i)); err != nil {
				return err
			}
			cell[j], magic[j] = append(cell[j], middle.Sub(start).Seconds()), append(magic[j], time.Since(middle).Seconds())
		}
	}
	note := fmt.Sprintf("median of %d, interleaved with a session of one function", trivialRuns)
	r.add(fmt.Sprintf("trivial cell behind %d functions", lateFunctions), median(cell[1]), "s", note)
	r.add("the same / behind one function", median(cell[1])/median(cell[0]), "ratio", note)
	r.add(fmt.Sprintf("%%timeit -n 1 -r 1 behind %d functions", lateFunctions), median(magic[1]), "s", note)
	return nil
}

// worker is a cell with a function of some lines and a variable whose type is a
// struct of a package.
func worker(n int) string {
	return fmt.Sprintf(`var when%[1]d time.Time

// describe%[1]d writes down n numbers.
func describe%[1]d(n int) string {
	var b strings.Builder
	seen := map[string]int{}
	for i := range n {
		key := strconv.Itoa(i %% 7)
		if seen[key]++; seen[key] > 1 {
			continue
		}
		fmt.Fprintf(&b, "%%s: %%d %%v\n", key, seen[key]+%[1]d, when%[1]d)
	}
	keys := slices.Sorted(maps.Keys(seen))
	slices.Reverse(keys)
	return b.String() + strings.Join(keys, ", ")
}`, n)
}

// output floods the kernel and checks that nothing is lost before the cap.
func output(ctx context.Context, r *Report) error {
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	q := &quiet{}
	start := time.Now()
	if res := s.Execute(ctx, "line := strings.Repeat(\"x\", 99)\nfor range 1_000_000 { fmt.Println(line) }", q); res.Err != nil {
		return res.Err
	}
	r.add("100 MB of text", time.Since(start).Seconds(), "s", fmt.Sprintf("%d bytes delivered before the cap", q.bytes))
	q = &quiet{}
	start = time.Now()
	if res := s.Execute(ctx, "for i := range 10_000 { display.Show(i) }", q); res.Err != nil {
		return res.Err
	}
	r.add("10,000 displays", time.Since(start).Seconds(), "s", fmt.Sprintf("%d delivered", q.displays))
	return nil
}

// loops compares a loop over top-level variables with the same loop in a function.
func loops(ctx context.Context, r *Report) error {
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := exec1(ctx, s, "xs := make([]float64, 1_000_000)"); err != nil {
		return err
	}
	for _, l := range []struct{ name, variable, body string }{
		{"integer", "0", "for i := 0; i < 100_000_000; i++ { v += i ^ (v >> 3) }"},
		{"float", "1.0", "for i := 0; i < 100_000_000; i++ { v = v*0.999 + float64(i) }"},
		{"slice", "0.0", "for k := 0; k < 100; k++ { for i := range xs { v += xs[i] } }"},
	} {
		ratio, err := loopRatio(ctx, s, l.variable, l.body)
		if err != nil {
			return err
		}
		r.add("top-level loop / function, "+l.name, ratio, "ratio", "median of 7 pairs")
	}
	return nil
}

// loopRatio measures one loop over a top-level variable v, and in a function.
func loopRatio(ctx context.Context, s *session.Session, start, body string) (float64, error) {
	if err := exec1(ctx, s, "//go:noinline\nfunc inFunction() any { v := "+start+"; "+body+"; return v }\nv := "+start); err != nil {
		return 0, err
	}
	var ratios []float64
	for range 7 {
		top, err := runTime(ctx, s, "v = "+start+"\n"+body)
		if err != nil {
			return 0, err
		}
		fn, err := runTime(ctx, s, "_ = inFunction()")
		if err != nil {
			return 0, err
		}
		ratios = append(ratios, top/fn)
	}
	return median(ratios), nil
}

// runTime runs a cell and returns how long its code ran, without the build.
func runTime(ctx context.Context, s *session.Session, code string) (float64, error) {
	if err := exec1(ctx, s, code); err != nil {
		return 0, err
	}
	return s.LastTiming().Run.Seconds(), nil
}
