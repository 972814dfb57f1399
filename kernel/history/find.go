package history

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// Query selects inputs, in the words of Jupyter's history_request.
type Query struct {
	Access  string // range, tail or search
	Session int    // range: 0 is this session, negative ones count back from it
	Start   int    // range: first line
	Stop    int    // range: line after the last; 0 for all
	N       int    // tail, search: at most so many, 0 for all
	Pattern string // search: a glob for the whole input; empty matches all
	Unique  bool   // search: each input once, where it was last
}

// others are the inputs of other sessions, those that run beside this one among
// them, as far as they were read.
type others struct {
	entries []Entry
	last    place // the line until which the file was read
}

// read takes in what other sessions have written since the last time. What
// can't be read leaves those that are known.
func (o *others) read(path string, own int) {
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	from := o.last.end
	if !o.last.in(f) {
		from = 0
	}
	data, err := io.ReadAll(io.NewSectionReader(f, from, info.Size()-from))
	if err != nil {
		return
	}
	data = data[:bytes.LastIndexByte(data, '\n')+1] // the rest is still being written
	if from == 0 {
		o.entries, o.last = nil, place{}
	}
	if len(data) > 0 {
		line := data[bytes.LastIndexByte(data[:len(data)-1], '\n')+1:]
		o.last = place{bytes.Clone(line), from + int64(len(data))}
	}
	for _, e := range parse(data) {
		if e.Session != own {
			o.entries = append(o.entries, e)
		}
	}
}

// Find returns the selected inputs: those of other sessions as they were
// written, then this session's.
func (l *Log) Find(q Query) []Entry {
	l.mu.Lock()
	if l.path != "" {
		l.others.read(l.path, l.session)
	}
	session := l.session + min(q.Session, 0)
	if q.Session > 0 {
		session = q.Session
	}
	entries := slices.Concat(l.others.entries, l.own)
	l.mu.Unlock()
	switch q.Access {
	case "range":
		return slices.DeleteFunc(entries, func(e Entry) bool {
			return e.Session != session || e.Line < q.Start || q.Stop > 0 && e.Line >= q.Stop
		})
	case "search":
		if q.Pattern != "" {
			entries = slices.DeleteFunc(entries, func(e Entry) bool { return !match(q.Pattern, e.Input) })
		}
		if q.Unique {
			entries = lastOfEach(entries)
		}
	}
	if q.N > 0 && len(entries) > q.N {
		entries = entries[len(entries)-q.N:]
	}
	return entries
}

// lastOfEach keeps the newest of equal inputs, in order.
func lastOfEach(entries []Entry) []Entry {
	seen := map[string]bool{}
	var kept []Entry
	for _, e := range slices.Backward(entries) {
		if !seen[e.Input] {
			seen[e.Input] = true
			kept = append(kept, e)
		}
	}
	slices.Reverse(kept)
	return kept
}

// match matches the whole text against a glob with * and ?, the two that
// front ends use; all other characters, brackets and line ends among them,
// stand for themselves. Its time is bounded by the product of the lengths.
func match(pattern, text string) bool {
	star, again := -1, 0 // behind the last *, and where it may try next
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			p++
			star, again = p, t
		case p < len(pattern) && pattern[p] == '?':
			_, n := utf8.DecodeRuneInString(text[t:])
			p, t = p+1, t+n
		case p < len(pattern) && pattern[p] == text[t]:
			p, t = p+1, t+1
		case star >= 0:
			again++
			p, t = star, again
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
