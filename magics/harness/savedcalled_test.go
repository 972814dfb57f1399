package harness

import (
	"bytes"
	"container/list"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hpgo/kernel/display"
)

type testStack struct {
	items []int
	rows  [][]string
	less  func(a, b int) bool
	since time.Time
}

func (s *testStack) Push(n int) { s.items = append(s.items, n) }

type testChain struct {
	top *testChain
	n   int
}

type testLocked struct {
	mu sync.Mutex
	n  int
}

type testMapped struct {
	m map[string]int
	n int
}

// TestRestoreCalled: what methods change is given back with the elements of
// slices, or not at all.
func TestRestoreCalled(t *testing.T) {
	told := ""
	display.SetTransport(func(e display.Event) error {
		if r, ok := ReadRecord(e.Bundle); ok && (r.Kind == RecordRestored || r.Kind == RecordChanged) {
			told += r.Kind
		}
		return nil
	})
	defer display.SetTransport(nil)

	s := testStack{items: append(make([]int, 0, 8), 3, 1, 2), rows: [][]string{{"a"}, {"b", "c"}}, less: func(a, b int) bool { return a < b }, since: time.Now()}
	restores(t, &told, "slices", &s, RecordRestored, func() { s.Push(4); s.items[0] = 9; s.rows[1][0] = "x"; s.rows[0] = nil }, func() bool {
		return reflect.DeepEqual(s.items, []int{3, 1, 2}) && reflect.DeepEqual(s.rows, [][]string{{"a"}, {"b", "c"}})
	})
	p := &testStack{items: []int{5}}
	restores(t, &told, "pointer", &p, RecordRestored, func() { p.Push(1) }, func() bool { return len(p.items) == 1 })
	p = &testStack{items: make([]int, 0, 4)}
	restores(t, &told, "no elements", &p, RecordRestored, func() { p.Push(1) }, func() bool { return len(p.items) == 0 })
	p = nil
	restores(t, &told, "nil", &p, "", func() {}, func() bool { return true })
	restores(t, &told, "nothing", &s, "", func() { s.items = append(s.items, 1)[:3] }, func() bool { return len(s.items) == 3 })

	var text strings.Builder
	text.WriteString("ab")
	restores(t, &told, "builder", &text, RecordRestored, func() { text.WriteString("cd") }, func() bool { return text.String() == "ab" })
	buf := bytes.NewBufferString("ab")
	restores(t, &told, "buffer", &buf, RecordRestored, func() { buf.Next(1); buf.WriteString("cd") }, func() bool { return buf.String() == "ab" })
	var empty list.List
	restores(t, &told, "empty list", &empty, RecordRestored, func() { empty.PushBack(1) }, func() bool { return empty.Len() == 0 && empty.Front() == nil })

	// Nothing of these: half of it would be a value that their types never made.
	full := list.New()
	full.PushBack(1)
	restores(t, &told, "list", full, RecordChanged, func() { full.PushBack(2) }, func() bool { return full.Len() == 2 && full.Front().Next().Value == 2 })
	chain := testChain{top: &testChain{}, n: 1}
	restores(t, &told, "pointers", &chain, RecordChanged, func() { chain = testChain{&testChain{top: chain.top}, 2} }, func() bool { return chain.n == 2 && chain.top.top != nil })
	pc := &chain
	restores(t, &told, "pointer to pointers", &pc, "", func() { pc.n++ }, func() bool { return chain.n == 3 })
	locked := testLocked{n: 1}
	restores(t, &told, "lock", &locked, RecordChanged, func() { locked.n++; locked.mu.Lock() }, func() bool { return locked.n == 2 && !locked.mu.TryLock() })
	var count atomic.Int64
	restores(t, &told, "atomic", &count, RecordChanged, func() { count.Add(1) }, func() bool { return count.Load() == 1 })
	mapped := testMapped{m: map[string]int{}}
	restores(t, &told, "map", &mapped, RecordChanged, func() { mapped.m["a"] = 1; mapped.n++ }, func() bool { return mapped.n == len(mapped.m) })
	mapped = testMapped{}
	restores(t, &told, "nil map", &mapped, RecordRestored, func() { mapped = testMapped{map[string]int{"a": 1}, 1} }, func() bool { return mapped.n == 0 && mapped.m == nil })
	large := testStack{items: make([]int, mostKept/8+1)}
	restores(t, &told, "large", &large, RecordChanged, func() { large.Push(1) }, func() bool { return len(large.items) == mostKept/8+2 })
	type self []self
	loop := self{nil, {}}
	loop[0] = loop
	restores(t, &told, "loop", &loop, RecordChanged, func() { loop = append(loop, nil) }, func() bool { return len(loop) == 3 })
}

// restores saves a variable, changes it, restores it, and holds what is told and
// what the variable is then against what is wanted.
func restores[T any](t *testing.T, told *string, name string, variable *T, want string, change func(), right func() bool) {
	t.Helper()
	*told = ""
	SaveCalled(name, variable)
	change()
	Restore(name, variable)
	if *told != want || !right() {
		t.Errorf("%s: told %q, want %q; it is %+v", name, *told, want, reflect.ValueOf(variable).Elem())
	}
}
