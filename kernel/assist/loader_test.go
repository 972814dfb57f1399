package assist

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
)

// cold returns a query against a library that has read nothing.
func cold(tb testing.TB, text string) Query {
	tb.Helper()
	tc, err := build.FindToolchain(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	at := strings.Index(text, "|")
	return Query{Code: text[:at] + text[at+1:], Cursor: at, Scope: cell.NewScope(),
		Library: build.NewLibrary(tc, nil, nil, build.NewStdIndex(tc.GOROOT))}
}

// TestColdPackage asks an assistant that waits for nothing: the first answer
// comes from a sketch, later ones know everything.
func TestColdPackage(t *testing.T) {
	a := New()
	defer a.Close()
	a.patience = patience{0, time.Minute}
	q := cold(t, "resp, err := http.Get(\"\")\nresp.Sta|\nvar u *url.URL")
	signature := func() string {
		c, err := a.Complete(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(c.Matches, func(m Match) bool { return m.Text == "StatusCode" })
		if i < 0 {
			return ""
		}
		return c.Matches[i].Kind + " " + c.Matches[i].Signature
	}
	if got := signature(); got != "field int" {
		t.Errorf("at first StatusCode is a %q", got)
	}
	d, ok, err := a.Inspect(context.Background(), q, 0)
	if err != nil || !ok && d.Text != "" {
		t.Errorf("description %+v, error %v", d, err)
	}
	<-a.loader.reads.want(q.Library, "net/http")
	if q.Library.Known("net/http") == nil {
		t.Fatal("net/http was not read")
	}
	if got := signature(); got != "field int" {
		t.Errorf("then StatusCode is a %q", got)
	}
}

// TestColdSignature reads parameters whose packages aren't known.
func TestColdSignature(t *testing.T) {
	a := New()
	a.patience = patience{0, time.Minute}
	defer a.Close()
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	a.loader.reads = desk{ctx: ended, cancel: cancel} // nothing is read in the background
	for text, want := range map[string]string{
		"http.ReadRe|":                      "ReadRequest function (b *bufio.Reader) (*http.Request, error)",
		"new(http.Request).UR|":             "URL field *url.URL",
		"x := http.Client{Timeo|}":          "Timeout field time.Duration",
		"tls.Dial|":                         "Dial function (network string, addr string, config *tls.Config) (*tls.Conn, error)",
		"import z \"archive/zip\"\nz.Open|": "OpenReader function (name string) (*zip.ReadCloser, error)",
	} {
		c, err := a.Complete(context.Background(), cold(t, text))
		if err != nil {
			t.Fatal(err)
		}
		name, more, _ := strings.Cut(want, " ")
		if problem := checkHas(c, name, more); problem != "" {
			t.Errorf("%q: %s", text, problem)
		}
	}
	q := cold(t, "http.StatusTeap|ot")
	if d, _, err := a.Inspect(context.Background(), q, 0); err != nil || !strings.Contains(d.Text, "RFC 9110") {
		t.Errorf("description %q, error %v", d.Text, err)
	}
}

// TestClosedLoader ends a loader in the middle of its work.
func TestClosedLoader(t *testing.T) {
	l := newLoader()
	q := cold(t, "|")
	done := l.reads.want(q.Library, "net/http")
	l.close()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Error("the package that was being read is still waited for")
	}
	<-l.reads.want(q.Library, "net/url")
	if l.reads.running {
		t.Error("a closed loader runs again")
	}
}
