// Command hpgo-kernels has the rows of all subjects that are in Go. It is driven by
// its standard input (see protocol), and built by `hpgo bench kernels` with the
// settings that are to be measured, as GOEXPERIMENT=simd. It is its own worker in the
// rows that have processes.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"hpgo/kernels"
	"hpgo/kernels/catalog"
	"hpgo/kernels/processes"
	"hpgo/kernels/protocol"
)

func main() {
	processes.Serve(catalog.Tasks()...)
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "hpgo-kernels:", err)
		os.Exit(1)
	}
}

// serve answers until the input ends.
func serve(in io.Reader, out io.Writer) error {
	lines, answers := bufio.NewScanner(in), json.NewEncoder(out)
	var s server
	for lines.Scan() {
		if err := answers.Encode(s.answer(strings.Fields(lines.Text()))); err != nil {
			return err
		}
	}
	return lines.Err()
}

// server has the subject that is open.
type server struct{ open kernels.Problem }

// answer tells what came of a command. A row that panics is an error like others: it
// may be one that couldn't start its processes.
func (s *server) answer(words []string) (a protocol.Answer) {
	defer func() {
		if p := recover(); p != nil {
			a = protocol.Answer{Error: fmt.Sprintf("panic: %v", p)}
		}
	}()
	a, err := s.try(words)
	if err != nil {
		a.Error = err.Error()
	}
	return a
}

func (s *server) try(words []string) (protocol.Answer, error) {
	var a protocol.Answer
	if want := map[string]int{"list": 1, "open": 3, "check": 2, "profile": 2, "run": 3}; len(words) == 0 || want[words[0]] != len(words) {
		return a, fmt.Errorf("%q is no command: list, open NAME SIZE, check ROW, profile FILE, run ROW SECONDS", strings.Join(words, " "))
	}
	switch words[0] {
	case "list":
		for _, e := range catalog.All() {
			a.Subjects = append(a.Subjects, e.Facts())
		}
		return a, nil
	case "open":
		return s.opened(words[1], words[2])
	}
	if s.open == nil {
		return a, fmt.Errorf("%s: no subject is open", words[0])
	}
	if words[0] == "profile" {
		return a, s.profile(words[1])
	}
	row, err := strconv.Atoi(words[1])
	if err != nil || row < 0 || row >= len(s.open.Rows()) {
		return a, fmt.Errorf("%s: %q is no row", words[0], words[1])
	}
	if words[0] == "check" {
		if err := s.open.Check(row); err != nil {
			return a, err
		}
		if a.Sums = s.open.Sums(); s.open.Ops() <= protocol.MostInterpreted {
			a.Digest = s.open.Digest()
		}
		return a, nil
	}
	seconds, err := strconv.ParseFloat(words[2], 64)
	if err != nil {
		return a, fmt.Errorf("run: %q is no number of seconds", words[2])
	}
	return s.run(row, seconds), nil
}

func (s *server) opened(name, size string) (protocol.Answer, error) {
	n, err := strconv.Atoi(size)
	if err != nil {
		return protocol.Answer{}, fmt.Errorf("open: size %q is no number", size)
	}
	for _, e := range catalog.All() {
		if e.Facts().Name != name {
			continue
		}
		if s.open, err = e.At(n); err != nil {
			return protocol.Answer{}, err
		}
		runtime.GC() // what the last subject left
		return protocol.Answer{Version: runtime.Version(), Rows: s.open.Rows(), Ops: s.open.Ops(), Bytes: s.open.Bytes()}, nil
	}
	return protocol.Answer{}, fmt.Errorf("open: no subject is called %q", name)
}

// run measures runs for about a time; resets of the input aren't measured.
func (s *server) run(row int, seconds float64) protocol.Answer {
	runtime.GC()
	var a protocol.Answer
	var total time.Duration
	for a.Runs == 0 || total.Seconds() < seconds {
		s.open.Reset()
		begin := time.Now()
		s.open.Run(row)
		total += time.Since(begin)
		a.Runs++
	}
	a.Seconds = total.Seconds()
	return a
}

// profileTime is how long the first row runs for a profile.
const profileTime = time.Second

// profile writes a CPU profile of the first row, for builds that are guided by one.
func (s *server) profile(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		f.Close()
		return err
	}
	for end := time.Now().Add(profileTime); time.Now().Before(end); {
		s.open.Reset()
		s.open.Run(0)
	}
	pprof.StopCPUProfile()
	return f.Close()
}
