package profiles

import (
	"bytes"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"hpgo/plots"
	"hpgo/plots/recording"
)

// example is 7 of 10 ms in calc and 3 in what is inlined in it.
func example() Profile {
	calc := Frame{Func: "main.calc", File: "cell 1", Start: 2, Line: 4}
	cell := Frame{Func: "main.main", File: "cell 2", Start: 1, Line: 1}
	abs := Frame{Func: "main.abs2", File: "cell 1", Start: 9, Line: 9, Inlined: true}
	return Profile{Types: []Type{{"samples", "count"}, {"cpu", "nanoseconds"}}, Period: 250_000, Duration: 10 * time.Millisecond, At: time.Unix(1e9, 0), Comments: []string{"one"},
		Stacks: []Stack{{[]Frame{calc, cell}, []int64{28, 7e6}}, {[]Frame{abs, calc, cell}, []int64{12, 3e6}}, {nil, []int64{1, 1}}}}
}

func TestRoundTrip(t *testing.T) {
	p := example()
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data)
	if err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, p)
	}
	for _, bad := range []string{"", "x", string(data[:20])} {
		if _, err := Decode([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
	d, err := recording.Flame(data, plots.Flame{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range d.Flame.Top {
		names = append(names, f.Name)
	}
	if text := strings.Join(names, " "); !strings.HasPrefix(text, "calc abs2 ") {
		t.Errorf("the flame graph has %q", names)
	}
}

// TestForeign: a profile of another program keeps its name, and places without names
// are called as the file of their code.
func TestForeign(t *testing.T) {
	program := &profile.Mapping{ID: 1, Limit: 100, File: "/bin/server"}
	library := &profile.Mapping{ID: 2, Start: 100, Limit: 200, File: "/lib/libc.so.6"}
	bare := &profile.Location{ID: 1, Mapping: library, Address: 150}
	blank := &profile.Function{ID: 1}
	unnamed := &profile.Location{ID: 2, Address: 300, Line: []profile.Line{{Function: blank}}}
	q := profile.Profile{SampleType: []*profile.ValueType{{Type: "n", Unit: "count"}}, Mapping: []*profile.Mapping{program, library}, Location: []*profile.Location{bare, unnamed},
		Function: []*profile.Function{blank}, Sample: []*profile.Sample{{Location: []*profile.Location{bare, unnamed}, Value: []int64{1}}}}
	var b bytes.Buffer
	if err := q.Write(&b); err != nil {
		t.Fatal(err)
	}
	p, err := Decode(b.Bytes())
	if err != nil || p.Program != "/bin/server" || len(p.Stacks) != 1 {
		t.Fatalf("%+v %v", p, err)
	}
	if f := p.Stacks[0].Frames; f[0].Func != "(libc.so.6)" || f[0].File != "/lib/libc.so.6" || f[1].Func != "(unknown)" {
		t.Errorf("%+v", f)
	}
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Decode(data); err != nil || again.Program != p.Program {
		t.Errorf("%+v %v", again, err)
	}
}

// Pages need nothing from elsewhere and leave nothing behind.
func TestPages(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	base := example()
	base.Stacks = base.Stacks[:1]
	for _, b := range []*Profile{nil, &base} {
		pages, err := Pages(example(), b, map[string]string{"cell 1": "\nfunc calc() {\n\tx := 1\n\tabs2(x) // seen\n}\n"}, `calc|abs2`)
		if err != nil {
			t.Fatal(err)
		}
		for view, want := range map[string]string{"flamegraph": "main.calc", "top": "main.abs2", "peek": "main.calc", "source": "abs2(x) // seen"} {
			if !strings.Contains(pages[view], want) {
				t.Errorf("page %s lacks %q", view, want)
			}
		}
		for view, page := range pages {
			for _, url := range regexp.MustCompile(`(src|href)="?(https?:)?//[^"> ]*`).FindAllString(page, -1) {
				t.Errorf("page %s loads %s", view, url)
			}

		}
	}
	if left, _ := os.ReadDir(home); len(left) > 0 {
		t.Errorf("the home directory has %v", left)
	}
}
