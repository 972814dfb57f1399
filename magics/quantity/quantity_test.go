package quantity

import (
	"math"
	"regexp"
	"testing"
	"time"
)

func TestSeconds(t *testing.T) {
	for s, want := range map[float64]string{
		0: "0 ns", 1e-10: "0.1 ns", 5e-13: "0.0005 ns", 999.96e-9: "1 μs", 999.6e-6: "1 ms", 0.99996: "1 s", 2.449e-3: "2.45 ms",
		1.5: "1.5 s", 59.99: "60 s", 60: "1min", 61.9: "1min 1s", 3725: "1h 2min 5s", 90000: "1d 1h", -2e-6: "-2 μs",
		123.4e-9: "123 ns", 1e-9: "1 ns", math.Inf(1): "∞", math.Inf(-1): "-∞",
	} {
		if got := Seconds(s, 3); got != want {
			t.Errorf("Seconds(%g): got %q, want %q", s, got, want)
		}
	}
	if got := Seconds(math.NaN(), 3); got != "?" {
		t.Errorf("got %q for NaN", got)
	}
	for got, want := range map[string]string{Seconds(0.17, 2): "170 ms", Seconds(999e-3, 2): "1 s", Seconds(45.6, 1): "50 s", Frequency(3989, 3): "3.99 kHz", Frequency(3989, 2): "4 kHz",
		Frequency(999.7, 3): "1 kHz", Frequency(250, 2): "250 Hz", Frequency(0, 2): "0 Hz", Frequency(0.123, 2): "0.12 Hz"} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := Duration(1234567*time.Nanosecond, 4); got != "1.235 ms" {
		t.Errorf("got %q", got)
	}
}

func TestCounts(t *testing.T) {
	for got, want := range map[string]string{
		Count(0): "0", Count(999): "999", Count(1000): "1,000", Count(-1234567): "-1,234,567", Count(uint64(math.MaxUint64)): "18,446,744,073,709,551,615",
		Count(math.MinInt64): "-9,223,372,036,854,775,808", Counted(1, "run"): "1 run", Counted(200000, "loop"): "200,000 loops",
		Bytes(0): "0 B", Bytes(48): "48 B", Bytes(21.333): "21.3 B", Bytes(1023): "1,023 B", Bytes(1024): "1 KiB", Bytes(1536): "1.5 KiB",
		Bytes(1 << 20): "1 MiB", Bytes(1<<20 - 1): "1 MiB", Bytes(50_000_000): "47.7 MiB", Bytes(-1536): "-1.5 KiB", Bytes(1 << 62): "4,096 PiB",
		MiB(50_000_000): "47.68 MiB", MiB(-100): "0.00 MiB", MiB(-50_000_000): "-47.68 MiB", Percent(-0.0001): "0 %", Percent(-0.25): "-25 %", Number(1.0 / 3): "0.333", Number(1234567.8): "1,234,568", Number(12.55): "12.6", Number(0): "0", Number(1e-7): "1e-07",
		PerOp(1.0 / 3): "0.33", PerOp(1): "1.00", PerOp(0): "0", PerOp(12.5): "12.5", PerOp(1234): "1,234", PerOp(0.001): "< 0.01", Bytes(2e-5): "< 0.01 B",
		Percent(0.7164): "71.6 %", Percent(1): "100 %", Percent(0): "0 %", Percent(0.0001): "< 0.1 %", Percent(math.NaN()): "?",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Whatever is written has at most the digits asked for, and never 1e+03.
func FuzzSeconds(f *testing.F) {
	for _, s := range []float64{0, 1e-9, 999.96e-9, 999.6e-6, 0.9999, 59.999, 3600, 1e-300, 1e12} {
		f.Add(s)
	}
	shape := regexp.MustCompile(`^-?(?:0 ns|[\d.]+(?:e-\d+)? ns|\d{1,3}(?:\.\d+)? (?:ns|μs|ms|s)|60 s|(?:\d+d ?)?(?:\d+h ?)?(?:\d+min ?)?(?:\d+s)?)$`)
	f.Fuzz(func(t *testing.T, s float64) {
		if math.IsNaN(s) || math.Abs(s) > 1e15 {
			return
		}
		if got := Seconds(s, 3); !shape.MatchString(got) || got == "" {
			t.Errorf("Seconds(%g) = %q", s, got)
		}
	})
}
