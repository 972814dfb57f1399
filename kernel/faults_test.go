package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"hpgo/kernel/jupyter/jupytertest"
)

// TestWorkerKilled kills the worker where it hurts: the cell fails with what
// was lost, the next one runs.
func TestWorkerKilled(t *testing.T) {
	t.Parallel()
	module := filepath.Join(t.TempDir(), "slow")
	if err := os.Mkdir(module, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, module, "go.mod", "module example.com/slow\n\ngo 1.26\n")
	write(t, module, "slow.go", "package slow\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc init() {\n\tfmt.Println(os.Getpid())\n\tselect {}\n}\n\nvar X int\n")
	s := serve(t)
	s.Execute("1") // what is said of a first use comes before
	s.Execute("%use " + module)
	s.Execute("kept := 1")
	for _, test := range []struct{ name, code string }{
		{"loading", "import \"example.com/slow\"\nslow.X"},
		{"running", "fmt.Println(os.Getpid())\nfor n := 0; ; n++ {\n}"},
		{"showing", "fmt.Println(os.Getpid())\nfor i := 0; ; i++ {\n\tdisplay.Show(i)\n}"},
		{"asking", "fmt.Println(os.Getpid())\nvar word string\nfmt.Scan(&word)"},
		{"blocked", "fmt.Println(os.Getpid())\nmake(chan int) <- 1"},
		{"in C", "// #include <unistd.h>\nimport \"C\"\nfmt.Println(os.Getpid())\nC.sleep(600)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			id := s.Send("shell", "execute_request", jupytertest.ExecuteContent(test.code, map[string]any{"allow_stdin": true}))
			m := s.PublishedWhere("a process number", func(m jupytertest.Message) bool { return m.Parent == id && m.Type == "stream" })
			pid, err := strconv.Atoi(strings.TrimSpace(m.Text("text")))
			if err != nil {
				t.Fatalf("%q is no process number", m.Text("text"))
			}
			if test.name == "asking" {
				if m := s.Reply("stdin", id); m.Type != "input_request" {
					t.Errorf("on stdin: %v", m)
				}
			}
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			if reply := s.Reply("shell", id); reply.Text("ename") != "WorkerDied" || reply.Text("evalue") != "signal: killed" {
				t.Errorf("the cell ended with %v", reply)
			}
			s.Published(id)
			if _, published := s.Execute("40 + 2"); !strings.Contains(shown(published), "execute_result 42") {
				t.Errorf("the next cell shows %q", shown(published))
			}
		})
	}
}

// TestWorkerKilledInCallback: the same while a button's function runs.
func TestWorkerKilledInCallback(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.Execute("1") // what is said of a first use comes before
	_, published := s.Execute("b := display.Button(\"go\")\nb.OnClick(func() {\n\tfmt.Println(os.Getpid())\n\tfor n := 0; ; n++ {\n\t}\n})\nb")
	var button string
	for _, m := range published {
		data, _ := m.Content["data"].(map[string]any)
		state, _ := data["state"].(map[string]any)
		if m.Type == "comm_open" && state["_model_name"] == "ButtonModel" {
			button = m.Text("comm_id")
		}
	}
	if button == "" {
		t.Fatalf("no button among %v", published)
	}
	id := s.Send("shell", "comm_msg", map[string]any{"comm_id": button, "data": map[string]any{"method": "custom", "content": map[string]any{"event": "click"}}})
	m := s.PublishedWhere("a process number", func(m jupytertest.Message) bool { return m.Type == "stream" })
	pid, err := strconv.Atoi(strings.TrimSpace(m.Text("text")))
	if err != nil {
		t.Fatalf("%q is no process number", m.Text("text"))
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.Published(id)
	_, published = s.Execute("40 + 2")
	if got := shown(published); !strings.Contains(got, "execute_result 42") {
		t.Errorf("the next cell shows %q", got)
	}
}
