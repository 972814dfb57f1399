package report

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hpgo/magics/result"
	"hpgo/plots"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; with -update it becomes\n%s", path, got)
	}
}

func testEnv() result.Env {
	return result.Env{Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Go: "go1.26.8", OS: "linux", Arch: "amd64", Level: "v1", MaxProcs: 2, GC: "100", MemLimit: "off",
		CPU: "Example CPU @ 2.60GHz", Cores: 2, Virtual: "yes", Load: new(0.25)}
}

func lines() Table {
	return Table{Caption: "main.calc at line 1", Unsorted: true, Columns: []Column{
		{Name: "Line"}, {Name: "Hits", Look: Bar}, {Name: "Time"}, {Name: "% Time", Look: Heat, Title: "share of the time"}, {Name: "Line Contents", Align: Code}},
		Rows: []Row{
			{Cells: []Cell{Count(1), {}, {}, {}, Word("func calc(n int) int {")}, Cold: true},
			Cells(Count(2), Count(3601).Shared(0.15), Seconds(0.0001), Percent(0.017), Word("\tfor i := 0; i < n && x[i] < \"<b>\"; i++ {")),
			{Cells: []Cell{Count(3), Count(23934).Shared(1), Seconds(0.0059), Percent(0.983), Word("\t\tz = z*z + c")}, Bold: true},
		}}
}

func sample() Output {
	figure := plots.Figure{Alt: "runs", Layers: plots.Layers{plots.Line{X: []float64{1, 2, 3}, Y: []float64{1, 4, 9}}}}
	return Output{Magic: "lprun", Cell: 3, Statement: "calc(`x` < 3)", Text: "Total time: 0.006 s\n" + lines().Text(), Figure: figure,
		Params: map[string]any{"rate": 4000}, Result: map[string]any{"total": 0.006}, Samples: []int{1, 2}, Env: testEnv(),
		HTML: []Block{Headline{Figure: "6 ms", Label: "in `calc`"}, lines(), Figure{figure}, Note("samples at 4 kHz & more"),
			Details{Summary: "<raw>", Blocks: []Block{Text("a < b"), Heading("pprof")}}, Frame{Title: "top \"10\"", Page: "<p>&amp;\"</p>", Height: 200}}}
}

func TestTable(t *testing.T) {
	golden(t, "table.txt", lines().Text()+"\n")
	var w writer
	lines().write(&w)
	golden(t, "table.html", w.b.String())
	if w.sortable {
		t.Error("a table in an order of its own can be sorted")
	}
}

func TestBundle(t *testing.T) {
	o := sample()
	o.Partial, o.Warnings = "3 of 7 runs", []string{"literals: `f(3)`"}
	b, err := o.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for mime := range b.Data {
		have = append(have, mime)
	}
	if len(have) != 4 {
		t.Fatalf("got the types %v", have)
	}
	golden(t, "output.txt", b.Data["text/plain"].(string)+"\n")
	page := regexp.MustCompile(`base64,[\w+/=]+`).ReplaceAllString(b.Data["text/html"].(string), "base64,...")
	golden(t, "output.html", page)
	var data result.Envelope
	if err := json.Unmarshal(b.Data["application/vnd.hpgo.lprun+json"].(json.RawMessage), &data); err != nil {
		t.Fatal(err)
	}
	indented, err := json.MarshalIndent(data, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "output.json", string(indented)+"\n")
	if !strings.HasPrefix(b.Data["image/svg+xml"].(string), "<svg") {
		t.Error("no SVG")
	}
}

// What scripts, style sheets and other places would be needed for is left out.
func TestPageStandsAlone(t *testing.T) {
	b, err := sample().Bundle()
	if err != nil {
		t.Fatal(err)
	}
	page := b.Data["text/html"].(string)
	for _, bad := range []string{"<style", "<link", "http://", "https://", " id=", "onclick", "<script"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
}

func TestSortableTableBringsItsScript(t *testing.T) {
	o := sample()
	table := lines()
	table.Unsorted = false
	o.HTML = []Block{table}
	b, err := o.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	if page := b.Data["text/html"].(string); strings.Count(page, "<script data-hpgo-server>") != 1 || !strings.Contains(page, `data-order="23934"`) {
		t.Errorf("got %s", page)
	}
}

// A picture that can't be drawn doesn't take the numbers with it.
func TestBadPicture(t *testing.T) {
	o := sample()
	bad := plots.Figure{Layers: plots.Layers{plots.Line{X: []float64{1}, Y: []float64{1, 2}}}}
	o.Figure, o.HTML = bad, []Block{lines(), Figure{bad}}
	b, err := o.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	if _, drawn := b.Data["image/svg+xml"]; drawn || !strings.Contains(b.Data["text/plain"].(string), "warning: the picture can't be drawn") {
		t.Errorf("got %v", b.Data)
	}
	if page := b.Data["text/html"].(string); !strings.Contains(page, "23,934") || !strings.Contains(page, "not drawn: ") {
		t.Errorf("got %s", page)
	}
}

func TestUnencodableResult(t *testing.T) {
	o := sample()
	o.Result = math.Inf(1)
	if _, err := o.Bundle(); err == nil || !strings.Contains(err.Error(), "lprun") {
		t.Errorf("got %v", err)
	}
}

func TestDataWithoutHome(t *testing.T) {
	t.Setenv("HOME", "/home/gopher")
	o := sample()
	o.Samples = []string{"/home/gopher/src/x.go", "/home/gophers/y.go", "in /home/gopher/z"}
	data, err := o.data()
	if err != nil {
		t.Fatal(err)
	}
	if s := string(data); !strings.Contains(s, `["~/src/x.go","/home/gophers/y.go","in /home/gopher/z"]`) {
		t.Errorf("got %s", s)
	}
}

// Any text stays text.
func FuzzPage(f *testing.F) {
	for _, s := range []string{"a", "<script>alert(1)</script>", "`</code>`", `"><img src=x>`, "\x00\xff", "a & b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o := Output{Magic: "m", Text: s, Warnings: []string{s}, Partial: s, HTML: []Block{Headline{s, s}, Note(s), Text(s), Heading(s),
			Table{Caption: s, Columns: []Column{{Name: s, Unit: s, Title: s}}, Rows: []Row{Cells(Cell{Text: s, Title: s})}}, Frame{Title: s, Page: s}, Details{Summary: s}}}
		page := o.page()
		tags := regexp.MustCompile(`</?([a-z]+)`).FindAllStringSubmatch(page, -1)
		for _, tag := range tags {
			if !strings.Contains(" div p strong code pre table caption thead tbody tr th td iframe details summary br ", " "+tag[1]+" ") {
				t.Fatalf("<%s> came in", tag[1])
			}
		}
	})
}
