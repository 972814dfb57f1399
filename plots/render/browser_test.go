package render

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hpgo/internal/skip"
	"hpgo/plots"
)

var resultValue = regexp.MustCompile(`(?s)<pre id="result">(.*?)</pre>`)

// inBrowser opens a page in a browser and decodes the JSON that its script
// wrote into the element "result".
func inBrowser(t *testing.T, page string, result any) {
	t.Helper()
	if testing.Short() {
		skip.Because(t, "a browser takes seconds to start")
	}
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		skip.Because(t, "no Chromium")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--virtual-time-budget=8000", "--dump-dom", "file://" + file}
	if os.Geteuid() == 0 {
		args = append([]string{"--no-sandbox"}, args...) // the browser's sandbox refuses root
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, args...)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		skip.Because(t, "the browser doesn't run here: "+err.Error())
	}
	got := resultValue.FindSubmatch(out)
	if got == nil {
		t.Fatalf("the page wrote no result:\n%.2000s", out)
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(string(got[1]))), result); err != nil {
		t.Fatalf("%v in %s", err, got[1])
	}
}

// probe is a script beside the page's own, which its policy would refuse. It
// awaits frames and reports what the function given returns.
const probe = `<script>
window.onerror = (m) => report({ error: m });
const $ = (s) => document.querySelector(s), all = (s) => Array.from(document.querySelectorAll(s));
const frames = () => new Promise((go) => setTimeout(go, 100));
const key = async (k) => { ($("svg")).dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true })); await frames(); };
const mouse = async (e, type, x, y, more) => { e.dispatchEvent(new (type === "wheel" ? WheelEvent : PointerEvent)(type,
  { bubbles: true, cancelable: true, clientX: x, clientY: y, pointerId: 1, pointerType: "mouse", ...more })); await frames(); };
const report = (v) => { const p = document.createElement("pre"); p.id = "result"; p.textContent = JSON.stringify(v); document.body.append(p); };
Element.prototype.setPointerCapture = () => {}; // there is no real pointer
window.requestAnimationFrame = (f) => setTimeout(f); // nor a screen that asks for frames
addEventListener("load", async () => { await frames(); try { report(await (%s)()); } catch (e) { report({ error: String(e.stack) }); } });
</script>`

var policyTag = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)

// probed is the page of a picture with a probe.
func probed(t *testing.T, f plots.Picture, script string) string {
	t.Helper()
	page, err := interactivePage(encode(t, f))
	if err != nil {
		t.Fatal(err)
	}
	page = policyTag.ReplaceAllString(page, "")
	return strings.Replace(page, "<body>", "<body>"+fmt.Sprintf(probe, script), 1)
}

// TestBrowserTicks compares the numbers and ticks of the script with those of
// the static picture.
func TestBrowserTicks(t *testing.T) {
	type axis struct {
		Min, Max float64
		Log      bool
		Unit     string
		Names    []string
		Most     int
	}
	axes := []axis{
		{0, 10, false, "", nil, 5}, {-1.3, 1.7, false, "V", nil, 7}, {2e-7, 9.5e-4, false, "s", nil, 8}, {1e9, 1.00000001e9, false, "B", nil, 5},
		{1, 1e6, true, "", nil, 6}, {2e-6, 0.7, true, "s", nil, 9}, {3, 40, true, "B", nil, 6}, {20, 31, true, "s", nil, 5}, {1e-30, 1e30, true, "m", nil, 7},
		{-0.6, 5.4, false, "", []string{"a", "b", "c", "d", "e", strings.Repeat("long ", 9)}, 6}, {0, 3e7, false, "", nil, 6}, {-5, 5, false, "%", nil, 6},
		{1e-12, 1, true, "", nil, 5}, {1, 1e9, true, "s", nil, 4}, {2.1, 8, true, "", nil, 9}, {3e-6, 2e-5, true, "s", nil, 8}, {4, 28, true, "", nil, 3}, {1e15, 1e15 + 4, false, "", nil, 4},
	}
	numbers := []float64{0, 1, -1, 999.9, 1000, 0.00123, 1.5e-7, 6.02e23, -4.56e-12, 33_200_000, 0.125, 1e6, 1e-5}
	units := []string{"", "s", "B", "%", "×", "V"}
	var want struct {
		Ticks   [][]string
		Labels  []string
		Numbers []string
	}
	for _, a := range axes {
		ticks := newTicks(plots.AxisData{Min: a.Min, Max: a.Max, Log: a.Log, Unit: a.Unit, Categories: a.Names, Label: "l"}, a.Most)
		labels := []string{}
		for _, tick := range ticks.Ticks(a.Min, a.Max) {
			labels = append(labels, fmt.Sprintf("%.6g %s", tick.Value, tick.Label))
		}
		want.Ticks, want.Labels = append(want.Ticks, labels), append(want.Labels, ticks.label())
	}
	for _, v := range numbers {
		for _, u := range units {
			want.Numbers = append(want.Numbers, plots.SI(v, u))
		}
	}
	data, err := json.Marshal(map[string]any{"axes": axes, "numbers": numbers, "units": units})
	if err != nil {
		t.Fatal(err)
	}
	script, err := scriptOf(`(() => {
		const out = { Ticks: [], Labels: [], Numbers: [] };
		for (const a of spec.axes) {
			const axis = { min: a.Min, max: a.Max, log: a.Log, unit: a.Unit, names: a.Names, most: a.Most, label: "l" };
			out.Ticks.push(ticksOf(axis, a.Min, a.Max).map((t) => +t.v.toPrecision(6) + " " + t.label));
			out.Labels.push(axisLabel(axis, a.Min, a.Max));
		}
		for (const v of spec.numbers) for (const u of spec.units) out.Numbers.push(si(v, u));
		document.getElementById("result").textContent = JSON.stringify(out);
	})`, "ticks.js")
	if err != nil {
		t.Fatal(err)
	}
	got := want
	got.Ticks, got.Labels, got.Numbers = nil, nil, nil
	inBrowser(t, `<!DOCTYPE html><meta charset="utf-8"><body><div id="bar"></div><svg></svg><div id="tip"></div><pre id="result"></pre><script type="application/json" id="spec">`+
		string(data)+`</script><script>`+script+`</script>`, &got)
	for i, a := range axes {
		if g, w := sameNumbers(got.Ticks[i]), sameNumbers(want.Ticks[i]); g != w || got.Labels[i] != want.Labels[i] {
			t.Errorf("%+v:\n script %s %q\nwant %s %q", a, g, got.Labels[i], w, want.Labels[i])
		}
	}
	for i, n := range got.Numbers {
		if n != want.Numbers[i] {
			t.Errorf("number %d: %q, want %q", i, n, want.Numbers[i])
		}
	}
}

// sameNumbers writes ticks with their values in one form.
func sameNumbers(ticks []string) string {
	var b strings.Builder
	for _, t := range ticks {
		v, label, _ := strings.Cut(t, " ")
		var f float64
		fmt.Sscan(v, &f)
		fmt.Fprintf(&b, "%.6g %s; ", f, label)
	}
	return b.String()
}

func TestBrowserZoom(t *testing.T) {
	var got struct {
		Error                  string
		Before, Zoomed, After  string
		Ticks, Hidden, Buttons int
		Broken                 bool
		Scripts                int
		Tip, Where, Boxed      string
	}
	inBrowser(t, probed(t, liveFigures()["panels"], `async () => {
		const line = () => $("[data-layer='0'] path").getAttribute("d"), axis = () => all("[data-part=axes] + g text").map((e) => e.textContent).join(" ");
		const out = { Before: line(), Buttons: all("button").length };
		await key("+");
		out.Zoomed = line();
		out.Ticks = axis().split(" ").length;
		await key("0");
		out.After = line();
		$("[data-entry='1']").dispatchEvent(new MouseEvent("click", { bubbles: true }));
		out.Hidden = all("[data-layer]").filter((g) => g.style.display === "none").length;
		const at = $("[data-layer='0'] [data-at]").getBoundingClientRect();
		await mouse($("svg"), "pointermove", at.x + at.width / 2, at.y + at.height / 2);
		out.Tip = $("#tip").textContent;
		const box = $("svg").getBoundingClientRect();
		await mouse($("svg"), "pointerdown", box.x + box.width * 0.4, box.y + box.height * 0.4);
		await mouse($("svg"), "pointermove", box.x + box.width * 0.6, box.y + box.height * 0.6);
		await mouse($("svg"), "pointerup", box.x + box.width * 0.6, box.y + box.height * 0.6);
		out.Boxed = line();
		out.Where = $("#bar").textContent;
		out.Broken = !!window.broken;
		out.Scripts = all("script").length;
		return out;
	}`), &got)
	if got.Error != "" || got.Before == got.Zoomed || got.Ticks < 3 || got.Boxed == got.Before || got.Boxed == got.Zoomed {
		t.Errorf("zooming: %+v", got)
	}
	if !samePath(got.Before, got.After) {
		t.Errorf("reset gives %s, not %s", got.After, got.Before)
	}
	if got.Hidden != 1 || got.Buttons != 3 {
		t.Errorf("%d hidden layers, %d buttons", got.Hidden, got.Buttons)
	}
	if got.Broken || got.Scripts != 3 {
		t.Errorf("a name was run as a script: %d scripts", got.Scripts)
	}
	if !strings.HasPrefix(got.Tip, "</script><script>window.broken=1") {
		t.Errorf("tip %q", got.Tip)
	}
}

// TestBrowserGrid zooms one of two panels that share their axes, and hides a
// series in both.
func TestBrowserGrid(t *testing.T) {
	var got struct {
		Error                 string
		Moved, Hidden, Linked int
		Same                  bool
	}
	inBrowser(t, probed(t, liveFigures()["grid"], `async () => {
		const lines = () => all("[data-layer='1'] path").map((p) => p.getAttribute("d")), before = lines();
		const box = $("[data-panel='0'][data-part=grid]").getBoundingClientRect(), x = box.x + box.width / 3, y = box.y + box.height / 3;
		await mouse($("svg"), "wheel", x, y, { deltaY: -200, ctrlKey: true });
		const after = lines(), out = { Moved: after.filter((d, i) => d !== before[i]).length };
		const steps = (d) => d.match(/[-\d.]+/g).map(Number), span = (d) => steps(d)[2] - steps(d)[0];
		out.Same = Math.abs(span(after[0]) - span(after[1])) < 0.1 && span(after[0]) > 1.2 * span(before[0]);
		out.Linked = all("[data-part=axes]").filter((g) => g.style.display === "none").length;
		all("[data-entry]").find((e) => e.dataset.name === "b").dispatchEvent(new MouseEvent("click", { bubbles: true }));
		out.Hidden = all("[data-layer='1']").filter((g) => g.style.display === "none").length;
		return out;
	}`), &got)
	if got.Error != "" || got.Moved != 2 || got.Linked != 2 || got.Hidden != 2 || !got.Same {
		t.Errorf("%+v", got)
	}
}

var pathNumber = regexp.MustCompile(`-?[\d.]+`)

// samePath compares the places of two paths, which may be rounded differently.
func samePath(a, b string) bool {
	x, y := pathNumber.FindAllString(a, -1), pathNumber.FindAllString(b, -1)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		var v, w float64
		fmt.Sscan(x[i], &v)
		fmt.Sscan(y[i], &w)
		if math.Abs(v-w) > 0.011 {
			return false
		}
	}
	return true
}

func TestBrowserFlame(t *testing.T) {
	for _, name := range []string{"flame", "sun"} {
		var got struct {
			Error              string
			All, Zoomed, Back  int
			Found, Tip, Walked string
			Faded, Invalid     int
			Broken             bool
		}
		inBrowser(t, probed(t, liveFigures()[name], `async () => {
			const shown = () => all("[data-part=redrawn] > g"), input = $("input");
			const search = async (text) => { input.value = text; input.dispatchEvent(new Event("input")); await frames(); };
			const out = { All: shown().length };
			const deep = shown().find((g) => g.textContent.startsWith("work"));
			await mouse(deep.querySelector("path"), "pointermove", 100, 100);
			out.Tip = $("#tip").textContent;
			deep.querySelector("path").dispatchEvent(new MouseEvent("click", { bubbles: true }));
			await frames();
			out.Zoomed = shown().length;
			await key("Escape");
			out.Back = shown().length;
			await search("^WORK$");
			out.Found = $("#says").textContent;
			out.Faded = shown().filter((g) => g.getAttribute("opacity") < 0.5).length;
			await search("(");
			out.Invalid = input.getAttribute("aria-invalid") === "true" ? 1 : 0;
			await search("");
			$("svg").focus();
			await key("ArrowUp");
			out.Walked = $("#says").textContent;
			out.Broken = !!window.broken;
			return out;
		}`), &got)
		if got.Error != "" || got.Broken || got.All < 4 || got.Zoomed >= got.All || got.Back != got.All {
			t.Errorf("%s: %+v", name, got)
		}
		if !strings.HasPrefix(got.Found, "1 frame, 2, ") || got.Faded != got.All-1 || got.Invalid != 1 {
			t.Errorf("%s: search %+v", name, got)
		}
		if !strings.HasPrefix(got.Tip, "work, 2 (") || !strings.HasPrefix(got.Walked, "main") {
			t.Errorf("%s: tip %q, walked to %q", name, got.Tip, got.Walked)
		}
	}
}

func TestBrowserGantt(t *testing.T) {
	var got struct {
		Error, Tip, Found string
		Before, Zoomed    string
		Broken            bool
	}
	inBrowser(t, probed(t, liveFigures()["gantt"], `async () => {
		const paths = () => all("[data-part=redrawn] path[data-kind]").map((p) => p.getAttribute("d")).join(" "), out = {};
		out.Before = paths();
		await key("+");
		out.Zoomed = paths();
		await key("0");
		const box = all("[data-part=redrawn] path[data-kind]").pop().getBoundingClientRect();
		await mouse($("svg"), "pointermove", box.x + box.width / 2, box.y + box.height / 2);
		out.Tip = $("#tip").textContent;
		$("input").value = "second";
		$("input").dispatchEvent(new Event("input"));
		await frames();
		out.Found = $("#says").textContent;
		out.Broken = !!window.broken;
		return out;
	}`), &got)
	if got.Error != "" || got.Broken || got.Before == "" || got.Before == got.Zoomed {
		t.Errorf("%+v", got)
	}
	if !strings.HasPrefix(got.Tip, "second\n1.5, from 500m to 2") && !strings.HasPrefix(got.Tip, "second\n1.5, from 0.5 to 2") || !strings.HasPrefix(got.Found, "1 span, 1.5") {
		t.Errorf("tip %q, found %q", got.Tip, got.Found)
	}
}

func TestBrowserSource(t *testing.T) {
	var got struct {
		Error, Found, Tip string
		Faded             []string
		Broken            bool
	}
	inBrowser(t, probed(t, liveFigures()["source"], `async () => {
		const out = {};
		$("input").value = "g\\(\"a\"\\) //";
		$("input").dispatchEvent(new Event("input"));
		out.Found = $("#says").textContent;
		out.Faded = all("g[font-family] text").filter((e) => e.getAttribute("opacity") === "0.3").map((e) => e.textContent);
		const line = all("g[font-family] g").find((g) => g.textContent.includes("f(")).getBoundingClientRect();
		await mouse(all("g[font-family] g text").find((e) => e.textContent.includes("f(")), "pointermove", line.x, line.y);
		out.Tip = $("#tip").textContent;
		out.Broken = !!window.broken;
		return out;
	}`), &got)
	if got.Error != "" || got.Broken || got.Found != "1 line" || !strings.HasPrefix(got.Tip, "line 1: ") {
		t.Errorf("%+v", got)
	}
	if faded := strings.Join(got.Faded, " "); !strings.Contains(faded, "f(1)") || !strings.Contains(faded, "h(2)") || strings.Contains(faded, "g(") {
		t.Errorf("faded %s", faded)
	}
}
