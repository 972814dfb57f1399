package jupyter_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/jupyter"
	"hpgo/kernel/jupyter/jupytertest"
)

// startBlocked starts a cell that runs until it is interrupted and returns
// when it does run.
func startBlocked(c *jupytertest.Client) (id string) {
	id = c.Send("shell", "execute_request", jupytertest.ExecuteContent("block", nil))
	c.PublishedWhere("execute_input", func(m jupytertest.Message) bool { return m.Type == "execute_input" && m.Parent == id })
	return id
}

// TestBesideACell: everything but execute_request is answered while a cell
// runs, and the last status stays busy.
func TestBesideACell(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	cell := startBlocked(c)
	for _, channel := range []string{"shell", "control"} {
		for msgType, content := range map[string]any{
			"kernel_info_request": map[string]any{},
			"is_complete_request": map[string]any{"code": "x"},
			"complete_request":    map[string]any{"code": "p", "cursor_pos": 1},
			"comm_info_request":   map[string]any{},
		} {
			reply, published := c.Request(channel, msgType, content)
			if reply.Text("status") == "error" {
				t.Errorf("%s on %s: %v", msgType, channel, reply)
			}
			wantPublished(t, published, "busy", "idle")
			again := c.NextPublished()
			if again.Parent == "" { // starting
				again = c.NextPublished()
			}
			if again.Parent != cell || summary(again) != "busy" {
				t.Errorf("after the idle of %s came %v", msgType, again)
			}
		}
	}
	c.Beat("alive")
	reply, published := c.Request("control", "interrupt_request", map[string]any{})
	if reply.Type != "interrupt_reply" || reply.Text("status") != "ok" {
		t.Errorf("interrupt: %v", reply)
	}
	if s := summaries(published); s[0] != "busy" || s[len(s)-1] != "idle" {
		t.Errorf("interrupt published %q", s)
	}
	if reply := c.Reply("shell", cell); reply.Text("ename") != "Interrupted" {
		t.Errorf("interrupted cell: %v", reply)
	}
	if _, published := c.Execute("print still there"); !strings.Contains(fmt.Sprint(summaries(published)), "still there") {
		t.Errorf("after the interrupt: %v", published)
	}
}

func TestAbortQueue(t *testing.T) {
	for _, stop := range []bool{true, false} {
		t.Run(fmt.Sprintf("stop_on_error=%v", stop), func(t *testing.T) {
			k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
			c := jupytertest.Connect(t, k.Connection())
			other := jupytertest.Connect(t, k.Connection())
			changes := map[string]any{"stop_on_error": stop}
			first := c.Send("shell", "execute_request", jupytertest.ExecuteContent("fail early", changes))
			var queued []string
			for i := range 5 {
				queued = append(queued, c.Send("shell", "execute_request", jupytertest.ExecuteContent("print "+strconv.Itoa(i), changes)))
			}
			info := c.Send("shell", "kernel_info_request", map[string]any{})
			if r := c.Reply("shell", first); r.Text("status") != "error" {
				t.Errorf("first: %v", r)
			}
			for i, id := range queued {
				r, published := c.Reply("shell", id), c.Published(id)
				if stop {
					if canonical(t, r) != `{"status":"aborted"}` {
						t.Errorf("queued %d: %v", i, r)
					}
					wantPublished(t, published, "busy", "idle")
				} else if r.Text("status") != "ok" {
					t.Errorf("queued %d: %v", i, r)
				}
			}
			if r := c.Reply("shell", info); r.Text("status") != "ok" {
				t.Errorf("kernel_info: %v", r)
			}
			// What is sent after the failure is known runs.
			r, published := other.Execute("print after")
			if r.Text("status") != "ok" || !strings.Contains(fmt.Sprint(summaries(published)), "after") {
				t.Errorf("after the failure: %v %v", r, summaries(published))
			}
		})
	}
}

// TestInterruptAbortsQueue: an interrupt aborts what waits behind the cell.
func TestInterruptAbortsQueue(t *testing.T) {
	backend := &jupytertest.Backend{}
	k, _ := jupytertest.Start(t, backend, nil)
	c := jupytertest.Connect(t, k.Connection())
	cell := startBlocked(c)
	queued := c.Send("shell", "execute_request", jupytertest.ExecuteContent("print never", nil))
	c.Request("shell", "kernel_info_request", map[string]any{}) // the queued cell has arrived
	c.Request("control", "interrupt_request", map[string]any{})
	if r := c.Reply("shell", cell); r.Text("ename") != "Interrupted" {
		t.Errorf("cell: %v", r)
	}
	if r := c.Reply("shell", queued); r.Text("status") != "aborted" {
		t.Errorf("queued: %v", r)
	}
	if backend.Interrupts() != 1 {
		t.Errorf("%d interrupts reached the backend", backend.Interrupts())
	}
}

func TestInput(t *testing.T) {
	k, log := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	jupytertest.Connect(t, k.Connection()) // another front end isn't asked
	id := c.Send("shell", "execute_request", jupytertest.ExecuteContent("write name?\ninput Name:\npassword Pin:", nil))
	q := c.NextInput()
	if canonical(t, q) != `{"password":false,"prompt":"Name:"}` || q.Parent != id {
		t.Errorf("request %v, parent %s", q, q.Parent)
	}
	c.Answer(q, "Gopher ü")
	q2 := c.NextInput()
	if canonical(t, q2) != `{"password":true,"prompt":"Pin:"}` {
		t.Errorf("request %v", q2)
	}
	c.Answer(q, "late answer to the first")
	c.Send("stdin", "nonsense", map[string]any{})
	c.Send("stdin", "input_reply", map[string]any{"value": 7})
	c.Send("stdin", "input_reply", map[string]any{"value": "1234"}) // jupyter_client sends no parent
	wantPublished(t, c.Published(id), "busy", "input:1", "stdout:name?", "stdout:got Gopher ü\n", "stdout:got 1234\n", "idle")
	c.Answer(q2, "too late")
	c.Request("control", "kernel_info_request", map[string]any{})
	for _, line := range []string{"without an open question", `type "nonsense"`, "malformed input_reply"} {
		if !strings.Contains(strings.Join(log.Lines(), "\n"), line) {
			t.Errorf("no log line with %q: %q", line, log.Lines())
		}
	}

	_, published := c.Request("shell", "execute_request",
		jupytertest.ExecuteContent("input Name:", map[string]any{"allow_stdin": false}))
	wantPublished(t, published, "busy", "input:2", "stdout:no stdin\n", "idle")

	id = c.Send("shell", "execute_request", jupytertest.ExecuteContent("input Name:", nil))
	c.NextInput()
	c.Request("control", "interrupt_request", map[string]any{})
	var said string
	for _, m := range c.Published(id) {
		said += summary(m)
	}
	if !strings.Contains(said, "error input was interrupted") && !strings.Contains(said, "error context canceled") {
		t.Errorf("interrupted input: %q", said)
	}
}

// TestInputLost: a front end that leaves while it is asked doesn't hold the cell.
func TestInputLost(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	watcher := jupytertest.Connect(t, k.Connection())
	c := jupytertest.Connect(t, k.Connection())
	id := c.Send("shell", "execute_request", jupytertest.ExecuteContent("input Name:", nil))
	c.NextInput()
	c.Close()
	wantPublished(t, watcher.Published(id), "busy", "input:1", "stdout:error input was interrupted\n", "idle")
}

// TestFlood: a lot of output arrives whole and in order, before the idle, while
// control and heartbeat are answered.
func TestFlood(t *testing.T) {
	size := 100 << 20
	if testing.Short() {
		size = 5 << 20
	}
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	id := c.Send("shell", "execute_request", jupytertest.ExecuteContent("bytes "+strconv.Itoa(size), nil))
	line, messages, rest := 0, 0, ""
	for {
		m := c.PublishedWhere("output", func(m jupytertest.Message) bool { return m.Parent == id })
		if m.Type == "status" && m.Text("execution_state") == "idle" {
			break
		}
		if m.Type != "stream" {
			continue
		}
		if messages++; messages%200 == 1 {
			c.Beat(strconv.Itoa(messages))
			if r := c.Reply("control", c.Send("control", "kernel_info_request", map[string]any{})); r.Text("status") != "ok" {
				t.Fatal(r)
			}
		}
		rest += m.Text("text")
		for {
			text, after, whole := strings.Cut(rest, "\n")
			if !whole {
				break
			}
			if want := fmt.Sprintf("%09d ü", line); !strings.HasPrefix(text, want) {
				t.Fatalf("line %d is %.40q", line, text)
			}
			line, rest = line+1, after
		}
	}
	if want := (size + 99) / 100; line != want || rest != "" {
		t.Errorf("%d lines and %q, want %d", line, rest, want)
	}
	if limit := size/1000 + 10; messages > limit {
		t.Errorf("%d stream messages for %d bytes are not joined", messages, size)
	}
	if r := c.Reply("shell", id); r.Text("status") != "ok" {
		t.Errorf("reply %v", r)
	}
}

func TestManyDisplays(t *testing.T) {
	const n = 10000
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	c := jupytertest.Connect(t, k.Connection())
	_, published := c.Execute("displays " + strconv.Itoa(n))
	var got, want strings.Builder
	for _, m := range published {
		switch m.Type {
		case "stream":
			got.WriteString(m.Text("text"))
		case "display_data":
			got.WriteString("[" + strings.TrimPrefix(summary(m), "display_data:") + "]")
		}
	}
	for i := range n {
		fmt.Fprintf(&want, "<%d[%d]%d>", i, i, i)
	}
	if got.String() != want.String() {
		t.Errorf("%d displays came out of order or not whole", n)
	}
}

// TestStuckSubscriber: one that reads nothing is dropped in the end and keeps
// nobody else from the output.
func TestStuckSubscriber(t *testing.T) {
	log := &jupytertest.Log{}
	k := jupyter.New(jupyter.Config{Connection: jupyter.Connection{Key: "k"}, Backend: &jupytertest.Backend{}, Log: log})
	k.SetWriteTimeout(3 * time.Second)
	if err := k.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	stuck := rawSubscriber(t, k.Connection())
	defer stuck.Close()
	c := jupytertest.Connect(t, k.Connection())
	for i := range 2 {
		id := c.Send("shell", "execute_request", jupytertest.ExecuteContent("bytes 40000000\nvalue end", nil))
		c.PublishedWhere("the result", func(m jupytertest.Message) bool { return m.Type == "execute_result" && m.Int("execution_count") == i+1 })
		c.Reply("shell", id)
		c.Beat("alive")
	}
	waitForLine(t, log, "iopub: connection from 127.0.0.1:")
}

func TestLateOutput(t *testing.T) {
	backend := &jupytertest.Backend{Late: make(chan struct{})}
	k, _ := jupytertest.Start(t, backend, nil)
	c := jupytertest.Connect(t, k.Connection())
	_, published := c.Execute("later from the goroutine")
	close(backend.Late)
	m := c.PublishedWhere("the late output", func(m jupytertest.Message) bool { return m.Type == "stream" })
	if m.Parent != published[0].Parent || m.Text("text") != "from the goroutine\n" {
		t.Errorf("late output %v", m)
	}
}

func TestShutdown(t *testing.T) {
	for _, channel := range []string{"control", "shell"} {
		for _, busy := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s busy=%v", channel, busy), func(t *testing.T) {
				before := runtime.NumGoroutine()
				backend := &jupytertest.Backend{}
				k, _ := jupytertest.Start(t, backend, nil)
				c := jupytertest.Connect(t, k.Connection())
				var cell, queued string
				if busy {
					cell = startBlocked(c)
					queued = c.Send("shell", "execute_request", jupytertest.ExecuteContent("print x", nil))
					c.Request("shell", "kernel_info_request", map[string]any{})
				}
				id := c.Send(channel, "shutdown_request", map[string]any{"restart": busy})
				if r := c.Reply(channel, id); canonical(t, r) != fmt.Sprintf(`{"restart":%v,"status":"ok"}`, busy) {
					t.Errorf("reply %v", r)
				}
				published := c.Published(id)
				if summaries(published)[1] != "shutdown_reply" {
					t.Errorf("published %v", published)
				}
				if busy {
					c.Published(cell)
					if r := c.Reply("shell", queued); r.Text("status") != "aborted" {
						t.Errorf("queued cell: %v", r)
					}
				}
				if exit := k.Wait(); exit != (jupyter.Exit{Reason: "shutdown", Restart: busy}) {
					t.Errorf("exit %+v", exit)
				}
				if downs := backend.Shutdowns(); len(downs) != 1 || downs[0] != busy {
					t.Errorf("backend shutdowns %v", downs)
				}
				c.Close()
				wantGoroutines(t, before)
			})
		}
	}
}

// wantGoroutines waits until no more goroutines run than before.
func wantGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 500 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}

func TestContextEndsKernel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	k := jupyter.New(jupyter.Config{Connection: jupyter.Connection{Key: "k"}, Backend: &jupytertest.Backend{}, Log: io.Discard})
	if err := k.Close(); err == nil {
		t.Error("Close before Start has no error")
	}
	if err := k.Start(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	if exit := k.Wait(); exit.Reason != "closed" {
		t.Errorf("exit %+v", exit)
	}
	if err := k.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestPortTaken(t *testing.T) {
	k, _ := jupytertest.Start(t, &jupytertest.Backend{}, nil)
	taken := k.Connection()
	_, err := jupyter.Serve(context.Background(), jupyter.Config{Connection: taken, Backend: &jupytertest.Backend{}, Log: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "open the shell channel") {
		t.Errorf("error %v", err)
	}
}

// TestParentWatch: the kernel ends when the process named as its parent does.
func TestParentWatch(t *testing.T) {
	child := exec.Command("sleep", "1000")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	k, log := jupytertest.Start(t, &jupytertest.Backend{}, func(cfg *jupyter.Config) { cfg.ParentPID = child.Process.Pid })
	jupytertest.Connect(t, k.Connection())
	child.Process.Kill()
	child.Wait()
	if exit := k.Wait(); exit.Reason != "parent" {
		t.Errorf("exit %+v", exit)
	}
	if !strings.Contains(strings.Join(log.Lines(), "\n"), "is gone") {
		t.Errorf("log %q", log.Lines())
	}

	// Our real parent lives: nothing ends.
	k, _ = jupytertest.Start(t, &jupytertest.Backend{}, func(cfg *jupyter.Config) { cfg.ParentPID = os.Getppid() })
	jupytertest.Connect(t, k.Connection()).Execute("print x")
}
