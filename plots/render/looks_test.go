package render

import (
	"reflect"
	"testing"
)

// TestLooksRepeat: package plots notes it from these numbers of series on.
func TestLooksRepeat(t *testing.T) {
	line := func(n int) look { l := lookOf(n, false); l.marker = nil; return l }
	dot := func(n int) look { l := lookOf(n, false); l.dash = nil; return l }
	for _, c := range []struct {
		looks int
		of    func(int) look
	}{{32, line}, {24, dot}} {
		for i := range c.looks {
			for j := range i {
				if reflect.DeepEqual(c.of(i), c.of(j)) {
					t.Errorf("looks %d and %d of %d are the same", j, i, c.looks)
				}
			}
		}
		if !reflect.DeepEqual(c.of(0), c.of(c.looks)) {
			t.Errorf("look %d is new", c.looks)
		}
	}
	if len(palette) != 8 {
		t.Errorf("%d colours", len(palette))
	}
}
