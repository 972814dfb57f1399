package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hpgo/kernel/assist"
	"hpgo/kernel/build"
	"hpgo/kernel/cell"
)

// completeCells is what was run in the session that is asked.
var completeCells = []string{`
type Animal interface{ Sound() string }
type Base struct{ ID int }
func (b *Base) Rename(name string) {}
type Dog struct { *Base; Name string; Owner struct{ First, Last string }; Tags map[string][]string }
func (d Dog) Sound() string { return "woof" }
type Pair[K comparable, V any] struct { Key K; Val V }
func Map[T, U any](xs []T, f func(T) U) []U { return nil }
func Seq(n int) iter.Seq2[int, Dog] { return nil }
type Color int
const ( Red Color = iota; Green; Blue )`, `
dog := Dog{}
pets := map[string]*Dog{}
grid := [3][]Pair[string, time.Duration]{}
ch := make(chan Pair[string, Dog], 1)
matrix := mat.NewDense(2, 2, nil)
count, title, ratio := 3, "a", 0.5`,
}

// completeTexts are texts with a cursor, |, as they are typed.
var completeTexts = strings.Split(`dog.|
dog.Ow|
dog.Owner.|
dog.Tags["a"][0]|
pets["a"].Ren|
grid[0][1].Val.Rou|
(<-ch).Val.|
Map([]Dog{dog}, func(d Dog) string { return d.| })
for i, d := range Seq(3) { d.| }
for v := range ch { v.| }
switch a := Animal(dog).(type) { case Dog: a.| }
if p := pets["a"]; p.|
func f(d Dog) string { return d.| }
func (d *Dog) Bark() { fmt.Println(d.| }
x := Dog{Na|
x := []Pair[string, Dog]{{Key: "a", |}}
var c Color = |
switch Green { case |
fmt.Pr|
fmt.Println(strings.ToU|
strings.NewReader("a").|
time.Now().|
time.Sleep(3 * time.|
os.WriteF|
json.Mar|
sort.Slice(grid[0], func(i, j int) bool { return grid[0][i].| })
http.|
http.Stat|
http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { r.URL.|
tls.|
sql.Op|
template.|
rand.|
parser.Pars|
ast.|
mat.|
matrix.|
matrix.T().|
plots.|
plots.Line{|
display.|
cou|
s|
pri|
f|
var x map[string]|
make(chan |
import "encoding/|
import "net/ht|
import str "strings"; str.Spl|
import . "math"; Sqr|
func broken( { dog.|
x := [1,2; dog.|
fmt.Println(dog.|, 3)
// dog.|
"text|
%|
%%wri|
%env HO|
%time fib(cou|
!ec|
!cat /etc/host|
déjà := "é"; dog.|`, "\n")

// completeRounds is how often each text is asked, after one round that reads
// what is needed.
const completeRounds = 5

// completing measures completion and descriptions at the cursors of fixed texts.
func completing(ctx context.Context, r *Report, progress func(string)) error {
	progress(fmt.Sprintf("completion at %d places", len(completeTexts)))
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	for _, c := range completeCells {
		if err := exec1(ctx, s, c); err != nil {
			return err
		}
	}
	complete := func(code string, at int) error {
		_, err := s.Complete(ctx, code, at)
		return err
	}
	first, err := askAll(complete)
	if err != nil {
		return err
	}
	var times, hovers []float64
	for range completeRounds {
		t, err := askAll(complete)
		if err != nil {
			return err
		}
		h, err := askAll(func(code string, at int) error { s.Inspect(ctx, code, at, 0); return nil })
		if err != nil {
			return err
		}
		times, hovers = append(times, t...), append(hovers, h...)
	}
	r.spread("completion, first time", first, fmt.Sprintf("%d places, one after the other in a new session", len(first)))
	r.spread("completion", times, fmt.Sprintf("the same places, %d times more", completeRounds))
	r.spread("hover", hovers, "likewise")
	return coldPackages(ctx, r, progress)
}

// askAll asks at the cursor of each text and returns how long each took.
func askAll(ask func(code string, at int) error) (times []float64, err error) {
	for _, text := range completeTexts {
		at := strings.Index(text, "|")
		code := text[:at] + text[at+1:]
		start := time.Now()
		if err := ask(code, at); err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		times = append(times, time.Since(start).Seconds())
	}
	return times, nil
}

// coldPackages measures the first completion in packages that no session ever
// compiled, with all that they import: nothing but source is there.
func coldPackages(ctx context.Context, r *Report, progress func(string)) error {
	progress("first completions in packages")
	tc, err := build.FindToolchain(ctx)
	if err != nil {
		return err
	}
	index := build.NewStdIndex(tc.GOROOT)
	var times []float64
	packages := []string{"http.", "tls.", "sql.", "template.", "parser.", "zip.", "slog.", "exec.", "big."}
	for _, text := range packages {
		a := assist.New()
		q := assist.Query{Code: text, Cursor: len(text), Scope: cell.NewScope(), Library: build.NewLibrary(tc, nil, nil, index)}
		start := time.Now()
		_, err := a.Complete(ctx, q)
		times = append(times, time.Since(start).Seconds())
		a.Close()
		if err != nil {
			return fmt.Errorf("%q: %w", text, err)
		}
	}
	r.spread("first completion in a package", times, fmt.Sprintf("%d packages, nothing compiled, each as if for the first time", len(packages)))
	return nil
}

// spread adds the middle, the 95th percentile and the longest of some times.
func (r *Report) spread(name string, times []float64, note string) {
	sorted := slices.Sorted(slices.Values(times))
	last := len(sorted) - 1
	r.add(name+", p50", sorted[last/2], "s", note)
	r.add(name+", p95", sorted[last*95/100], "s", "")
	r.add(name+", longest", sorted[last], "s", "")
}
