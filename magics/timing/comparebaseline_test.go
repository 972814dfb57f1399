package timing

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
)

// timesOf has the fake's next program tell runs of one statement that take some
// seconds.
func timesOf(h *magictest.Host, at ...float64) {
	n := 0
	h.DuringGo = func(h *magictest.Host) {
		s := at[min(n, len(at)-1)]
		n++
		tell(h, 0, spread(s, 8)...)
		tell(h, 1, spread(s, 8)...)
		h.Programs[0].Records(harness.Record{Kind: harness.RecordTimingEnd, Data: json.RawMessage("{}")})
	}
}

// compared runs a comparison and returns the text it shows.
func compared(t *testing.T, h *magictest.Host, text string) (string, error) {
	t.Helper()
	h.Text, h.Shown, h.Programs = text, nil, nil
	_, err := h.Run(context.Background(), magic.NewTable(Rows()), text)
	if len(h.Shown) == 0 {
		return "", err
	}
	return fmt.Sprint(h.Shown[0].Bundle.Data["text/plain"]), err
}

// TestBaseline: saved, compared with, and failed by, with files that others read.
func TestBaseline(t *testing.T) {
	h := magictest.New(t)
	timesOf(h, 1e-6)
	if text, err := compared(t, h, "%compare -r 8 --save main f(xs)"); err != nil || !strings.HasPrefix(text, "f(xs) takes 1.00") {
		t.Fatalf("%q %v", text, err)
	}
	if !strings.Contains(h.Out.String(), "--rerun won't be possible: no program") {
		t.Errorf("said %q", h.Out.String())
	}
	lines := magictest.FileText(t, filepath.Join(h.WorkDir, "main.txt"))
	if strings.Count(lines, "\nBenchmarkCompare/variant=f(xs)") != 16 || !strings.Contains(lines, " 1000 ns/op 48 B/op 1 allocs/op") {
		t.Errorf("main.txt:\n%s", lines)
	}
	timesOf(h, 1.2e-6)
	text, err := compared(t, h, "%compare -r 8 --base main f(xs)")
	if err != nil || !strings.Contains(text, "f(xs) is 20.0 % slower than main") || !strings.Contains(text, "not measured alternately") {
		t.Errorf("%q %v", text, err)
	}
	// Slower by more than is allowed, twice.
	text, err = compared(t, h, "%compare -r 8 --base main --fail 10% f(xs)")
	if err == nil || !strings.Contains(err.Error(), "f(xs) is 20.0 % slower than main, and 20.0 % slower when measured once more: --fail allows 10") || !strings.Contains(text, "once more to confirm") {
		t.Errorf("%q %v", text, err)
	}
	timesOf(h, 1.2e-6, 1e-6) // not the second time
	if text, err = compared(t, h, "%compare -r 8 --base main --fail 10% f(xs)"); err != nil || !strings.Contains(text, "once more to confirm: no difference") {
		t.Errorf("%q %v", text, err)
	}
	timesOf(h, 1.05e-6)
	if text, err = compared(t, h, "%compare -r 8 --base main --fail 10% f(xs)"); err != nil || strings.Contains(text, "confirm") {
		t.Errorf("%q %v", text, err)
	}
	// Without the JSON the benchmark's text serves, in which the names of cells fit.
	if err := os.Remove(filepath.Join(h.WorkDir, "main.json")); err != nil {
		t.Fatal(err)
	}
	timesOf(h, 2e-6)
	if text, err = compared(t, h, "%compare -r 8 --base main f(xs)"); err != nil || !strings.Contains(text, "2.0 times as slow as main") {
		t.Errorf("%q %v", text, err)
	}
}

// TestBaselineElsewhere: another machine's figures are not comparable, and that is
// said in place of a verdict.
func TestBaselineElsewhere(t *testing.T) {
	h := magictest.New(t)
	text := "goos: linux\ngoarch: amd64\ncpu: Some Other CPU\n\n" + strings.Repeat("BenchmarkF-8 1000 1000 ns/op\n", 8)
	if err := os.WriteFile(filepath.Join(h.WorkDir, "old.txt"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	timesOf(h, 1e-7)
	got, err := compared(t, h, "%compare -r 8 --base old f(xs)")
	if err != nil || !strings.Contains(got, "old and f(xs) are not comparable") || !strings.Contains(got, "cpu Some Other CPU and") {
		t.Errorf("%q %v", got, err)
	}
}

func TestBaselineUsage(t *testing.T) {
	h := magictest.New(t)
	for name, text := range map[string]string{"bad.json": "{}", "torn.json": "{", "empty.txt": "PASS\n"} {
		if err := os.WriteFile(filepath.Join(h.WorkDir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	two := `{"schema": "hpgo.baseline.v1", "result": {"variants": [{"name": "a", "times": [1]}, {"name": "b", "times": [1]}]}}`
	if err := os.WriteFile(filepath.Join(h.WorkDir, "two.json"), []byte(two), 0o666); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"%compare --rerun f ; g":               "flags --rerun and --fail of %compare need --base NAME",
		"%compare --base none f":               "flag --base of %compare: there is no baseline none; --save none writes one; there are: two; usage:",
		"%compare --against ./no f":            "there is no baseline ./no; --save ./no writes one; there are: two",
		"%compare --base bad f":                "is no baseline of this version",
		"%compare --base torn f":               "unexpected end of JSON",
		"%compare --base empty f":              "has no times",
		"%compare --base two f":                `two: it has no "f": it has a, b`,
		"%compare --base two f ; g":            "it compares one statement with a stored one, not 2",
		"%compare --base two --fail 5 f":       `flag --fail of %compare: "5" is no share`,
		"%compare --base two --rerun a":        "flag --rerun of %compare: two has no source to run",
		"%compare --base two --engines all a":  "flag --base of %compare can't stand with --engines",
		"%compare --save two --engines all a":  "flag --save of %compare can't stand with --engines",
		"%compare --procs 2 --engines all a":   "flag --procs of %compare can't stand with --engines",
		"%compare --kernel --save two a.At(3)": "flag --save of %compare can't stand with --kernel",
		"%compare --kernel --engines all a":    "flag --engines of %compare can't stand with --kernel",
		"%compare --save no/such/dir f":        "flag --save of %compare: stat",
	} {
		if _, err := compared(t, h, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// Of files of which one can't be written none is.
func TestReplaceFiles(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "a.txt"), filepath.Join(dir, "no", "a.json")
	if err := os.WriteFile(good, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := replaceFiles(map[string][]byte{good: []byte("new"), bad: nil}); err == nil || magictest.FileText(t, good) != "old" {
		t.Errorf("%v, and the file holds %q", err, magictest.FileText(t, good))
	}
	if err := replaceFiles(map[string][]byte{good: []byte("new")}); err != nil || magictest.FileText(t, good) != "new" {
		t.Errorf("%v, and the file holds %q", err, magictest.FileText(t, good))
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}
