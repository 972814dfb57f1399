package assist

import (
	"bytes"
	"context"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
)

// The files of testdata are sessions. A section whose name begins with "cell"
// was executed; every other one is a text with a cursor, |, or ‸ where the text
// itself has bars, followed by lines that say what is wanted there:
//
//	# start TEXT       what the matches replace, up to the cursor; nothing: ""
//	# has NAME KIND SIGNATURE  among the matches, kind and signature if given
//	# not NAME         not among them
//	# first NAME...    the matches begin so
//	# exact NAME...    they are these, in any order
//	# names NAME...    they are these, in this order
//	# none             there are none
//	# hover TEXT       the description has the text
//	# unhover TEXT     it hasn't
//	# source TEXT      the description with source has it
//	# nothing          there is no description
type question struct {
	file, name string
	q          Query
	wants      []string
}

// library reads packages from source; it is shared, since that takes its time.
var library = sync.OnceValues(func() (*build.Library, error) {
	tc, err := build.FindToolchain(context.Background())
	if err != nil {
		return nil, err
	}
	return build.NewLibrary(tc, nil, nil, build.NewStdIndex(tc.GOROOT)), nil
})

// questions reads the cases of testdata.
func questions(tb testing.TB) []question {
	tb.Helper()
	lib, err := library()
	if err != nil {
		tb.Fatal(err)
	}
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		tb.Fatalf("no cases: %v", err)
	}
	dir := filesDir(tb)
	var all []question
	for _, file := range names {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		scope := cell.NewScope()
		n := 0
		for _, f := range txtar.Parse(data).Files {
			if strings.HasPrefix(f.Name, "cell") {
				n++
				scope = executed(tb, lib, scope, n, string(f.Data))
				continue
			}
			text, wants := splitWants(string(f.Data))
			mark := "‸"
			if !strings.Contains(text, mark) {
				mark = "|"
			}
			if strings.Count(text, mark) != 1 {
				tb.Fatalf("%s: %s: the text needs one cursor", file, f.Name)
			}
			at := strings.Index(text, mark)
			all = append(all, question{filepath.Base(file), f.Name, Query{Code: text[:at] + text[at+len(mark):], Cursor: at,
				Scope: scope, Library: lib, Dir: dir, Environ: []string{"HOME=/", "HPGO_TEST=1", "PATH=/nowhere:" + filepath.Join(dir, "sub", "bin")}}, wants})
		}
	}
	return all
}

// filesDir makes the directory that paths are completed in.
func filesDir(tb testing.TB) string {
	dir := tb.TempDir()
	for _, name := range []string{"data.csv", "data file.txt", "größe.dat", "sub/inner.txt", "sub/deep/x", ".hidden"} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(p, nil, 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "sub", "bin"), 0o755); err != nil {
		tb.Fatal(err)
	}
	for name, mode := range map[string]os.FileMode{"gopher": 0o755, "gopherdata": 0o644} {
		if err := os.WriteFile(filepath.Join(dir, "sub", "bin", name), nil, mode); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// executed returns the scope after a cell that ran without error.
func executed(tb testing.TB, lib *build.Library, scope *cell.Scope, n int, text string) *cell.Scope {
	tb.Helper()
	c, errs := cell.ParseIn(scope, text)
	if len(errs) > 0 {
		tb.Fatalf("cell %d: %v", n, errs)
	}
	env := cell.Env{Importer: libraryImporter{context.Background(), lib}, Candidates: func(name string, _ []string) []string { return lib.Candidates(name) }}
	u, errs := cell.Rewrite(env, scope, n, c)
	if len(errs) > 0 {
		tb.Fatalf("cell %d: %v", n, errs)
	}
	return u.Next
}

// libraryImporter makes a library an importer.
type libraryImporter struct {
	ctx context.Context
	lib *build.Library
}

// Import implements types.Importer.
func (i libraryImporter) Import(path string) (*types.Package, error) {
	return i.lib.Import(i.ctx, path)
}

// patient returns an assistant that waits for all packages.
func patient(tb testing.TB) *Assistant {
	a := New()
	a.patience = patience{time.Minute, time.Minute}
	tb.Cleanup(a.Close)
	return a
}

// splitWants cuts the lines that say what is wanted from the end of a section.
func splitWants(section string) (text string, wants []string) {
	lines := strings.Split(strings.TrimRight(section, "\n"), "\n")
	n := len(lines)
	for n > 0 && strings.HasPrefix(lines[n-1], "# ") {
		n--
	}
	for _, l := range lines[n:] {
		wants = append(wants, l[2:])
	}
	return strings.Join(lines[:n], "\n"), wants
}

func TestMarkers(t *testing.T) {
	a := patient(t)
	all := questions(t)
	for _, c := range all {
		t.Run(strings.TrimSuffix(c.file, ".txtar")+"/"+c.name, func(t *testing.T) {
			got, err := a.Complete(context.Background(), c.q)
			if err != nil {
				t.Fatal(err)
			}
			hover := func(detail int) string {
				d, ok, err := a.Inspect(context.Background(), c.q, detail)
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					return ""
				}
				if d.Text == "" || d.Markdown == "" {
					t.Errorf("a description without text or Markdown: %+v", d)
				}
				return d.Text
			}
			for _, w := range c.wants {
				if problem := check(c.q, got, hover, w); problem != "" {
					t.Errorf("# %s: %s", w, problem)
				}
			}
		})
	}
	if len(all) < 100 {
		t.Errorf("%d cases, at least 100 are wanted", len(all))
	}
}

// check compares an answer with one wanted thing.
func check(q Query, got Completion, hover func(int) string, want string) string {
	verb, rest, _ := strings.Cut(want, " ")
	var names []string
	for _, m := range got.Matches {
		names = append(names, m.Text)
	}
	words := strings.Fields(rest)
	problem := ""
	switch verb {
	case "start":
		if s := q.Code[got.Start:q.Cursor]; s != strings.Trim(rest, `"`) {
			problem = fmt.Sprintf("replaces %q", s)
		}
	case "has":
		problem = checkHas(got, words[0], strings.Join(words[1:], " "))
	case "not":
		for _, w := range words {
			if slices.Contains(names, w) {
				problem = w + " is among " + strings.Join(names, " ")
			}
		}
	case "first":
		if !slices.Equal(names[:min(len(words), len(names))], words) {
			problem = "got " + strings.Join(names, " ")
		}
	case "exact":
		slices.Sort(words)
		slices.Sort(names)
		if !slices.Equal(names, words) {
			problem = "got " + strings.Join(names, " ")
		}
	case "names":
		if strings.Join(names, " ") != rest {
			problem = "got " + strings.Join(names, " ")
		}
	case "none":
		if len(names) > 0 {
			problem = "got " + strings.Join(names, " ")
		}
	case "hover":
		if d := hover(0); !strings.Contains(d, rest) {
			problem = "got " + d
		}
	case "unhover":
		if d := hover(0); strings.Contains(d, rest) {
			problem = "got " + d
		}
	case "source":
		if d := hover(1); !strings.Contains(d, rest) {
			problem = "got " + d
		}
	case "nothing":
		problem = hover(0)
	default:
		problem = "unknown wish"
	}
	return problem
}

// checkHas looks for a match of a name, and of a kind and signature if given.
func checkHas(got Completion, name, more string) string {
	var all bytes.Buffer
	for _, m := range got.Matches {
		if m.Text == name && (more == "" || m.Kind == more || m.Kind+" "+m.Signature == more) {
			return ""
		}
		if fmt.Fprintf(&all, "\n%s %s %s", m.Text, m.Kind, m.Signature); m.Text == name {
			return fmt.Sprintf("it is %s %s", m.Kind, m.Signature)
		}
	}
	return "not among" + all.String()
}

// TestLineEnds completes in text whose lines end as on Windows.
func TestLineEnds(t *testing.T) {
	lib, err := library()
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"s := `é`\r\nstrings.ToUpp‸", "strings.ToUpp‸\r\nx := 1\r\n", "if true {\r\n\tstrings.ToUpp‸er(\"\")\r\n}", "%%time\r\n\r\nstrings.ToUpp‸\r\n"} {
		at := strings.Index(code, "‸")
		q := Query{Code: strings.Replace(code, "‸", "", 1), Cursor: at, Scope: cell.NewScope(), Library: lib}
		c, err := patient(t).Complete(context.Background(), q)
		if err != nil || q.Code[c.Start:c.End] != "ToUpp" || len(c.Matches) == 0 || c.Matches[0].Text != "ToUpper" {
			t.Errorf("%q: %+v, error %v", code, c, err)
		}
	}
}
