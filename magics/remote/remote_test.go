package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	_ "net/http/pprof"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"hpgo/internal/skip"
	"hpgo/plots/recording/profiles"
)

// spinning makes the test binary a program to look at.
const spinning = "HPGO_REMOTE_SPIN"

func TestMain(m *testing.M) {
	if os.Getenv(spinning) != "" {
		fmt.Println("ready")
		for {
			spin(1000)
		}
	}
	os.Exit(m.Run())
}

var sink float64

//go:noinline
func spin(n int) {
	for i := range n {
		sink += leaf(float64(i))
	}
}

// leaf has no frame.
//
//go:noinline
func leaf(x float64) float64 {
	s := 0.0
	for range 50 {
		s += x * x
	}
	return s
}

// share is how much of the samples has all of the functions, in this order.
func share(p profiles.Profile, functions ...string) float64 {
	with, all := int64(0), int64(0)
	for _, s := range p.Stacks {
		all += s.Values[0]
		found := 0
		for _, f := range s.Frames {
			if found < len(functions) && strings.HasSuffix(f.Func, functions[found]) {
				found++
			}
		}
		if found == len(functions) {
			with += s.Values[0]
		}
	}
	return float64(with) / float64(max(all, 1))
}

func TestSample(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), spinning+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	p, err := Find(cmd.Process.Pid)
	if err != nil || p.Go == "" || p.Command != os.Args[0] {
		t.Fatalf("%+v, %v", p, err)
	}
	s, err := Sample(p, 0)
	if errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) {
		skip.Because(t, "a process can't be sampled here: "+err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for s.Count() < 200 {
		s.Wait(t.Context(), 100*time.Millisecond)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	got, notes := s.Profile()
	if sh := share(got, ".leaf", ".spin", ".TestMain", "main.main"); sh < 0.5 || share(got, ".spin", ".TestMain", "main.main") < 0.85 { // where races are looked for, some of leaf is that
		t.Errorf("%.2f of the samples are leaf called by spin called by TestMain; %q\n%v", sh, notes, got.Stacks)
	}
	if got.Types[1].Name != "cpu" || got.Stacks[0].Values[1] == 0 {
		t.Errorf("values %v of %v", got.Stacks[0].Values, got.Types)
	}
}

func TestNoProcess(t *testing.T) {
	const none = 1<<22 + 1 // beyond the greatest pid there can be
	if _, err := Find(none); err == nil || !strings.Contains(err.Error(), "no process") {
		t.Error(err)
	}
	if _, err := Sample(Process{PID: none}, 0); err == nil || !strings.Contains(err.Error(), "has ended") {
		t.Error(err)
	}
}

func TestFetch(t *testing.T) {
	server := httptest.NewServer(http.DefaultServeMux)
	defer server.Close()
	a, err := ParseURL(server.URL)
	if err != nil || a.Kind != "" {
		t.Fatal(a, err)
	}
	for _, k := range []Kind{Heap, Allocs, Goroutine, Block, Mutex, ThreadCreate} {
		data, err := a.Fetch(t.Context(), k, 0)
		if err != nil {
			t.Error(err)
			continue
		}
		if p, err := profiles.Decode(data); err != nil || len(p.Types) == 0 {
			t.Errorf("%s: %v %v", k, p.Types, err)
		}
	}
	for kind, wants := range map[Kind]string{"nonesuch": "the program has no profile nonesuch", "cmdline": "is a page of text, no profile; it begins with"} {
		if _, err := a.Fetch(t.Context(), kind, 0); err == nil || !strings.Contains(err.Error(), wants) {
			t.Error(err)
		}
	}
	bare := httptest.NewServer(http.NotFoundHandler())
	a, _ = ParseURL(bare.URL)
	if _, err := a.Fetch(t.Context(), Heap, 0); err == nil || !strings.Contains(err.Error(), "must import net/http/pprof") {
		t.Error(err)
	}
	bare.Close()
	if _, err := a.Fetch(t.Context(), Heap, 0); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := a.Fetch(ctx, CPU, time.Second); err == nil {
		t.Error("a profile of a program that was not asked")
	}
}

// TestFetchGuarded: programs that ask for a user, have a certificate that nobody vouches
// for, or have their pages elsewhere.
func TestFetchGuarded(t *testing.T) {
	pages := http.NewServeMux()
	pages.HandleFunc("/inside/pprof/", func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "joe" || password != "secret" {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		http.Redirect(w, r, "/debug/pprof/"+strings.TrimPrefix(r.URL.Path, "/inside/pprof/")+"?"+r.URL.RawQuery, http.StatusFound)
	})
	pages.Handle("/", http.DefaultServeMux)
	server := httptest.NewTLSServer(pages)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "https://")
	for address, wants := range map[string]string{
		"https+insecure://joe:secret@" + host + "/inside/pprof/heap?gc=1": "",
		"https+insecure://" + host:                                        "",
		"https+insecure://joe:wrong@" + host + "/inside/pprof":            "http://USER:PASSWORD@HOST",
		"https://" + host: "https+insecure:// takes any certificate",
		"http://" + host:  "it takes https: write https://" + host,
	} {
		a, err := ParseURL(address)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(a.String(), "secret") {
			t.Errorf("%s shows the password", a)
		}
		if _, err := a.Fetch(t.Context(), Heap, 0); (wants == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), wants) {
			t.Errorf("%s: %v, want %q", address, err, wants)
		}
	}
}

func TestParseURL(t *testing.T) {
	for _, tt := range []struct{ text, url, kind, fails string }{
		{"localhost:6060", "http://localhost:6060/debug/pprof/", "", ""},
		{":6060", "http://localhost:6060/debug/pprof/", "", ""},
		{"https://h/", "https://h/debug/pprof/", "", ""},
		{"http://h/app", "http://h/app/debug/pprof/", "", ""},
		{"http://h/app/debug/pprof", "http://h/app/debug/pprof/", "", ""},
		{"http://h:1/debug/pprof/heap?debug=1", "http://h:1/debug/pprof/", "heap", ""},
		{"h:1/debug/pprof/profile?seconds=30", "http://h:1/debug/pprof/", "cpu", ""},
		{"http://h:1/pprof/", "http://h:1/pprof/", "", ""},
		{"http://h:1/app/heap", "http://h:1/app/", "heap", ""},
		{"http://h:1/heap", "http://h:1/heap/debug/pprof/", "", ""},
		{"https+insecure://h/x", "https://h/x/debug/pprof/", "", ""},
		{"http://me:secret@h/", "http://me:xxxxx@h/debug/pprof/", "", ""},
		{"h:1/debug/pprof/profile?seconds=x", "", "", `"x" is no number of seconds`},
		{"http://me:secret@h:port/", "", "", "no address: invalid port"},
		{"http://h:1/debug/pprof/cmdline", "", "", "none of net/http/pprof"},
		{"ftp://h", "", "", "by http, https or https+insecure"},
		{"http:///x", "", "", "no host"},
	} {
		a, err := ParseURL(tt.text)
		if tt.fails != "" {
			if err == nil || !strings.Contains(err.Error(), tt.fails) {
				t.Errorf("%s: %v", tt.text, err)
			}
			continue
		}
		if err != nil || a.String() != tt.url || string(a.Kind) != tt.kind {
			t.Errorf("%s: %v %q %v", tt.text, a, a.Kind, err)
		}
		if strings.Contains(tt.text, "seconds=30") && a.Span != 30*time.Second {
			t.Errorf("%s: %v", tt.text, a.Span)
		}
	}
}

func TestMaps(t *testing.T) {
	maps, err := parseMaps(strings.NewReader(`00400000-00568000 r-xp 00000000 fd:00 1234 /tmp/a b (deleted)
00568000-006a0000 r--p 00168000 fd:00 1234 /tmp/a b
7fff0000-7fff2000 r-xp 00000000 00:00 0 [vdso]
`))
	if err != nil || len(maps) != 2 || maps[0].path != "/tmp/a b" || maps[1].path != "[vdso]" {
		t.Fatalf("%+v %v", maps, err)
	}
	for pc, want := range map[uint64]string{0x400000: "/tmp/a b", 0x567fff: "/tmp/a b", 0x568000: "", 0x7fff1000: "[vdso]", 1: ""} {
		if m, _ := find(maps, pc); m.path != want {
			t.Errorf("%#x: %q", pc, m.path)
		}
	}
	if _, err := parseMaps(strings.NewReader("zz-1 r-xp 0 0 0\n")); err == nil {
		t.Error("a map that is none was read")
	}
}
