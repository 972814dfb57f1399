package handover

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"sync"
	"syscall"
)

// Save writes variables, given as names and values in turn, to the first of two
// files whose file system has the room. Its errors stand in the report.
func Save(file, spare string, pairs ...any) Report {
	e := &encoder{}
	var vars []*Node
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		n, err := e.encode(reflect.ValueOf(pairs[i+1]), name, 0)
		if err != nil {
			return Report{Error: err.Error()}
		}
		n.Name = name
		vars = append(vars, n)
	}
	head, size, err := e.place(vars)
	if err != nil {
		return Report{Error: err.Error()}
	}
	err = e.write(file, head, size)
	if errors.Is(err, syscall.ENOSPC) {
		file = spare
		err = e.write(file, head, size)
	}
	runtime.KeepAlive(pairs)
	if err != nil {
		return Report{Error: fmt.Sprintf("hand over %s: %v", byteCount(size), err)}
	}
	return Report{File: file}
}

func byteCount(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// place gives the bulk data its offsets and returns the file up to them, and
// how large the file becomes.
func (e *encoder) place(vars []*Node) (head []byte, size int64, err error) {
	at := int64(0)
	for _, b := range e.blobs {
		b.node.At = at
		for _, p := range b.pieces {
			at += int64(len(p))
		}
		at = aligned(at)
	}
	text, err := json.Marshal(vars)
	if err != nil {
		return nil, 0, err
	}
	head = append([]byte(Mark), make([]byte, 8)...)
	binary.LittleEndian.PutUint64(head[8:], uint64(len(text)))
	head = append(head, text...)
	head = append(head, make([]byte, aligned(int64(len(head)))-int64(len(head)))...)
	return head, int64(len(head)) + at, nil
}

func aligned(n int64) int64 { return (n + Align - 1) / Align * Align }

const (
	// together is how much is gathered before it is written.
	together = 1 << 20
	// part is how much one goroutine writes or reads at a time.
	part = 8 << 20
)

// write makes the file anew: what had its name before may still be mapped.
func (e *encoder) write(file string, head []byte, size int64) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	err = e.fill(f, head, size)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(file)
	}
	return err
}

// fill writes head and bulk data.
func (e *encoder) fill(f *os.File, head []byte, size int64) error {
	if err := f.Truncate(size); err != nil {
		return err
	}
	if _, err := f.WriteAt(head, 0); err != nil {
		return err
	}
	var jobs []job
	var small []byte
	start, at := int64(0), int64(0)
	flush := func() {
		if len(small) > 0 {
			jobs = append(jobs, job{small, start})
			small = nil
		}
	}
	for _, b := range e.blobs {
		flush()
		at = int64(len(head)) + b.node.At
		for _, p := range b.pieces {
			switch {
			case len(p) >= together/16:
				flush()
				jobs = append(jobs, job{p, at})
			default:
				if len(small) == 0 {
					start = at
				}
				if small = append(small, p...); len(small) >= together {
					flush()
				}
			}
			at += int64(len(p))
		}
	}
	flush()
	return transfer(jobs, f.WriteAt)
}

// job is a piece of memory and its place in a file.
type job struct {
	data []byte
	at   int64
}

// transfer moves pieces between memory and file, large ones in parts by several
// goroutines: the kernel's page faults and copies are most of the work. The
// goroutines end before it returns.
func transfer(jobs []job, move func([]byte, int64) (int, error)) error {
	var parts []job
	for _, j := range jobs {
		for len(j.data) > part {
			parts = append(parts, job{j.data[:part], j.at})
			j.data, j.at = j.data[part:], j.at+part
		}
		parts = append(parts, j)
	}
	n := min(len(parts), runtime.GOMAXPROCS(0), 8)
	errs := make([]error, n)
	var all sync.WaitGroup
	for g := range n {
		all.Go(func() {
			for i := g; i < len(parts) && errs[g] == nil; i += n {
				if len(parts[i].data) > 0 {
					_, errs[g] = move(parts[i].data, parts[i].at)
				}
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
