package report

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/notebook"
)

var (
	update = flag.Bool("update", false, "rewrite the goldens")
	keep   = flag.String("keep", "", "write the sample report to this file")
)

func sampleReport(t *testing.T) []byte {
	t.Helper()
	nb, err := notebook.ReadFile("testdata/sample.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = Write(&out, nb, Meta{
		Source:  "sample.ipynb",
		Elapsed: 12_345 * time.Millisecond,
		Facts:   []Fact{{"Machine", "2 cores, linux/amd64"}, {"Toolchain", "go1.26"}},
		ReadFile: func(path string) ([]byte, error) {
			if path != "img/logo.png" {
				return nil, os.ErrNotExist
			}
			return []byte("\x89PNG\r\n\x1a\nlogo"), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestSample compares the report of a notebook that holds everything. The
// style sheet is left out: it would hide the rest. With -keep FILE the whole
// page is written there, to be looked at.
func TestSample(t *testing.T) {
	page := sampleReport(t)
	if *keep != "" {
		if err := os.WriteFile(*keep, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	head, rest, _ := strings.Cut(string(page), "<style>")
	_, body, _ := strings.Cut(rest, "</style>")
	got := head + body
	const golden = "testdata/sample.html"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			t.Fatalf("line %d of %s (-update rewrites it):\ngot  %.400s\nwant %.400s", i+1, golden, g[i], w[min(i, len(w)-1)])
		}
	}
	if len(g) != len(w) {
		t.Fatalf("%d lines, want %d", len(g), len(w))
	}
	if !bytes.Equal(page, sampleReport(t)) {
		t.Error("a second report differs")
	}
}
