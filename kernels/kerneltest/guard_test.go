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

// TestGuardKinds: a byte past the end is a fault in whatever holds the numbers, also
// where there are none.
func TestGuardKinds(t *testing.T) {
	type inner struct{ hidden []complex128 }
	type input struct {
		Floats  []float32
		Bytes   []uint8
		Nothing []float64
		Pair    [2][]int64
		Rows    [][]float64
		Deep    *inner
	}
	in := input{make([]float32, 7), make([]uint8, 13), make([]float64, 0), [2][]int64{{1}, {2}}, [][]float64{{1, 2}, {}}, &inner{make([]complex128, 3)}}
	defer Guard(t, &in, true)()
	ends := map[string]unsafe.Pointer{
		"float32":          end(in.Floats),
		"uint8":            end(in.Bytes),
		"nothing":          end(in.Nothing),
		"array of slices":  end(in.Pair[1]),
		"slice of slices":  end(in.Rows[0]),
		"an empty row":     end(in.Rows[1]),
		"behind a pointer": end(in.Deep.hidden),
	}
	for kind, p := range ends {
		if !faultsAt(p) {
			t.Errorf("%s: the byte past the end can be read", kind)
		}
	}
	if in.Pair[1][0] != 2 || in.Rows[0][1] != 2 || len(in.Rows[1]) != 0 {
		t.Errorf("other values than before: %+v", in)
	}
}

func end[T any](v []T) unsafe.Pointer {
	var one T
	return unsafe.Add(unsafe.Pointer(unsafe.SliceData(v)), uintptr(len(v))*unsafe.Sizeof(one))
}

func faultsAt(p unsafe.Pointer) (faults bool) {
	defer func() { faults = recover() != nil }()
	sink = *(*byte)(p)
	return false
}

var sink byte
