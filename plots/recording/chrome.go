package recording

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
)

// The processes under which a trace in Chrome's format lists its threads.
const (
	chromeProcessors = 1 + iota // threads are Ps
	chromeGoroutines
	chromeRegions // of the goroutine that is the thread
	chromeCalls   // likewise
	chromeTasks
	chromeCollector
)

var chromeNames = map[int]string{chromeProcessors: "processors", chromeGoroutines: "goroutines", chromeRegions: "regions", chromeCalls: "calls", chromeTasks: "tasks", chromeCollector: "garbage collector"}

// chrome writes spans in the format of trace events, which Perfetto and
// chrome://tracing open: complete events ("ph":"X") in microseconds.
type chrome struct {
	out     *bufio.Writer
	buf     []byte
	threads map[[2]int64]string // names, by process and thread
	any     bool
}

// WriteChrome reads an execution trace and writes it as trace events in JSON, of which
// it holds none: what each processor ran, states and regions of goroutines, tasks, and
// the collector. Between marks it is the part that a Study is of. When ctx ends, the file
// is complete, of what was read until then, and the error is ErrStopped.
func WriteChrome(ctx context.Context, in io.Reader, out io.Writer) (err error) {
	defer recovered(&err)
	c := &chrome{out: bufio.NewWriterSize(out, 1<<16), threads: map[[2]int64]string{}}
	r := newReader(viewRegions)
	r.keep, r.study, r.chrome, r.stop = 1, newStudy(), c, ctx.Done()
	c.put(`{"displayTimeUnit":"ns","traceEvents":[`)
	if err := r.read(in); err != nil {
		return fmt.Errorf("read trace: %w", err)
	}
	c.finish()
	if err := c.out.Flush(); err != nil {
		return fmt.Errorf("write trace events: %w", err)
	}
	if errors.Is(r.broke, ErrStopped) {
		return ErrStopped
	}
	return nil
}

func (c *chrome) put(text string) { c.out.WriteString(text) } // an error comes with Flush

// span writes a span; times are in nanoseconds from the start.
func (c *chrome) span(process int, thread int64, name string, from, to int64) {
	if c == nil {
		return
	}
	b := c.buf[:0]
	if c.any {
		b = append(b, ',', '\n')
	}
	c.any = true
	b = append(b, `{"ph":"X","pid":`...)
	b = strconv.AppendInt(b, int64(process), 10)
	b = append(b, `,"tid":`...)
	b = strconv.AppendInt(b, thread, 10)
	b = append(b, `,"ts":`...)
	b = strconv.AppendFloat(b, float64(from)/1e3, 'f', 3, 64)
	b = append(b, `,"dur":`...)
	b = strconv.AppendFloat(b, float64(to-from)/1e3, 'f', 3, 64)
	b = append(b, `,"name":`...)
	b = appendText(b, name)
	b = append(b, '}')
	c.buf = b
	c.out.Write(b)
}

// thread names a thread.
func (c *chrome) thread(process int, thread int64, name string) {
	if c != nil {
		c.threads[[2]int64{int64(process), thread}] = name
	}
}

// processor names the thread of a processor.
func (c *chrome) processor(id int64) {
	if c == nil {
		return
	}
	if _, named := c.threads[[2]int64{chromeProcessors, id}]; !named {
		c.thread(chromeProcessors, id, fmt.Sprintf("P%d", id))
	}
}

// finish writes the names of processes and threads.
func (c *chrome) finish() {
	meta := func(process, thread int64, what, name string) {
		if c.any {
			c.put(",\n")
		}
		c.any = true
		c.put(fmt.Sprintf(`{"ph":"M","pid":%d,"tid":%d,"name":%q,"args":{"name":%s}}`, process, thread, what, appendText(nil, name)))
	}
	for _, p := range slices.Sorted(maps.Keys(chromeNames)) {
		meta(int64(p), 0, "process_name", chromeNames[p])
	}
	keys := slices.SortedFunc(maps.Keys(c.threads), func(a, b [2]int64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, k := range keys {
		meta(k[0], k[1], "thread_name", c.threads[k])
	}
	c.put("]}\n")
}

// appendText appends a string as JSON.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if ch := text[i]; ch < ' ' || ch > '~' || ch == '"' || ch == '\\' {
			quoted, err := json.Marshal(text)
			if err != nil {
				return append(b, `""`...) // a string always has a form
			}
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}
