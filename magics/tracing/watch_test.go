package tracing

import "testing"

func TestLeft(t *testing.T) {
	waits := func(id, state, line string) string {
		return "goroutine " + id + " [" + state + "]:\nhpgo/session.leak.func1()\n\tcell 1:" + line + " +0x1\ncreated by hpgo/session.leak in goroutine 7\n\tcell 1:2 +0x1\n\n"
	}
	for text, want := range map[string]string{
		"":                              "",
		waits("9", "sleep", "3"):        "",
		waits("9", "IO wait", "3"):      "",
		waits("9", "chan receive", "3"): "warning: the cell left 1 goroutine behind that may wait for ever: 1 in chan receive at leak.func1 (cell 1:3), started at leak (cell 1:2); %goroutines --prove STATEMENT finds out",
		waits("9", "chan receive (nil chan)", "2") + waits("10", "chan receive (nil chan)", "2"): "warning: the cell left 2 goroutines behind that can never go on: 2 in chan receive (nil chan) at leak.func1 (cell 1:2)",
		waits("1", "select", "3") + waits("2", "select", "4") + waits("3", "select", "5") + waits("4", "select", "6") + waits("5", "running", "6"): "warning: the cell left 4 goroutines behind that may wait for ever: 1 in select at leak.func1 (cell 1:3), started at leak (cell 1:2); " +
			"1 in select at leak.func1 (cell 1:4), started at leak (cell 1:2); 1 in select at leak.func1 (cell 1:5), started at leak (cell 1:2); ...; %goroutines --prove STATEMENT finds out",
	} {
		if got := Left(text); got != want {
			t.Errorf("%s\n%s, want\n%s", text, got, want)
		}
	}
}
