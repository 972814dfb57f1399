package report

import (
	"fmt"
	"strings"
)

// shade is a CSS variable with its values in the two themes.
type shade struct {
	name, light, dark string
}

// palette is every colour of the page. The test computes the contrast of
// each text colour on each ground that it appears on.
var palette = []shade{
	{"page", "#ffffff", "#0f1419"},
	{"text", "#1f2328", "#e2e8ee"},
	{"muted", "#57606a", "#9aa5b1"},
	{"link", "#0550ae", "#79b8ff"},
	{"line", "#d0d7de", "#333c46"},
	{"code", "#f5f7f9", "#171d24"},
	{"stderr", "#fdf3e7", "#2a2117"},
	{"error", "#fdf0ef", "#2b1a1b"},
	{"alarm", "#a4262c", "#ff8f87"},
	{"paper", "#ffffff", "#f4f5f6"},

	{"keyword", "#a3217a", "#f38ba8"},
	{"type", "#8a3800", "#ffb070"},
	{"string", "#0a5a3c", "#9ddc9d"},
	{"number", "#0550ae", "#8cc4ff"},
	{"function", "#5b35a8", "#cdb0ff"},
	{"comment", "#5a636d", "#98a3af"},
	{"magic", "#146a6a", "#6fd6d0"},

	{"f0", "#1f2328", "#a3adb8"}, {"f1", "#a4262c", "#ff8f87"}, {"f2", "#116329", "#7ee29a"}, {"f3", "#744a00", "#e8bd57"},
	{"f4", "#0550ae", "#84bdff"}, {"f5", "#7a2fa8", "#d8a9ff"}, {"f6", "#0b6170", "#66d5e3"}, {"f7", "#57606a", "#ccd4dc"},
	{"f8", "#57606a", "#9aa5b1"}, {"f9", "#b3261e", "#ffa39c"}, {"f10", "#1a6b30", "#99efb0"}, {"f11", "#7a4f00", "#f3d07f"},
	{"f12", "#1159bd", "#a3ceff"}, {"f13", "#8437b5", "#e5c5ff"}, {"f14", "#0f6674", "#8ee7f2"}, {"f15", "#1f2328", "#ffffff"},

	{"b0", "#dfe3e7", "#262d35"}, {"b1", "#ffd9d6", "#4a1f20"}, {"b2", "#d3f0d9", "#173a22"}, {"b3", "#fbe8bd", "#3f3211"},
	{"b4", "#d8e8ff", "#16304f"}, {"b5", "#f0dffa", "#3a2250"}, {"b6", "#d0eff3", "#123a41"}, {"b7", "#eceff2", "#323a43"},
}

// styleSheet is the page's CSS: the palette for both themes, by preference
// and by choice, and the rules.
func styleSheet() string {
	var light, dark strings.Builder
	for _, s := range palette {
		fmt.Fprintf(&light, "--%s:%s;", s.name, s.light)
		fmt.Fprintf(&dark, "--%s:%s;", s.name, s.dark)
	}
	var b strings.Builder
	fmt.Fprintf(&b, ":root{color-scheme:light dark;%s}\n", light.String())
	fmt.Fprintf(&b, "@media (prefers-color-scheme:dark){:root:not([data-theme=light]){%s}}\n", dark.String())
	fmt.Fprintf(&b, ":root[data-theme=light]{color-scheme:light}\n:root[data-theme=dark]{color-scheme:dark;%s}\n", dark.String())
	// Paper is white.
	fmt.Fprintf(&b, "@media print{:root,:root[data-theme],:root:not([data-theme=light]){color-scheme:light;%s}}\n", light.String())
	for i := range 16 {
		fmt.Fprintf(&b, ".a-f%d{color:var(--f%d)}.a-b%d{background-color:var(--b%d)}\n", i, i, i, i%8)
	}
	b.WriteString(pageCSS)
	return b.String()
}
