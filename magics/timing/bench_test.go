package timing

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/result"
)

// TestBenchEnv: the record as text and as a result.
func TestBenchEnv(t *testing.T) {
	h := magictest.New(t)
	h.State.Go = "go1.26.8"
	h.Text = "%bench -v e env"
	if _, err := h.Run(context.Background(), magic.NewTable(Rows()), h.Text); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(h.Shown[0].Bundle.Data["text/plain"])
	for _, want := range []string{"go1.26.8 linux/", "GOMAXPROCS", "GOGC 100", "%bench --calibrate measures it"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	if len(h.Calls) == 0 || !strings.Contains(h.Calls[len(h.Calls)-1], "hpgo__result.Read[hpgo__result.Env]") {
		t.Errorf("declared: %q", h.Calls)
	}
}

// calibrated runs %bench --calibrate with runs that take some seconds an operation,
// round by round, by point.
func calibrated(t *testing.T, h *magictest.Host, text string, rounds int, op func(point, round int) float64) error {
	t.Helper()
	h.Text = text
	h.DuringGo = func(h *magictest.Host) {
		p := h.Programs[len(h.Programs)-1]
		for round := range rounds {
			for point := range 3 {
				s := op(point, round)
				data, _ := json.Marshal(harness.TimingRun{Point: point, Round: round, N: 1000, Wall: 1000 * s, CPU: -1})
				p.Records(harness.Record{Kind: harness.RecordTimingRun, Data: data})
			}
		}
		if rounds%floorRounds == 0 {
			p.Records(harness.Record{Kind: harness.RecordTimingEnd, Data: json.RawMessage("{}")})
		}
	}
	_, err := h.Run(context.Background(), magic.NewTable(Rows()), text)
	return err
}

// TestCalibrate: the floor is the worst of the trials, and %compare's least effect.
func TestCalibrate(t *testing.T) {
	h := magictest.New(t)
	config := t.TempDir()
	h.Setenv("XDG_CONFIG_HOME", config)
	err := calibrated(t, h, "%bench env -calibrate", 50, func(point, round int) float64 {
		if round/floorRounds == 2 && point == 1 {
			return 1.051e-6
		}
		return 1e-6 * (1 + 0.001*float64(point))
	})
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(h.Shown[0].Bundle.Data["text/plain"])
	if !strings.Contains(text, "noise floor 5.1 %: in 5 trials of 10 rounds, medians of the same code differed by 0.2, 0.2, 5.1, 0.2, 0.2 %") {
		t.Errorf("text:\n%s", text)
	}
	if !strings.Contains(programText(h.Programs[0]), "hpgo__sum += ") {
		t.Error("another program")
	}
	timesOf(h, 1.04e-6)
	if text, err = compared(t, h, "%compare f(xs) ; g(xs)"); err != nil || !strings.Contains(text, "least effect 5.1 %: this machine's noise floor, by %bench --calibrate on ") {
		t.Errorf("%v:\n%s", err, text)
	}
	timesOf(h, 1.04e-6)
	if text, err = compared(t, h, "%compare --mde 1% f(xs) ; g(xs)"); err != nil || strings.Contains(text, "least effect") {
		t.Errorf("with --mde: %v:\n%s", err, text)
	}
	for text, want := range map[string]string{"%bench run": `"run" is neither env nor --calibrate`, "%bench -r 3 env": "goes with --calibrate", "%bench -r 0 --calibrate": `"0" is less than 1`} {
		if err := calibrated(t, h, text, 0, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestCalibrateCutShort: whole trials are shown, and not kept.
func TestCalibrateCutShort(t *testing.T) {
	h := magictest.New(t)
	h.Setenv("XDG_CONFIG_HOME", t.TempDir())
	h.GoErr = magictest.ErrGo
	err := calibrated(t, h, "%bench --calibrate", 25, func(point, round int) float64 { return 1e-6 })
	text := fmt.Sprint(h.Shown[0].Bundle.Data["text/plain"])
	if err == nil || !strings.Contains(text, "in 2 trials") || !strings.Contains(text, "not kept: it was cut short") || len(sessionFloors(h)) > 0 {
		t.Errorf("%v:\n%s", err, text)
	}
}

// TestFloorFile: floors of several processors and toolchains live in one file, which
// may be gone or torn.
func TestFloorFile(t *testing.T) {
	h := magictest.New(t)
	config := t.TempDir()
	h.Setenv("XDG_CONFIG_HOME", config)
	for i, cpu := range []string{"one", "two"} {
		if _, err := storeFloor(h, result.NoiseFloor{Floor: 0.01 * float64(i+1), CPU: cpu, Go: "go1"}); err != nil {
			t.Fatal(err)
		}
	}
	if n := knownFloor(h, "one", "go1"); n == nil || n.Floor != 0.01 || n.Stored == "" {
		t.Errorf("got %+v", n)
	}
	if n := knownFloor(h, "one", "go2"); n != nil {
		t.Errorf("another toolchain's floor: %+v", n)
	}
	file := filepath.Join(config, "hpgo", "noise.json")
	for _, text := range []string{"{", `{"one|go1": {"floor": 7}}`} {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if n := knownFloor(h, "one", "go1"); n != nil {
			t.Errorf("%s: %+v", text, n)
		}
	}
	h.Setenv("XDG_CONFIG_HOME", "/dev/null")
	if _, err := storeFloor(h, result.NoiseFloor{}); err == nil {
		t.Error("stored nowhere")
	}
	h.Setenv("XDG_CONFIG_HOME", "")
	h.Setenv("HOME", "")
	if n := knownFloor(h, "one", "go1"); n != nil {
		t.Error("a floor without a home")
	}
}
