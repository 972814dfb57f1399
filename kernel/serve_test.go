package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"hpgo/internal/skip"
	"hpgo/kernel/jupyter"
	"hpgo/kernel/jupyter/jupytertest"
)

// freePorts finds ports that nobody listens on.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// served is `hpgo kernel` as a process with a client.
type served struct {
	*jupytertest.Client
	cmd    *exec.Cmd
	stderr *bytes.Buffer
	ended  chan struct{}
	tmp    string // its TMPDIR
}

// serve starts the kernel as Jupyter does and connects to it.
func serve(t *testing.T, env ...string) *served {
	t.Helper()
	return serveBy(t, nil, env...)
}

// serveBy is serve with a command that starts the kernel's, whose words follow.
func serveBy(t *testing.T, starter []string, env ...string) *served {
	t.Helper()
	p := freePorts(t, 5)
	conn := jupyter.Connection{
		Transport: "tcp", IP: "127.0.0.1", Key: "a key of the test", SignatureScheme: "hmac-sha256",
		ShellPort: p[0], ControlPort: p[1], IOPubPort: p[2], StdinPort: p[3], HBPort: p[4],
	}
	text, err := json.Marshal(conn)
	if err != nil {
		t.Fatal(err)
	}
	s := &served{stderr: &bytes.Buffer{}, ended: make(chan struct{}), tmp: t.TempDir()}
	argv := append(slices.Clone(starter), hpgoBinary, "kernel", "--connection-file", write(t, t.TempDir(), "connection.json", string(text)))
	s.cmd = exec.Command(argv[0], argv[1:]...)
	s.cmd.Env = append(append(os.Environ(), "TMPDIR="+s.tmp, historyVariable+"="+filepath.Join(t.TempDir(), "history.jsonl")), env...)
	s.cmd.Stderr = s.stderr
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		s.cmd.Wait()
		close(s.ended)
	}()
	t.Cleanup(func() {
		s.cmd.Process.Kill()
		<-s.ended
		if t.Failed() {
			t.Logf("kernel:\n%s", s.stderr)
		}
	})
	waitFor(t, "the kernel's channels", func() bool {
		_, address, err := conn.Address("hb")
		if err != nil {
			t.Fatal(err)
		}
		c, err := net.Dial("tcp", address)
		if err != nil {
			return false
		}
		c.Close()
		return true
	})
	s.Client = jupytertest.Connect(t, conn)
	return s
}

// shown is the text of all that a cell published, in order.
func shown(messages []jupytertest.Message) string {
	var b strings.Builder
	for _, m := range messages {
		switch m.Type {
		case "stream":
			b.WriteString(m.Text("text"))
		case "execute_result", "display_data", "update_display_data":
			data, _ := m.Content["data"].(map[string]any)
			text, _ := data["text/plain"].(string)
			b.WriteString(m.Type + " " + text + "\n")
		case "error":
			b.WriteString(m.Text("ename") + ": " + m.Text("evalue") + "\n")
		}
	}
	return b.String()
}

// TestKernelSession is one notebook's life over the wire.
func TestKernelSession(t *testing.T) {
	s := serve(t)
	info, _ := s.Request("shell", "kernel_info_request", map[string]any{})
	if info.Text("implementation") != "hpgo" || info.Text("implementation_version") != release {
		t.Errorf("kernel_info: %v", info)
	}
	for _, step := range []struct{ code, status, shows string }{
		{"x := 20", "ok", ""},
		{"func double(n int) int { return 2 * n }", "ok", ""},
		{"fmt.Println(\"x is\", x)\ndouble(x) + 2", "ok", "x is 20\nexecute_result 42\n"},
		{"x / (x - 20)", "error", "Panic: runtime error: integer divide by zero\n"},
		{"double(x)", "ok", "execute_result 40\n"},
		{"double(\"a\")", "error", "CompileError: "},
		{"h := display.ShowID(\"one\", 1)\nh.Update(2)", "ok", "display_data 1\nupdate_display_data 2\n"},
	} {
		reply, published := s.Execute(step.code)
		if got := shown(published); reply.Text("status") != step.status || !strings.HasPrefix(got, step.shows) || step.shows == "" && got != "" {
			t.Errorf("%s\n%s, shows %q, want %s, %q", step.code, reply, got, step.status, step.shows)
		}
	}
	reply, _ := s.Request("shell", "is_complete_request", map[string]any{"code": "func f() {"})
	if reply.Text("status") != "incomplete" {
		t.Errorf("is_complete: %v", reply)
	}
	reply, _ = s.Request("shell", "history_request", map[string]any{"hist_access_type": "search", "pattern": "*double(n*", "output": false, "raw": true})
	if list, _ := reply.Content["history"].([]any); len(list) != 1 {
		t.Errorf("history: %v", reply)
	}
	reply, _ = s.Request("control", "shutdown_request", map[string]any{"restart": false})
	if reply.Text("status") != "ok" {
		t.Errorf("shutdown: %v", reply)
	}
	<-s.ended
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if left, err := os.ReadDir(s.tmp); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
}

// TestKernelInterrupt stops a tight loop by a message and by a signal; the
// kernel goes on. SIGTERM ends it in an orderly way.
func TestKernelInterrupt(t *testing.T) {
	s := serve(t)
	if reply, _ := s.Execute("kept := 6"); reply.Text("status") != "ok" {
		t.Fatalf("first cell: %v", reply)
	}
	for _, interrupt := range []func(){
		func() { s.Request("control", "interrupt_request", map[string]any{}) },
		func() { s.cmd.Process.Signal(os.Interrupt) },
	} {
		id := s.Send("shell", "execute_request", jupytertest.ExecuteContent("fmt.Println(\"begun\")\nfor i := 0; ; i++ {\n}", nil))
		s.PublishedWhere("the loop's begin", func(m jupytertest.Message) bool { return m.Parent == id && m.Type == "stream" })
		interrupt()
		if reply := s.Reply("shell", id); reply.Text("ename") != "Interrupted" {
			t.Errorf("the loop ended with %v", reply)
		}
		s.Published(id)
		if reply, published := s.Execute("kept * 7"); !strings.Contains(shown(published), "42") {
			t.Errorf("after the interrupt: %v", reply)
		}
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.ended
	if left, err := os.ReadDir(s.tmp); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
}

// TestKernelWithoutGcc: the kernel lives and each cell says what is missing,
// until it is there.
func TestKernelWithoutGcc(t *testing.T) {
	path := pathWith(t, "go")
	s := serve(t, path...)
	for range 2 {
		reply, _ := s.Execute("1")
		if !strings.Contains(reply.Text("evalue"), "install the package gcc") {
			t.Errorf("a cell without gcc: %v", reply)
		}
	}
	if reply, _ := s.Request("shell", "complete_request", map[string]any{"code": "fmt.Pri", "cursor_pos": 7}); reply.Text("status") != "ok" {
		t.Errorf("completion without gcc: %v", reply)
	}
	for _, program := range []string{"gcc", "as", "ld", "true"} {
		real, err := exec.LookPath(program)
		if err == nil {
			err = os.Symlink(real, filepath.Join(strings.TrimPrefix(path[0], "PATH="), program))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, published := s.Execute("40 + 2"); !strings.Contains(shown(published), "execute_result 42") {
		t.Errorf("with gcc: %s", shown(published))
	}
}

// TestConformance runs the Jupyter project's own tests against the binary.
func TestConformance(t *testing.T) {
	runPython(t, "conformance.py", "jupyter_kernel_test")
}

// TestClients runs what notebooks are run with besides the front ends.
func TestClients(t *testing.T) {
	runPython(t, "clients.py", "nbclient", "nbconvert", "papermill")
}

// runPython runs a program of testdata that needs modules of Python and finds
// the binary as an installed kernel. Nothing of it may be skipped.
func runPython(t *testing.T, program string, modules ...string) {
	t.Helper()
	if testing.Short() {
		skip.Because(t, "-short leaves out "+program)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		skip.Because(t, "no python3")
	}
	if exec.Command(python, "-c", "import "+strings.Join(modules, ", ")).Run() != nil {
		skip.Because(t, "python3 lacks one of "+strings.Join(modules, ", "))
	}
	t.Parallel()
	dir, tmp := t.TempDir(), t.TempDir()
	spec, err := json.Marshal(map[string]any{
		"argv":         []string{hpgoBinary, "kernel", "--connection-file", "{connection_file}"},
		"display_name": "Go (hpgo)", "language": "go", "interrupt_mode": "message",
	})
	if err != nil {
		t.Fatal(err)
	}
	kernels := filepath.Join(dir, "kernels", "hpgo")
	if err := os.MkdirAll(kernels, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, kernels, "kernel.json", string(spec))
	cmd := exec.CommandContext(t.Context(), python, filepath.Join("testdata", program))
	cmd.Env = append(os.Environ(), "JUPYTER_PATH="+dir, "TMPDIR="+tmp, historyVariable+"="+filepath.Join(dir, "history.jsonl"),
		"JUPYTER_DATA_DIR="+filepath.Join(dir, "data"), "JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "run"))
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatalf("%s failed: %v", program, err)
	}
	if strings.Contains(string(out), "skipped") {
		t.Errorf("%s skipped tests", program)
	}
}
