package build

import (
	"reflect"
	"testing"
)

func TestDifference(t *testing.T) {
	before := map[string]string{"a": "v1", "b": "v1", "c": "v1"}
	after := map[string]string{"a": "v1", "b": "v2", "d": "/local"}
	want := []Change{{"b", "v1", "v2"}, {"c", "v1", ""}, {"d", "", "/local"}}
	if got := difference(before, after); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLineWriter(t *testing.T) {
	var got []string
	w := &lineWriter{line: func(s string) { got = append(got, s) }}
	for _, piece := range []string{"on", "e\ntwo\n\nfo", "ur"} {
		if n, err := w.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Fatal(n, err)
		}
	}
	w.end()
	if want := []string{"one", "two", "", "four"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if w.all.String() != "one\ntwo\n\nfour" {
		t.Errorf("kept %q", w.all.String())
	}
}

func TestForget(t *testing.T) {
	m := &Module{exports: map[string]string{"a.b/c": "1", "a.b/c/d": "2", "a.b/cd": "3", "fmt": "4"}}
	m.Forget("a.b/c")
	if want := map[string]string{"a.b/cd": "3", "fmt": "4"}; !reflect.DeepEqual(m.exports, want) {
		t.Errorf("left %v", m.exports)
	}
}
