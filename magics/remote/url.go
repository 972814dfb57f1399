package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what to get from a program.
type Kind string

// The kinds, each with a page of net/http/pprof.
const (
	CPU          Kind = "cpu"
	Heap         Kind = "heap"
	Allocs       Kind = "allocs"
	Goroutine    Kind = "goroutine"
	Block        Kind = "block"
	Mutex        Kind = "mutex"
	ThreadCreate Kind = "threadcreate"
	Leak         Kind = "goroutineleak"
	Trace        Kind = "trace"
)

// Kinds are all of them.
func Kinds() []Kind {
	return []Kind{CPU, Heap, Allocs, Goroutine, Block, Mutex, ThreadCreate, Leak, Trace}
}

// page is the kind's page below /debug/pprof/.
func (k Kind) page() string {
	if k == CPU {
		return "profile"
	}
	return string(k)
}

// Lasts says whether the kind is of a span of time: always, or where a span is asked
// for. The others are of a moment, or of all the time since the program began.
func (k Kind) Lasts() bool { return k == CPU || k == Trace }

const root = "/debug/pprof/"

// Address is where a program's pages of net/http/pprof are.
type Address struct {
	Kind Kind          // that of the page that the address is of; "": it is of none
	Span time.Duration // that the address asks for; 0: none

	pages    *url.URL   // the pages are below
	asks     url.Values // what it asks for beside
	insecure bool       // by https+insecure, as go tool pprof has it: any certificate will do
}

// ParseURL reads where a program's pages are: a host with a port, an address with or
// without the path of the pages, or one of the pages, which says the kind, too.
func ParseURL(text string) (Address, error) {
	if !strings.Contains(text, "://") {
		if strings.HasPrefix(text, ":") {
			text = "localhost" + text
		}
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // without the text, in which may be a password
		}
		return Address{}, fmt.Errorf("it is no address: %w", err)
	}
	a := Address{pages: u, asks: u.Query(), insecure: u.Scheme == "https+insecure"}
	shown := u.Redacted()
	u.RawQuery, u.Fragment = "", ""
	if a.insecure {
		u.Scheme = "https"
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return Address{}, fmt.Errorf("%s: programs are asked by http, https or https+insecure, not %s", shown, u.Scheme)
	case u.Host == "":
		return Address{}, fmt.Errorf("%s has no host", shown)
	}
	if text := a.asks.Get("seconds"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return Address{}, fmt.Errorf("%s: %q is no number of seconds", shown, text)
		}
		a.Span = time.Duration(n) * time.Second
	}
	a.asks.Del("seconds")
	a.asks.Del("debug") // it would be a text for people
	if err := a.findPages(); err != nil {
		return Address{}, fmt.Errorf("%s: %w", shown, err)
	}
	return a, nil
}

// findPages tells the path of the pages from that of one of them. A program may have
// them elsewhere than net/http/pprof has: then the path ends with pprof, or a page.
func (a *Address) findPages() error {
	u := a.pages
	before, page, found := strings.Cut(u.Path, strings.TrimSuffix(root, "/"))
	page = strings.Trim(page, "/")
	i := slices.IndexFunc(Kinds(), func(k Kind) bool { return k.page() == page })
	switch {
	case found && page != "" && i < 0:
		return fmt.Errorf("the page %s is none of net/http/pprof's profiles", page)
	case found:
		u.Path = before + root
	default:
		dir, last := path.Split(path.Clean("/" + u.Path))
		i = slices.IndexFunc(Kinds(), func(k Kind) bool { return k.page() == last })
		switch {
		case i >= 0 && dir != "/":
			u.Path = dir
		case last == "pprof":
			i, u.Path = -1, dir+"pprof/"
		default:
			i, u.Path = -1, path.Join("/", u.Path, root)+"/"
		}
	}
	if i >= 0 {
		a.Kind = Kinds()[i]
	}
	return nil
}

// Host is the program's host and port.
func (a Address) Host() string { return a.pages.Host }

// String is the address of the pages, without a password.
func (a Address) String() string { return a.pages.Redacted() }

// grace is how long a program may take to answer, beside the span that it is asked for.
const grace = 15 * time.Second

// mostBytes bounds an answer; a trace of a busy program has some MB per second.
const mostBytes = 512 << 20

// Span is a span as programs can be asked for it: of whole seconds, but for traces.
func (k Kind) Span(span time.Duration) time.Duration {
	switch {
	case span <= 0:
		return 0
	case k == Trace:
		return span
	}
	return max(time.Second, span.Round(time.Second))
}

// Fetch gets a profile or trace as the program sends it. A span of 0 takes what has
// come together since the program began, where the kind can be had so; others as
// Span makes them.
func (a Address) Fetch(ctx context.Context, kind Kind, span time.Duration) ([]byte, error) {
	u, q := *a.pages, maps.Clone(a.asks)
	span = kind.Span(span)
	u.Path += kind.page()
	if span > 0 {
		q.Set("seconds", strconv.FormatFloat(span.Seconds(), 'f', -1, 64))
	}
	u.RawQuery = q.Encode()
	ctx, cancel := context.WithTimeout(ctx, span+grace)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", a.Host(), err)
	}
	client := &http.Client{Transport: a.transport()}
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", a.Host(), explainAnswer(err, span))
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, mostBytes+1))
	switch {
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("ask %s: %w", a.Host(), refusal(resp, kind, u.Path, data))
	case err != nil:
		return nil, fmt.Errorf("read what %s sends: %w", a.Host(), explainAnswer(err, span))
	case len(data) > mostBytes:
		return nil, fmt.Errorf("read what %s sends: it is more than %d MiB", a.Host(), mostBytes>>20)
	case strings.HasPrefix(resp.Header.Get("Content-Type"), "text/"):
		return nil, fmt.Errorf("ask %s: %s is a page of text, no profile; it begins with %q", a.Host(), u.Path, firstLine(data))
	}
	return data, nil
}

// transport is the usual one, but for insecure addresses.
func (a Address) transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	if a.insecure {
		t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	}
	return t
}

// explainAnswer says why there is no answer.
func explainAnswer(err error, span time.Duration) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the address is said already
	}
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no whole answer in %v", span+grace)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ended, or closed the connection, before it had answered")
	case errors.As(err, &certificate):
		return fmt.Errorf("%w; an address with https+insecure:// takes any certificate", err)
	}
	return err
}

// refusal says what an answer means that is none.
func refusal(resp *http.Response, kind Kind, path string, page []byte) error {
	line := firstLine(page)
	switch {
	case resp.StatusCode == http.StatusNotFound && strings.Contains(line, "Unknown profile") && kind == Leak:
		return fmt.Errorf("the program has no profile %s: it must be built with GOEXPERIMENT=goroutineleakprofile", kind)
	case resp.StatusCode == http.StatusNotFound && strings.Contains(line, "Unknown profile"):
		return fmt.Errorf("the program has no profile %s", kind)
	case resp.StatusCode == http.StatusNotFound:
		return fmt.Errorf("there is no %s: the program must import net/http/pprof, or serve its handlers", path)
	case resp.StatusCode == http.StatusUnauthorized:
		return fmt.Errorf("%s: %s: %s: an address may have a user: http://USER:PASSWORD@HOST", path, resp.Status, line)
	case resp.StatusCode == http.StatusBadRequest && strings.Contains(line, "HTTPS server"):
		return fmt.Errorf("it takes https: write https://%s", resp.Request.URL.Host)
	}
	return fmt.Errorf("%s: %s: %s", path, resp.Status, line)
}

// firstLine is the beginning of a page.
func firstLine(page []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(page)), "\n")
	return line[:min(len(line), 200)]
}
