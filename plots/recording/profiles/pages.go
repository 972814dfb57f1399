package profiles

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/pprof/driver"
	"github.com/google/pprof/profile"
)

// Views are pprof's pages that need no other program, in the order of its menu.
var Views = []View{{"flamegraph", "Flame graph"}, {"top", "Top"}, {"peek", "Peek"}, {"source", "Source"}}

// View is one of pprof's pages.
type View struct {
	Path  string // "top"
	Title string
}

// driving is held while pprof's driver runs: its settings are those of its process.
var driving sync.Mutex

// Pages has pprof draw its pages of a profile: HTML by the path of the view. base,
// if not nil, is a profile to compare with. sources are the texts of files that are
// not on disk, such as "cell 3"; match chooses the functions of peek and source, a
// regular expression as in pprof.
func Pages(p Profile, base *Profile, sources map[string]string, match string) (map[string]string, error) {
	driving.Lock()
	defer driving.Unlock()
	dir, err := os.MkdirTemp("", "hpgo-pprof-")
	if err != nil {
		return nil, fmt.Errorf("pprof's pages: %w", err)
	}
	defer os.RemoveAll(dir)
	for name, text := range sources {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), []byte(text), 0o666); err != nil {
			return nil, fmt.Errorf("pprof's pages: %w", err)
		}
	}
	// pprof saves what it fetched, in the home directory if nobody says otherwise.
	defer keepEnv("PPROF_TMPDIR")()
	os.Setenv("PPROF_TMPDIR", dir)
	args := []string{"-http=localhost:0", "-no_browser", "-symbolize=none", "-source_path=" + dir}
	if base != nil {
		aligned := base.alignedTo(p)
		base = &aligned
		args = append(args, "-diff_base=base")
	}
	pages := map[string]string{}
	said := &silent{}
	err = driver.PProf(&driver.Options{
		Flagset: &flags{FlagSet: flag.NewFlagSet("pprof", flag.ContinueOnError), args: append(args, "profile")},
		Fetch:   fetcher{p, base}, UI: said, Writer: nowhere{},
		HTTPServer: func(a *driver.HTTPServerArgs) error {
			for _, v := range Views {
				page, err := visit(a.Handlers["/"+v.Path], v.Path, match)
				if err != nil {
					return err
				}
				pages[v.Path] = page
			}
			return nil
		},
	})
	if err == nil && len(pages) < len(Views) {
		err = errors.New("it made none")
	}
	if err != nil {
		return nil, fmt.Errorf("pprof's pages: %w%s", err, said.errors())
	}
	return pages, nil
}

// alignedTo has functions in the files in which another profile has them: one that
// was declared again in a later cell is the same to who compares.
func (p Profile) alignedTo(other Profile) Profile {
	at := map[string]Frame{}
	for _, s := range other.Stacks {
		for _, f := range s.Frames {
			at[f.Func] = f
		}
	}
	stacks := make([]Stack, len(p.Stacks))
	for i, s := range p.Stacks {
		stacks[i] = Stack{Frames: slices.Clone(s.Frames), Values: s.Values}
		for k := range stacks[i].Frames {
			f := &stacks[i].Frames[k]
			if now, ok := at[f.Func]; ok {
				f.File, f.Start = now.File, now.Start
			}
		}
	}
	p.Stacks = stacks
	return p
}

func keepEnv(name string) (restore func()) {
	old, had := os.LookupEnv(name)
	return func() {
		if had {
			os.Setenv(name, old)
		} else {
			os.Unsetenv(name)
		}
	}
}

// visit asks for one page.
func visit(h http.Handler, view, match string) (string, error) {
	if h == nil {
		return "", fmt.Errorf("this pprof has no page %s", view)
	}
	r := httptest.NewRequest("GET", "http://pprof/"+view, nil)
	if match != "" && (view == "peek" || view == "source") {
		q := r.URL.Query()
		q.Set("f", match)
		r.URL.RawQuery = q.Encode()
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return "", fmt.Errorf("page %s: %d %s", view, w.Code, strings.TrimSpace(w.Body.String()))
	}
	return w.Body.String(), nil
}

// fetcher hands the profiles to pprof.
type fetcher struct {
	p    Profile
	base *Profile
}

func (f fetcher) Fetch(source string, _, _ time.Duration) (*profile.Profile, string, error) {
	if source == "base" {
		return f.base.proto(), "", nil
	}
	return f.p.proto(), "", nil
}

// flags is pprof's command line.
type flags struct {
	*flag.FlagSet
	args []string
}

func (f *flags) StringList(name, def, usage string) *[]*string {
	list := &[]*string{}
	f.Func(name, usage, func(v string) error {
		*list = append(*list, &v)
		return nil
	})
	return list
}

func (f *flags) ExtraUsage() string   { return "" }
func (f *flags) AddExtraUsage(string) {}
func (f *flags) Parse(func()) []string {
	f.SetOutput(io.Discard)
	if f.FlagSet.Parse(f.args) != nil {
		return nil
	}
	return f.Args()
}

// silent keeps what pprof would tell a user.
type silent struct{ text []string }

func (s *silent) errors() string {
	if len(s.text) == 0 {
		return ""
	}
	return ": " + strings.Join(s.text, "; ")
}

func (*silent) ReadLine(string) (string, error) { return "", io.EOF }
func (*silent) Print(...any)                    {}
func (s *silent) PrintErr(v ...any)             { s.text = append(s.text, strings.TrimSpace(fmt.Sprint(v...))) }
func (*silent) IsTerminal() bool                { return false }
func (*silent) WantBrowser() bool               { return false }
func (*silent) SetAutoComplete(func(string) string) {
}

// nowhere refuses to write files.
type nowhere struct{}

func (nowhere) Open(name string) (io.WriteCloser, error) {
	return nil, fmt.Errorf("%s is not written", name)
}
