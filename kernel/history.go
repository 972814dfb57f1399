package main

import (
	"path"
	"slices"
	"sync"

	"hpgo/kernel/display"
	"hpgo/kernel/jupyter"
)

// history is the inputs of this kernel's life. Its methods may be called from
// any goroutine.
type history struct {
	mu      sync.Mutex
	entries []jupyter.HistoryEntry
}

// add remembers one input and, if it had one, the text of its output.
func (h *history) add(count int, code string, value *display.Bundle) {
	e := jupyter.HistoryEntry{Session: 1, Line: count, Input: code}
	if value != nil {
		if text, ok := value.Data["text/plain"].(string); ok {
			e.Output = &text
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entries = append(h.entries, e)
}

// find selects inputs as a history_request asks for them.
func (h *history) find(req jupyter.HistoryRequest) []jupyter.HistoryEntry {
	h.mu.Lock()
	entries := slices.Clone(h.entries)
	h.mu.Unlock()
	switch req.Access {
	case "range":
		if req.Session != 0 && req.Session != 1 {
			return nil
		}
		return slices.DeleteFunc(entries, func(e jupyter.HistoryEntry) bool {
			return e.Line < req.Start || req.Stop > 0 && e.Line >= req.Stop
		})
	case "search":
		pattern := req.Pattern
		if pattern == "" {
			pattern = "*"
		}
		entries = slices.DeleteFunc(entries, func(e jupyter.HistoryEntry) bool { return !globMatch(pattern, e.Input) })
		if req.Unique {
			entries = lastOfEachInput(entries)
		}
	}
	if req.N > 0 && len(entries) > req.N {
		entries = entries[len(entries)-req.N:]
	}
	return entries
}

// globMatch matches a whole input against a glob whose * spans lines and slashes.
func globMatch(pattern, text string) bool {
	// path.Match stops * at slashes; inputs are full of them.
	const slash = "\x00"
	swap := func(s string) string {
		out := []byte(s)
		for i, c := range out {
			if c == '/' {
				out[i] = slash[0]
			}
		}
		return string(out)
	}
	ok, err := path.Match(swap(pattern), swap(text))
	return err == nil && ok
}

// lastOfEachInput keeps the newest of equal inputs, in order.
func lastOfEachInput(entries []jupyter.HistoryEntry) []jupyter.HistoryEntry {
	seen := map[string]bool{}
	var kept []jupyter.HistoryEntry
	for _, e := range slices.Backward(entries) {
		if !seen[e.Input] {
			seen[e.Input] = true
			kept = append(kept, e)
		}
	}
	slices.Reverse(kept)
	return kept
}
