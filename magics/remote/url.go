package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// ParseURL reads where a program's pages are: a host with a port, an address with or
// without the path of the pages, or one of the pages, which says the kind, too.
func ParseURL(text string) (base *url.URL, kind Kind, err error) {
	if !strings.Contains(text, "://") {
		if strings.HasPrefix(text, ":") {
			text = "localhost" + text
		}
		text = "http://" + text
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("%s is no address: %w", text, err)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, "", fmt.Errorf("%s: programs are asked by http or https, not %s", text, u.Scheme)
	case u.Host == "":
		return nil, "", fmt.Errorf("%s has no host", text)
	}
	u.RawQuery, u.Fragment = "", ""
	before, page, found := strings.Cut(u.Path, strings.TrimSuffix(root, "/"))
	if !found {
		u.Path = path.Join("/", u.Path) + root
		u.Path = path.Clean(u.Path) + "/"
		return u, "", nil
	}
	u.Path = before + root
	page = strings.Trim(page, "/")
	if page == "" {
		return u, "", nil
	}
	i := slices.IndexFunc(Kinds(), func(k Kind) bool { return k.page() == page })
	if i < 0 {
		return nil, "", fmt.Errorf("%s: the page %s is none of net/http/pprof's profiles", text, page)
	}
	return u, Kinds()[i], nil
}

// grace is how long a program may take to answer, beside the span that it is asked for.
const grace = 15 * time.Second

// mostBytes bounds an answer; a trace of a busy program has some MB per second.
const mostBytes = 512 << 20

// Fetch gets a profile or trace as the program sends it. A span of 0 takes what has
// come together since the program began, where the kind can be had so.
func Fetch(ctx context.Context, base *url.URL, kind Kind, span time.Duration) ([]byte, error) {
	u := *base
	u.Path += kind.page()
	q := url.Values{}
	if seconds := int(span.Round(time.Second) / time.Second); span > 0 {
		q.Set("seconds", strconv.Itoa(max(1, seconds)))
	}
	u.RawQuery = q.Encode()
	ctx, cancel := context.WithTimeout(ctx, span+grace)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", base.Host, err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the address is said already
		}
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("no answer in %v", span+grace)
		}
		return nil, fmt.Errorf("ask %s: %w", base.Host, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, mostBytes+1))
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil, fmt.Errorf("ask %s: there is no %s: the program must import net/http/pprof, or serve its handlers", base.Host, u.Path)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("ask %s for %s: %s: %s", base.Host, u.Path, resp.Status, firstLine(data))
	case err != nil:
		return nil, fmt.Errorf("read what %s sends: %w", base.Host, err)
	case len(data) > mostBytes:
		return nil, fmt.Errorf("read what %s sends: it is more than %d MiB: ask for a shorter time", base.Host, mostBytes>>20)
	}
	return data, nil
}

// firstLine is the beginning of an error page.
func firstLine(page []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(page)), "\n")
	return line[:min(len(line), 200)]
}
