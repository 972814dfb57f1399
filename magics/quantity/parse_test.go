package quantity

import "testing"

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]int64{"200MB": 200e6, "1.5GiB": 3 << 29, "4096": 4096, "64 kb": 64000, "2m": 2 << 20, "1K": 1024,
		"": 0, "MB": 0, "-1MB": 0, "0": 0, "1XB": 0, "1e30GB": 0, "NaN": 0, "infb": 0} {
		got, err := ParseBytes(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}
