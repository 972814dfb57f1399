package report

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// An escape sequence: CSI with parameters, OSC up to its end, or a single
// character behind ESC.
var escapes = regexp.MustCompile("\x1b\\[([0-?]*)[ -/]*([@-~])|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|\x1b[@-Z\\\\-_a-z]|\x1b")

func stripANSI(s string) string { return escapes.ReplaceAllString(s, "") }

// ansiHTML escapes text and turns terminal colours into spans. Other
// sequences are dropped. Colours 0 to 15 are classes, so that each theme
// can make them readable.
func ansiHTML(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	var state sgr
	open := ""
	write := func(text string) {
		if text == "" {
			return
		}
		if attr := state.attributes(); attr != open {
			if open != "" {
				b.WriteString("</span>")
			}
			if attr != "" {
				b.WriteString("<span" + attr + ">")
			}
			open = attr
		}
		b.WriteString(html.EscapeString(strings.Map(visible, text)))
	}
	last := 0
	for _, m := range escapes.FindAllStringSubmatchIndex(s, -1) {
		write(s[last:m[0]])
		last = m[1]
		if m[4] >= 0 && s[m[4]:m[5]] == "m" {
			state.apply(s[m[2]:m[3]])
		}
	}
	write(s[last:])
	if open != "" {
		b.WriteString("</span>")
	}
	return b.String()
}

// visible drops control characters, which HTML forbids.
func visible(r rune) rune {
	if r < 0x20 && r != '\n' && r != '\t' || 0x7f <= r && r < 0xa0 {
		return -1
	}
	return r
}

// sgr is the state of a terminal's text attributes.
type sgr struct {
	fg, bg                                         string // a class number "1", or "#rrggbb"
	bold, dim, italic, underline, inverse, crossed bool
}

func (g *sgr) apply(parameters string) {
	fields := strings.FieldsFunc(parameters, func(r rune) bool { return r == ';' || r == ':' })
	if len(fields) == 0 {
		fields = []string{"0"}
	}
	for i := 0; i < len(fields); i++ {
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			continue
		}
		if n == 38 || n == 48 {
			color, used := extendedColor(fields[i+1:])
			i += used
			if n == 38 {
				g.fg = color
			} else {
				g.bg = color
			}
			continue
		}
		g.applyOne(n)
	}
}

func (g *sgr) applyOne(n int) {
	switch {
	case n == 0:
		*g = sgr{}
	case n == 1:
		g.bold = true
	case n == 2:
		g.dim = true
	case n == 3:
		g.italic = true
	case n == 4:
		g.underline = true
	case n == 7:
		g.inverse = true
	case n == 9:
		g.crossed = true
	case n == 22:
		g.bold, g.dim = false, false
	case n == 23:
		g.italic = false
	case n == 24:
		g.underline = false
	case n == 27:
		g.inverse = false
	case n == 29:
		g.crossed = false
	case 30 <= n && n <= 37:
		g.fg = strconv.Itoa(n - 30)
	case n == 39:
		g.fg = ""
	case 40 <= n && n <= 47:
		g.bg = strconv.Itoa(n - 40)
	case n == 49:
		g.bg = ""
	case 90 <= n && n <= 97:
		g.fg = strconv.Itoa(n - 90 + 8)
	case 100 <= n && n <= 107:
		g.bg = strconv.Itoa(n - 100 + 8)
	}
}

// extendedColor reads what follows 38 or 48: 5;n or 2;r;g;b.
func extendedColor(fields []string) (color string, used int) {
	number := func(i int) int {
		if i >= len(fields) {
			return 0
		}
		n, _ := strconv.Atoi(fields[i])
		return min(max(n, 0), 255)
	}
	switch {
	case len(fields) >= 2 && fields[0] == "5":
		n := number(1)
		switch {
		case n < 16:
			return strconv.Itoa(n), 2
		case n < 232:
			n -= 16
			level := func(v int) int {
				if v == 0 {
					return 0
				}
				return 55 + 40*v
			}
			return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6)), 2
		}
		gray := 8 + 10*(n-232)
		return fmt.Sprintf("#%02x%02x%02x", gray, gray, gray), 2
	case len(fields) >= 4 && fields[0] == "2":
		return fmt.Sprintf("#%02x%02x%02x", number(1), number(2), number(3)), 4
	}
	return "", len(fields)
}

// attributes are the class and style of a span; "" for plain text.
func (g *sgr) attributes() string {
	var classes, styles []string
	fg, bg := g.fg, g.bg
	if g.inverse {
		// Without colours of their own the page's are exchanged.
		if fg == "" && bg == "" {
			classes = append(classes, "a-inverse")
		}
		fg, bg = bg, fg
	}
	color := func(value, class, property string) {
		switch {
		case value == "":
		case value[0] == '#':
			styles = append(styles, property+":"+value)
		default:
			classes = append(classes, class+value)
		}
	}
	color(fg, "a-f", "color")
	color(bg, "a-b", "background-color")
	for _, flag := range []struct {
		on    bool
		class string
	}{{g.bold, "a-bold"}, {g.dim, "a-dim"}, {g.italic, "a-italic"}, {g.underline, "a-underline"}, {g.crossed, "a-crossed"}} {
		if flag.on {
			classes = append(classes, flag.class)
		}
	}
	attr := ""
	if len(classes) > 0 {
		attr = ` class="` + strings.Join(classes, " ") + `"`
	}
	if len(styles) > 0 {
		attr += ` style="` + strings.Join(styles, ";") + `"`
	}
	return attr
}
