package display

import (
	"reflect"
	"strings"
)

// sessionPath is the import path of the package that holds a notebook's own
// declarations; its package name is main.
const sessionPath = "hpgo/session"

// isSession reports whether a package is the notebook's own: its types are
// shown without a prefix and its unexported fields in full.
func isSession(pkgPath string) bool {
	return pkgPath == "main" || pkgPath == sessionPath || strings.HasPrefix(pkgPath, sessionPath+"/") ||
		strings.HasPrefix(pkgPath, sessionPath+"_")
}

// typeName spells a type as the cell would: no main., any instead of
// interface {}, type arguments with the package's name and not its path.
func typeName(t reflect.Type) string { return spellType(t.String()) }

// spellType rewrites what reflect.Type.String returns. A qualified name is a
// run of letters, digits and . / - ~ %: its directory is dropped, and so is a
// package main or hpgo/session. Struct tags, in quotes, are left out.
func spellType(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		switch {
		case s[i] == '"':
			end := closingQuote(s, i)
			trimmed := strings.TrimSuffix(out.String(), " ")
			out.Reset()
			out.WriteString(trimmed)
			i = end
		case strings.HasPrefix(s[i:], "..."):
			out.WriteString("...")
			i += 3
		case isNameByte(s[i]):
			start := i
			for i < len(s) && isNameByte(s[i]) {
				i++
			}
			out.WriteString(spellName(s[start:i]))
		default:
			out.WriteByte(s[i])
			i++
		}
	}
	return plainNames.Replace(out.String())
}

// plainNames spells what reflection names by its old or underlying name.
var plainNames = strings.NewReplacer("interface {}", "any", "[]uint8", "[]byte")

// spellName shortens one qualified name.
func spellName(name string) string {
	slash := strings.LastIndexByte(name, '/')
	dot := strings.IndexByte(name[slash+1:], '.')
	if dot < 0 {
		return name
	}
	path, base := name[:slash+1+dot], name[slash+1:]
	if isSession(path) {
		return base[dot+1:]
	}
	return base
}

func isNameByte(c byte) bool {
	return c == '_' || c == '.' || c == '/' || c == '-' || c == '~' || c == '%' || c >= 0x80 ||
		'0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// closingQuote returns the index after the quoted string that starts at i.
func closingQuote(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
