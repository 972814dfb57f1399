package timing

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/magic"
	"hpgo/magics/result"
	"hpgo/magics/stats"
)

// baselineSchema names the form of a baseline's JSON.
const baselineSchema = "hpgo.baseline.v1"

// baseline is a stored comparison: NAME.json. NAME.txt beside it has the same runs
// in Go's benchmark format.
type baseline struct {
	Schema   string          `json:"schema"`
	Env      result.Env      `json:"env"`
	Result   result.Compare  `json:"result"`
	Samples  []compareSample `json:"samples"`
	Programs []savedProgram  `json:"programs,omitempty"` // of the variants, for --rerun
	Missing  string          `json:"missing,omitempty"`  // why there are none
}

// savedProgram is the session as an ordinary program that runs one variant.
type savedProgram struct {
	Variant string      `json:"variant"`
	Checked bool        `json:"checked"` // it tells its result
	Files   []cell.File `json:"files"`
}

// baselineFiles are the paths of a baseline.
func baselineFiles(h magic.Host, name string) (text, data string, err error) {
	path, err := magic.Path(h, name)
	if err != nil {
		return "", "", err
	}
	return path + ".txt", path + ".json", nil
}

// checkBaseline refuses what can't be carried out, before anything runs.
func (c *comparison) checkBaseline(h magic.Host) error {
	a, m := c.in.Args, c.in.Magic
	base, rerun := a.Has("base"), a.Has("rerun")
	if (rerun || a.Has("fail") && !a.Has("ir")) && !base {
		return m.Usagef("flags --rerun and --fail of %s need --base NAME", m.Title())
	}
	if a.Has("fail") {
		limit, err := readShare(a.Text("fail", ""))
		if err != nil {
			return m.Usagef("flag --fail of %s: %v", m.Title(), err)
		}
		c.fail = limit
	}
	for _, flag := range []string{"save", "base"} {
		if !a.Has(flag) {
			continue
		}
		text, _, err := baselineFiles(h, a.Text(flag, ""))
		if err == nil {
			var st os.FileInfo
			if st, err = os.Stat(filepath.Dir(text)); err == nil && !st.IsDir() {
				err = fmt.Errorf("%s is no directory", filepath.Dir(text))
			}
		}
		if err != nil {
			return m.Usagef("flag --%s of %s: %v", flag, m.Title(), err)
		}
	}
	return nil
}

// save writes a result and the programs of its variants as a baseline.
func (c *comparison) save(ctx context.Context, h magic.Host, res result.Compare, got *timings, env result.Env) error {
	name := c.in.Args.Text("save", "")
	text, data, err := baselineFiles(h, name)
	if err != nil {
		return fmt.Errorf("%%compare: save %s: %w", name, err)
	}
	b := baseline{Schema: baselineSchema, Env: env, Result: res, Samples: compareSamples(got)}
	for i := range c.variants {
		files, checked, err := c.plainDriven(ctx, h, &c.variants[i], false)
		if err != nil {
			b.Programs, b.Missing = nil, reason(err)
			break
		}
		b.Programs = append(b.Programs, savedProgram{Variant: c.variants[i].name, Checked: checked, Files: files})
	}
	lines, err := benchmarkLines(res, env)
	if err != nil {
		return fmt.Errorf("%%compare: save %s: %w", name, err)
	}
	raw, err := json.MarshalIndent(b, "", " ")
	if err != nil {
		return fmt.Errorf("%%compare: save %s: %w", name, err)
	}
	if err := replaceFiles(map[string][]byte{text: lines, data: append(raw, '\n')}); err != nil {
		return fmt.Errorf("%%compare: save %s: %w", name, err)
	}
	if !c.in.Common("q") {
		h.Stream("stdout", fmt.Sprintf("Saved as %s: the runs in %s, for benchstat, and all in %s\n", name, text, data))
		if b.Missing != "" {
			h.Stream("stdout", "--rerun won't be possible: "+b.Missing+"\n")
		}
	}
	return nil
}

// replaceFiles writes files, all of them or none: what they held before is kept until
// all are written, so a full disk costs no baseline.
func replaceFiles(contents map[string][]byte) error {
	for path, content := range contents {
		defer os.Remove(path + ".new") // gone when all went well
		if err := os.WriteFile(path+".new", content, 0o666); err != nil {
			return err
		}
	}
	for path := range contents {
		if err := os.Rename(path+".new", path); err != nil {
			return err
		}
	}
	return nil
}

// benchmarkLines is a result in Go's benchmark format.
func benchmarkLines(res result.Compare, env result.Env) ([]byte, error) {
	f := stats.File{}
	for _, s := range []stats.Setting{{Key: "goos", Value: env.OS}, {Key: "goarch", Value: env.Arch}, {Key: "goamd64", Value: env.Level}, {Key: "cpu", Value: env.CPU}, {Key: "toolchain", Value: env.Go}} {
		if s.Value = strings.Join(strings.Fields(s.Value), " "); s.Value != "" {
			f.Config = append(f.Config, s)
		}
	}
	for _, v := range res.Variants {
		name := fmt.Sprintf("Compare/variant=%s", strings.ReplaceAll(strings.Join(strings.Fields(v.Name), "_"), "/", "_"))
		if env.MaxProcs > 1 {
			name += fmt.Sprintf("-%d", env.MaxProcs)
		}
		for _, t := range slices.Concat(v.Times, v.Again) {
			f.Runs = append(f.Runs, stats.Run{Name: stats.BenchName(name), N: v.Loops, Values: []stats.Value{{Unit: "sec/op", X: t}, {Unit: "B/op", X: hundredths(v.BytesPerOp)}, {Unit: "allocs/op", X: hundredths(v.AllocsPerOp)}}})
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// hundredths drops what the process allocates beside the operations.
func hundredths(x float64) float64 { return math.Round(100*x) / 100 }

// readBaseline reads NAME.json, or where there is none NAME.txt, which any
// benchmark may have written.
func readBaseline(h magic.Host, name string) (*baseline, error) {
	text, data, err := baselineFiles(h, name)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(data)
	if errors.Is(err, fs.ErrNotExist) {
		b, err := readBenchmarks(text)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, noBaseline(name, data)
		}
		return b, err
	}
	if err != nil {
		return nil, err
	}
	var b baseline
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, fmt.Errorf("%s: %w", data, err)
	}
	if b.Schema != baselineSchema {
		return nil, fmt.Errorf("%s is no baseline of this version: its schema is %q", data, b.Schema)
	}
	return &b, nil
}

// isBaseline reports whether a file is a baseline's data: JSON files may be large, and
// the schema stands at the beginning.
func isBaseline(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 64)
	n, _ := io.ReadFull(f, head) // a shorter file is none
	return bytes.Contains(head[:n], []byte(`"`+baselineSchema+`"`))
}

// noBaseline says that there is no baseline of a name, and which there are beside it.
func noBaseline(name, data string) error {
	text := fmt.Sprintf("there is no baseline %s; --save %s writes one", name, name)
	dir, err := os.ReadDir(filepath.Dir(data))
	if err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	var others []string
	for _, f := range dir {
		label, isJSON := strings.CutSuffix(f.Name(), ".json")
		if isJSON && isBaseline(filepath.Join(filepath.Dir(data), f.Name())) {
			others = append(others, filepath.Join(filepath.Dir(name), label))
		}
	}
	if len(others) == 0 {
		return errors.New(text)
	}
	return fmt.Errorf("%s; there are: %s", text, strings.Join(others, ", "))
}

// readBenchmarks makes a baseline of a file in benchmark format.
func readBenchmarks(path string) (*baseline, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	f, err := stats.ReadFile(in, filepath.Base(path))
	if err != nil {
		return nil, err
	}
	b := &baseline{Missing: filepath.Base(path) + " has no source", Env: result.Env{OS: f.Get("goos"), Arch: f.Get("goarch"), Level: f.Get("goamd64"), CPU: f.Get("cpu"), Go: f.Get("toolchain")}}
	for _, run := range f.Runs {
		t, ok := run.Value("sec/op")
		if !ok || t <= 0 {
			continue
		}
		name := run.Name
		if _, variant, found := strings.Cut(name, "/variant="); found {
			name = variant
		}
		i := slices.IndexFunc(b.Result.Variants, func(v result.Variant) bool { return v.Name == name })
		if i < 0 {
			i = len(b.Result.Variants)
			b.Result.Variants = append(b.Result.Variants, result.Variant{Name: name, Loops: run.N})
		}
		v := &b.Result.Variants[i]
		v.Times = append(v.Times, t)
		v.BytesPerOp, _ = run.Value("B/op")
		v.AllocsPerOp, _ = run.Value("allocs/op")
	}
	if len(b.Result.Variants) == 0 {
		return nil, fmt.Errorf("%s has no times", path)
	}
	return b, nil
}

// variant is the stored variant for one of now: that of its name, or the only one.
func (b *baseline) variant(name string) (*result.Variant, error) {
	var names []string
	for i := range b.Result.Variants {
		v := &b.Result.Variants[i]
		if v.Measured() && (v.Name == name || len(b.Result.Variants) == 1) {
			return v, nil
		}
		names = append(names, v.Name)
	}
	return nil, fmt.Errorf("it has no %q: it has %s", name, strings.Join(names, ", "))
}
