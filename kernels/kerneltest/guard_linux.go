package kerneltest

import (
	"fmt"
	"reflect"
	"syscall"
	"unsafe"
)

// guarded is memory whose neighbours on both sides can't be touched: a byte read or
// written past the end is a fault that names the place, in Go code, assembly and C.
type guarded struct {
	pages  []byte // with a page on each side that has no access
	end    bool   // the values end where the page after them begins; else they begin where the page before them ends
	filled []byte // the part that values have
}

const guardByte = 0xA5

// newGuarded maps memory for a number of bytes.
func newGuarded(bytes int, end bool) (*guarded, error) {
	page := syscall.Getpagesize()
	inner := (bytes + page - 1) / page * page
	all, err := syscall.Mmap(-1, 0, inner+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("map %d guarded bytes: %w", bytes, err)
	}
	for _, side := range [][]byte{all[:page], all[page+inner:]} {
		if err := syscall.Mprotect(side, syscall.PROT_NONE); err != nil {
			return nil, fmt.Errorf("protect a guard page: %w", err)
		}
	}
	g := &guarded{pages: all, end: end}
	values := all[page : page+inner]
	for i := range values {
		values[i] = guardByte
	}
	if end {
		g.filled = values[inner-bytes:]
	} else {
		g.filled = values[:bytes]
	}
	return g, nil
}

// intact tells whether the bytes between the values and the far guard page are as
// they were.
func (g *guarded) intact() bool {
	page := syscall.Getpagesize()
	values := g.pages[page : len(g.pages)-page]
	rest := values[len(g.filled):]
	if g.end {
		rest = values[:len(values)-len(g.filled)]
	}
	for _, b := range rest {
		if b != guardByte {
			return false
		}
	}
	return true
}

func (g *guarded) free() { syscall.Munmap(g.pages) }

// mover moves the slices of a value into guarded memory.
type mover struct {
	end   bool
	moved map[uintptr]*guarded // by where the array began
	from  map[uintptr]uintptr  // where it ended
	empty []*guarded           // of slices of nothing, which have neighbours, too
	err   error
}

// move moves the slices of numbers that v holds, however deep in structs, slices and
// pointers. Slices of one array share one piece of guarded memory again.
func (m *mover) move(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			m.move(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			m.move(reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()) // fields without capital letters, too
		}
	case reflect.Array:
		for i := range v.Len() {
			m.move(v.Index(i))
		}
	case reflect.Slice:
		switch {
		case plain(v.Type().Elem()):
			if !v.IsNil() {
				m.moveSlice(v)
			}
		default:
			for i := range v.Len() {
				m.move(v.Index(i))
			}
		}
	}
}

func plain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return true
	case reflect.Array:
		return plain(t.Elem())
	}
	return false
}

func (m *mover) moveSlice(v reflect.Value) {
	begin, bytes := v.Pointer(), v.Len()*int(v.Type().Elem().Size())
	for at, end := range m.from {
		if bytes > 0 && at <= begin && begin+uintptr(bytes) <= end {
			m.set(v, m.moved[at], int(begin-at))
			return
		}
		if bytes > 0 && begin < end && at < begin+uintptr(bytes) {
			m.err = fmt.Errorf("a part of a slice stands before the whole: the two would be of two arrays")
			return
		}
	}
	g, err := newGuarded(bytes, m.end)
	if err != nil {
		m.err = err
		return
	}
	copy(g.filled, unsafe.Slice((*byte)(v.UnsafePointer()), bytes))
	if bytes == 0 { // all slices of nothing may be at one place
		m.empty = append(m.empty, g)
	} else {
		m.moved[begin], m.from[begin] = g, begin+uintptr(bytes)
	}
	m.set(v, g, 0)
}

// set makes the slice one of guarded memory; its capacity is its length.
func (m *mover) set(v reflect.Value, g *guarded, offset int) {
	header := (*struct {
		data     unsafe.Pointer
		len, cap int
	})(unsafe.Pointer(v.UnsafeAddr()))
	header.data, header.cap = unsafe.Add(unsafe.Pointer(unsafe.SliceData(g.filled)), offset), header.len
}
