package report

import "strings"

// scopeCSS confines a style sheet to an element by nesting it in a rule for
// that element. Rules that may not be nested (@keyframes, @font-face) stay
// outside. A sheet whose brackets don't balance would take the rest of the
// page's style with it, so it is dropped, as is whatever loads from elsewhere.
func scopeCSS(css, selector string) string {
	items, ok := cssItems(css)
	if !ok || strings.Contains(css, "<") {
		return ""
	}
	var inside, outside strings.Builder
	for _, item := range items {
		name := strings.ToLower(item)
		switch {
		case strings.HasPrefix(name, "@import"), strings.HasPrefix(name, "@charset"), strings.HasPrefix(name, "@namespace"):
		case strings.HasPrefix(name, "@keyframes"), strings.HasPrefix(name, "@-webkit-keyframes"), strings.HasPrefix(name, "@font-face"), strings.HasPrefix(name, "@property"):
			outside.WriteString(item)
		default:
			inside.WriteString(item)
		}
	}
	if strings.TrimSpace(inside.String()) == "" {
		return outside.String()
	}
	return outside.String() + selector + "{" + inside.String() + "}"
}

// cssItems cuts a style sheet into its top-level rules and at-rules, with
// comments taken out.
func cssItems(css string) (items []string, ok bool) {
	var item strings.Builder
	var stack []byte
	finish := func() {
		if s := strings.TrimSpace(item.String()); s != "" {
			items = append(items, s)
		}
		item.Reset()
	}
	for i := 0; i < len(css); i++ {
		c := css[i]
		switch {
		case strings.HasPrefix(css[i:], "/*"):
			end := strings.Index(css[i+2:], "*/")
			if end < 0 {
				return nil, false
			}
			i += end + 3
			item.WriteByte(' ')
			continue
		case c == '"' || c == '\'':
			end := stringEnd(css, i)
			if end < 0 {
				return nil, false
			}
			item.WriteString(css[i : end+1])
			i = end
			continue
		case c == '\\' && i+1 < len(css):
			item.WriteString(css[i : i+2])
			i++
			continue
		case c == '{' || c == '(' || c == '[':
			stack = append(stack, c)
		case c == '}' || c == ')' || c == ']':
			n := len(stack)
			if n == 0 || stack[n-1] != map[byte]byte{'}': '{', ')': '(', ']': '['}[c] {
				return nil, false
			}
			stack = stack[:n-1]
		}
		item.WriteByte(c)
		if len(stack) == 0 && (c == '}' || c == ';') {
			finish()
		}
	}
	if len(stack) > 0 || strings.TrimSpace(item.String()) != "" {
		return nil, len(stack) == 0 && len(items) == 0 && strings.TrimSpace(css) == ""
	}
	return items, true
}

func stringEnd(s string, start int) int {
	for i := start + 1; i < len(s); i++ {
		switch s[i] {
		case s[start]:
			return i
		case '\\':
			i++
		case '\n':
			return -1
		}
	}
	return -1
}
