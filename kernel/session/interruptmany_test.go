package session_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// manyVariable is how many cells TestInterruptMany interrupts.
const manyVariable = "HPGO_TEST_INTERRUPTS"

// manySetup makes the data that the cells of many change, and check, which says
// what is wrong with it.
const manySetup = `
longS, shortS := make([]int, 100), make([]int, 1)
longT, shortT := strings.Repeat("long", 50), "short"[:3]
type shape interface{ edges() int }
type square struct{ side int }
type poly []int
func (s *square) edges() int { return 4 }
func (p poly) edges() int { return len(p) }
type box struct { s []int; t string; v any; h shape }
var one box
var boxes = make([]*box, 10)
var list []int
var table = map[int]int{}
var words = map[string][]string{}
func init() { debug.SetGCPercent(10); for i := range boxes { boxes[i] = &box{} } }
func tear() {
	for i := 0; i >= 0; i++ {
		b := boxes[i%10]
		if i&1 == 0 {
			one = box{longS, longT, longS, &square{i}}
			b.s, b.t, b.v, b.h = longS, longT, i, poly{1, 2, 3}
		} else {
			one = box{shortS, shortT, longT, poly(longS)}
			b.s, b.t, b.v, b.h = shortS, shortT, longT, &square{1}
		}
	}
}
func grow() {
	for i := 0; i >= 0; i++ {
		if len(list) > 100000 { list = nil }
		list = append(list, len(list))
	}
}
func fill() {
	for i := 0; i >= 0; i++ {
		table[i%5000] = 7 * (i % 5000)
		k := strconv.Itoa(i % 100)
		words[k] = append(words[k], k)
		if len(words[k]) > 50 { delete(words, k) }
	}
}
func order() {
	for i := 0; i >= 0; i++ {
		nums := rand.Perm(2000)
		sort.Slice(nums, func(i, j int) bool { return nums[i] < nums[j] })
		list = nil
		for _, n := range nums { list = append(list, n) }
	}
}
func text() {
	for i := 0; i >= 0; i++ {
		out, _ := json.Marshal(map[string]any{"i": i, "t": strings.Fields(longT)})
		one.t, one.s = longT, longS
		_ = fmt.Sprintf("%s %v", out, regexp.MustCompile("a+").FindString(longT))
	}
}
func guardedWork() {
	defer func() { if r := recover(); r != nil { panic(r) } }()
	for i := 0; i >= 0; i++ { held.Lock(); one.s = longS[:i%100]; held.Unlock() }
}
var held sync.Mutex
func check() string {
	for _, b := range append(boxes, &one) {
		if len(b.s) > 1 && &b.s[0] != &longS[0] || len(b.s) > cap(b.s) { return fmt.Sprint("slice ", len(b.s)) }
		if b.t != "" && b.t != longT && b.t != shortT { return "string " + b.t }
		switch v := b.v.(type) {
		case nil, int, []int:
		case string:
			if v != longT { return "any " + v }
		default:
			return fmt.Sprintf("any %T", v)
		}
		if b.h != nil && b.h.edges() < 0 { return "shape" }
	}
	for i, n := range list { if i != n { return fmt.Sprint("list ", i, n) } }
	for k, v := range table { if v != 7*k { return fmt.Sprint("table ", k, v) } }
	for k, v := range words { for _, w := range v { if w != k { return "words " + k + w } } }
	if !held.TryLock() { held = sync.Mutex{} } else { held.Unlock() }
	runtime.GC()
	return "ok"
}
`

// TestInterruptMany interrupts cells at random moments and looks at all the data
// after each.
func TestInterruptMany(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	n := 36
	if text := os.Getenv(manyVariable); text != "" {
		n, _ = strconv.Atoi(text)
	}
	s := newStopped(t)
	s.must(manySetup)
	cells := []string{"tear", "grow", "fill", "order", "text", "guardedWork"}
	took := map[string][]time.Duration{}
	for i := range n {
		name := cells[i%len(cells)]
		r, h, d := s.interrupt("fmt.Println(\"go\")\n"+name+"()", time.Duration(rand.IntN(20_000))*time.Microsecond)
		if r.Err == nil || r.Err.Name != "Interrupted" {
			t.Fatalf("interrupt %d, of %s: %v\n%s", i, name, r.Err, &h.text)
		}
		took[name] = append(took[name], d)
		if got := s.must("check()"); got != `"ok"` {
			t.Fatalf("interrupt %d, of %s, left %s", i, name, got)
		}
	}
	for _, name := range cells {
		d := took[name]
		slices.Sort(d)
		t.Logf("%s: median %v, most %v", name, d[len(d)/2], d[len(d)-1])
	}
}
