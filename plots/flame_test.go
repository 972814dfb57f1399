package plots

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tree writes the frames of a flame graph, one on a line, children indented.
func tree(d *FlameData) string {
	var b strings.Builder
	depth := make([]int, len(d.Frames))
	for i, f := range d.Frames {
		if f.Parent >= 0 {
			depth[i] = depth[f.Parent] + 1
		}
		fmt.Fprintf(&b, "%s%s %v %v", strings.Repeat(" ", depth[i]), f.Name, f.Value, f.Self)
		if d.Diff {
			fmt.Fprintf(&b, " %v", f.Base)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestFlameTree(t *testing.T) {
	text := "main;sort;less 12\nmain;sort;swap 5\n\n# a comment\nmain;read 9\nmain 1\nidle 2"
	stacks := map[string]int{"main;sort;less": 12, "main;sort;swap": 5, "main;read": 9, "main": 1, "idle": 2}
	byHand := []Stack{
		{[]StackFrame{{Name: "main"}, {Name: "sort"}, {Name: "less"}}, 12}, {[]StackFrame{{Name: "main"}, {Name: "sort"}, {Name: "swap"}}, 5},
		{[]StackFrame{{Name: "main"}, {Name: "read"}}, 9}, {[]StackFrame{{Name: "main"}}, 1}, {[]StackFrame{{Name: "idle"}}, 2},
	}
	all := "main 27 1\n sort 17 0\n  less 12 12\n  swap 5 5\n read 9 9\nidle 2 2\n"
	for name, c := range map[string]struct {
		flame Flame
		want  string
		notes string
	}{
		"text":      {Flame{Stacks: text}, all, ""},
		"bytes":     {Flame{Stacks: []byte(text)}, all, ""},
		"map":       {Flame{Stacks: stacks}, all, ""},
		"stacks":    {Flame{Stacks: byHand}, all, ""},
		"durations": {Flame{Stacks: map[string]time.Duration{"a;b": 2 * time.Second}}, "a 2 0\n b 2 2\n", ""},
		"recursion": {Flame{Stacks: "f;f;f 2\nf;f 1"}, "f 3 0\n f 3 1\n  f 2 2\n", ""},
		"root": {Flame{Stacks: text, Root: "sort"}, "sort 17 0\n less 12 12\n swap 5 5\n",
			`17 of 29, the stacks with Root "sort"`},
		"focus": {Flame{Stacks: text, Focus: "less|read"}, "main 21 0\n sort 12 0\n  less 12 12\n read 9 9\n",
			`21 of 29, the stacks with Focus "less|read"`},
		"ignore": {Flame{Stacks: text, Ignore: "main"}, "idle 2 2\n", `2 of 29, the stacks with Ignore "main"`},
		"small": {Flame{Stacks: text, MinShare: 0.2}, "main 27 1\n sort 17 0\n  less 12 12\n read 9 9\n",
			"not drawn: 2 frames of at most 17.2% each, which 24.1% of all passes through"},
		"bad values": {Flame{Stacks: map[string]float64{"a": 1, "b": math.NaN(), "c": math.Inf(1), "d": -2, "e": 0}}, "a 1 1\n",
			"2 of 5 stacks have values that are NaN or infinite and are left out; 1 of 5 stacks have values below zero, -2 in all, and are left out"},
		"difference": {Flame{Stacks: text, Base: "main;sort;less 10\nmain;old;deep 4\nmain;gone 0.5"},
			"main 27 1 29\n sort 17 0 20\n  less 12 12 20\n  swap 5 5 0\n read 9 9 0\nidle 2 2 0\n",
			"widths show the newer profile; colours compare shares: the base, 14.5 in all, is scaled to 29; only in the base: old 4 (27.6%), gone 0.5 (3.45%); together 4.5 (31%)"},
	} {
		d, err := c.flame.Encode()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := tree(d.Flame); got != c.want {
			t.Errorf("%s:\n%swant\n%s", name, got, c.want)
		}
		if got := strings.Join(d.Notes, "; "); got != c.notes {
			t.Errorf("%s: notes %q, want %q", name, got, c.notes)
		}
	}
	if d, _ := (Flame{Stacks: map[string]time.Duration{"a;b": 2 * time.Second}}).Encode(); d.Flame.Unit != "s" {
		t.Errorf("durations have the unit %q", d.Flame.Unit)
	}
}

func TestFlameTop(t *testing.T) {
	d, err := Flame{Stacks: "f;g;f 2\nf;h 1\ng 4", Base: "g 1\nf;h 6"}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	// The base is the same 7 in all. f is counted once where it calls itself.
	want := []FlameTop{{Name: "g", Self: 4, Value: 6, BaseSelf: 1}, {Name: "f", Self: 2, Value: 3}, {Name: "h", Self: 1, Value: 1, BaseSelf: 6}}
	if fmt.Sprint(d.Flame.Top) != fmt.Sprint(want) || d.Flame.Functions != 3 {
		t.Errorf("top %v, want %v", d.Flame.Top, want)
	}
}

func TestFlameLimits(t *testing.T) {
	deep := strings.TrimSuffix(strings.Repeat("f;", 100), ";") + " 1\ng 50"
	var wide strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&wide, "root;f%d;leaf 1\n", i)
	}
	for name, c := range map[string]struct {
		flame  Flame
		frames int
		note   string
	}{
		"deep":     {Flame{Stacks: deep}, 41, "not drawn: 60 frames deeper than 40 levels, which 1.96% of all passes through"},
		"low":      {Flame{Stacks: deep, Height: 2}, 13, "88 frames deeper than 12 levels"},
		"towers":   {Flame{Stacks: strings.Replace(deep, "50", "500", 1)}, 2, "99 frames deeper than 1 level, which 0.2% of all"},
		"sunburst": {Flame{Stacks: deep, Form: Sunburst}, 2, "99 frames deeper than 1 level"},
		"wide":     {Flame{Stacks: wide.String(), MinShare: 1e-9}, 1500, "6,501 frames of at most 0.025% each, which 100% of all passes"},
		"rings":    {Flame{Stacks: wide.String(), MinShare: 1e-9, Form: Sunburst}, 800, "7,201 frames of at most 0.025% each, which 100% of all passes"},
	} {
		d, err := c.flame.Encode()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if notes := strings.Join(d.Notes, "; "); len(d.Flame.Frames) != c.frames || !strings.Contains(notes, c.note) {
			t.Errorf("%s: %d frames, want %d; notes %q, want %q", name, len(d.Flame.Frames), c.frames, notes, c.note)
		}
	}
}

func TestFlameErrors(t *testing.T) {
	folder := t.TempDir()
	empty := filepath.Join(folder, "empty.pprof")
	if err := os.WriteFile(empty, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for want, f := range map[string]Flame{
		"it has neither Profile nor Stacks":                        {},
		"Profile and Stacks are both given":                        {Profile: []byte{1}, Stacks: "a 1"},
		"Stacks is []int, not a map from":                          {Stacks: []int{1}},
		"Stacks is map[int]int, whose keys":                        {Stacks: map[int]int{1: 1}},
		"Stacks is map[string]string, whose values are no numbers": {Stacks: map[string]string{"a": "b"}},
		"Stacks line 2, \"a;b\", is no folded stack":               {Stacks: "a 1\na;b"},
		"Stacks line 1: the stack \"a;;b\" has a frame without":    {Stacks: "a;;b 1"},
		"Stacks the stack \"\" has a frame without a name":         {Stacks: map[string]int{"": 1}},
		"Stacks number 2 has a frame without a name":               {Stacks: []Stack{{}, {Frames: []StackFrame{{}}}}},
		"there are no stacks":                                      {Stacks: ""},
		"none of the 2 stacks has a value above zero":              {Stacks: "a 0\nb 0"},
		"base: none of the 1 stacks":                               {Stacks: "a 1", Base: "a 0"},
		"Base is int":                                              {Stacks: "a 1", Base: 1},
		"one of Stacks and Base holds durations":                   {Stacks: "a 1", Base: map[string]time.Duration{"a": 1}},
		"durations are drawn in seconds, but Unit is \"B\"":        {Stacks: map[string]time.Duration{"a": 1}, Unit: "B"},
		"no stack is left with Focus \"b\" and Ignore \"c\"":       {Stacks: "a 1", Focus: "b", Ignore: "c"},
		"the sum of the values is too large":                       {Stacks: "a 1e308\nb 1e308"},
		"Form is \"pie\"":                                          {Stacks: "a 1", Form: "pie"},
		"MinShare is 3":                                            {Stacks: "a 1", MinShare: 3},
		"MinShare is NaN":                                          {Stacks: "a 1", MinShare: math.NaN()},
		"Width is 100 inches":                                      {Stacks: "a 1", Width: 100},
		"Height is -1 inches":                                      {Stacks: "a 1", Height: -1},
		"Profile is int, not bytes":                                {Profile: 1},
		"Profile is empty; a CPU profile is written when pprof.StopCPUProfile is called": {Profile: &bytes.Buffer{}},
		"Profile is a nil *bytes.Buffer":                                                 {Profile: (*bytes.Buffer)(nil)},
		"Profile can't be read: open":                                                    {Profile: filepath.Join(folder, "none")},
		"Profile is empty; a CPU":                                                        {Profile: empty},
		"Base is empty; a CPU profile":                                                   {Profile: []byte{1}, Base: []byte{}},
		"a Profile brings its own Unit":                                                  {Profile: []byte{1}, Unit: "s"},
		"Profile can't be read: the disk is on":                                          {Profile: broken{}},
	} {
		_, err := f.Encode()
		if err == nil || !strings.HasPrefix(err.Error(), "flame graph: "+want) {
			t.Errorf("error %v, want %s", err, want)
		}
		if text := fmt.Sprint(f.MIMEBundle()["text/plain"]); !strings.HasPrefix(text, "plot error: flame graph: ") {
			t.Errorf("shown as %s", text)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, fmt.Errorf("the disk is on fire") }

// TestFlameKeepsProfile hands over a profile in all forms, twice each.
func TestFlameKeepsProfile(t *testing.T) {
	want := []byte("a profile")
	name := filepath.Join(t.TempDir(), "p")
	if err := os.WriteFile(name, want, 0o666); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Seek(4, 0); err != nil {
		t.Fatal(err)
	}
	half := bytes.NewReader(want)
	half.ReadByte()
	for _, p := range []any{want, bytes.NewBuffer(want), *bytes.NewBuffer(want), name, file, half, lookup{want}} {
		for range 2 {
			d, err := Flame{Profile: p, Base: p, Form: Icicle, Value: "cpu", Focus: "a", Ignore: "b", Root: "c", MinShare: 0.01, Alt: "x"}.Encode()
			if err != nil {
				t.Fatalf("%T: %v", p, err)
			}
			if !bytes.Equal(d.Recording.Profile, want) || !bytes.Equal(d.Recording.Base, want) {
				t.Errorf("%T: read %q", p, d.Recording.Profile)
			}
			back := FlameOf(d)
			if back.Form != Icicle || back.Value != "cpu" || back.Focus != "a" || back.Ignore != "b" || back.Root != "c" || back.MinShare != 0.01 ||
				back.Alt != "x" || back.Height != 0 || back.Width != flameWidth {
				t.Errorf("options came back as %+v", back)
			}
		}
	}
	if at, err := file.Seek(0, 1); err != nil || at != 4 {
		t.Errorf("the file is at %d, not where it was", at)
	}
	text := Flame{Profile: want}.String()
	if !strings.HasPrefix(text, "profile of 9 B") {
		t.Errorf("summary %q", text)
	}
}

// lookup stands for a *pprof.Profile.
type lookup struct{ data []byte }

func (l lookup) WriteTo(w io.Writer, debug int) error {
	_, err := w.Write(l.data)
	return err
}

func TestGroupOf(t *testing.T) {
	for name, want := range map[string]string{
		"main.work": GroupOwn, "work": GroupOwn, "a;b": GroupOwn, "mymodule/sub.F": GroupOwn,
		"runtime.mallocgc": GroupRuntime, "internal/runtime/maps.(*Map).putSlot": GroupRuntime,
		"slices.SortFunc[go.shape.[]github.com/a/b.T]": GroupStandard, "net/http.(*conn).serve": GroupStandard, "runtime/pprof.StartCPUProfile": GroupStandard,
		"gonum.org/v1/gonum/mat.(*Dense).Mul": GroupModule, "github.com/a/b/v2.F": GroupModule,
	} {
		if got := GroupOf(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	list, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(string(list)) {
		if root, _, _ := strings.Cut(path, "/"); !standardRoots[root] {
			t.Errorf("%s is of the standard library, but %s isn't in the table", path, root)
		}
	}
}
