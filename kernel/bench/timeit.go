package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
	"hpgo/magics/result"
)

// timed is Go that %timeit and go test measure alike.
type timed struct {
	name    string
	imports string // of the declarations and the body
	declare string
	setup   string // before the loop
	body    string
	// allocates: the collector of a live session has more to do than a test's, so
	// it is timed in a program of its own as well.
	allocates bool
}

// juliaGo is the Julia set of High Performance Python, chapter 2: coordinates by
// repeated addition, the test before the step.
const juliaGo = `func coordinates(width int) (zs, cs []complex128) {
	const lo, hi = -1.8, 1.8
	step := (hi - lo) / float64(width)
	for y := hi; y > lo; y -= step {
		for x := lo; x < hi; x += step {
			zs = append(zs, complex(x, y))
			cs = append(cs, -0.62772-0.42193i)
		}
	}
	return zs, cs
}

func calculate(limit int, zs, cs []complex128) []int {
	output := make([]int, len(zs))
	for i := range zs {
		n, z, c := 0, zs[i], cs[i]
		for cmplx.Abs(z) < 2 && n < limit {
			z = z*z + c
			n++
		}
		output[i] = n
	}
	return output
}

func calcPure(width, limit int) []int {
	zs, cs := coordinates(width)
	return calculate(limit, zs, cs)
}
`

// timedBodies take from a nanosecond to a tenth of a second. What two that mostly
// allocate take depends on what a process's memory went through before.
func timedBodies() []timed {
	return []timed{
		// Each step waits for the one before, so that the loop around it costs nothing.
		{name: "a multiplication and an addition", setup: "x := 1.0", body: "x = x*0.999 + 1"},
		{name: "a sum of 128 floats", declare: "func total(xs []float64) float64 {\n\tsum := 0.0\n\tfor _, x := range xs {\n\t\tsum += x\n\t}\n\treturn sum\n}",
			setup: "xs := make([]float64, 128)", body: "total(xs)"},
		{name: "counting the words of 10 kB", imports: "strings", setup: `text := strings.Repeat("word by word ", 800)`, body: `strings.Count(text, " by ")`},
		{name: "SHA-256 of 1 MiB", imports: "crypto/sha256", setup: "data := make([]byte, 1<<20)", body: "sha256.Sum256(data)"},
		{name: "the Julia set, 250,000 points", imports: "math/cmplx", declare: juliaGo, setup: "zs, cs := coordinates(500)", body: "calculate(300, zs, cs)"},
		{name: "the words of 10 kB", imports: "strings", setup: `text := strings.Repeat("word by word ", 800)`, body: "strings.Fields(text)", allocates: true},
		{name: "the points of the Julia set", imports: "math/cmplx", declare: juliaGo, body: "coordinates(500)", allocates: true},
	}
}

const (
	timedRounds = 9 // of both sides in turn
	timedRuns   = 2 // of each side in a round
)

// agreement compares %timeit with go test -bench of the same body.
func agreement(ctx context.Context, r *Report, progress func(string)) error {
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	for _, body := range timedBodies() {
		progress("%timeit beside go test: " + body.name)
		if err := r.agree(ctx, s, body); err != nil {
			return fmt.Errorf("%s: %w", body.name, err)
		}
	}
	return nil
}

// agree adds the figures of one body.
func (r *Report) agree(ctx context.Context, s *session.Session, body timed) error {
	program, err := body.testProgram(ctx)
	if err != nil {
		return err
	}
	defer os.RemoveAll(filepath.Dir(program))
	if err := exec1(ctx, s, body.cell()); err != nil {
		return err
	}
	flags := []string{""}
	if body.allocates {
		flags = append(flags, "-fresh ")
	}
	ours, theirs := make([][]float64, len(flags)), []float64{}
	for range timedRounds {
		for i, flag := range flags {
			var t result.Timeit
			if err := magicResult(ctx, s, fmt.Sprintf("%%%%timeit -json %s-r %d %s\n%s", flag, timedRuns, body.setup, body.body), &t); err != nil {
				return err
			}
			ours[i] = append(ours[i], t.Timings()...)
		}
		times, err := benchmarkTimes(ctx, program)
		if err != nil {
			return err
		}
		theirs = append(theirs, times...)
	}
	note := fmt.Sprintf("median of %d, interleaved", timedRounds*timedRuns)
	r.add(body.name+", %timeit", median(ours[0]), "s", note)
	r.add("  go test -bench", median(theirs), "s", note)
	for i, flag := range flags {
		r.add("  %timeit "+flag+"/ go test", median(ours[i])/median(theirs), "ratio", fmt.Sprintf("of the medians; %.3g of the fastest", slices.Min(ours[i])/slices.Min(theirs)))
	}
	return nil
}

// cell declares what the body needs.
func (b timed) cell() string {
	text := b.declare
	if b.imports != "" {
		text = fmt.Sprintf("import %q\n%s", b.imports, text)
	}
	return text
}

// test is a test file with the body as a benchmark.
func (b timed) test() string {
	imports := "import \"testing\"\n"
	if b.imports != "" {
		imports += fmt.Sprintf("import %q\n", b.imports)
	}
	return "package timed\n\n" + imports + "\n" + b.declare + "\n\nfunc BenchmarkBody(bench *testing.B) {\n" + b.setup +
		"\nfor bench.Loop() {\n" + b.body + "\n}\n}\n"
}

// testProgram builds the body's benchmark, as an ordinary test binary in a
// directory of its own.
func (b timed) testProgram(ctx context.Context) (path string, err error) {
	dir, err := os.MkdirTemp("", "hpgo-bench-")
	if err != nil {
		return "", err
	}
	for name, content := range map[string]string{"go.mod": "module timed\n\ngo 1.26\n", "body_test.go": b.test()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return "", err
		}
	}
	path = filepath.Join(dir, "timed.test")
	if out, err := goTool(ctx, dir, nil, "test", "-c", "-o", path, "."); err != nil {
		os.RemoveAll(dir)
		return "", fmt.Errorf("go test -c: %w\n%s", err, out)
	}
	return path, nil
}

// benchmarkTimes runs the benchmark a few times and returns seconds per operation.
func benchmarkTimes(ctx context.Context, program string) ([]float64, error) {
	out, err := exec.CommandContext(ctx, program, "-test.run=^$", "-test.bench=.", "-test.benchtime=250ms", fmt.Sprintf("-test.count=%d", timedRuns)).Output()
	if err != nil {
		return nil, fmt.Errorf("go test -bench: %w", err)
	}
	var times []float64
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") || f[3] != "ns/op" {
			continue
		}
		ns, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			return nil, fmt.Errorf("go test -bench says %q: %w", lines.Text(), err)
		}
		times = append(times, ns/1e9)
	}
	if len(times) == 0 {
		return nil, fmt.Errorf("go test -bench gave no times:\n%s", out)
	}
	return times, nil
}

// data keeps the JSON that a magic shows.
type data struct {
	quiet
	json []byte
}

// Display implements session.Sink.
func (d *data) Display(e display.Event) {
	if raw, ok := e.Bundle.Data["application/json"].(json.RawMessage); ok {
		d.json = raw
	}
}

// magicResult runs a cell with a measuring magic that has the flag -json, and reads
// its result.
func magicResult(ctx context.Context, s *session.Session, cell string, v any) error {
	var sink data
	if res := s.Execute(ctx, cell, &sink); res.Err != nil {
		return res.Err
	}
	envelope := result.Envelope{Result: v}
	if err := json.Unmarshal(sink.json, &envelope); err != nil {
		return fmt.Errorf("the result of %q: %w", cell, err)
	}
	if envelope.Partial != "" {
		return fmt.Errorf("%q was cut short: %s", cell, envelope.Partial)
	}
	return nil
}
