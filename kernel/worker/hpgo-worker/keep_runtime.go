//go:build hpgo_live

package main

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"time"
)

//go:generate go run gen_keep.go

// keep refers to everything that cells may take from the worker instead of
// bringing it along. Its code is never run in full: it is there for the linker,
// which drops what nothing refers to. What is missing here costs a cell nothing
// but a longer link.
func keep() {
	runtime.KeepAlive(keepStd)
	if len(os.Args) < 1<<30 {
		return
	}
	keepChannels(nil, nil)
	keepMaps()
	keepStrings("", nil, nil)
	keepPanics(nil, nil, 0, 0)
	keepInterfaces(nil, nil)
	keepIterators(nil)
	keepTypes()
}

//go:noinline
func keepChannels(c chan int, s chan string) {
	c = make(chan int, len(os.Args))
	s = make(chan string, len(os.Args))
	go func() { c <- 1; s <- "" }()
	v, ok := <-c
	select {
	case v = <-c:
	case s <- "x":
	case <-time.After(1):
	}
	select {
	case c <- v:
	default:
	}
	select {
	case v, ok = <-c:
	default:
	}
	for range s {
	}
	close(c)
	fmt.Println(v, ok, len(c), cap(s))
	select {}
}

//go:noinline
func keepMap[K comparable, V any](k K, v V) {
	m := make(map[K]V, len(os.Args))
	small := map[K]V{}
	m[k] = v
	small[k] = v
	w, ok := m[k]
	delete(m, k)
	for kk, vv := range m {
		fmt.Println(kk, vv)
	}
	clear(m)
	fmt.Println(w, ok, m[k], len(m))
}

type wide struct {
	a, b int
	s    string
	f    [40]float64
}

//go:noinline
func keepMaps() {
	n := len(os.Args)
	m32 := map[uint32]int{uint32(n): n}
	m32[5]++
	m64 := map[int]int{n: n}
	m64[5]++
	mstr := map[string]int{os.Args[0]: n}
	mstr["x"]++
	mptr := map[*int]int{&n: n}
	mptr[nil]++
	mp32 := map[int32]*int{5: &n}
	mf := map[float64]bool{float64(n): true}
	mi := map[any]int{n: 1, "a": 2}
	me := map[error]int{}
	mw := map[wide]wide{}
	mw[wide{a: n}] = wide{}
	mset := map[string]struct{}{}
	mset["x"] = struct{}{}
	delete(mset, "x")
	delete(m32, 5)
	delete(m64, 5)
	delete(mptr, nil)
	delete(mf, 1)
	for k := range mf {
		mf[k] = !mf[k]
	}
	clear(mw)
	v32, ok1 := m32[7]
	v64, ok2 := m64[7]
	vs, ok3 := mstr["y"]
	vp, ok4 := mp32[7]
	vw, ok5 := mw[wide{}]
	vi, ok6 := mi[mi]
	fmt.Println(m32, m64, mstr, mptr, mp32, mf, mi, me[nil], mw, v32, ok1, v64, ok2, vs, ok3, vp, ok4, vw, ok5, vi, ok6)
	keepMap(1, 1)
	keepMap("", "")
	keepMap(1.5, []int{})
	keepMap(wide{}, wide{})
	keepMap[any, any](1, nil)
	keepMap(int32(1), &n)
	keepMap([2]int{}, complex(1, 2))
	keepMap('x', true)
	keepMap(byte(1), struct{}{})
}

//go:noinline
func keepStrings(s string, b []byte, r []rune) {
	s2 := s + os.Args[0]
	s3 := s + s2 + "x"
	s4 := s + s2 + s3 + "y"
	s5 := s + s2 + s3 + s4 + "z"
	s6 := s + s2 + s3 + s4 + s5 + "!"
	b = append(b, s6...)
	r = []rune(s6)
	b = []byte(s5)
	for i, c := range s5 {
		r = append(r, c, rune(i))
	}
	str := string(b) + string(r) + string(r[0]) + string(rune(len(b)))
	bb := append([]byte("x"), s...)
	bb = append(bb, b...)
	joined := []byte(s + str)
	fmt.Println(s2 == s3, s2 < s3, str, len(bb), copy(b, s), copy(r, r[1:]), min(s2, s3), max(s2, s3), joined, b[len(s):], s[len(b):len(r)])
	var ints []int
	var wides []wide
	var ptrs []*wide
	for i := range len(s) {
		ints = append(ints, i)
		wides = append(wides, wide{a: i})
		ptrs = append(ptrs, &wides[i])
	}
	ints = append(ints, ints...)
	wides = append(wides, make([]wide, len(s))...)
	ptrs = append(ptrs, make([]*wide, len(s), 2*len(s)+1)...)
	copy(wides, wides[1:])
	copy(ptrs, ptrs[1:])
	clear(wides)
	clear(ptrs)
	arr := [4]int(ints)
	parr := (*[4]int)(ints)
	p := new(wide)
	*p = *ptrs[0]
	ptrs[0], ptrs[1] = ptrs[1], p
	print(s, len(s), p, 1.5, true, complex(1, 2), uint64(1), '\n')
	println(arr[0], parr[1], b, any(p), uintptr(1))
	fmt.Println(ints, wides, ptrs, arr == *parr, wides[0] == *p)
}

//go:noinline
func keepPanics(p *wide, xs []int, i, j int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err, _ = r.(error)
			panic(r)
		}
	}()
	for k := range i {
		defer fmt.Println(k)
		defer func() { xs[k]++ }()
	}
	defer runtime.Gosched()
	u, u8, i32 := uint(i), uint8(j), int32(i)
	fmt.Println(xs[i], xs[i:j], xs[i:j:i], xs[u], xs[u8], xs[i32], "abc"[i:j], i/j, i%j, i<<j, i>>u, u/uint(j), float64(i), uint64(float64(j)), p.a, [3]int{1, 2, 3}[i])
	var arr [8]int
	arr[i] = j
	_ = arr[i:j]
	_ = [4]int(xs)
	z := make([]int, i, j)
	c := complex(float64(i), float64(j))
	go func() { z[i]++ }()
	panic(errors.Join(err, fmt.Errorf("%v %v: %w", z, c/complex(float64(j), 1), err)))
}

type shape interface{ Area() float64 }

func (w wide) Area() float64 { return w.f[0] }

//go:noinline
func keepInterfaces(v any, s shape) {
	switch x := v.(type) {
	case int:
		v = x + 1
	case string, []byte:
		v = x
	case error:
		v = x.Error()
	case fmt.Stringer:
		v = x.String()
	case shape:
		s = x
	case nil:
		v = 0
	case func(int) int:
		v = x(1)
	}
	s, ok := v.(shape)
	w, ok2 := v.(wide)
	_ = v.(error)
	t := s.(fmt.Stringer)
	n := len(os.Args)
	values := []any{int8(n), int16(n), int32(n), int64(n), uint8(n), uint16(n), uint32(n), uint64(n), float32(n), float64(n), n == 1, 'x', os.Args[0], os.Args, &n, w, complex(1, float64(n)), [3]int{n}, struct{}{}, func() {}}
	fmt.Println(ok, ok2, t, v == any(s), s == shape(w), any(w) == any(w), values)
	f := s.Area
	fmt.Println(f())
}

//go:noinline
func keepIterators(seq iter.Seq[int]) {
	seq = func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
outer:
	for x := range seq {
		for y := range seq {
			if x > y {
				continue outer
			}
			if x == 7 {
				break outer
			}
			if y == 9 {
				return
			}
			defer fmt.Println(x)
		}
	}
	next, stop := iter.Pull(seq)
	fmt.Println(next())
	stop()
}

// keepTypes refers to types that cells make of predeclared ones.
//
//go:noinline
func keepTypes() {
	fmt.Println([]any{
		[]int{}, []int8{}, []int16{}, []int32{}, []int64{}, []uint{}, []uint16{}, []uint32{}, []uint64{}, []float32{}, []float64{}, []complex128{}, []string{}, []bool{}, []any{}, []error{}, []byte{}, []rune{},
		[][]int{}, [][]float64{}, [][]string{}, [][]byte{}, [][]any{}, &[]int{}, &[]string{}, &[]float64{},
		map[string]int{}, map[string]string{}, map[string]any{}, map[string]bool{}, map[string]float64{}, map[int]int{}, map[int]string{}, map[int]bool{}, map[string][]string{}, map[string][]int{}, map[string]struct{}{}, map[rune]int{},
		make(chan int), make(chan string), make(chan bool), make(chan struct{}), make(chan error), make(chan float64), make(<-chan int), make(chan<- int),
		func() {}, func() int { return 0 }, func(int) int { return 0 }, func(int, int) int { return 0 }, func(float64) float64 { return 0 }, func(string) string { return "" }, func() error { return nil },
		new(int), new(string), new(float64), new(bool), new(any), new(error), struct{}{}, [0]int{}, [1]int{}, [2]int{}, [3]int{}, [4]int{}, [2]float64{}, [3]float64{},
		int(0), int8(0), int16(0), int32(0), int64(0), uint(0), uint8(0), uint16(0), uint32(0), uint64(0), uintptr(0), float32(0), float64(0), complex64(0), complex128(0), "", false,
	})
}
