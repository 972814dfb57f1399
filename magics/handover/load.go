package handover

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"unsafe"
)

// source is an open file of values.
type source struct {
	file *os.File
	vars []*Node
	data int64 // where bulk data begins
	size int64
}

// Load returns the variable with index i of a file. It panics with an error
// that names the variable when that isn't what T can hold: generated code calls
// it in the place of a value.
func Load[T any](file string, i int) T {
	var to T
	if err := load(file, i, reflect.ValueOf(&to).Elem()); err != nil {
		panic(err)
	}
	return to
}

// LoadOnce is Load in the session, where the file is there the one time that it is read.
// Programs of their own that run the session's declarations again find no file: there it
// is T's zero value, until they are handed what the session holds by then.
func LoadOnce[T any](file string, i int) T {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		var none T
		return none
	}
	return Load[T](file, i)
}

// load reads one variable into v.
func load(file string, i int, v reflect.Value) error {
	s, err := open(file)
	if err != nil {
		return err
	}
	defer s.file.Close()
	if i < 0 || i >= len(s.vars) {
		return fmt.Errorf("%s holds %d values, not %d", file, len(s.vars), i+1)
	}
	return s.decode(s.vars[i], v, s.vars[i].Name)
}

// open reads the head of a file.
func open(file string) (*source, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read what was handed over: %w", err)
	}
	s := &source{file: f}
	if err := s.readHead(); err != nil {
		f.Close()
		return nil, fmt.Errorf("read what was handed over in %s: %w", file, err)
	}
	return s, nil
}

func (s *source) readHead() error {
	st, err := s.file.Stat()
	if err != nil {
		return err
	}
	s.size = st.Size()
	var head [16]byte
	if _, err := io.ReadFull(s.file, head[:]); err != nil {
		return err
	}
	n := int64(binary.LittleEndian.Uint64(head[8:]))
	if string(head[:8]) != Mark || n < 0 || n > s.size-16 {
		return fmt.Errorf("it doesn't begin with %q and a length", Mark)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(s.file, text); err != nil {
		return err
	}
	s.data = aligned(16 + n)
	return json.Unmarshal(text, &s.vars)
}

// read fills memory from the bulk data.
func (s *source) read(jobs ...job) error {
	for i := range jobs {
		jobs[i].at += s.data
	}
	return transfer(jobs, s.file.ReadAt)
}

// inside reports whether bulk data of a size lies in the file.
func (s *source) inside(at, size int64) bool {
	return at >= 0 && size >= 0 && at <= s.size-s.data && size <= s.size-s.data-at
}

// maxEmpty bounds the rows of an array without elements.
const maxEmpty = 1 << 20

// elements is the number of elements of an array; -1 for a shape that makes no
// sense or doesn't fit into the file.
func (s *source) elements(n *Node, t reflect.Type) int {
	total, rows := int64(1), int64(1) // rows: were there one element where there is none
	for _, d := range n.Shape {
		if d < 0 || rows > (1<<48)/int64(max(d, 1)) {
			return -1
		}
		total *= int64(d)
		rows *= int64(max(d, 1))
	}
	if total == 0 && rows > maxEmpty {
		return -1
	}
	if t.Size() > 0 && total > (1<<48)/int64(t.Size()) || !s.inside(n.At, total*int64(t.Size())) {
		return -1
	}
	return int(total)
}

// flat reads an array without its shape, as a slice of a Go type of its kind.
func (s *source) flat(n *Node, elem reflect.Type) (reflect.Value, error) {
	total := s.elements(n, elem)
	if total < 0 {
		return reflect.Value{}, fmt.Errorf("an array of shape %v doesn't lie in the file", n.Shape)
	}
	if elem.Kind() == reflect.Bool {
		return s.bools(n, elem, total)
	}
	slice := reflect.MakeSlice(reflect.SliceOf(elem), total, total)
	return slice, s.read(job{memory(slice), n.At})
}

// bools reads booleans; a byte other than 0 and 1 would not be one for Go.
func (s *source) bools(n *Node, elem reflect.Type, total int) (reflect.Value, error) {
	raw := make([]byte, total)
	if err := s.read(job{raw, n.At}); err != nil {
		return reflect.Value{}, err
	}
	for i, b := range raw {
		if b > 1 {
			raw[i] = 1
		}
	}
	bools := unsafe.Slice((*bool)(unsafe.Pointer(unsafe.SliceData(raw))), total)
	return reflect.ValueOf(bools).Convert(reflect.SliceOf(elem)), nil
}

// strings reads a list of strings. They share the memory of one.
func (s *source) strings(n *Node) ([]string, error) {
	if n.Lengths == nil || n.Lengths.Kind != kindArray || n.Lengths.Dtype != "i8" || !s.inside(n.At, n.Size) {
		return nil, fmt.Errorf("a list of strings doesn't lie in the file")
	}
	lengths, err := s.flat(n.Lengths, reflect.TypeFor[int64]())
	if err != nil {
		return nil, err
	}
	raw := make([]byte, n.Size)
	if err := s.read(job{raw, n.At}); err != nil {
		return nil, err
	}
	text := unsafe.String(unsafe.SliceData(raw), len(raw)) // raw is not used otherwise
	list := make([]string, lengths.Len())
	for i := range list {
		k := lengths.Index(i).Int()
		if k < 0 || k > int64(len(text)) {
			return nil, fmt.Errorf("a string of %d bytes doesn't lie in the file", k)
		}
		list[i], text = text[:k], text[k:]
	}
	return list, nil
}

// describe names what a node holds, for errors.
func (n *Node) describe() string {
	switch n.Kind {
	case kindArray:
		return strings.Repeat("[]", len(n.Shape)) + goName(n.Dtype)
	case kindStrings:
		return "[]string"
	case kindScalar:
		return goName(n.Dtype)
	case kindRows:
		return "list of records (" + strings.Join(n.Names, ", ") + ")"
	case kindStruct:
		return "record (" + strings.Join(n.Names, ", ") + ")"
	case kindNone:
		return "None"
	}
	return n.Kind
}
