package display

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxText limits one text/plain form.
const maxText = 100_000

// validUTF8 replaces what is not UTF-8: messages to the front end are JSON.
func validUTF8(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// isTextMIME reports whether the bytes of a MIME type are text.
func isTextMIME(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == mimeSVG || strings.HasSuffix(mime, "json") ||
		strings.HasSuffix(mime, "javascript")
}

// limitText cuts a text that is too long and says how much is missing.
func limitText(s string) string { return cutText(s, maxText) }

// cutText cuts s after at most max bytes, on a rune boundary.
func cutText(s string, max int) string {
	kept := runePrefix(s, max)
	if len(kept) == len(s) {
		return s
	}
	return kept + "… " + group(len(s)-len(kept)) + " more bytes"
}

// quoteCut quotes s as Go does, after at most max bytes.
func quoteCut(s string, max int) string {
	kept := runePrefix(s, max)
	q := strconv.Quote(kept)
	if len(kept) < len(s) {
		q += "… " + group(len(s)-len(kept)) + " more bytes"
	}
	return q
}

// runePrefix is the start of s, at most max bytes, ending on a rune boundary.
func runePrefix(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max]
}

// group writes n with thousands separated by commas.
func group(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// textWidth is the number of terminal columns that s takes: wide East Asian
// characters and emoji count two, combining marks none.
func textWidth(s string) int {
	w := 0
	for _, r := range s {
		w += runeWidth(r)
	}
	return w
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case r <= 0x36f, r >= 0x200b && r <= 0x200f, r >= 0xfe00 && r <= 0xfe0f, r >= 0x20d0 && r <= 0x20ff:
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf && r != 0x303f,
		r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f,
		r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6,
		r >= 0x1f300 && r <= 0x1f64f, r >= 0x1f680 && r <= 0x1f6ff,
		r >= 0x1f900 && r <= 0x1f9ff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// escapeHTML escapes text for element content and quoted attributes.
func escapeHTML(s string) string {
	return htmlEscaper.Replace(s)
}

var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")
