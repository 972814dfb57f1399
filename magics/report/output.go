package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"regexp"
	"slices"
	"strings"

	"hpgo/kernel/display"
	"hpgo/magics/report/tablesort"
	"hpgo/magics/result"
	"hpgo/plots"
	"hpgo/plots/render"
)

// Output is what a magic has to show.
type Output struct {
	Magic     string         // "timeit": the data's type is application/vnd.hpgo.timeit+json
	Cell      int            // number of the cell
	Statement string         // what was measured
	Params    map[string]any // flags and choices in SI base units
	Text      string         // text/plain, the familiar lines first
	HTML      []Block        // in order; none: the text
	Figure    plots.Picture  // the main picture, as static SVG; nil: none. It stands in HTML where a Figure block has it
	Result    any            // a value of package result
	Samples   any            // what it was computed from
	Warnings  []string       // one line each, without a full stop
	Partial   string         // "3 of 7 runs" when the measurement was cut short
	Env       result.Env
	Untimed   bool   // it holds no times, so what disturbs times is no warning
	Raw       []byte // what -D writes: a profile, benchmark lines, a trace; nil: the data as JSON
}

// MIME is the type of a magic's data.
func MIME(magic string) string { return "application/vnd.hpgo." + magic + "+json" }

// Envelope is the output's data.
func (o Output) Envelope() result.Envelope {
	e := result.Envelope{Schema: "hpgo." + o.Magic + ".v1", Magic: o.Magic, Cell: o.Cell, Statement: o.Statement, Env: o.Env,
		Params: o.Params, Result: o.Result, Samples: o.Samples, Warnings: o.Warnings, Partial: o.Partial}
	if e.Params == nil {
		e.Params = map[string]any{}
	}
	if e.Warnings == nil {
		e.Warnings = []string{}
	}
	return e
}

// Bundle is the output in all its forms. A picture that can't be drawn is a warning.
// The data stands under its own type, never
// under application/json, which JupyterLab would show in place of the table.
func (o Output) Bundle() (display.Bundle, error) {
	var svg []byte
	if o.Figure != nil {
		var err error
		if svg, err = draw(o.Figure); err != nil {
			// What was measured is worth more than its picture.
			o.Warnings = append(slices.Clone(o.Warnings), err.Error())
		}
	}
	data, err := o.data()
	if err != nil {
		return display.Bundle{}, err
	}
	b := display.Bundle{Data: map[string]any{"text/plain": o.Plain(), "text/html": o.page(), MIME(o.Magic): data}}
	if svg != nil {
		b.Data["image/svg+xml"] = string(svg)
	}
	return b, nil
}

// JSON is the bundle of the flag -json: the data alone.
func (o Output) JSON() (display.Bundle, error) {
	data, err := o.data()
	if err != nil {
		return display.Bundle{}, err
	}
	return display.Bundle{Data: map[string]any{"application/json": data, "text/plain": string(data)}}, nil
}

func (o Output) data() (json.RawMessage, error) {
	data, err := json.Marshal(o.Envelope())
	if err != nil {
		return nil, fmt.Errorf("encode the result of %s: %w", o.Magic, err)
	}
	return withoutHome(data), nil
}

// withoutHome writes paths below the home directory with a ~: notebooks are sent
// around.
func withoutHome(data []byte) []byte {
	home, err := os.UserHomeDir()
	if err != nil || len(home) < 2 {
		return data
	}
	return bytes.ReplaceAll(data, []byte(`"`+home+"/"), []byte(`"~/`))
}

// Plain is the text form: the text, what is missing, and the warnings.
func (o Output) Plain() string {
	text := strings.TrimRight(o.Text, "\n")
	if o.Partial != "" {
		text = strings.TrimPrefix(text+"\n(partial: "+o.Partial+")", "\n")
	}
	for _, w := range o.Warnings {
		text += "\nwarning: " + w
	}
	return text
}

// draw is a picture as static SVG.
func draw(p plots.Picture) ([]byte, error) {
	d, err := p.Encode()
	if err != nil {
		return nil, fmt.Errorf("the picture can't be drawn: %w", err)
	}
	svg, err := render.SVG(d)
	if err != nil {
		return nil, fmt.Errorf("the picture can't be drawn: %w", err)
	}
	return svg, nil
}

// page is the HTML form.
func (o Output) page() string {
	var w writer
	w.b.WriteString(`<div class="hpgo-report" style="max-width:100%">`)
	blocks := o.HTML
	if len(blocks) == 0 {
		blocks = []Block{Text(o.Text)}
		if o.Figure != nil {
			blocks = append(blocks, Figure{Picture: o.Figure})
		}
	}
	for i, block := range blocks {
		block.write(&w)
		if i == 0 { // beside the numbers, which the first block has
			o.writeCautions(&w)
		}
	}
	if line := EnvLine(o.Env); o.Env.Go != "" {
		w.small(line)
	}
	if w.sortable {
		w.b.WriteString("<script data-hpgo-server>" + tablesort.Script + "</script>")
	}
	w.b.WriteString("</div>")
	return w.b.String()
}

// writeCautions says what the reader must know before believing the numbers.
func (o Output) writeCautions(w *writer) {
	var lines []string
	if o.Partial != "" {
		lines = append(lines, "<strong>(partial: "+inline(o.Partial)+")</strong>")
	}
	for _, warning := range o.Warnings {
		lines = append(lines, "warning: "+inline(warning))
	}
	if len(lines) > 0 {
		w.printf(`<p style="margin:.4em 0;padding:.3em .7em;border-left:4px solid #d97706;background:rgba(217,119,6,.12);font-size:.92em">%s</p>`, strings.Join(lines, "<br>\n"))
	}
}

// writer collects HTML.
type writer struct {
	b        strings.Builder
	sortable bool
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

func (w *writer) small(text string) {
	w.printf(`<p style="margin:.4em 0;font-size:.85em;opacity:.8">%s</p>`, inline(text))
}

var quoted = regexp.MustCompile("`([^`]+)`")

// inline is text as HTML, what stands in backquotes as code.
func inline(text string) string {
	return quoted.ReplaceAllString(html.EscapeString(text), `<code>$1</code>`)
}
