package jupyter

import (
	"math"
	"strings"
	"testing"
)

func TestPartialRune(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "a": 0, "ü": 0, "a\xc3": 1, "\xc3": 1, "\xe2\x82": 2, "€": 0, "x\xf0\x9f\x90": 3, "\xf0\x9f\x90\xb1": 0,
		"\x80": 0, "\x80\x80\x80\x80": 0, "\xff": 0, "€\xf0": 1,
	} {
		if got := partialRune([]byte(text)); got != want {
			t.Errorf("partialRune(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestOffsets(t *testing.T) {
	const text = "aü𝄞b" // 1, 2, 4 and 1 bytes
	for points, bytes := range []int{0, 1, 3, 7, 8} {
		if got := byteOffset(text, &points); got != bytes {
			t.Errorf("byteOffset(%d) = %d, want %d", points, got, bytes)
		}
		if got := pointOffset(text, bytes); got != points {
			t.Errorf("pointOffset(%d) = %d, want %d", bytes, got, points)
		}
	}
	beyond, before := 99, -1
	if byteOffset(text, &beyond) != 8 || byteOffset(text, &before) != 0 || byteOffset(text, nil) != 8 {
		t.Error("positions outside the text are not clamped")
	}
	if pointOffset(text, 99) != 4 || pointOffset(text, -1) != 0 {
		t.Error("offsets outside the text are not clamped")
	}
}

func TestEncodable(t *testing.T) {
	got := encodable(map[string]any{"text/plain": "x", "application/json": math.NaN(), "application/vnd.a+json": []int{1}})
	if len(got) != 2 || got["text/plain"] != "x" || got["application/vnd.a+json"] == nil {
		t.Errorf("encodable: %v", got)
	}
	got = encodable(map[string]any{"application/json": math.Inf(1)})
	if text, _ := got["text/plain"].(string); !strings.Contains(text, "can't show application/json") {
		t.Errorf("encodable: %v", got)
	}
}

func TestLoggerKeepsToALine(t *testing.T) {
	var out strings.Builder
	l := &logger{out: &out}
	l.printf("a\nb\x1b[31m%s", strings.Repeat("ü", 1000))
	if s := out.String(); strings.Count(s, "\n") != 1 || strings.Contains(s, "\x1b") || len(s) > maxLogLine+50 || !strings.HasPrefix(s, "hpgo kernel: a b") {
		t.Errorf("logged %q", s)
	}
}
