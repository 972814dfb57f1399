package history

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// inputs joins what was found.
func inputs(entries []Entry) string {
	var list []string
	for _, e := range entries {
		list = append(list, fmt.Sprintf("%d/%d %s", e.Session, e.Line, e.Input))
	}
	return strings.Join(list, "|")
}

func add(t *testing.T, l *Log, lines ...string) {
	t.Helper()
	for i, in := range lines {
		if err := l.Add(i+1, in, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T, path string) *Log {
	t.Helper()
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestFind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "history.jsonl")
	add(t, open(t, path), "a := 1", "b/c")
	l := open(t, path)
	add(t, l, "a := 1", "last\nline", "f([]int{1})")
	for _, test := range []struct {
		q    Query
		want string
	}{
		{Query{Access: "tail", N: 2}, "2/2 last\nline|2/3 f([]int{1})"},
		{Query{Access: "tail"}, "1/1 a := 1|1/2 b/c|2/1 a := 1|2/2 last\nline|2/3 f([]int{1})"},
		{Query{Access: "range"}, "2/1 a := 1|2/2 last\nline|2/3 f([]int{1})"},
		{Query{Access: "range", Start: 2, Stop: 3}, "2/2 last\nline"},
		{Query{Access: "range", Session: -1}, "1/1 a := 1|1/2 b/c"},
		{Query{Access: "range", Session: 1}, "1/1 a := 1|1/2 b/c"},
		{Query{Access: "range", Session: 7}, ""},
		{Query{Access: "search", Pattern: "b*"}, "1/2 b/c"},
		{Query{Access: "search", Unique: true}, "1/2 b/c|2/1 a := 1|2/2 last\nline|2/3 f([]int{1})"},
		{Query{Access: "search", Pattern: "a*", N: 1}, "2/1 a := 1"},
		{Query{Access: "search", Pattern: "*line"}, "2/2 last\nline"},
		{Query{Access: "search", Pattern: "f([]*"}, "2/3 f([]int{1})"},
	} {
		if got := inputs(l.Find(test.q)); got != test.want {
			t.Errorf("%+v: %q, want %q", test.q, got, test.want)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"***", "abc", true}, {"?", "", false}, {"?", "é", true}, {"??", "é", false},
		{"a*c", "abbc", true}, {"a*c", "abbd", false}, {"*b*b*", "abab", true}, {"*ab", "aab", true}, {"a?c", "abc", true}, {"[a]", "a", false},
		{strings.Repeat("*a", 40) + "b", strings.Repeat("a", 5000), false},
	} {
		if got := match(test.pattern, test.text); got != test.want {
			t.Errorf("match(%.20q, %.20q) = %v", test.pattern, test.text, got)
		}
	}
}

// TestDamage: a file that was cut short, grown too large, removed, or can't be
// written costs history, never the kernel.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "history.jsonl")
	if err := os.WriteFile(path, []byte("{\"session\":3,\"line\":1,\"input\":\"kept\"}\nnonsense\n{\"session\":3,\"li"), 0o600); err != nil {
		t.Fatal(err)
	}
	add(t, open(t, path), "new")
	if got := inputs(open(t, path).Find(Query{Access: "tail"})); got != "3/1 kept|4/1 new" {
		t.Errorf("after damage: %s", got)
	}
	long := strings.Repeat("x", 1000)
	var b strings.Builder
	for i := 0; b.Len() <= maxFile; i++ {
		fmt.Fprintf(&b, "{\"session\":1,\"line\":%d,\"input\":%q}\n", i, long)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	l := open(t, path)
	add(t, l, "after the flood")
	if info, err := os.Stat(path); err != nil || info.Size() > maxFile*2/3 || len(l.Find(Query{Access: "tail"})) < 3000 {
		t.Errorf("the large log was not halved: %v, %v", info, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	add(t, l, "after the removal", strings.Repeat("y", maxText+1))
	if got := inputs(l.Find(Query{Access: "range"})); got != "2/1 after the flood|2/1 after the removal" {
		t.Errorf("after the removal: %s", got)
	}
	m, err := Open(filepath.Join(dir, "no\x00name"))
	if err == nil {
		t.Error("an impossible path was opened")
	}
	add(t, m, "in memory")
	if got := inputs(m.Find(Query{Access: "range"})); got != "1/1 in memory" {
		t.Errorf("in memory: %s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("{\"session\":1,\"line\":2,\"input\":\"x\",\"output\":\"y\"}\n"))
	f.Add([]byte("{\"session\":-1}\n[]\nnull\n\n{"))
	f.Fuzz(func(t *testing.T, data []byte) {
		last := lastSession(data)
		for _, e := range parse(data) {
			if e.Session > last || e.Session < 1 || e.Input == "" {
				t.Errorf("entry %+v, last session %d", e, last)
			}
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add("a*?b", "axyb")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if !match("*", text) || !match(strings.ReplaceAll(text, "?", "*"), text) {
			t.Errorf("%q doesn't match itself", text)
		}
		match(pattern, text)
	})
}
