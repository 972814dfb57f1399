package bench

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"hpgo/kernel/session"
	"hpgo/magics/result"
)

//go:embed profilers.py
var profilersScript string

// measuring measures the measuring magics: how true they are and what they cost.
func measuring(ctx context.Context, r *Report, progress func(string)) error {
	if err := agreement(ctx, r, progress); err != nil {
		return err
	}
	progress("Python's profilers")
	peer, err := pythonProfilers(ctx)
	if err != nil {
		r.Notes = append(r.Notes, fmt.Sprintf("Without Python's profilers (%v): put a python3 with line_profiler and memory_profiler first on PATH, for instance a virtual environment's after pip install line_profiler memory_profiler.", err))
	}
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	progress("%memit on a buffer that is touched and dropped")
	if err := r.peaks(ctx, s); err != nil {
		return err
	}
	progress("profilers on the Julia set")
	if err := r.overheads(ctx, s); err != nil {
		return fmt.Errorf("profilers on the Julia set: %w", err)
	}
	if peer != nil {
		r.python(peer)
	}
	return nil
}

const (
	profiledWidth  = 200 // of the Julia set in Python, whose profilers take long
	profiledRounds = 5
	bufferSize     = 50_000_000 // bytes, 47.7 MiB
)

// pythonRuns is what the script prints.
type pythonRuns struct {
	Version        string               `json:"version"`
	Sum            int                  `json:"sum"` // of the counts
	Missing        []string             `json:"missing"`
	Seconds        map[string][]float64 `json:"seconds"`         // by profiler; "plain" without
	Small          []float64            `json:"small"`           // s, without a profiler on memory_profiler's smaller grid
	MemoryProfiler []float64            `json:"memory_profiler"` // s, with it
	Increments     []float64            `json:"increments"`      // B that it says of a buffer
}

// pythonProfilers runs the script with the python3 on PATH.
func pythonProfilers(ctx context.Context) (*pythonRuns, error) {
	path, err := exec.LookPath("python3")
	if err != nil {
		return nil, err
	}
	// memory_profiler reads the source again: it must be a file.
	dir, err := os.MkdirTemp("", "hpgo-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "profilers.py")
	if err := os.WriteFile(script, []byte(profilersScript), 0o644); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, script, fmt.Sprint(profiledWidth), fmt.Sprint(profiledRounds), fmt.Sprint(bufferSize))
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", path, err, lastLine(complaint.String()))
	}
	var runs pythonRuns
	if err := json.Unmarshal(out, &runs); err != nil {
		return nil, fmt.Errorf("%s answers %q: %w", path, out, err)
	}
	return &runs, nil
}

// peaks compares what %memit and memory_profiler say of a buffer whose size is known.
func (r *Report) peaks(ctx context.Context, s *session.Session) error {
	const cell = "func touch(size int) {\n\tbuffer := make([]byte, size)\n\tfor i := range buffer {\n\t\tbuffer[i] = 1\n\t}\n}"
	if err := exec1(ctx, s, cell); err != nil {
		return err
	}
	var wrong []float64
	for range profiledRounds {
		var m result.Memit
		if err := magicResult(ctx, s, fmt.Sprintf("%%memit -json touch(%d)", bufferSize), &m); err != nil {
			return err
		}
		wrong = append(wrong, math.Abs(float64(m.Increment)-bufferSize))
	}
	note := fmt.Sprintf("from 47.7 MiB, the worst of %d", profiledRounds)
	r.add("%memit is off by", worst(wrong), "B", note)
	return nil
}

// python adds what Python's profilers cost and say.
func (r *Report) python(p *pythonRuns) {
	plain := median(p.Seconds["plain"])
	r.add("Julia set in Python", plain, "s", fmt.Sprintf("version %s, width %d, median of %d", p.Version, profiledWidth, len(p.Seconds["plain"])))
	for _, name := range []string{"cProfile", "line_profiler"} {
		if times := p.Seconds[name]; len(times) > 0 {
			r.add("  under "+name, median(times)/plain, "ratio", "of the medians, interleaved")
		}
	}
	if len(p.MemoryProfiler) > 0 {
		r.add("  under memory_profiler", median(p.MemoryProfiler)/median(p.Small), "ratio", fmt.Sprintf("width %d", profiledWidth/10))
	}
	var wrong []float64
	for _, v := range p.Increments {
		wrong = append(wrong, math.Abs(v-bufferSize))
	}
	if len(wrong) > 0 {
		r.add("memory_profiler's %memit is off by", worst(wrong), "B", fmt.Sprintf("from 47.7 MiB, the worst of %d", len(wrong)))
	}
	if len(p.Missing) > 0 {
		r.Notes = append(r.Notes, "That Python has no "+strings.Join(p.Missing, " and no ")+": pip install "+strings.Join(p.Missing, " ")+".")
	}
}

// worst returns the largest value.
func worst(values []float64) float64 {
	most := 0.0
	for _, v := range values {
		most = max(most, v)
	}
	return most
}
