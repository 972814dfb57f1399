// Package processes runs jobs in several processes: the program starts itself again
// as workers, which get a job as numbers in a line and answer with a number in a line.
//
//	func main() {
//		processes.Serve(tasks...) // in a worker, doesn't return
//		...
//	}
//
// A worker ends when its standard input does, whatever it is doing: a program that is
// killed leaves none behind.
package processes

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"hpgo/kernels"
)

// Task is a kind of job, which workers know by its name.
type Task struct {
	Name string
	Do   func(job []uint64) uint64
}

const (
	workerVariable = "HPGO_KERNELS_WORKER" // the task, in the environment of a worker
	servesVariable = "HPGO_KERNELS_SERVES" // number of the process that called Serve
)

// Serve makes the program one that can be its own worker: main calls it before
// anything else. In a worker it does jobs and doesn't return.
func Serve(tasks ...Task) {
	name := os.Getenv(workerVariable)
	if name == "" {
		os.Setenv(servesVariable, strconv.Itoa(os.Getpid()))
		return
	}
	for _, t := range tasks {
		if t.Name == name {
			if err := work(t, os.Stdin, os.Stdout); err != nil {
				fmt.Fprintf(os.Stderr, "worker for %s: %v\n", name, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	fmt.Fprintf(os.Stderr, "%s=%s: there is no such task\n", workerVariable, name)
	os.Exit(2)
}

// Own is what rows with processes need: that the program called Serve.
var Own = kernels.Need{Name: "a program of its own", Missing: func() string {
	if os.Getenv(servesVariable) == strconv.Itoa(os.Getpid()) {
		return ""
	}
	return "only in a program of its own, which can start itself again: hpgo bench kernels has one"
}}

// work does the jobs of in, one a line. A goroutine reads them, so that the end of the
// input is seen, and ends the process, while a job is done.
func work(t Task, in io.Reader, out io.Writer) error {
	jobs := make(chan string)
	go func() {
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			jobs <- lines.Text()
		}
		if err := lines.Err(); err != nil {
			fmt.Fprintf(os.Stderr, "worker for %s: read a job: %v\n", t.Name, err)
			os.Exit(1)
		}
		os.Exit(0)
	}()
	for line := range jobs {
		var job []uint64
		for _, word := range strings.Fields(line) {
			n, err := strconv.ParseUint(word, 10, 64)
			if err != nil {
				return fmt.Errorf("job %q: %w", line, err)
			}
			job = append(job, n)
		}
		if _, err := fmt.Fprintln(out, t.Do(job)); err != nil {
			return err
		}
	}
	return nil
}

// Run starts workers, gives the next job to whoever is free, and returns the answers
// in the order of the jobs. The workers are ended before it returns, all of them at
// once when one fails, whose error it returns. It starts a goroutine for each worker
// and waits for them. Where Own is missing it is an error: what it would start isn't a
// worker, but the program again, which would start itself again, and so on.
func Run(t Task, workers int, jobs [][]uint64) ([]uint64, error) {
	if why := Own.Missing(); why != "" {
		return nil, fmt.Errorf("start workers for %q: %s", t.Name, why)
	}
	if t.Name == "" {
		return nil, fmt.Errorf("start workers: the task has no name, by which they would know it")
	}
	answers, next := make([]uint64, len(jobs)), make(chan int, len(jobs))
	for i := range jobs {
		next <- i
	}
	close(next)
	ctx, fail := context.WithCancelCause(context.Background())
	defer fail(nil)
	var wait sync.WaitGroup
	for range min(max(1, workers), len(jobs)) {
		wait.Go(func() {
			if err := one(ctx, t, jobs, next, answers); err != nil {
				fail(err)
			}
		})
	}
	wait.Wait()
	return answers, context.Cause(ctx)
}

// one starts a worker and has it do jobs until there are no more.
func one(ctx context.Context, t Task, jobs [][]uint64, next <-chan int, answers []uint64) error {
	program, err := self()
	if err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	cmd := exec.CommandContext(ctx, program)
	cmd.Args[0] = os.Args[0]
	cmd.Env = append(os.Environ(), workerVariable+"="+t.Name)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	failed := give(jobs, next, answers, in, bufio.NewReader(out))
	in.Close()
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("worker for %s: %w", t.Name, err)
	}
	return failed
}

// self is the file of the running program. Linux has a name for it that holds also
// when the file was deleted or built anew since.
func self() (string, error) {
	const running = "/proc/self/exe"
	if _, err := os.Stat(running); err == nil {
		return running, nil
	}
	return os.Executable()
}

// give writes jobs to a worker and reads its answers.
func give(jobs [][]uint64, next <-chan int, answers []uint64, in io.Writer, out *bufio.Reader) error {
	for i := range next {
		words := strings.Trim(fmt.Sprint(jobs[i]), "[]")
		if _, err := fmt.Fprintln(in, words); err != nil {
			return fmt.Errorf("job %s: %w", words, err)
		}
		line, err := out.ReadString('\n')
		if err != nil {
			return fmt.Errorf("job %s has no answer: %w", words, err)
		}
		if answers[i], err = strconv.ParseUint(strings.TrimSpace(line), 10, 64); err != nil {
			return fmt.Errorf("job %s: %w", words, err)
		}
	}
	return nil
}
