package child

import (
	"os"
	"time"

	"hpgo/kernel/worker/frame"
)

// flightFiles takes a stream of runtime/trace and keeps its end, in two files: when
// the newer one is old or large enough, the older is removed. A trace is made of
// generations, of which each can be read for itself, so files begin with one.
// runtime/trace writes from one goroutine, whole batches.
type flightFiles struct {
	asked  *frame.Flight
	header []byte
	n      int // of the newer file
	file   *os.File
	began  time.Time
	size   uint64
	fail   error // after which nothing is written
}

// newFlightFiles removes what an earlier one has left.
func newFlightFiles(asked *frame.Flight) *flightFiles {
	for _, name := range frame.FlightFiles(asked.File) {
		_ = os.Remove(name) // what stays is an earlier trace, and written anew
	}
	return &flightFiles{asked: asked}
}

// Write implements io.Writer.
func (f *flightFiles) Write(p []byte) (int, error) {
	if f.header == nil {
		f.header = append([]byte{}, p...)
		f.next()
		return len(p), f.fail
	}
	if f.fail != nil {
		return 0, f.fail
	}
	n, err := f.file.Write(p)
	f.fail = err // runtime/trace looks at no error
	f.size += uint64(n)
	if endsGeneration(p) && (f.size >= f.asked.Size/2 || time.Since(f.began) >= f.asked.Age) {
		f.next()
	}
	return n, err
}

// endsGeneration reports whether a batch ends a generation: that is a lone event
// (EvEndOfGeneration of internal/trace/tracev2), since Go 1.26.
func endsGeneration(batch []byte) bool { return len(batch) == 1 }

// next begins another file and forgets the one before the last.
func (f *flightFiles) next() {
	if f.file != nil {
		f.fail = f.file.Close()
		f.n++
		_ = os.Remove(frame.FlightFile(f.asked.File, f.n-2)) // there may be none
	}
	var err error
	if f.file, err = os.Create(frame.FlightFile(f.asked.File, f.n)); err == nil {
		_, err = f.file.Write(f.header)
	}
	if f.fail == nil {
		f.fail = err
	}
	f.began, f.size = time.Now(), 0
}

// close ends it when the recording has ended.
func (f *flightFiles) close() error {
	if f.file != nil {
		if err := f.file.Close(); f.fail == nil {
			f.fail = err
		}
	}
	return f.fail
}

// remove ends it and removes its files.
func (f *flightFiles) remove() {
	_ = f.close()
	for _, name := range frame.FlightFiles(f.asked.File) {
		_ = os.Remove(name) // the session's directory goes with the session
	}
}
