package assist

import (
	"os"
	"path/filepath"
	"strings"
)

// shellWords are what bash knows without a file.
var shellWords = strings.Fields(`alias bg break builtin case cd command compgen continue declare dirs disown
	do done echo elif else enable esac eval exec exit export false fc fg fi for function getopts hash help history if
	jobs kill let local mapfile popd printf pushd pwd read readarray readonly return select set shift shopt source
	test then time times trap true type typeset ulimit umask unalias unset until wait while`)

// startsCommand reports whether a shell expects a command behind a text.
func startsCommand(before string) bool {
	before = strings.TrimLeft(strings.TrimRight(before, " \t"), "!")
	if before == "" || strings.IndexByte("|&;(`", before[len(before)-1]) >= 0 {
		return true
	}
	switch before[strings.LastIndexAny(before, " \t;|&(")+1:] {
	case "do", "then", "else", "if", "elif", "while", "until", "time", "exec", "sudo", "nohup", "xargs", "!":
		return true
	}
	return false
}

// commands lists what a shell could run whose name begins so: its own words, and
// the programs on the PATH of an environment.
func commands(environ []string, prefix string) []Match {
	var found []Match
	for _, w := range shellWords {
		found = append(found, Match{w, KindCommand, ""})
	}
	path := ""
	for _, kv := range environ {
		if p, ok := strings.CutPrefix(kv, "PATH="); ok {
			path = p // the last counts
		}
	}
	for _, dir := range filepath.SplitList(path) {
		if !filepath.IsAbs(dir) {
			continue
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // PATH may name what isn't there
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), prefix) {
				continue
			}
			if st, err := os.Stat(filepath.Join(dir, e.Name())); err == nil && st.Mode().IsRegular() && st.Mode()&0o111 != 0 {
				found = append(found, Match{e.Name(), KindCommand, filepath.Join(dir, e.Name())})
			}
		}
	}
	return found
}
