package session_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"hpgo/kernel/build"
	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// A story is one session told as a txtar file: cells in, outputs expected. See
// testdata/README.md for its form.
var (
	update  = flag.Bool("update", false, "rewrite the stories with what the session gives")
	keep    = flag.Bool("keep", false, "keep the generated source of each story and say where it is")
	stories = flag.String("stories", "testdata", "folder of the stories")
)

// atOnce is how many sessions run at the same time.
const atOnce = 2

// shortMark stands in the comment of the stories that -short runs too.
const shortMark = "(short)"

func TestStories(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(*stories, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatalf("no stories in %s", *stories)
	}
	if *keep {
		t.Setenv("HPGO_KEEP", "1")
	}
	slots := make(chan struct{}, atOnce)
	if *keep {
		slots = make(chan struct{}, 1) // each has TMPDIR to itself
	}
	// The inner group ends before t.Setenv is undone.
	t.Run("all", func(t *testing.T) {
		for _, path := range paths {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
				t.Parallel()
				slots <- struct{}{}
				defer func() { <-slots }()
				tellStory(t, path)
			})
		}
	})
}

// tellStory runs one file's cells in a session of their own.
func tellStory(t *testing.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	arc := txtar.Parse(data)
	if testing.Short() && !strings.Contains(string(arc.Comment), shortMark) {
		t.Skip("not a story of the short run") // deliberate: a subset, nothing is missing
	}
	s := startSession(t)
	got := &txtar.Archive{Comment: arc.Comment}
	for i := 0; i < len(arc.Files); {
		cell := arc.Files[i]
		i++
		if cell.Name != "cell" && cell.Name != "cell crlf" {
			t.Fatalf("%s: section %q doesn't follow a cell", path, cell.Name)
		}
		want := map[string]string{}
		for ; i < len(arc.Files) && !strings.HasPrefix(arc.Files[i].Name, "cell"); i++ {
			want[arc.Files[i].Name] = string(arc.Files[i].Data)
		}
		input, asks := want["input"]
		delete(want, "input")
		got.Files = append(got.Files, cell)
		if asks {
			got.Files = append(got.Files, txtar.File{Name: "input", Data: []byte(input)})
		}
		told := s.tell(cell, input, asks)
		for _, part := range told.parts() {
			w, asked := want[part.Name]
			delete(want, part.Name)
			if part.Name == "traceback" && !asked {
				continue // shown only where the story is about it
			}
			if w != string(part.Data) && !*update {
				t.Errorf("cell %d\n%s-- %s, got --\n%s-- %s, want --\n%s", told.count, cell.Data, part.Name, part.Data, part.Name, w)
			}
			if len(part.Data) > 0 {
				got.Files = append(got.Files, part)
			}
		}
		for name := range want {
			t.Errorf("cell %d: unknown section %q", told.count, name)
		}
	}
	if out := txtar.Format(got); *update && !bytes.Equal(out, data) {
		if err := os.WriteFile(path, out, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// teller is a session with what makes its texts the same on every machine.
type teller struct {
	*session.Session
	masks []mask
}

type mask struct {
	re *regexp.Regexp
	by string
}

// startSession starts a session that ends with the test. With -keep its
// temporary files lie in a folder of their own, which it names.
func startSession(t *testing.T) *teller {
	t.Helper()
	if *keep {
		dir, err := os.MkdirTemp("", "hpgo-story-")
		if err != nil {
			t.Fatal(err)
		}
		before, had := os.LookupEnv("TMPDIR")
		if err := os.Setenv("TMPDIR", dir); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			os.Unsetenv("TMPDIR")
			if had {
				os.Setenv("TMPDIR", before)
			}
			t.Logf("generated source: %s", dir)
		})
	}
	s := session.New(session.Options{Dir: t.TempDir()})
	if err := s.Start(context.Background()); err != nil {
		t.Fatalf("start a session: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the session: %v", err)
		}
	})
	tc, err := build.FindToolchain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &teller{Session: s, masks: []mask{
		{regexp.MustCompile(`\x1b\[[0-9;]*m`), ""},
		{regexp.MustCompile(`0x[0-9a-f]{6,}`), "0xADDRESS"},
		{regexp.MustCompile(`\bgoroutine \d+`), "goroutine N"},
		{regexp.MustCompile(`\b\d+ goroutines? of the runtime`), "N goroutines of the runtime"},
		{regexp.MustCompile(`(/[^/\s]+)+/python3?(\.\d+)? `), "PYTHON "},
		{regexp.MustCompile(regexp.QuoteMeta(tc.GOROOT) + `/`), "$$GOROOT/"},
		{regexp.MustCompile(`(\$GOROOT/\S+?):\d+`), "$1:N"},
	}}
}

// told is what one cell gave.
type told struct {
	count          int
	out, err, back string
	streams        map[string]*strings.Builder
	mu             sync.Mutex
}

// tell runs one cell, with a user who types the lines of input if it asks.
func (s *teller) tell(cell txtar.File, input string, asks bool) *told {
	code := strings.TrimSuffix(string(cell.Data), "\n")
	if cell.Name == "cell crlf" {
		code = strings.ReplaceAll(code, "\n", "\r\n")
	}
	td := &told{streams: map[string]*strings.Builder{"stdout": {}, "stderr": {}}}
	var sink session.Sink = td
	if asks {
		sink = &asked{told: td, lines: strings.SplitAfter(input, "\n")}
	}
	res := s.Execute(context.Background(), code, sink)
	td.mu.Lock()
	defer td.mu.Unlock()
	td.count = res.Count
	if res.Value != nil {
		td.out, _ = res.Value.Data["text/plain"].(string)
		if td.out == "" {
			td.out = "(a value whose text is empty)"
		}
	}
	if res.Err != nil {
		td.err = res.Err.Name + ": " + res.Err.Value
		td.back = strings.Join(res.Err.Traceback, "\n")
	}
	clean := func(text string) string {
		for _, m := range s.masks {
			text = m.re.ReplaceAllString(text, m.by)
		}
		return text
	}
	td.out, td.err, td.back = clean(td.out), clean(td.err), clean(td.back)
	for _, b := range td.streams {
		text := clean(b.String())
		b.Reset()
		b.WriteString(text)
	}
	return td
}

// Stream implements session.Sink.
func (td *told) Stream(name, text string) {
	td.mu.Lock()
	defer td.mu.Unlock()
	td.streams[name].WriteString(text)
}

// Display implements session.Sink: a display shows in stdout as its text.
func (td *told) Display(e display.Event) {
	td.Stream("stdout", fmt.Sprintf("[%s %v]\n", e.Op, e.Bundle.Data["text/plain"]))
}

// asked is told with a user.
type asked struct {
	*told
	lines []string // the last has no end
}

// Input implements session.Asker: a question and its answer show in stdout, as
// front ends show them. On a busy machine a printed prompt may have gone there
// before; it looks the same.
func (a *asked) Input(_ context.Context, prompt string, password bool) (string, error) {
	if len(a.lines) <= 1 {
		return "", session.ErrNoInput
	}
	line := strings.TrimSuffix(a.lines[0], "\n")
	a.lines = a.lines[1:]
	shown := line
	if password {
		shown = strings.Repeat("*", len(line))
	}
	a.Stream("stdout", prompt+"["+shown+"]\n")
	return line, nil
}

// parts returns the sections of what the cell gave, empty ones included.
func (td *told) parts() []txtar.File {
	var parts []txtar.File
	add := func(name, text string) {
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		parts = append(parts, txtar.File{Name: name, Data: []byte(text)})
	}
	add("stdout", td.streams["stdout"].String())
	add("stderr", td.streams["stderr"].String())
	add("out", td.out)
	add("error", td.err)
	add("traceback", td.back)
	return parts
}

// TestFreshStories tells stories of fresh-process mode.
func TestFreshStories(t *testing.T) {
	t.Setenv("HPGO_ENGINE", "fresh")
	paths, err := filepath.Glob(filepath.Join(*stories, "fresh", "*.txtar"))
	if err != nil || len(paths) == 0 && *stories == "testdata" {
		t.Fatalf("no stories of fresh-process mode: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { tellStory(t, path) })
	}
}
