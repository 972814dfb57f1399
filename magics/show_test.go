package magics

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"hpgo/magics/magic/magictest"
)

func TestShowCells(t *testing.T) {
	for _, test := range []struct{ text, mime, want string }{
		{"%%html\n<b>x</b>", "text/html", "<b>x</b>"},
		{"%%HTML\n<b>x</b>", "text/html", "<b>x</b>"},
		{"%%markdown\n# Title\n", "text/markdown", "# Title\n"},
		{"%%md\n*x*", "text/markdown", "*x*"},
		{"%%latex\n$$x^2$$", "text/latex", "$$x^2$$"},
		{"%%svg\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"/>`},
		{"%%javascript\nelement.textContent = 1", "application/javascript", "element.textContent = 1"},
		{"%%js\n1", "application/javascript", "1"},
	} {
		h := magictest.New(t)
		if _, err := h.Run(t.Context(), Table(), test.text); err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if len(h.Shown) != 1 {
			t.Errorf("%s: %d displays", test.text, len(h.Shown))
			continue
		}
		data := h.Shown[0].Bundle.Data
		if data[test.mime] != test.want || data["text/plain"] == "" || len(data) != 2 {
			t.Errorf("%s: %q, kinds %q", test.text, data[test.mime], slices.Sorted(maps.Keys(data)))
		}
	}
	for _, bad := range []string{"%%html\n", "%%markdown x\ny", "%html x"} {
		if _, err := magictest.New(t).Run(t.Context(), Table(), bad); err == nil || !strings.Contains(err.Error(), "usage: %%") && !strings.Contains(err.Error(), "%%html") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestHelpNamesAliases: an alias is written as its magic is.
func TestHelpNamesAliases(t *testing.T) {
	for name, want := range map[string]string{"writefile": "\nalso: %%file\n", "markdown": "\nalso: %%md", "rm": "\nalso: %remove"} {
		m, ok := Table().Lookup(name)
		if !ok || !strings.Contains(m.Help(), want) {
			t.Errorf("the help of %s lacks %q", name, want)
		}
	}
}
