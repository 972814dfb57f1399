// Package notebooks holds the notebooks that come with hpgo, committed with
// their outputs. Its test runs each of them from top to bottom at the scale
// smoke, as `hpgo run --scale smoke` would, and compares what the cells show
// with the outputs in the file: the same kinds of output, cell by cell, but for
// Python where there is none. Numbers that were measured differ, of course; those
// that must not are in mustShow.
package notebooks

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/notebook"
	"hpgo/kernel/notebook/report"
	"hpgo/kernel/session"
)

// cellLimit is for a cell that hangs; no time is asserted.
const cellLimit = 5 * time.Minute

// TestMain sets the scale for all notebooks, which run beside each other.
func TestMain(m *testing.M) {
	if err := os.Setenv("HPGO_SCALE", "smoke"); err != nil {
		fmt.Fprintln(os.Stderr, "set the scale:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestNotebooks(t *testing.T) {
	paths, err := filepath.Glob("*.ipynb")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(path, ".ipynb"), func(t *testing.T) {
			t.Parallel() // each in a session of its own; most of them wait for compilers
			saved := read(t, path)
			checkSaved(t, saved)
			nb := read(t, path)
			run(t, nb)
			compare(t, nb, saved)
			checkPictures(t, nb)
			checkShown(t, nb, mustShow[path])
			checkReport(t, nb)
		})
	}
}

func read(t *testing.T, path string) *notebook.Notebook {
	t.Helper()
	nb, err := notebook.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

// elsewhere finds paths of the machine that a notebook was saved on.
var elsewhere = regexp.MustCompile(`(?:/home|/root|/Users|/tmp|/work)/[\w.-]+`)

// checkSaved looks at the file as it was committed: run in one go, without
// failures that aren't meant, by the kernel hpgo.
func checkSaved(t *testing.T, nb *notebook.Notebook) {
	t.Helper()
	if spec, _ := nb.Metadata["kernelspec"].(notebook.Object); spec["name"] != "hpgo" || spec["language"] != "go" {
		t.Errorf("saved for the kernel %v", spec)
	}
	count := 0
	for i, c := range nb.Cells {
		if c.Type != notebook.Code || c.HasTag(notebook.TagSkipExecution) {
			continue
		}
		count++
		if c.ExecutionCount == nil || *c.ExecutionCount != count {
			t.Errorf("cell %d wasn't saved from one run: execution count %v, want %d", i+1, c.ExecutionCount, count)
		}
		if failed(c) != c.HasTag(notebook.TagRaisesException) {
			t.Errorf("cell %d: failed %v, tags %q", i+1, failed(c), c.Tags())
		}
		if found := elsewhere.FindString(text(c)); found != "" {
			t.Errorf("cell %d shows %s", i+1, found)
		}
	}
}

// run executes nb in a session of its own.
func run(t *testing.T, nb *notebook.Notebook) {
	t.Helper()
	s := session.New(session.Options{})
	t.Cleanup(func() { s.Close() })
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := notebook.RunAll(t.Context(), nb, s, notebook.Options{Timeout: cellLimit, KeepGoing: true})
	if err != nil {
		t.Error(err)
	}
	for i, c := range nb.Cells {
		if failed(c) && !c.HasTag(notebook.TagRaisesException) {
			t.Errorf("cell %d:\n%s\n%s", i+1, c.Source, text(c))
		}
	}
}

// compare checks that each cell gives outputs of the same kinds as those saved.
func compare(t *testing.T, got, saved *notebook.Notebook) {
	t.Helper()
	for i, c := range got.Cells {
		if strings.Contains(text(c), "the Python cell was skipped") {
			continue
		}
		if strings.Contains(c.Source, "%perf stat") && !canCount() {
			continue // the figure of what nothing can count
		}
		g, w := kinds(c), kinds(saved.Cells[i])
		if chancy.MatchString(c.Source) {
			g, w = withoutPictures(g), withoutPictures(w)
		}
		if !slices.Equal(g, w) {
			t.Errorf("cell %d:\n%s\ngives %q, saved is %q", i+1, c.Source, g, w)
		}
	}
}

// chancy are magics that have no picture where nothing was met: a run of some ms may
// be over before there is a curve of its memory, or without a wait for a lock.
var chancy = regexp.MustCompile(`(?m)^%(memit|mutex|block)\b`)

// withoutPictures are kinds of outputs without the pictures in them.
func withoutPictures(kinds []string) []string {
	var list []string
	for _, k := range kinds {
		list = append(list, strings.Replace(k, " image/svg+xml", "", 1))
	}
	return list
}

// canCount reports whether valgrind is there to count what the CPU may not.
func canCount() bool {
	_, err := exec.LookPath("valgrind")
	return err == nil
}

// kinds is what sorts of output a cell has.
func kinds(c *notebook.Cell) []string {
	var list []string
	for _, o := range c.Outputs {
		switch o.Type {
		case notebook.StreamOutput:
			list = append(list, o.Name)
		case notebook.ErrorOutput:
			list = append(list, o.EName)
		default:
			list = append(list, o.Type+" "+strings.Join(slices.Sorted(maps.Keys(o.Data)), " "))
		}
	}
	return list
}

// checkPictures decodes every picture and rejects a blank one.
func checkPictures(t *testing.T, nb *notebook.Notebook) {
	t.Helper()
	for i, c := range nb.Cells {
		for _, o := range c.Outputs {
			if s, ok := o.Data["image/svg+xml"].(string); ok && !strings.Contains(s, "<path") {
				t.Errorf("cell %d: nothing is drawn in the SVG", i+1)
			}
			s, ok := o.Data["image/png"].(string)
			if !ok {
				continue
			}
			if err := checkPNG(s); err != nil {
				t.Errorf("cell %d: %v", i+1, err)
			}
		}
	}
}

func checkPNG(text string) error {
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	b := img.Bounds()
	first := img.At(b.Min.X, b.Min.Y)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if img.At(x, y) != first {
				return nil
			}
		}
	}
	return fmt.Errorf("a picture of one colour, %v", b.Size())
}

// checkShown counts texts in all that the notebook shows.
func checkShown(t *testing.T, nb *notebook.Notebook, want map[string]int) {
	t.Helper()
	var all strings.Builder
	for _, c := range nb.Cells {
		all.WriteString(text(c))
	}
	for s, n := range want {
		if got := strings.Count(all.String(), s); got < n {
			t.Errorf("%q is shown %d times, want %d", s, got, n)
		}
	}
}

// checkReport writes the report and looks for the pictures in it.
func checkReport(t *testing.T, nb *notebook.Notebook) {
	t.Helper()
	var page bytes.Buffer
	meta := report.Meta{ReadFile: func(name string) ([]byte, error) { return os.ReadFile(name) }}
	if err := report.Write(&page, nb, meta); err != nil {
		t.Fatal(err)
	}
	pictures := 0
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			// The HTML of a magic has its picture, or a table that shows as much.
			if o.Data["image/png"] != nil || o.Data["image/svg+xml"] != nil && o.Data["text/html"] == nil {
				pictures++
			}
		}
	}
	// An interactive figure stands in the report as a frame.
	if got := bytes.Count(page.Bytes(), []byte("<figure")) + bytes.Count(page.Bytes(), []byte("<iframe sandbox")); got < pictures {
		t.Errorf("the report has %d figures, the notebook %d", got, pictures)
	}
}

func failed(c *notebook.Cell) bool {
	return slices.ContainsFunc(c.Outputs, func(o *notebook.Output) bool { return o.Type == notebook.ErrorOutput })
}

// text is all text that a cell shows.
func text(c *notebook.Cell) string {
	var b strings.Builder
	for _, o := range c.Outputs {
		b.WriteString(o.Text)
		if s, ok := o.Data["text/plain"].(string); ok {
			b.WriteString(s)
		}
		b.WriteString(strings.Join(o.Traceback, "\n"))
		b.WriteString("\n")
	}
	return b.String()
}
