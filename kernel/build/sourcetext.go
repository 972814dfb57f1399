package build

// WithoutBodies returns the text of a Go file in which the bodies of functions
// and what variables are composed of are blank, newlines apart: parsing the rest
// takes a fraction of the time and tells what a package exports. Offsets and
// lines stay.
func WithoutBodies(src []byte) []byte {
	c := bodyCutter{src: src, out: append([]byte(nil), src...)}
	for c.at < len(src) {
		c.step()
	}
	return c.out
}

// bodyCutter walks over a file's text.
type bodyCutter struct {
	src, out []byte
	at       int
	depth    int    // of brackets
	decl     string // func or var, the declaration at depth 0 that is open
	last     string // the word before, "" behind anything else
	group    bool   // in the parentheses of var (
}

// step reads one token at depth 0 or in brackets that are kept.
func (c *bodyCutter) step() {
	switch ch := c.src[c.at]; {
	case ch == ' ' || ch == '\t' || ch == '\r':
		c.at++
		return
	case ch == '\n':
		if c.depth == 0 && c.decl == "func" { // a function without a body
			c.decl = ""
		}
		c.at++
	case c.skipText():
		c.last = ""
	case isWordByte(ch):
		c.word()
		return
	case ch == '{' && c.cuts():
		c.blank()
	case ch == '(' || ch == '[' || ch == '{':
		if ch == '(' && c.last == "var" && c.depth == 0 {
			c.group = true
		}
		c.depth++
		c.at++
	case ch == ')' || ch == ']' || ch == '}':
		c.depth = max(c.depth-1, 0)
		c.group = c.group && c.depth > 0
		c.at++
	default:
		c.at++
	}
	c.last = ""
}

// cuts reports whether the brace here opens what is left out.
func (c *bodyCutter) cuts() bool {
	if c.last == "struct" || c.last == "interface" {
		return false
	}
	switch c.decl {
	case "func":
		return c.depth == 0
	case "var":
		return true
	}
	return false
}

// word reads a word, and notes declarations.
func (c *bodyCutter) word() {
	start := c.at
	for c.at < len(c.src) && isWordByte(c.src[c.at]) {
		c.at++
	}
	c.last = string(c.src[start:c.at])
	if c.depth > 0 {
		return
	}
	switch c.last {
	case "var", "type", "const", "import":
		c.decl = c.last
	case "func":
		if start == 0 || c.src[start-1] == '\n' { // else it is part of a type or value
			c.decl = c.last
		}
	}
}

// blank leaves out what stands between the braces here.
func (c *bodyCutter) blank() {
	from := c.at + 1
	for depth := 0; c.at < len(c.src); {
		switch ch := c.src[c.at]; {
		case c.skipText():
			continue
		case ch == '{':
			depth++
		case ch == '}':
			depth--
		}
		c.at++
		if depth == 0 {
			break
		}
	}
	for i := from; i < c.at-1; i++ {
		if c.out[i] != '\n' {
			c.out[i] = ' '
		}
	}
}

// skipText moves behind a string, rune or comment that begins here.
func (c *bodyCutter) skipText() bool {
	switch ch := c.src[c.at]; ch {
	case '"', '\'', '`':
		c.skipQuoted(ch)
		return true
	case '/':
		if c.at+1 >= len(c.src) {
			return false
		}
		switch c.src[c.at+1] {
		case '/':
			for c.at < len(c.src) && c.src[c.at] != '\n' {
				c.at++
			}
			return true
		case '*':
			for c.at += 2; c.at < len(c.src) && (c.src[c.at] != '/' || c.src[c.at-1] != '*'); {
				c.at++
			}
			c.at = min(c.at+1, len(c.src))
			return true
		}
	}
	return false
}

// skipQuoted moves behind a literal; one that isn't closed ends with its line.
func (c *bodyCutter) skipQuoted(quote byte) {
	for c.at++; c.at < len(c.src); c.at++ {
		switch ch := c.src[c.at]; {
		case ch == quote:
			c.at++
			return
		case ch == '\\' && quote != '`':
			c.at++
		case ch == '\n' && quote != '`':
			return
		}
	}
	c.at = min(c.at, len(c.src))
}

func isWordByte(b byte) bool {
	return b == '_' || b >= 0x80 || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}
