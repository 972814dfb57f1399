package notebooks

import (
	"flag"
	"os"
	"testing"

	"hpgo/notebooks/course"
)

var update = flag.Bool("update", false, "write the index page anew")

// TestIndex holds the index page against the notebooks, and the list of rows against
// the cells' tags.
func TestIndex(t *testing.T) {
	c, err := course.Read(".")
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"README.md": c.Page(), "map.svg": c.Map()} {
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != want {
			t.Errorf("%s isn't what the notebooks say (%v): go test ./notebooks -run Index -update", file, err)
		}
	}
}
