package recording

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"hpgo/kernel/cell"
	"hpgo/plots"
)

// maker builds a profile.
type maker struct {
	profile.Profile
	functions map[string]*profile.Function
}

// function is "name file"; without a file it has none.
func (m *maker) function(text string) *profile.Function {
	name, file, _ := strings.Cut(text, " ")
	f := m.functions[text]
	if f == nil {
		f = &profile.Function{ID: uint64(len(m.Function) + 1), Name: name, SystemName: name, Filename: file}
		if m.functions == nil {
			m.functions = map[string]*profile.Function{}
		}
		m.functions[text] = f
		m.Function = append(m.Function, f)
	}
	return f
}

// call adds a location; several functions, from the innermost, were inlined.
func (m *maker) call(line int64, functions ...string) *profile.Location {
	l := &profile.Location{ID: uint64(len(m.Location) + 1), Address: uint64(len(m.Location)+1) * 16}
	for i, f := range functions {
		l.Line = append(l.Line, profile.Line{Function: m.function(f), Line: line + int64(i)})
	}
	m.Location = append(m.Location, l)
	return l
}

// sample adds a sample, its calls from the innermost.
func (m *maker) sample(values []int64, calls ...*profile.Location) *profile.Sample {
	s := &profile.Sample{Value: values, Location: calls}
	m.Sample = append(m.Sample, s)
	return s
}

func (m *maker) bytes(t testing.TB, compressed bool) []byte {
	t.Helper()
	var buf bytes.Buffer
	write := m.WriteUncompressed
	if compressed {
		write = m.Write
	}
	if err := write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// cpu is a CPU profile of a cell, as a session's worker records it.
func cpu() *maker {
	m := &maker{}
	m.SampleType = []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}}
	m.PeriodType, m.Period, m.DurationNanos = &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, 1e7, 2e8
	run := m.call(49, "hpgo/kernel/worker/child.(*worker).run /home/x/.cache/hpgo/source/kernel/worker/child/call.go")
	stub := m.call(14, "hpgo/c00000002.Cell stub.go")
	entry := m.call(3, "hpgo/session.HpgoCell cell 2")
	again := m.call(6, "hpgo/session.HpgoCell cell 2")
	work := m.call(24, "hpgo/session.work cell 1")
	add := m.call(13, "hpgo/session.(*Vecʹ2).Add cell 1")
	sort := m.call(116, "slices.pdqsortOrdered[go.shape.int] $GOROOT/src/slices/zsortordered.go")
	less := m.call(29, "cmp.Less[go.shape.int] $GOROOT/src/cmp/cmp.go", "slices.partitionOrdered[go.shape.int] $GOROOT/src/slices/zsortordered.go")
	gc := m.call(1310, "runtime.gcBgMarkWorker /usr/local/go/src/runtime/mgc.go")
	libc := &profile.Location{ID: uint64(len(m.Location) + 1), Mapping: &profile.Mapping{ID: 1, File: "/usr/lib/libc.so.6", Limit: 1 << 20}}
	m.Location, m.Mapping = append(m.Location, libc), append(m.Mapping, libc.Mapping)
	ms := func(n int64) []int64 { return []int64{n, n * 1e7} }
	m.sample(ms(4), add, work, entry, stub, run)
	m.sample(ms(2), less, sort, sort, work, entry, stub, run).Label = map[string][]string{"phase": {"sort"}}
	m.sample(ms(5), again, stub, run)
	m.sample(ms(1), libc, work, entry, stub, run)
	m.sample(ms(3), gc)
	return m
}

func tree(d *plots.FlameData) string {
	var b strings.Builder
	depth := make([]int, len(d.Frames))
	for i, f := range d.Frames {
		if f.Parent >= 0 {
			depth[i] = depth[f.Parent] + 1
		}
		fmt.Fprintf(&b, "%s%s | %s | %s | %s %s\n", strings.Repeat(" ", depth[i]), f.Name, f.Detail, d.Groups[f.Group], plots.SI(f.Value, d.Unit), plots.SI(f.Self, d.Unit))
	}
	return b.String()
}

func TestFlame(t *testing.T) {
	const want = `cell 2 | cell 2:3 | your code | 120 ms 50 ms
 work | cell 1:24 | your code | 70 ms 0 s
  (*Vec).Add | cell 1:13 | your code | 40 ms 40 ms
  slices.pdqsortOrdered[...] | slices/zsortordered.go:116 | standard library | 20 ms 0 s
   slices.pdqsortOrdered[...] | slices/zsortordered.go:116 | standard library | 20 ms 0 s
    slices.partitionOrdered[...] | slices/zsortordered.go:30 | standard library | 20 ms 0 s
     cmp.Less[...] | cmp/cmp.go:29 (inlined) | standard library | 20 ms 20 ms
  [libc.so.6] |  | not Go | 10 ms 10 ms
runtime.gcBgMarkWorker | runtime/mgc.go:1310 | runtime | 30 ms 30 ms
`
	for _, compressed := range []bool{false, true} {
		d, err := Flame(cpu().bytes(t, compressed), plots.Flame{Title: "Cells"})
		if err != nil {
			t.Fatal(err)
		}
		if got := tree(d.Flame); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
		if d.Recording != nil || d.Title != "Cells" || d.Flame.What != "cpu" || d.Flame.Unit != "s" || math.Abs(d.Flame.Total-0.15) > 1e-9 {
			t.Errorf("%+v", d)
		}
		if fmt.Sprint(d.Notes) != "[estimated from 15 samples, one per 10 ms of CPU time in 200 ms]" {
			t.Errorf("notes %q", d.Notes)
		}
		if !strings.HasPrefix(d.Summary(), "Cells\ncpu 150 ms in 9 frames, 6 levels; by self:\n  cell 2 ") {
			t.Errorf("summary %s", d.Summary())
		}
		if !strings.HasPrefix(d.Alt, "Cells; flame graph of cpu 150 ms in 9 frames; most in cell 2 50 ms (33.3%)") {
			t.Errorf("alt %s", d.Alt)
		}
	}
}

func TestFlameOptions(t *testing.T) {
	data := cpu().bytes(t, true)
	for name, c := range map[string]struct {
		flame plots.Flame
		first string // frame
		note  string
	}{
		"value":  {plots.Flame{Profile: data, Value: "samples"}, "cell 2 | cell 2:3 | your code | 12 5", "15 samples"},
		"root":   {plots.Flame{Profile: data, Root: "pdqsort"}, "slices.pdqsortOrdered[...]", `20 ms of 150 ms, the stacks with Root "pdqsort"`},
		"label":  {plots.Flame{Profile: data, Root: "label:phase"}, "phase=none |  | label | 130 ms", ""},
		"focus":  {plots.Flame{Profile: data, Focus: "(*Vec).Add"}, "cell 2 | cell 2:3 | your code | 40 ms", "40 ms of 150 ms"},
		"ignore": {plots.Flame{Profile: data, Ignore: "cell 2"}, "runtime.gcBgMarkWorker", "30 ms of 150 ms"},
		"notes":  {plots.Flame{Profile: data, Notes: []string{"on a laptop"}}, "cell 2", "on a laptop; estimated from"},
		"base":   {plots.Flame{Profile: data, Base: data, Form: plots.Icicle}, "cell | cell 2:3 | your code | 120 ms", "the base, 150 ms in all, is scaled to 150 ms"},
		"chance": {plots.Flame{Profile: data, Base: data}, "cell", "with 15 samples against 15, a share of 10% changes by up to 21 points by chance (95%)"},
		"large":  {plots.Flame{Profile: data, MinShare: 0.5}, "cell 2", "not drawn: 8 frames of at most 46.7% each"},
	} {
		d, err := c.flame.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if d, err = Resolve(d); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := tree(d.Flame); !strings.HasPrefix(got, c.first) {
			t.Errorf("%s: %s", name, got)
		}
		if notes := strings.Join(d.Notes, "; "); !strings.Contains(notes, c.note) {
			t.Errorf("%s: notes %q", name, notes)
		}
		if d.Flame.Form != c.flame.Form || d.Flame.Diff != (c.flame.Base != nil) {
			t.Errorf("%s: form %q, diff %v", name, d.Flame.Form, d.Flame.Diff)
		}
	}
}

func TestDefaultValue(t *testing.T) {
	heap := []*profile.ValueType{{Type: "alloc_objects", Unit: "count"}, {Type: "alloc_space", Unit: "bytes"}, {Type: "inuse_objects", Unit: "count"}, {Type: "inuse_space", Unit: "bytes"}}
	for _, c := range []struct {
		types    []*profile.ValueType
		standard string
		want     string
	}{
		{heap, "", "inuse_space 400 B"},
		{heap, "alloc_space", "alloc_space 200 B"},
		{heap[:2], "", "alloc_space 200 B"},
		{[]*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}, {Type: "wall", Unit: "ms"}}, "", "cpu 200 ns"},
		{[]*profile.ValueType{{Type: "contentions", Unit: "count"}, {Type: "delay", Unit: "microseconds"}}, "", "delay 200 µs"},
		{[]*profile.ValueType{{Type: "goroutine", Unit: "count"}}, "", "goroutine 100"},
		{[]*profile.ValueType{{Type: "energy", Unit: "J"}}, "", "energy 100 J"},
	} {
		m := &maker{}
		m.SampleType, m.DefaultSampleType = c.types, c.standard
		m.sample([]int64{100, 200, 300, 400}[:len(c.types)], m.call(1, "main.f f.go"))
		d, err := Flame(m.bytes(t, true), plots.Flame{})
		if err != nil {
			t.Fatal(err)
		}
		if got, _, _ := strings.Cut(d.Summary(), " in "); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestBadProfiles(t *testing.T) {
	whole, plain := cpu().bytes(t, true), cpu().bytes(t, false)
	none := cpu()
	none.Sample = nil
	other := cpu()
	other.SampleType[1].Unit = "bytes"
	var junk bytes.Buffer
	z := gzip.NewWriter(&junk)
	io.WriteString(z, "this was never a profile")
	z.Close()
	for name, c := range map[string]struct {
		flame plots.Flame
		want  string
	}{
		"garbage":    {plots.Flame{Profile: []byte("hello, world")}, "it is no profile in pprof's format"},
		"junk":       {plots.Flame{Profile: junk.Bytes()}, "it is no profile in pprof's format"},
		"truncated":  {plots.Flame{Profile: whole[:len(whole)/2]}, "it ends too early; call pprof.StopCPUProfile before"},
		"header":     {plots.Flame{Profile: whole[:3]}, "it ends too early"},
		"plain half": {plots.Flame{Profile: plain[:len(plain)/2]}, "it is no profile"},
		"flipped":    {plots.Flame{Profile: append(append([]byte{}, whole[:40]...), bytes.Repeat([]byte{0xff}, 40)...)}, "it "},
		"no samples": {plots.Flame{Profile: none.bytes(t, true)}, "it has no samples: the program used the CPU for less than 10 ms"},
		"no value":   {plots.Flame{Profile: whole, Value: "alloc_space"}, `it has no value "alloc_space"; it has samples, cpu`},
		"base":       {plots.Flame{Profile: whole, Base: []byte("x")}, "base profile: it is no profile"},
		"base unit":  {plots.Flame{Profile: whole, Base: other.bytes(t, true)}, "base profile: its cpu is in bytes and the other's in nanoseconds"},
		"focus":      {plots.Flame{Profile: whole, Focus: "nowhere"}, `no stack is left with Focus "nowhere"`},
	} {
		d, err := c.flame.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Resolve(d); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, r := range []*plots.RecordingData{{}, {Profile: []byte{}}} {
		if _, err := Resolve(plots.Data{Recording: r}); err == nil {
			t.Errorf("%+v resolved", r)
		}
	}
}

func TestResolvePanels(t *testing.T) {
	d, err := plots.Flame{Profile: cpu().bytes(t, true)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	grid := plots.Data{Grid: &plots.GridData{Panels: []plots.Data{{Title: "plain"}, d}}}
	out, err := Resolve(grid)
	if err != nil || out.Grid.Panels[1].Flame == nil || out.Grid.Panels[0].Title != "plain" {
		t.Errorf("%+v, %v", out.Grid, err)
	}
	if grid.Grid.Panels[1].Flame != nil {
		t.Error("Resolve changed its argument")
	}
	plain := plots.Data{Title: "plain"}
	if out, err := Resolve(plain); err != nil || out.Title != "plain" {
		t.Errorf("%+v, %v", out, err)
	}
	d.Recording.Profile = []byte("x")
	if _, err := Resolve(grid); err == nil || !strings.HasPrefix(err.Error(), "panel 2: read profile") {
		t.Errorf("error %v", err)
	}
}

// spin uses the CPU for some hundred milliseconds, however many others do.
//
//go:noinline
func spin() (sum float64) {
	for i := range 300_000_000 {
		sum += math.Sqrt(float64(i))
	}
	return sum
}

// TestLiveProfiles reads what runtime/pprof writes here and now.
func TestLiveProfiles(t *testing.T) {
	var buf bytes.Buffer
	if err := pprof.StartCPUProfile(&buf); err != nil {
		t.Fatal(err)
	}
	// What the buffer holds until the end, which may not be read meanwhile: nothing.
	if _, err := Flame(nil, plots.Flame{}); err == nil || !strings.Contains(err.Error(), "StopCPUProfile") {
		t.Errorf("a running profile: %v", err)
	}
	spin()
	pprof.StopCPUProfile()
	d, err := Flame(buf.Bytes(), plots.Flame{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(d.Flame.Frames, func(f plots.FlameFrame) bool {
		return f.Name == "recording.spin" && strings.Contains(f.Detail, "recording/profile_test.go:") && f.Value > d.Flame.Total/2
	}) {
		t.Errorf("spin isn't most of\n%s", tree(d.Flame))
	}

	name := filepath.Join(t.TempDir(), "heap.pprof")
	keep := make([][]byte, 100)
	for i := range keep {
		keep[i] = make([]byte, 1<<20)
	}
	runtime.GC()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := pprof.WriteHeapProfile(f); err != nil {
		t.Fatal(err)
	}
	f.Close()
	runtime.KeepAlive(keep)
	for _, p := range []any{name, pprof.Lookup("heap"), pprof.Lookup("allocs"), pprof.Lookup("goroutine")} {
		d, err := plots.Flame{Profile: p}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if d, err = Resolve(d); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(tree(d.Flame), "recording.TestLiveProfiles") {
			t.Errorf("%v: no test in\n%s", p, tree(d.Flame))
		}
	}
}

func TestNames(t *testing.T) {
	for full, want := range map[string]string{
		"main.main":                "main.main",
		"encoding/json.(*T).Parse": "json.(*T).Parse",
		"github.com/a/b/v2.F":      "b.F",
		"github.com/a/b/v2/c.F":    "c.F",
		"gopkg.in/yaml%2ev3.F":     "yaml.v3.F",
		"slices.SortFunc[go.shape.[]github.com/a/b.T,go.shape.struct { x int }]": "slices.SortFunc[...]",
		"main.(*Map[go.shape.string,go.shape.[4]int]).Get.func1":                 "main.(*Map[...]).Get.func1",
		"memeqbody": "memeqbody",
		"std::vector<int>::push_back(int const&)": "std::vector<int>::push_back(int const&)",
	} {
		if got := readableName(full); got != want {
			t.Errorf("%s is shown as %s, want %s", full, got, want)
		}
	}
	for file, want := range map[string]string{
		"$GOROOT/src/sort/sort.go": "sort/sort.go", "/usr/local/go/src/net/http/server.go": "net/http/server.go", `C:\Program Files\Go\src\os\file.go`: "os/file.go",
		"/root/go/pkg/mod/gonum.org/v1/gonum@v0.17.0/mat/mul.go": "gonum.org/v1/gonum@v0.17.0/mat/mul.go", "/home/me/project/main.go": "project/main.go", "main.go": "main.go",
	} {
		if got := shortFile(file); got != want {
			t.Errorf("%s is shown as %s, want %s", file, got, want)
		}
	}
}

// TestSessionNames compares what is trimmed with what package cell generates.
func TestSessionNames(t *testing.T) {
	if sessionPrefix != cell.PackagePath+"." || entryName != cell.EntryName || !cell.IsAgain(againPrefix+"1") || cell.PlainName("Vec"+versionMark+"2.Add") != "Vec.Add" {
		t.Error("package cell generates other names now")
	}
	for name, want := range map[string]string{
		"HpgoCell": "cell 7", "HpgoCell.func1.2": "cell 7.func1.2", "work": "work", "Vecʹ12.Add": "Vec.Add", "Sum[go.shape.int]": "Sum[...]",
		"hpgo__main": "main", "hpgo__main.func1": "main.func1", "hpgo__init_2": "init", "hpgo__again_3": "cell 7",
	} {
		f := call{fn: sessionPrefix + name, file: "cell 7", line: 4}.frame(false)
		if f.Name != want || f.Group != plots.GroupOwn || f.Where != "cell 7:4" {
			t.Errorf("%s is shown as %+v, want %s", name, f, want)
		}
	}
	if f := (call{fn: sessionPrefix + "(*Derived).Inc", file: "<autogenerated>", line: 1}).frame(false); f.Name != "(*Derived).Inc" || f.Group != plots.GroupOwn {
		t.Errorf("a method of an embedded type is shown as %+v", f)
	}
	f := call{fn: sessionPrefix + "work.SortFunc.func1", file: "$GOROOT/src/slices/sort.go"}.frame(false)
	if f.Name != "slices.func1" || plots.GroupOf(f.Full) != plots.GroupStandard {
		t.Errorf("a function literal inlined into a cell is shown as %+v", f)
	}
}

func FuzzResolve(f *testing.F) {
	f.Add(cpu().bytes(f, true), "", "")
	f.Add(cpu().bytes(f, false), "samples", "label:phase")
	f.Add([]byte("heap profile: 1: 2 [3: 4] @ heap/1048576\n1: 2 [3: 4] @ 0x1 0x2\n"), "inuse_space", "0x")
	f.Fuzz(func(t *testing.T, data []byte, value, root string) {
		d, err := plots.Flame{Profile: data, Value: value, Root: root}.Encode()
		if err != nil {
			return
		}
		if d, err = Resolve(d); err != nil {
			if strings.Contains(err.Error(), "runtime error") {
				t.Fatal(err)
			}
			return
		}
		if _, err := json.Marshal(d); err != nil {
			t.Fatal(err)
		}
	})
}
