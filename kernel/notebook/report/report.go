package report

import (
	"crypto/sha256"
	_ "embed" // the page's template, style and script
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"strings"
	"time"

	"hpgo/kernel/notebook"
	"hpgo/magics/report/tablesort"
)

// Meta is what the report says beyond the notebook.
type Meta struct {
	Title   string        // "" takes it from the notebook: metadata, first heading, Source
	Lang    string        // language of the text, "" is "en"
	Source  string        // the notebook's file name
	Facts   []Fact        // machine and toolchain, in the order shown
	Elapsed time.Duration // total time of the run; 0 is not shown

	// ReadFile reads an image that markdown refers to by a relative path, so
	// that it can be put into the page. Without it such images become links.
	ReadFile func(path string) ([]byte, error)
}

// Fact is a line of the machine block.
type Fact struct {
	Name, Value string
}

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed page.js
var pageJS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// page is what the template shows.
type page struct {
	Title, Lang, Policy string
	TitleID             string
	TitleHTML           template.HTML // the title with its formulas and code
	Style               template.CSS
	Script              template.JS
	TOC                 template.HTML
	Source, Elapsed     string
	Facts               []Fact
	CodeCells, Ran      int
	Failed              []failure
	Cells               []cellView
}

type failure struct {
	Position int
	Message  string
}

// cellView is one cell, ready for the page.
type cellView struct {
	ID                    string
	Kind                  string // markdown, raw, code
	Position              int
	Prompt                string // In [3]
	Code                  template.HTML
	CodeScrolls           bool // longer or wider than its box may be
	CodeHidden, OutHidden bool
	Body                  template.HTML // of markdown and raw cells
	Outputs               []outputView
	Failed                bool
}

// Write writes the report of a notebook to w.
func Write(w io.Writer, nb *notebook.Notebook, meta Meta) error {
	b := newBuilder(nb, meta)
	p := page{
		Lang: meta.Lang, Source: meta.Source, Facts: meta.Facts,
		Style: template.CSS(styleSheet()),
	}
	if p.Lang == "" {
		p.Lang = "en"
	}
	if meta.Elapsed > 0 {
		p.Elapsed = roundedDuration(meta.Elapsed)
	}
	for i, c := range nb.Cells {
		v := b.cell(i+1, c)
		if c.Type == notebook.Code {
			p.CodeCells++
			if c.ExecutionCount != nil {
				p.Ran++
			}
			if v.Failed {
				p.Failed = append(p.Failed, failure{i + 1, failureText(c)})
			}
		}
		p.Cells = append(p.Cells, v)
	}
	p.Title = b.title()
	p.TitleID, p.TitleHTML = b.outline.titleID, b.outline.titleHTML
	if p.TitleHTML == "" || p.Title != b.outline.title {
		p.TitleHTML = template.HTML(template.HTMLEscapeString(p.Title))
	}
	p.TOC = b.outline.html()
	script := pageJS
	if b.sorts {
		script += tablesort.Script
	}
	p.Script, p.Policy = template.JS(script), policy(script, b.frames > 0)
	if err := pageTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// policy forbids everything that would need the network. Frames inherit it,
// so inline scripts are allowed only when there is one.
func policy(script string, frames bool) string {
	sum := sha256.Sum256([]byte(script))
	scripts := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	if frames {
		scripts = "'unsafe-inline' 'unsafe-eval'"
	}
	return "default-src 'none'; img-src data: blob:; media-src data:; font-src data:; style-src 'unsafe-inline'; script-src " + scripts
}

// builder holds what is common to all cells while the page is made.
type builder struct {
	nb      *notebook.Notebook
	meta    Meta
	outline *outline
	ids     map[string]bool // taken on the page
	figures int             // SVG and HTML outputs so far, for unique ids
	frames  int             // sandboxed outputs so far
	sorts   bool            // there are tables of magics, to be sorted by a click
}

func newBuilder(nb *notebook.Notebook, meta Meta) *builder {
	b := &builder{nb: nb, meta: meta, ids: map[string]bool{}}
	for _, id := range []string{"top", "main", "contents", "theme"} {
		b.ids[id] = true
	}
	for i := range nb.Cells {
		b.ids[cellID(i+1)] = true
	}
	b.outline = b.planHeadings()
	return b
}

func cellID(position int) string { return fmt.Sprintf("cell-%d", position) }

// title is the page's: given, from the metadata, the notebook's own heading,
// or the file's name.
func (b *builder) title() string {
	given, _ := b.nb.Metadata["title"].(string)
	name := strings.TrimSuffix(filepath.Base(b.meta.Source), filepath.Ext(b.meta.Source))
	for _, t := range []string{b.meta.Title, b.outline.title, given, name} {
		if t = strings.TrimSpace(t); t != "" && t != "." {
			return t
		}
	}
	return "Notebook"
}

func (b *builder) cell(position int, c *notebook.Cell) cellView {
	v := cellView{ID: cellID(position), Kind: c.Type, Position: position}
	switch c.Type {
	case notebook.Markdown:
		v.Body = template.HTML(b.markdown(c.Source, markdownContext{position: position, attachments: c.Attachments, headings: true}))
	case notebook.Code:
		b.codeCell(&v, c)
	default:
		v.Body = b.rawCell(c)
	}
	return v
}

func (b *builder) codeCell(v *cellView, c *notebook.Cell) {
	v.Prompt = "In [ ]"
	if c.ExecutionCount != nil {
		v.Prompt = fmt.Sprintf("In [%d]", *c.ExecutionCount)
	}
	if strings.TrimSpace(c.Source) != "" {
		v.Code = template.HTML(highlightCell(c.Source))
		v.CodeScrolls = tall(c.Source)
	}
	jupyter, _ := c.Metadata["jupyter"].(notebook.Object)
	v.CodeHidden = jupyter["source_hidden"] == true || c.HasTag("hide-input") || c.HasTag("hide-cell")
	v.OutHidden = jupyter["outputs_hidden"] == true || c.Metadata["collapsed"] == true || c.HasTag("hide-output") || c.HasTag("hide-cell")
	for _, out := range c.Outputs {
		if o, ok := b.output(v.Position, out); ok {
			v.Outputs = append(v.Outputs, o)
		}
		v.Failed = v.Failed || out.Type == notebook.ErrorOutput
	}
	// An error that was expected is part of the story, not a failure.
	v.Failed = v.Failed && !c.HasTag(notebook.TagRaisesException)
}

// rawCell shows what is meant for HTML and leaves out what is meant for
// another format, as nbconvert does.
func (b *builder) rawCell(c *notebook.Cell) template.HTML {
	format, _ := c.Metadata["format"].(string)
	if format == "" {
		format, _ = c.Metadata["raw_mimetype"].(string)
	}
	switch format {
	case "text/html":
		return template.HTML(b.trustedHTML(c.Source, "raw cell", ""))
	case "text/markdown":
		return template.HTML(b.markdown(c.Source, markdownContext{}))
	case "", "text/plain":
		return template.HTML(textBlock(c.Source, "", "raw text"))
	}
	return ""
}

func failureText(c *notebook.Cell) string {
	for _, out := range c.Outputs {
		if out.Type == notebook.ErrorOutput {
			first, _, _ := strings.Cut(out.EValue, "\n")
			return out.EName + ": " + first
		}
	}
	return ""
}

func roundedDuration(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	}
	return d.Round(100 * time.Microsecond).String()
}
