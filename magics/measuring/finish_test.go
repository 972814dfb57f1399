package measuring

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hpgo/kernel/display"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// measured runs a line of a magic that measures nothing and finishes with o.
func measured(h *magictest.Host, line string, o report.Output) (magic.Result, error) {
	m := Row(magic.Magic{Name: "gauge", Kind: magic.Both, Usage: "%gauge STATEMENT", Syntax: magic.Go},
		func(ctx context.Context, h magic.Host, in *Input) (magic.Result, error) { return Finish(ctx, h, in, o) })
	in := &magic.Input{Magic: &m, Form: magic.Line}
	if name, rest, ok := strings.Cut(line, " := "); ok {
		in.Line.Assign, in.Line.Define, line = name, true, rest
	}
	args, err := magic.ParseArgs(&m, strings.TrimPrefix(line, "%gauge"))
	if err != nil {
		return magic.Result{}, err
	}
	in.Args = args
	return magic.Run(context.Background(), h, in)
}

// The result of a test: any type of package result will do.
var gauged = report.Output{Text: "1 m\nmore", Result: result.Env{Go: "go1", Cores: 2}, Samples: []float64{1, 2}, Warnings: []string{"it is windy"}}

func data(t *testing.T, b display.Bundle, mime string) result.Envelope {
	t.Helper()
	raw, ok := b.Data[mime].(json.RawMessage)
	if !ok {
		t.Fatalf("no %s in %v", mime, b.Data)
	}
	return result.Read[result.Envelope](string(raw))
}

func TestFinishShows(t *testing.T) {
	h := magictest.New(t)
	h.State.Go = "go1.26.8"
	res, err := measured(h, "%gauge f(x)", gauged)
	if err != nil || res.Show != nil || len(h.Shown) != 1 {
		t.Fatalf("got %v, %v and %d outputs", res, err, len(h.Shown))
	}
	b := h.Shown[0].Bundle
	e := data(t, b, "application/vnd.hpgo.gauge+json")
	if e.Schema != "hpgo.gauge.v1" || e.Magic != "gauge" || e.Cell != 1 || e.Statement != "f(x)" || e.Env.Go != "go1.26.8" || e.Env.Cores == 0 {
		t.Errorf("got %+v", e)
	}
	if _, ok := b.Data["application/json"]; ok {
		t.Error("plain JSON stands beside the HTML")
	}
	text := b.Data["text/plain"].(string)
	if !strings.HasPrefix(text, "1 m\nmore\nwarning: it is windy") {
		t.Errorf("got text %q", text)
	}
	if page := b.Data["text/html"].(string); !strings.Contains(page, "it is windy") || !strings.Contains(page, "1 m\nmore") {
		t.Errorf("got HTML %s", page)
	}
}

func TestFinishValue(t *testing.T) {
	h := magictest.New(t)
	res, err := measured(h, "%gauge -o f(x)", gauged)
	if err != nil || len(h.Shown) != 0 || res.Show == nil || !strings.HasPrefix(res.Show.Data["text/plain"].(string), "1 m") {
		t.Fatalf("-o: got %v, %v, %d outputs", res, err, len(h.Shown))
	}
	res, err = measured(h, "%gauge -q -o f(x)", gauged)
	if err != nil || res.Show == nil || len(res.Show.Data) != 1 {
		t.Fatalf("-q -o: got %v, %v", res, err)
	}
	res, err = measured(h, "%gauge -q f(x)", gauged)
	if err != nil || res.Show != nil || len(h.Shown) != 0 || h.Out.Len() != 0 {
		t.Fatalf("-q: got %v, %v, %q", res, err, h.Out.String())
	}
}

func TestFinishJSON(t *testing.T) {
	h := magictest.New(t)
	if _, err := measured(h, "%gauge -json f(x)", gauged); err != nil {
		t.Fatal(err)
	}
	b := h.Shown[0].Bundle
	if _, html := b.Data["text/html"]; html || len(b.Data) != 2 {
		t.Errorf("got %v", b.Data)
	}
	data(t, b, "application/json")
}

func TestFinishDefines(t *testing.T) {
	for _, line := range []string{"%gauge -q -v x f()", "x := %gauge -q -o f()", "x := %gauge -q f()"} {
		h := magictest.New(t)
		if _, err := measured(h, line, gauged); err != nil {
			t.Fatal(err)
		}
		if len(h.Calls) != 1 || !strings.HasPrefix(h.Calls[0], "define x = hpgo__result.Read[hpgo__result.Env](`{") || !strings.Contains(h.Calls[0], "hpgo/magics/result") {
			t.Errorf("%s: got %q", line, h.Calls)
		}
	}
}

func TestFinishFiles(t *testing.T) {
	h := magictest.New(t)
	o := gauged
	o.Raw = []byte("raw")
	if _, err := measured(h, "%gauge -T a.txt -D 'b c.bin' f()", o); err != nil {
		t.Fatal(err)
	}
	if got := magictest.FileText(t, filepath.Join(h.WorkDir, "a.txt")); got != "1 m\nmore\nwarning: it is windy\n" && !strings.HasPrefix(got, "1 m\nmore\nwarning: it is windy\nwarning: ") {
		t.Errorf("got text %q", got)
	}
	if got := magictest.FileText(t, filepath.Join(h.WorkDir, "b c.bin")); got != "raw" {
		t.Errorf("got data %q", got)
	}
	if _, err := measured(h, "%gauge -q -D d.json f()", gauged); err != nil {
		t.Fatal(err)
	}
	if e := result.Read[result.Envelope](magictest.FileText(t, filepath.Join(h.WorkDir, "d.json"))); e.Magic != "gauge" {
		t.Errorf("got %+v", e)
	}
}

// What was measured isn't lost with the file that can't be written.
func TestFinishFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full: ", err)
	}
	for _, line := range []string{"%gauge -D /dev/full f()", "%gauge -o -T /dev/full f()", "x := %gauge -D /dev/full f()", "%gauge -v x -T /dev/full f()"} {
		h := magictest.New(t)
		res, err := measured(h, line, gauged)
		if err == nil || !strings.Contains(err.Error(), "no space left on device") || res.Show != nil || len(h.Shown) != 1 || strings.Contains(line, "x") != (len(h.Calls) == 1) {
			t.Errorf("%s: shown %d times, %v, %v, %q", line, len(h.Shown), res, err, h.Calls)
		}
	}
}

func TestFinishPartial(t *testing.T) {
	h := magictest.New(t)
	o := gauged
	o.Partial = "3 of 7 runs"
	res, err := measured(h, "x := %gauge -o f()", o)
	if len(h.Shown) != 1 || res.Show != nil || len(h.Calls) != 0 {
		t.Fatalf("got %v, %v, %q", res, err, h.Calls)
	}
	b := h.Shown[0].Bundle
	for _, mime := range []string{"text/plain", "text/html"} {
		if !strings.Contains(b.Data[mime].(string), "(partial: 3 of 7 runs)") {
			t.Errorf("%s doesn't say that it is partial: %v", mime, b.Data[mime])
		}
	}
}

func TestFinishKeeps(t *testing.T) {
	h := magictest.New(t)
	if _, err := measured(h, "%gauge -q -name before f()", gauged); err != nil {
		t.Fatal(err)
	}
	if o, ok := NamedResults(h)["before"]; !ok || o.Text != gauged.Text || o.Statement != "f()" {
		t.Errorf("got %+v, %v", o, ok)
	}
}

func TestFinishRefuses(t *testing.T) {
	h := magictest.New(t)
	if err := os.Mkdir(filepath.Join(h.WorkDir, "sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"%gauge -v 1x f()":         `flag -v of %gauge: "1x" is no name of a variable`,
		"%gauge -v func f()":       `flag -v of %gauge: "func" is no name of a variable`,
		"%gauge -T no/x.txt f()":   "flag -T of %gauge: there is no directory",
		"%gauge -D sub f()":        "flag -D of %gauge",
		"a, b := %gauge f()":       "one result",
		"%gauge -name '' f()":      "the label is empty",
		"%gauge -Z f()":            "flag -Z of %gauge is unknown",
		"%gauge -T $NOWHERE/x f()": "$NOWHERE",
	} {
		_, err := measured(h, line, gauged)
		var usage *magic.UsageError
		if !errors.As(err, &usage) || !strings.Contains(usage.Problem, want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %q", line, err, want)
		}
	}
	if len(h.Shown) > 0 {
		t.Error("something ran")
	}
}
