package assist

import (
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// completeString completes inside a string: import paths in an import
// declaration, file names where the string looks like a path.
func (a *Assistant) completeString(q Query, src string, at spot, cursor int) Completion {
	typed := src[at.start:cursor]
	if inImport(at.before) {
		c := Completion{Start: at.start}
		for _, p := range q.Library.ImportPaths(typed) {
			c.Matches = append(c.Matches, Match{p, KindPackage, strings.TrimSuffix(p, "/")})
		}
		return c
	}
	if !strings.Contains(typed, "/") && !takesFile(at.before) {
		return Completion{Start: cursor}
	}
	from, found := files(q.Dir, typed, false)
	c := Completion{Start: at.start + from}
	for _, m := range found {
		if !strings.ContainsAny(m.Text, "\"\\`\n") { // it would end the string
			c.Matches = append(c.Matches, m)
		}
	}
	return c
}

// inImport reports whether the tokens before a string are those of an import
// declaration.
func inImport(before []lexeme) bool {
	for i := len(before) - 1; i >= 0; i-- {
		switch before[i].tok {
		case token.IMPORT:
			return true
		case token.STRING, token.IDENT, token.PERIOD, token.SEMICOLON:
		case token.LPAREN:
			return i > 0 && before[i-1].tok == token.IMPORT
		default:
			return false
		}
	}
	return false
}

// takesFile reports whether a string is the first argument of a function of the
// package os, most of which take file names.
func takesFile(before []lexeme) bool {
	n := len(before)
	return n >= 4 && before[n-1].tok == token.LPAREN && before[n-2].tok == token.IDENT &&
		before[n-3].tok == token.PERIOD && before[n-4].lit == "os"
}

// files lists the files that a path could become. from is the offset of the
// part that they replace: what stands behind the last slash.
func files(dir, typed string, onlyDirs bool) (from int, found []Match) {
	from = strings.LastIndexByte(typed, '/') + 1
	base := typed[:from]
	switch {
	case strings.HasPrefix(base, "~/"):
		home, err := os.UserHomeDir()
		if err != nil {
			return from, nil
		}
		base = filepath.Join(home, base[2:])
	case !filepath.IsAbs(base):
		base = filepath.Join(dir, base)
	}
	entries, err := os.ReadDir(base)
	if err != nil {
		return from, nil // not there, or not for us
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") && !strings.HasPrefix(typed[from:], ".") {
			continue
		}
		isDir := e.IsDir()
		if e.Type()&os.ModeSymlink != 0 {
			st, err := os.Stat(filepath.Join(base, name))
			isDir = err == nil && st.IsDir()
		}
		if isDir {
			name += "/"
		} else if onlyDirs {
			continue
		}
		found = append(found, Match{name, KindPath, ""})
	}
	return from, keepPrefix(found, typed[from:])
}

// completeFile completes the last word of a magic's line, which takes a file.
func completeFile(q Query, line string, start int, onlyDirs bool) Completion {
	at, word, quote := lastWord(line)
	return shellNames(q, start+at, word, quote, onlyDirs)
}

// completeShell completes the names of commands and files in a line of shell.
func completeShell(q Query, line string, start int) Completion {
	at, word, quote := lastWord(line)
	if name := openVariable(word); name >= 0 && quote != '\'' {
		return Completion{Start: start + at + name, Matches: keepPrefix(variableNames(q.Environ), word[name:])}
	}
	if quote == 0 && startsCommand(line[:at]) && word != "" && !strings.Contains(word, "/") {
		return Completion{Start: start + at, Matches: keepPrefix(commands(q.Environ, word), word)}
	}
	return shellNames(q, start+at, word, quote, false)
}

// openVariable returns where the name begins of a $NAME or ${NAME that a word ends
// with, -1 for none.
func openVariable(word string) int {
	i := strings.LastIndexByte(word, '$')
	if i < 0 || i > 0 && word[i-1] == '\\' {
		return -1
	}
	name := strings.TrimPrefix(word[i+1:], "{")
	if strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return -1
	}
	return len(word) - len(name)
}

// lastWord returns the last word of a shell line as typed, where it begins, and
// the quote that is open in it.
func lastWord(line string) (at int, word string, quote byte) {
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote, at = c, i+1
		case strings.IndexByte(" \t\n=<>|;&(!", c) >= 0:
			at = i + 1
		}
	}
	return at, line[at:], quote
}

// shellNames lists files for a word of a shell line, escaped as it needs.
func shellNames(q Query, at int, word string, quote byte, onlyDirs bool) Completion {
	plain := word
	if quote == 0 {
		plain = unescaped(word)
	}
	_, found := files(q.Dir, plain, onlyDirs)
	c := Completion{Start: at + len(word)}
	if len(found) == 0 {
		return c
	}
	// The typed part behind the last slash, as long as it is in the line.
	c.Start = at + strings.LastIndexByte(word, '/') + 1
	for _, m := range found {
		if quote == 0 {
			m.Text = escapedName(m.Text)
		}
		c.Matches = append(c.Matches, m)
	}
	return c
}

const shellSpecial = " \t\\'\"$&|;<>()*?[]#~`!{}"

// escapedName puts a backslash before what a shell would take for its own.
func escapedName(name string) string {
	var b strings.Builder
	for _, r := range name {
		if strings.ContainsRune(shellSpecial, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unescaped undoes escapedName.
func unescaped(word string) string {
	var b strings.Builder
	for i := 0; i < len(word); i++ {
		if word[i] == '\\' && i+1 < len(word) {
			i++
		}
		b.WriteByte(word[i])
	}
	return b.String()
}
