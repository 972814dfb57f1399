package repl

import (
	"fmt"
	"strings"
)

// recall walks through earlier inputs. What was typed before the walk began is
// what they must begin with, and what comes back at its end.
type recall struct {
	load    func() []string // read when the walk begins; nil: no past
	entries []string
	at      int // into entries; len(entries) is the draft
	draft   string
	walking bool
	shown   string // what the last step gave: after a change a new walk begins
}

// begin reads the past unless a walk is on.
func (r *recall) begin(now string) bool {
	if r.load == nil {
		return false
	}
	if !r.walking || now != r.shown {
		r.entries = r.load()
		r.at, r.draft, r.walking = len(r.entries), now, true
	}
	return true
}

// older gives the next older input that fits.
func (r *recall) older(now string) (string, bool) {
	if !r.begin(now) {
		return "", false
	}
	for i := r.at - 1; i >= 0; i-- {
		if e := r.entries[i]; strings.HasPrefix(e, r.draft) && e != now {
			r.at, r.shown = i, e
			return e, true
		}
	}
	return "", false
}

// newer goes back.
func (r *recall) newer() (string, bool) {
	if !r.walking || r.at == len(r.entries) {
		return "", false
	}
	for i := r.at + 1; i < len(r.entries); i++ {
		if e := r.entries[i]; strings.HasPrefix(e, r.draft) && e != r.shown {
			r.at, r.shown = i, e
			return e, true
		}
	}
	r.at, r.shown = len(r.entries), r.draft
	return r.draft, true
}

// search is ^R: it looks for the newest input that contains what is typed.
type search struct {
	entries []string
	query   string
	at      int // of the entry found; len(entries): none was looked for yet
	failed  bool
	draft   buffer // what was being typed
}

func (s *search) line() string {
	if s.failed {
		return fmt.Sprintf("no input with %q (^R again, Esc to edit, ^G to give up)", s.query)
	}
	return fmt.Sprintf("search back: %s_", s.query)
}

// startSearch begins a search.
func (e *editor) startSearch() {
	if e.ask.past == nil {
		return
	}
	entries := e.ask.past()
	e.search = &search{entries: entries, at: len(entries), draft: e.buf}
}

// find looks for the query from an entry on.
func (e *editor) find(from, step int) {
	s := e.search
	for i := from; i >= 0 && i < len(s.entries); i += step {
		at := strings.Index(s.entries[i], s.query)
		if at < 0 || i != s.at && s.entries[i] == e.buf.text {
			continue
		}
		s.at, s.failed = i, false
		e.buf.set(s.entries[i])
		e.buf.move(at)
		return
	}
	s.failed = true
}

// searchKey gives a key to the search; the search is over when the key wasn't
// taken, or with an error.
func (e *editor) searchKey(k key) (taken bool, err error) {
	s := e.search
	switch k.name {
	case keyText, keyPaste:
		s.query += k.text
		e.find(min(s.at, len(s.entries)-1), -1)
	case "backspace":
		if s.query != "" {
			b := buffer{text: s.query, at: len(s.query)}
			b.cut(b.before())
			s.query = b.text
			s.at = len(s.entries)
			e.find(s.at-1, -1)
		}
	case "ctrl-r", "up":
		e.find(s.at-1, -1)
	case "ctrl-s", "down":
		e.find(s.at+1, 1)
	case "ctrl-g", "ctrl-c":
		e.buf, e.search = s.draft, nil
	case "esc", "tab":
		e.endSearch()
	case "enter":
		e.endSearch()
		e.buf.move(len(e.buf.text))
		return false, nil
	default:
		e.endSearch()
		return false, nil
	}
	return true, nil
}

// endSearch keeps what was found.
func (e *editor) endSearch() {
	if e.buf.text != e.search.draft.text {
		e.remember(e.search.draft)
	}
	e.search = nil
}
