package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"hpgo/internal/skip"
	"hpgo/kernel/display"
	"hpgo/kernel/notebook"
	"hpgo/kernel/session"
)

// gonbNotebook is one of gonb's own test notebooks, which its module brings along
// with the outputs that gonb gave.
type gonbNotebook struct {
	name    string
	answers []string // to its questions, in order
	// differs says for cells, by their execution count in the notebook, why ours
	// show something else.
	differs map[int]string
}

// Why cells differ by design.
const (
	ownError    = "errors are text, with hpgo's wording"
	ownList     = "%ls shows types, and nothing of gonb's keys"
	valuesLast  = "variables last one by one, not as groups of text"
	initOnce    = "init functions run once"
	ownModule   = "go.mod begins with what hpgo's sessions know"
	nothingToDo = "nothing has to be tracked"
	ownFiles    = "code lies in cells, not in main.go"
	coverage    = "tests stand apart from the code, so its coverage is known"
	sourceOrder = "tests run in the order of the source"
)

// gonbNotebooks are those that need no browser.
var gonbNotebooks = []gonbNotebook{
	{name: "hello"},
	{name: "functions"},
	{name: "init", differs: map[int]string{3: initOnce, 4: initOnce, 5: initOnce, 6: initOnce, 7: initOnce}},
	{name: "vartuple", differs: map[int]string{2: ownList, 4: valuesLast}},
	{name: "goflags", differs: map[int]string{7: ownFiles}},
	{name: "gotest", differs: map[int]string{3: coverage, 4: ownList, 5: coverage, 6: sourceOrder, 7: sourceOrder, 8: coverage, 9: coverage}},
	{name: "gowork", differs: map[int]string{6: ownModule, 7: nothingToDo, 8: ownModule, 9: nothingToDo}},
	{name: "bash_script"},
	{name: "script", differs: map[int]string{4: ownError}},
	{name: "writefile"},
	{name: "capture"},
	{name: "gonbui"},
	{name: "input_boxes", answers: []string{"foo", "bar", "42", "123456"}},
}

// gonbModule returns the directory of gonb's module with its notebooks.
func gonbModule(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/janpfeifer/gonb").Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		skip.Because(t, "gonb's module, which brings its notebooks, is not in the module cache")
	}
	return dir
}

// TestGonbNotebooks runs gonb's test notebooks and compares all outputs with those
// that gonb has saved in them. -v prints the table.
func TestGonbNotebooks(t *testing.T) {
	if testing.Short() {
		t.Skip("not in the short run") // deliberate
	}
	dir := gonbModule(t)
	t.Setenv("GONB_GIT_ROOT", dir)
	t.Setenv("JPY_PARENT_PID", fmt.Sprint(os.Getpid())) // this process is the notebook's server
	t.Setenv("TEST_DIR", t.TempDir()+"/")
	t.Setenv("GOCOVERDIR", t.TempDir())
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "notebook\tcells\tas saved\tdiffer")
	for _, g := range gonbNotebooks {
		t.Run(g.name, func(t *testing.T) {
			want, err := notebook.ReadFile(filepath.Join(dir, "examples", "tests", g.name+".ipynb"))
			if err != nil {
				t.Fatal(err)
			}
			got := runGonbNotebook(t, filepath.Join(dir, "examples", "tests"), g)
			fmt.Fprintln(w, g.compare(t, dir, want, got))
		})
	}
	w.Flush()
	t.Log("\n" + table.String())
}

// TestGonbInBrowser is TestGonbNotebooks for the notebooks whose programs talk to
// the page; one of them behind a base URL, https and a token.
func TestGonbInBrowser(t *testing.T) {
	if testing.Short() {
		skip.Because(t, "a browser takes seconds to start")
	}
	dir := gonbModule(t)
	tools := findBrowserTools(t)
	t.Setenv("GONB_GIT_ROOT", dir)
	t.Setenv("GOCOVERDIR", t.TempDir())
	for _, test := range []struct {
		gonbNotebook
		at labAt
	}{
		{gonbNotebook{name: "comms"}, labAt{base: "/"}},
		{gonbNotebook{name: "dom"}, labAt{base: "/user/x/", https: true, token: "a-token"}},
		{gonbNotebook{name: "widgets"}, labAt{base: "/", widgets: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			want, err := notebook.ReadFile(filepath.Join(dir, "examples", "tests", test.name+".ipynb"))
			if err != nil {
				t.Fatal(err)
			}
			url, file := startLab(t, tools, withoutOutputs(t, want), test.at)
			given, err := json.Marshal(map[string]any{"url": url, "chromium": tools.chromium, "patience": 60_000})
			if err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), tools.node, "testdata/browser/runall.mjs", string(given)).CombinedOutput()
			if err != nil {
				t.Fatalf("the browser's script: %v\n%s", err, out)
			}
			t.Log(test.compare(t, dir, want, executed(t, file)))
		})
	}
}

// withoutOutputs returns a notebook as it was before it ran.
func withoutOutputs(t *testing.T, nb *notebook.Notebook) string {
	t.Helper()
	bare := *nb
	bare.Cells = nil
	for _, c := range nb.Cells {
		cell := *c
		cell.Outputs, cell.ExecutionCount = nil, nil
		bare.Cells = append(bare.Cells, &cell)
	}
	text, err := bare.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// runGonbNotebook runs a notebook as hpgo run does, with a user who answers.
func runGonbNotebook(t *testing.T, dir string, g gonbNotebook) *notebook.Notebook {
	t.Helper()
	nb, err := notebook.ReadFile(filepath.Join(dir, g.name+".ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	s := session.New(session.Options{Dir: dir})
	t.Cleanup(func() { s.Close() })
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	_, err = notebook.RunAll(ctx, nb, &answering{Session: s, answers: g.answers}, notebook.Options{KeepGoing: true})
	if ctx.Err() != nil {
		t.Fatal(err)
	}
	return nb
}

// answering is a session whose user types prepared lines.
type answering struct {
	*session.Session
	answers []string
}

// Execute implements notebook.Executor.
func (a *answering) Execute(ctx context.Context, code string, sink session.Sink) session.Result {
	return a.Session.Execute(ctx, code, answeringSink{sink, a})
}

type answeringSink struct {
	session.Sink
	a *answering
}

var _ session.Asker = answeringSink{}

// Input implements session.Asker.
func (s answeringSink) Input(context.Context, string, bool) (string, error) {
	if len(s.a.answers) == 0 {
		return "", session.ErrNoInput
	}
	line := s.a.answers[0]
	s.a.answers = s.a.answers[1:]
	return line, nil
}

// Display implements session.Sink.
func (s answeringSink) Display(e display.Event) { s.Sink.Display(e) }

// compare compares cell by cell and returns the notebook's row of the table. A
// difference needs a reason, and a reason a difference.
func (g gonbNotebook) compare(t *testing.T, dir string, want, got *notebook.Notebook) string {
	t.Helper()
	cwd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	places := strings.NewReplacer(filepath.Join(dir, "examples", "tests"), "HOME", dir, "HOME", cwd, "HOME")
	cells, same := 0, 0
	var why []string
	for i, c := range want.Cells {
		if c.Type != notebook.Code {
			continue
		}
		cells++
		saved, ours := normalOutputs(c), places.Replace(normalOutputs(got.Cells[i]))
		reason, expected := g.differs[cells]
		switch {
		case saved == ours && expected:
			t.Errorf("cell %d shows what gonb saved: its reason to differ is gone", cells)
		case saved == ours:
			same++
		case !expected || reason == "":
			t.Errorf("cell %d\n%s\n--- gonb saved\n%s\n--- hpgo shows\n%s", cells, c.Source, saved, ours)
		case !slices.Contains(why, reason):
			why = append(why, reason)
		}
	}
	return fmt.Sprintf("%s\t%d\t%d\t%s", g.name, cells, same, strings.Join(why, "; "))
}

// masks hide what differs from run to run, and from machine to machine.
var masks = []struct {
	re *regexp.Regexp
	by string
}{
	{regexp.MustCompile(`(?m)^note: .*\n`), ""},
	{regexp.MustCompile(`/[\w/.-]*/gonb_[0-9a-f]{8}\b|/[\w/.-]*/gonb_nbtests_\w+|/[\w/.-]*/hpgo-session-[\d-]+|/[\w/.-]*/TestGonb\w*/\d+`), "DIR"},
	{regexp.MustCompile(`main\.go:\d+:\d+`), "main.go:LINE"},
	{regexp.MustCompile(`\bgonb_[0-9a-f]{8}\b|\bsession/programs/p\d+\b|# session\b`), "MODULE"},
	{regexp.MustCompile(`# MODULE`), "MODULE"},
	{regexp.MustCompile(`gonb_tests_gowork_\w+`), "PACKAGE"},
	{regexp.MustCompile(`transient_div_[0-9a-f]+`), "transient_div"},
	{regexp.MustCompile(`(?m)^cpu: .*$`), "cpu: NAME"},
	{regexp.MustCompile(`-\d+ +\t +\d+\t +[\d.]+ ns/op`), "-N FIGURES"},
	{regexp.MustCompile(`\(\d\.\d\ds\)`), "(TIME)"},
	{regexp.MustCompile(`GOCOVERDIR=.*`), "GOCOVERDIR=DIR"},
	{regexp.MustCompile(`/home/[\w/]+`), "HOME"}, // of those who saved the outputs
}

// normalOutputs is what a cell shows, as text: the streams, each whole, then rich
// outputs in order, then whether there was an error.
func normalOutputs(c *notebook.Cell) string {
	streams := map[string]string{}
	var rich []string
	for _, o := range c.Outputs {
		switch o.Type {
		case notebook.StreamOutput:
			if o.Name != "stdin" {
				streams[o.Name] += o.Text
			}
		case notebook.ErrorOutput:
			rich = append(rich, "error: "+o.EValue)
		default:
			text, err := json.Marshal(o.Data)
			if err == nil && string(text) != `{"text/html":""}` {
				rich = append(rich, "shows "+string(text))
			}
		}
	}
	text := "stdout:\n" + streams["stdout"] + "\nstderr:\n" + streams["stderr"] + "\n" + strings.Join(rich, "\n")
	for _, m := range masks {
		text = m.re.ReplaceAllString(text, m.by)
	}
	return text
}
