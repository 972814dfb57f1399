package magics

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of magics into the README")

// TestReadmeTable: the README's table of magics is the one in this package.
func TestReadmeTable(t *testing.T) {
	const begin, end = "writes it -->\n", "<!-- end of the table -->"
	file := filepath.Join("..", "README.md")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	before, rest, ok := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the README has no place for the table")
	}
	want := before + begin + "\n" + TableMarkdown() + "\n" + end + after
	if want == text {
		return
	}
	if !*update {
		t.Fatal("the README's table is old; go test ./magics -run ReadmeTable -update writes it")
	}
	if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}
