package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"hpgo/kernel/display"
	"hpgo/plots"
)

// profileOf is a profile of the stacks given as lines of folded text, in which
// a frame is the linker's name and, after a space, file and line.
func profileOf(kind, unit string, period int64, folded string) []byte {
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: kind, Unit: unit}},
		PeriodType: &profile.ValueType{Type: kind, Unit: unit}, Period: period}
	locations := map[string]*profile.Location{}
	for line := range strings.Lines(strings.TrimSpace(folded)) {
		line = strings.TrimSpace(line)
		at := strings.LastIndexByte(line, ' ')
		var n int64
		fmt.Sscan(line[at+1:], &n)
		s := &profile.Sample{Value: []int64{n, n * period}}
		for frame := range strings.SplitSeq(line[:at], ";") {
			l := locations[frame]
			if l == nil {
				name, place, _ := strings.Cut(strings.TrimSpace(frame), " ")
				f := &profile.Function{ID: uint64(len(p.Function) + 1), Name: name}
				l = &profile.Location{ID: f.ID, Line: []profile.Line{{Function: f}}}
				if colon := strings.LastIndexByte(place, ':'); colon > 0 {
					f.Filename = place[:colon]
					fmt.Sscan(place[colon+1:], &l.Line[0].Line)
				}
				p.Function, p.Location = append(p.Function, f), append(p.Location, l)
				locations[frame] = l
			}
			s.Location = append([]*profile.Location{l}, s.Location...)
		}
		p.Sample = append(p.Sample, s)
	}
	var buf bytes.Buffer
	if err := p.Write(&buf); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// The start of the stacks of a session's cell.
const inCell = "hpgo/kernel/worker/child.(*worker).run call.go:49;hpgo/c00000004.Cell stub.go:14;hpgo/session.HpgoCell cell 4:6"

// importer is a CPU profile of a cell that reads, sorts and multiplies.
func importer(scale func(name string, n int) int) []byte {
	const (
		decode  = ";hpgo/session.load cell 2:11;encoding/json.Unmarshal /usr/local/go/src/encoding/json/decode.go:108;encoding/json.(*decodeState).unmarshal /usr/local/go/src/encoding/json/decode.go:181;encoding/json.(*decodeState).value /usr/local/go/src/encoding/json/decode.go:377"
		array   = decode + ";encoding/json.(*decodeState).array /usr/local/go/src/encoding/json/decode.go:555;encoding/json.(*decodeState).value /usr/local/go/src/encoding/json/decode.go:377"
		sorting = ";hpgo/session.rank cell 3:4;slices.SortFunc[go.shape.[]hpgo/session.rowʹ2] /usr/local/go/src/slices/sort.go:28;slices.pdqsortCmpFunc[go.shape.struct] /usr/local/go/src/slices/zsortanyfunc.go:61"
		malloc  = ";runtime.growslice /usr/local/go/src/runtime/slice.go:178;runtime.mallocgc /usr/local/go/src/runtime/malloc.go:1055"
		product = ";hpgo/session.(*modelʹ3).fit cell 3:21;gonum.org/v1/gonum/mat.(*Dense).Mul /root/go/pkg/mod/gonum.org/v1/gonum@v0.17.0/mat/mul.go:13"
	)
	var b strings.Builder
	add := func(name, stack string, n int) { fmt.Fprintf(&b, "%s %d\n", stack, scale(name, n)) }
	add("", inCell+decode+";encoding/json.(*decodeState).literalStore /usr/local/go/src/encoding/json/decode.go:871", 14)
	add("", inCell+array+";encoding/json.(*decodeState).object /usr/local/go/src/encoding/json/decode.go:605", 31)
	add("", inCell+array+";encoding/json.(*decodeState).object /usr/local/go/src/encoding/json/decode.go:605"+malloc, 17)
	add("", inCell+array+";encoding/json.(*decodeState).literalStore /usr/local/go/src/encoding/json/decode.go:871;strconv.ParseFloat /usr/local/go/src/strconv/atof.go:695", 12)
	add("", inCell+decode+malloc+";runtime.gcAssistAlloc /usr/local/go/src/runtime/mgcmark.go:450", 9)
	for depth := 1; depth <= 6; depth++ {
		stack := inCell + sorting + strings.Repeat(";slices.pdqsortCmpFunc[go.shape.struct] /usr/local/go/src/slices/zsortanyfunc.go:121", depth)
		add("sort", stack+";slices.partitionCmpFunc[go.shape.struct] /usr/local/go/src/slices/zsortanyfunc.go:156;hpgo/session.rank.func1 cell 3:5", 18-2*depth)
		add("sort", stack+";slices.insertionSortCmpFunc[go.shape.struct] /usr/local/go/src/slices/zsortanyfunc.go:12", depth)
	}
	add("fit", inCell+product+";gonum.org/v1/gonum/blas/gonum.dgemmParallel /root/go/pkg/mod/gonum.org/v1/gonum@v0.17.0/blas/gonum/dgemm.go:120;gonum.org/v1/gonum/internal/asm/f64.AxpyUnitary axpyunitary_amd64.s:60", 44)
	add("fit", inCell+product+";runtime.memclrNoHeapPointers /usr/local/go/src/runtime/memclr_amd64.s:100", 3)
	add("gone", inCell+";hpgo/session.check cell 3:40;regexp.MatchString /usr/local/go/src/regexp/regexp.go:550", 25)
	add("", inCell, 8)
	add("", "runtime.gcBgMarkWorker /usr/local/go/src/runtime/mgc.go:1310;runtime.gcDrain /usr/local/go/src/runtime/mgcmark.go:1100;runtime.scanobject /usr/local/go/src/runtime/mgcmark.go:1400", 21)
	add("", "runtime.mcall /usr/local/go/src/runtime/asm_amd64.s:459;runtime.schedule /usr/local/go/src/runtime/proc.go:3900;[] :0", 2)
	return profileOf("cpu", "nanoseconds", 1e7, b.String())
}

func flameGraphs() map[string]plots.Picture {
	now := importer(func(name string, n int) int {
		if name == "gone" {
			return 0
		}
		return n
	})
	before := importer(func(name string, n int) int {
		if name == "sort" {
			return 3 * n
		}
		return n
	})
	fib := strings.Repeat(";main.fib fib.go:7", 30)
	var towers strings.Builder
	for i := 30; i > 0; i-- {
		fmt.Fprintf(&towers, "runtime.main;main.main fib.go:12%s %d\n", fib[:len(fib)/30*i], 1+i%4*3)
	}
	files := []plots.Stack{}
	for _, f := range []struct {
		path string
		size float64
		kind string
	}{{"data/2026/runs.csv", 5.2e6, "tables"}, {"data/2026/machines.csv", 2.1e6, "tables"}, {"data/README.md", 1e5, "text"}, {"figures/heat.png", 3.3e6, "pictures"},
		{"figures/a rather long name of a picture.svg", 9e5, "pictures"}, {"notes.md", 4e5, "text"}} {
		s := plots.Stack{Value: f.size}
		for name := range strings.SplitSeq(f.path, "/") {
			s.Frames = append(s.Frames, plots.StackFrame{Name: name, Group: "directories"})
		}
		s.Frames[len(s.Frames)-1].Group = f.kind
		files = append(files, s)
	}
	return map[string]plots.Picture{
		"flame":          plots.Flame{Title: "Import, rank and fit", Profile: now},
		"flame-icicle":   plots.Flame{Form: plots.Icicle, Profile: now, Focus: "load", Height: 2.6},
		"flame-sunburst": plots.Flame{Title: "Import, rank and fit", Form: plots.Sunburst, Profile: now},
		"flame-diff":     plots.Flame{Title: "After sorting was rewritten", Profile: now, Base: before},
		"flame-folded":   plots.Flame{Stacks: "main;sort;less 12\nmain;sort;swap 5\nmain;read <&> 9\nmain 1", Value: "samples"},
		"flame-tower":    plots.Flame{Profile: profileOf("cpu", "nanoseconds", 1e7, towers.String()), Notes: []string{"recursion keeps its frames"}},
		"flame-files":    plots.Flame{Title: "Disk", Form: plots.Sunburst, Stacks: files, Unit: "B", Value: "disk", Width: 4.5, Height: 5},
		"flame-one":      plots.Flame{Form: plots.Sunburst, Stacks: "alone 1", Width: 3},
		"flame-heap":     plots.Flame{Profile: profileOf("inuse_space", "bytes", 524288, "runtime.main;main.main /src/app/main.go:3;main.load /src/app/load.go:9 120\nruntime.main;main.main /src/app/main.go:4;bufio.NewReader $GOROOT/src/bufio/bufio.go:60 3")},
	}
}

func TestFrameColours(t *testing.T) {
	white, dark := color.NRGBA{255, 255, 255, 255}, color.NRGBA{0x11, 0x11, 0x11, 255}
	fills := []color.NRGBA{neutral}
	for _, family := range [][]color.NRGBA{warmShades, blueShades, greenShades, greyShades, purpleShades, oliveShades} {
		fills = append(fills, family...)
	}
	for i := -10; i <= 10; i++ {
		fills = append(fills, changeColour(float64(i)/10))
	}
	for _, c := range fills {
		if a, b := contrast(c, white), contrast(c, dark); a < 2.9 || b < 2.9 {
			t.Errorf("%v has contrast %.2f on white and %.2f on dark", c, a, b)
		}
		if a := contrast(c, readableOn(c)); a < 4.5 {
			t.Errorf("text on %v has contrast %.2f", c, a)
		}
	}
}

// TestManyFramesStaySmall draws as many frames as there may be, with names and
// places as long as those of real programs.
func TestManyFramesStaySmall(t *testing.T) {
	var gen noise = 5
	var text strings.Builder
	var walk func(stack string, n float64, depth int)
	walk = func(stack string, n float64, depth int) {
		stack += fmt.Sprintf(";encoding/json.(*decodeState).value%d /usr/local/go/src/encoding/json/decode.go:%d", int(n)%37, int(n)%900)
		if depth == 18 || n < 12 {
			fmt.Fprintf(&text, "%s %d\n", stack, int(n)+1)
			return
		}
		part := 0.3 + 0.4*(gen.next()+0.5)
		walk(stack, n*part, depth+1)
		walk(stack, n*(1-part), depth+1)
	}
	walk("runtime.main", 40000, 0)
	data := profileOf("cpu", "nanoseconds", 1e7, text.String())
	for _, f := range []plots.Flame{{}, {Form: plots.Sunburst}, {Base: data}} {
		f.MinShare, f.Profile = 1e-9, data
		b := Bundle(display.Format(f))
		svg, _ := b.Data["image/svg+xml"].(string)
		n := strings.Count(svg, "<title>") - 1
		if len(svg) > 300_000 || n < 750 {
			t.Errorf("%d bytes for %d frames: %.300s", len(svg), n, b.Data["text/plain"])
		}
		if raw, err := json.Marshal(b.Data[plots.MIME]); err != nil || len(raw) > 250_000 {
			t.Errorf("%d bytes of data, %v", len(raw), err)
		}
	}
}

func TestBundleOfRecording(t *testing.T) {
	f := plots.Flame{Title: "Cells", Profile: importer(func(_ string, n int) int { return n })}
	before := display.Format(f)
	if text := fmt.Sprint(before.Data["text/plain"]); !strings.HasPrefix(text, "Cells\nprofile of ") {
		t.Errorf("before it is read: %s", text)
	}
	b := Bundle(before)
	if text := fmt.Sprint(b.Data["text/plain"]); !strings.HasPrefix(text, "Cells\ncpu ") || !strings.Contains(text, "hottest path: cell 4 ") {
		t.Errorf("text %s", text)
	}
	var d plots.Data
	if err := json.Unmarshal(b.Data[plots.MIME].(json.RawMessage), &d); err != nil || d.Recording != nil || d.Flame == nil {
		t.Errorf("data: %+v, %v", d, err)
	}
	if b.Data["image/svg+xml"] == nil || b.Data["image/png"] == nil {
		t.Error("no pictures")
	}

	raw, err := json.Marshal(encode(t, plots.Flame{Profile: []byte("no profile at all")}))
	if err != nil {
		t.Fatal(err)
	}
	b = Bundle(display.Bundle{Data: map[string]any{plots.MIME: json.RawMessage(raw), "text/plain": "profile"}})
	if text := fmt.Sprint(b.Data["text/plain"]); !strings.HasPrefix(text, "profile\n(not drawn: read profile: it is no profile in pprof's format") {
		t.Errorf("text %s", text)
	}
	if b.Data[plots.MIME] != nil || b.Data["image/svg+xml"] != nil {
		t.Error("what can't be read is kept")
	}
}

func TestForeignFlames(t *testing.T) {
	good := func() plots.Data { return encode(t, plots.Flame{Stacks: "a;b 2\na 1\nc 1"}) }
	if _, err := SVG(good()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*plots.FlameData){
		"form":     func(d *plots.FlameData) { d.Form = "cone" },
		"empty":    func(d *plots.FlameData) { d.Frames = nil },
		"total":    func(d *plots.FlameData) { d.Total = 0 },
		"nan":      func(d *plots.FlameData) { d.Total = math.NaN() },
		"parent":   func(d *plots.FlameData) { d.Frames[1].Parent = 1 },
		"negative": func(d *plots.FlameData) { d.Frames[1].Parent = -2 },
		"group":    func(d *plots.FlameData) { d.Frames[1].Group = 5 },
		"value":    func(d *plots.FlameData) { d.Frames[1].Value = -1 },
		"inf":      func(d *plots.FlameData) { d.Frames[1].Base = math.Inf(1) },
		"self":     func(d *plots.FlameData) { d.Frames[1].Self = math.NaN() },
		"sum":      func(d *plots.FlameData) { d.Frames[1].Value = 3.5 },
		"roots":    func(d *plots.FlameData) { d.Frames[2].Value = 2 },
		"too many": func(d *plots.FlameData) { d.Frames = make([]plots.FlameFrame, maxFlames+1) },
	} {
		d := good()
		spoil(d.Flame)
		if _, err := SVG(d); err == nil || !strings.Contains(err.Error(), "flame graph") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, f := range []plots.Flame{{Stacks: "a 1", Height: 1, Title: strings.Repeat("long ", 100)}, {Stacks: "a;b;c;d;e;f 1", Form: plots.Sunburst, Height: 1}} {
		if _, err := SVG(encode(t, f)); err == nil || !strings.Contains(err.Error(), "too small for its labels") {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

func TestFrameLabels(t *testing.T) {
	sty := textStyle(8, color.Black)
	f := flames{data: &plots.FlameData{Total: 100}}
	frame := plots.FlameFrame{Name: "json.(*decodeState).value", Value: 30}
	for want, width := range map[string]float64{
		"json.(*decodeState).value 30%": 140, "json.(*decodeState).value": 100, "(*decodeState).value": 80, "value": 30, "val…": 20, "": 8,
	} {
		if got := fullest(sty, f.labels(frame), sty.Width(want)+0.01); width > 0 && got != want {
			t.Errorf("%q has room, drawn is %q", want, got)
		}
	}
}

// FuzzFlame draws stacks that a user may hand over, and data that claim to be
// a flame graph.
func FuzzFlame(f *testing.F) {
	raw, err := json.Marshal(encode(f, plots.Flame{Stacks: "a;b 2\na 1\nc 1", Base: "a 1"}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("main;sort;less 12\nmain 1e300\n\xff;<&> 3", "main 2", uint8(0), 4.0, raw)
	f.Add("a;a;a;a 1\n(*T[int]).M;x.func1;(.). 2", "", uint8(1), 0.0, []byte(nil))
	f.Add("é;日本;[libc] 5e-324\nb 1", "b 1e-300", uint8(2), 1.5, []byte(nil))
	f.Fuzz(func(t *testing.T, stacks, base string, form uint8, height float64, raw []byte) {
		draw := func(d plots.Data) {
			svg, err := SVG(d)
			if err == nil {
				parses(t, svg)
			} else if strings.Contains(err.Error(), "panic") {
				t.Fatal(err)
			}
		}
		var foreign plots.Data
		if json.Unmarshal(raw, &foreign) == nil && foreign.Flame != nil {
			draw(foreign)
			foreign.Summary()
		}
		flame := plots.Flame{Stacks: stacks, Form: []plots.Form{plots.Flames, plots.Icicle, plots.Sunburst}[form%3], Height: height}
		if base != "" {
			flame.Base = base
		}
		if d, err := flame.Encode(); err == nil {
			if err := check(d); err != nil {
				t.Fatalf("%v: %+v", err, d.Flame)
			}
			draw(d)
			d.Summary()
		}
	})
}
