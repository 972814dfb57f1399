package attach

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	_ "net/http/pprof"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hpgo/internal/skip"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/plots/recording/profiles"
)

// busy makes the test binary a program that computes.
const busy = "HPGO_ATTACH_BUSY"

func TestMain(m *testing.M) {
	if os.Getenv(busy) != "" {
		for i := 0; ; i++ {
			sink += fib(20)
		}
	}
	os.Exit(m.Run())
}

var sink int

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// run runs a line and returns the text that it shows.
func run(t *testing.T, line string) (string, error) {
	t.Helper()
	h := magictest.New(t)
	_, err := h.Run(t.Context(), magic.NewTable(Rows()), line)
	var text []string
	for _, e := range h.Shown {
		text = append(text, fmt.Sprint(e.Bundle.Data["text/plain"]))
	}
	return strings.Join(text, "\n"), err
}

func TestPages(t *testing.T) {
	server := httptest.NewServer(http.DefaultServeMux)
	defer server.Close()
	for _, tt := range []struct{ flags, wants string }{
		{"--kind heap", "inuse_space"},
		{"--kind allocs -l 3", "since the program began"},
		{"--kind goroutine", "testing.tRunner"},
		{"--kind block", "runtime.SetBlockProfileRate"},
		{"--kind trace -d 0.3", "trace of "},
	} {
		if text, err := run(t, "%attach "+tt.flags+" "+server.URL); err != nil || !strings.Contains(text, tt.wants) {
			t.Errorf("%s: %v: no %q in\n%s", tt.flags, err, tt.wants, text)
		}
	}
	if text, err := run(t, "%attach "+server.URL+" --kind mutex -d 1.4"); err != nil || !strings.Contains(text, "for 1s, not 1.4s") {
		t.Errorf("flags behind: %v\n%s", err, text)
	}
	for _, kind := range []string{"heap", "cpu"} {
		if text, err := run(t, "%attach -watch -d 1.2 --kind "+kind+" "+server.URL); kind == "heap" && (err != nil || strings.Count(text, "inuse_space") < 2) || err != nil && !errors.Is(err, errIdle) {
			t.Errorf("%s, watched: %v\n%s", kind, err, text)
		}
	}
	raw := filepath.Join(t.TempDir(), "heap.pb.gz")
	if _, err := run(t, "%attach -q -D "+raw+" "+server.URL+"/debug/pprof/heap"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := profiles.Decode(data); err != nil || len(p.Types) != 4 {
		t.Errorf("%v %v", p.Types, err)
	}
}

func TestProcess(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), busy+"=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	text, err := run(t, fmt.Sprintf("%%attach -d 0.5 -s cumulative %d", cmd.Process.Pid))
	if errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) {
		skip.Because(t, "a process can't be sampled here: "+err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"attach.fib", "attach.TestMain", "main.main", "taken from outside", "go1."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestBad(t *testing.T) {
	sleeper := exec.Command("sleep", "60")
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { sleeper.Process.Kill(); sleeper.Wait() }()
	for _, tt := range []struct{ line, wants string }{
		{"%attach", "usage: %attach"},
		{"%attach 4194305", "there is no process 4194305"},
		{"%attach", "%attach needs a program: the number of its process"},
		{"%attach no-such-program-runs", `no process is called "no-such-program-runs"`},
		{"%attach --kind nonesuch :1", `"nonesuch" is none of cpu`},
		{"%attach --kind heap 1", "tells of CPU time only"},
		{"%attach --watch --kind trace :1", "not for a trace"},
		{"%attach --rate 100 :1", "not for a URL"},
		{"%attach --watch :1", "refused"},
		{"%attach --kind heap localhost:1/debug/pprof/allocs", "the address is that of allocs"},
		{"%attach --base nonesuch 1", `the label "nonesuch"`},
		{"%attach localhost:1", "refused"},
		{"%attach localhost:1 -d 1 --kind heap", "refused"},
		{"%attach --rate 30000 1", "flag --rate of %attach: 30000 is more than 20000"},
		{"%attach gopher://x", "by http, https or https+insecure"},
	} {
		if text, err := run(t, tt.line); err == nil || !strings.Contains(err.Error(), tt.wants) {
			t.Errorf("%s: %v, not %q\n%s", tt.line, err, tt.wants, text)
		}
	}
}
