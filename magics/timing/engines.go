package timing

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"hpgo/magics/settings"
)

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
	for _, k := range append(settings.Engines(), settings.Engine{Name: allEngines}) {
		for _, name := range append([]string{k.Name}, k.Aliases...) {
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
func readEngines(list, level string) ([]settings.Engine, error) {
	kinds := settings.Engines()
	out := kinds[:1:1]
	if list == "" || strings.EqualFold(list, allEngines) {
		for _, k := range kinds[1:] {
			if k.Level == "" || runtime.GOARCH == "amd64" && k.Level != level { // the base's own level is the base again
				out = append(out, k)
			}
		}
		return out, nil
	}
	for _, word := range strings.Split(list, ",") {
		word = strings.TrimSpace(word)
		i := slices.IndexFunc(kinds, func(k settings.Engine) bool {
			return strings.EqualFold(k.Name, word) || slices.ContainsFunc(k.Aliases, func(a string) bool { return strings.EqualFold(a, word) })
		})
		if i < 0 {
			var names []string
			for _, k := range kinds {
				names = append(names, k.Name)
			}
			return nil, fmt.Errorf("%q is no engine; there are %s, or %s", word, strings.Join(names, ", "), allEngines)
		}
		if !slices.ContainsFunc(out, func(k settings.Engine) bool { return k.Name == kinds[i].Name }) {
			out = append(out, kinds[i])
		}
	}
	if len(out) < 2 {
		return nil, fmt.Errorf("%q leaves nothing to compare gc with", list)
	}
	return out, nil
}
