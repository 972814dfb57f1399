package kerneltest

import (
	"strings"
	"testing"
	"unsafe"
)

// TestGuardSeesFaults: a read past the end, a read before the beginning and a write
// on the far side are all seen, else the suite would prove nothing.
func TestGuardSeesFaults(t *testing.T) {
	type input struct{ Values, part []float64 }
	fresh := func() *input {
		v := make([]float64, 100)
		return &input{Values: v, part: v[10:20]}
	}
	at := func(v []float64, i int) *float64 {
		return (*float64)(unsafe.Add(unsafe.Pointer(&v[0]), 8*i))
	}
	faults := func(end bool, i int) (message string) {
		in := fresh()
		defer Guard(t, in, end)()
		defer func() {
			if err, ok := recover().(error); ok {
				message = err.Error()
			}
		}()
		if &in.part[0] != &in.Values[10] {
			t.Error("slices of one array are of two arrays now")
		}
		*at(in.Values, i)++
		return ""
	}
	if m := faults(true, 100); !strings.Contains(m, "invalid memory address") && !strings.Contains(m, "fault") {
		t.Errorf("past the end: %q", m)
	}
	if m := faults(false, -1); m == "" {
		t.Error("before the beginning: no fault")
	}
	quiet := &testing.T{}
	in := fresh()
	check := Guard(quiet, in, true)
	*at(in.Values, -1)++ // in the page, before the values
	check()
	if !quiet.Failed() {
		t.Error("a write on the far side isn't seen")
	}
}
