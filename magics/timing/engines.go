package timing

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// engineKind is one way to build or run the same code.
type engineKind struct {
	name    string
	aliases []string
	flags   []string // of go build
	env     []string
	level   string // GOAMD64 that it needs the CPU for
	profile bool   // built with a profile of the base
	yaegi   bool
	note    string // what a reader must know
}

// engineKinds are those there are. Flags of the compiler hold for package main,
// where the session's code is.
func engineKinds() []engineKind {
	level := func(l string) engineKind {
		return engineKind{name: "GOAMD64=" + l, aliases: []string{l}, env: []string{"GOAMD64=" + l}, level: l}
	}
	return []engineKind{
		{name: "gc"},
		{name: "-N -l", aliases: []string{"-N", "N", "noopt"}, flags: []string{"-gcflags=-N -l"}, note: "-N -l: no optimisation and no inlining of the session's code"},
		{name: "-B", aliases: []string{"B", "nobounds"}, flags: []string{"-gcflags=-B"}, note: "-B: no bounds checks in the session's code"},
		{name: "PGO", aliases: []string{"pgo"}, profile: true, note: "PGO: the session's code compiled with a CPU profile of this code, taken first"},
		level("v1"), level("v2"), level("v3"), level("v4"),
		{name: "simd", aliases: []string{"GOEXPERIMENT=simd"}, env: []string{"GOEXPERIMENT=simd"}, note: "simd: the toolchain's experiment of that name; it changes only code that uses simd/archsimd"},
		{name: "yaegi", yaegi: true, note: "yaegi: interpreted; its loop counts in interpreted code, too"},
	}
}

// allEngines is the value of --engines for all that differ from the first.
const allEngines = "all"

// engineList is how many bytes at the start of a text are a list of engines: names
// with commas between them, or a word that was meant for one.
func engineList(text string) int {
	n := 0
	for {
		length := engineName(text[n:])
		if length == 0 {
			break
		}
		n += length
		if !strings.HasPrefix(text[n:], ",") {
			return n
		}
		n++
	}
	word, _, _ := strings.Cut(text, " ")
	if n > 0 || strings.Contains(word, ",") && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=,-") == "" {
		return max(n, len(word)) // something in it is no engine, which readEngines says
	}
	return 0
}

// engineName is the length of the longest name of an engine at the start of a text.
func engineName(text string) int {
	longest := 0
	for _, k := range append(engineKinds(), engineKind{name: allEngines}) {
		for _, name := range append([]string{k.name}, k.aliases...) {
			n := len(name)
			if n > longest && len(text) >= n && strings.EqualFold(text[:n], name) && (len(text) == n || strings.ContainsRune(", \t\n", rune(text[n]))) {
				longest = n
			}
		}
	}
	return longest
}

// readEngines reads a list such as gc,-N -l,pgo. The first is the base: gc where
// the list doesn't begin with it.
func readEngines(list, level string) ([]engineKind, error) {
	kinds := engineKinds()
	out := kinds[:1:1]
	if list == "" || strings.EqualFold(list, allEngines) {
		for _, k := range kinds[1:] {
			if k.level == "" || runtime.GOARCH == "amd64" && k.level != level { // the base's own level is the base again
				out = append(out, k)
			}
		}
		return out, nil
	}
	for _, word := range strings.Split(list, ",") {
		word = strings.TrimSpace(word)
		i := slices.IndexFunc(kinds, func(k engineKind) bool {
			return strings.EqualFold(k.name, word) || slices.ContainsFunc(k.aliases, func(a string) bool { return strings.EqualFold(a, word) })
		})
		if i < 0 {
			var names []string
			for _, k := range kinds {
				names = append(names, k.name)
			}
			return nil, fmt.Errorf("%q is no engine; there are %s, or %s", word, strings.Join(names, ", "), allEngines)
		}
		if !slices.ContainsFunc(out, func(k engineKind) bool { return k.name == kinds[i].name }) {
			out = append(out, kinds[i])
		}
	}
	if len(out) < 2 {
		return nil, fmt.Errorf("%q leaves nothing to compare gc with", list)
	}
	return out, nil
}
