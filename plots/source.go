package plots

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Source shows code with what was measured on its lines: a table like that of
// line_profiler, in which the more a line took, the more it glows.
//
//	plots.Source{Code: src, Values: map[int]time.Duration{12: a, 13: b}}
//
// The keys are line numbers. With several columns,
//
//	plots.Source{Code: src, Columns: []plots.Column{
//		{Label: "Hits", Values: hits},
//		{Label: "Time", Values: times, Share: true},
//	}}
//
// Long code is shown without the stretches on which nothing was measured. Go is
// tinted by its tokens; other languages are shown as they are.
type Source struct {
	Code  string
	First int // the number of the first line; 1 if 0

	// Values is the one column: a map from line numbers to numbers or
	// durations, or a slice with one value for each line of the code, or for
	// each of Lines. A line without a value, or with NaN, stays blank. Durations
	// and bytes get their share of the sum as well.
	Values  any
	Label   string // of Values; "Time", "Bytes" or "Value" if empty
	Unit    string // of Values: "s", "B"
	Columns []Column
	Lines   any // []int: the line numbers of slices, where they aren't all lines
	Data    any // a slice of structs, whose fields Lines and Values then may name
	// Heat is the label of the column that shades the lines. If empty it is the
	// first one with a unit, or else the first.
	Heat string
	// Details are for hovering, by line number.
	Details map[int]string

	Title  string
	Alt    string  // what a screen reader says; made from the data if empty
	Width  float64 // inches; as the longest line needs if 0
	Height float64 // inches; as the lines need if 0
	Notes  []string
	// Interactive adds a version to search.
	Interactive bool
}

// Column is one of the values of a Source, in the forms of its Values.
type Column struct {
	Label  string // "Time", "Bytes" or "Value" if empty
	Unit   string
	Values any
	Share  bool // a second column tells what part of the sum each value is
}

// Limits of annotated source.
const (
	maxCode    = 1 << 20 // bytes
	maxLines   = 100_000
	tabWidth   = 4
	longCode   = 120 // lines up to which all are shown
	mostRows   = 200 // of the picture
	nearLines  = 2   // shown around a line with a value
	leastRun   = 3   // lines that a mark for hidden ones takes the place of
	codeTitle  = "Code"
	lineTitle  = "Line"
	widestCode = 10.0 // inches, of a picture whose width isn't given
	leastCode  = 5.0
)

// MIMEBundle shows the source in a notebook.
func (s Source) MIMEBundle() map[string]any { return show(s) }

// String is the table as text.
func (s Source) String() string { return spoken(s) }

// Encode checks the source and its values.
func (s Source) Encode() (Data, error) {
	d, err := s.encode()
	if err != nil {
		return Data{}, fmt.Errorf("source: %w", err)
	}
	if d.Alt == "" {
		d.Alt = d.describe()
	}
	return d, nil
}

func (s Source) encode() (Data, error) {
	d := Data{Version: Version, Title: s.Title, Alt: s.Alt, Interactive: s.Interactive, Notes: append([]string{}, s.Notes...)}
	body := &SourceData{First: s.First}
	if s.First == 0 {
		body.First = 1
	}
	switch {
	case strings.TrimSpace(s.Code) == "":
		return d, fmt.Errorf("Code is empty")
	case len(s.Code) > maxCode:
		return d, fmt.Errorf("Code has %s; at most %s are shown", SI(float64(len(s.Code)), "B"), SI(maxCode, "B"))
	case body.First < 0 || body.First > math.MaxInt32:
		return d, fmt.Errorf("First is %d, which is no line number", s.First)
	}
	if body.Lines = codeLines(s.Code); len(body.Lines) > maxLines {
		return d, fmt.Errorf("Code has %s lines; at most %s are shown", group(len(body.Lines)), group(maxLines))
	}
	notes, err := s.measured(body)
	if err != nil {
		return d, err
	}
	if body.Heat, err = s.heatColumn(body.Columns); err != nil {
		return d, err
	}
	if err := s.detail(body); err != nil {
		return d, err
	}
	if d.Width, err = side("Width", s.Width, body.width()); err != nil {
		return d, err
	}
	if d.Height, err = side("Height", s.Height, maxSide); err != nil {
		return d, err
	}
	d.Notes = append(append(d.Notes, notes...), body.hide(body.room(d))...)
	if s.Height == 0 {
		d.Height = body.height(d)
	}
	d.Source = body
	return d, nil
}

// codeLines are the lines as they are shown: tabs as spaces, and what can't be
// shown as a replacement character.
func codeLines(code string) []string {
	code = strings.TrimSuffix(strings.ReplaceAll(code, "\r\n", "\n"), "\n")
	lines := strings.Split(strings.ToValidUTF8(code, "\uFFFD"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(expanded(line), " ")
	}
	return lines
}

func expanded(line string) string {
	var b strings.Builder
	at := 0
	for _, r := range line {
		switch {
		case r == '\t':
			n := tabWidth - at%tabWidth
			b.WriteString(strings.Repeat(" ", n))
			at += n
			continue
		case unicode.IsControl(r):
			r = '\uFFFD'
		}
		b.WriteRune(r)
		at++
	}
	return b.String()
}

// measured reads the columns.
func (s Source) measured(body *SourceData) (notes []string, err error) {
	columns := s.Columns
	switch {
	case s.Values != nil && len(columns) > 0:
		return nil, fmt.Errorf("Values and Columns are both given; Values is short for one column")
	case s.Values != nil:
		columns = []Column{{Label: s.Label, Unit: s.Unit, Values: s.Values}}
	case len(columns) == 0:
		return nil, fmt.Errorf("it has neither Values nor Columns")
	}
	for i, c := range columns {
		out, note, err := s.column(body, c)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", columnName(c.Label, i), err)
		}
		for _, other := range body.Columns {
			if other.Label == out.Label {
				return nil, fmt.Errorf("two columns are called %q", out.Label)
			}
		}
		if note != "" {
			notes = append(notes, fmt.Sprintf("column %q: %s", out.Label, note))
		}
		share := c.Share || s.Values != nil && (out.Unit == "s" || out.Unit == "B")
		if !share {
			body.Columns = append(body.Columns, out)
			continue
		}
		shares, err := out.shares()
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", out.Label, err)
		}
		body.Columns = append(body.Columns, out, shares)
	}
	return notes, nil
}

func columnName(label string, i int) string {
	if label == "" {
		return strconv.Itoa(i + 1)
	}
	return strconv.Quote(label)
}

// column reads one column and places its values on the lines.
func (s Source) column(body *SourceData, c Column) (out SourceColumn, note string, err error) {
	lines, values, err := s.valuesOf(body, c.Values)
	if err != nil {
		return out, "", err
	}
	if values.labels != nil {
		return out, "", fmt.Errorf("Values holds names, which are no numbers")
	}
	if values.len() == 0 {
		return out, "", fmt.Errorf("it has no values")
	}
	out = SourceColumn{Label: oneLine(c.Label), Unit: c.Unit, Values: make(Numbers, len(body.Lines))}
	if values.unit != "" {
		if out.Unit != "" && out.Unit != values.unit {
			return out, "", fmt.Errorf("durations are shown in seconds, but Unit is %q", c.Unit)
		}
		out.Unit = values.unit
	}
	if out.Label == "" {
		out.Label = map[string]string{"s": "Time", "B": "Bytes"}[out.Unit]
	}
	if out.Label == "" {
		out.Label = "Value"
	}
	note, err = body.place(out.Values, lines, values.v)
	return out, note, err
}

// place puts values on their lines; others are NaN.
func (d *SourceData) place(to Numbers, lines, values []float64) (note string, err error) {
	for i := range to {
		to[i] = math.NaN()
	}
	bad, seen := 0, make(map[int]bool, len(lines))
	for i, v := range values {
		at := int(lines[i]) - d.First
		switch {
		case lines[i] != math.Trunc(lines[i]):
			return "", fmt.Errorf("%v is no line number", lines[i])
		case lines[i] < float64(d.First) || lines[i] >= float64(d.First+len(d.Lines)):
			return "", fmt.Errorf("line %v is outside the code, which has lines %d to %d", lines[i], d.First, d.First+len(d.Lines)-1)
		case seen[at]:
			return "", fmt.Errorf("line %v comes twice", lines[i])
		case finite(v):
			to[at] = v
		default:
			bad++
		}
		seen[at] = true
	}
	switch {
	case bad == len(values):
		return "", fmt.Errorf("all of its %d values are NaN or infinite", bad)
	case bad > 0:
		note = ofValues(bad, len(values), "is", "are") + " NaN or infinite and left blank"
	}
	return note, nil
}

// valuesOf reads values with the numbers of their lines.
func (s Source) valuesOf(body *SourceData, v any) (lines []float64, values column, err error) {
	if isMap(v) {
		keys, values, err := mapColumns(v)
		if err != nil {
			return nil, values, fmt.Errorf("Values %w", err)
		}
		if keys.labels != nil {
			return nil, values, fmt.Errorf("Values is %s; the keys must be line numbers", typeText(v))
		}
		return keys.v, values, nil
	}
	if values, err = columnOf(s.Data, v); err != nil {
		return nil, values, fmt.Errorf("Values %w", err)
	}
	if s.Lines == nil {
		if values.len() != len(body.Lines) {
			return nil, values, fmt.Errorf("it has %s and the code has %s; Lines may say which they belong to",
				counted(values.len(), "value"), counted(len(body.Lines), "line"))
		}
		for i := range body.Lines {
			lines = append(lines, float64(body.First+i))
		}
		return lines, values, nil
	}
	numbers, err := columnOf(s.Data, s.Lines)
	if err != nil {
		return nil, values, fmt.Errorf("Lines %w", err)
	}
	if numbers.labels != nil || len(numbers.v) != values.len() {
		return nil, values, fmt.Errorf("it has %d values and Lines has %d numbers", values.len(), len(numbers.v))
	}
	return numbers.v, values, nil
}

// shares is the column of what part of all each value is; it also settles the
// sum.
func (c *SourceColumn) shares() (SourceColumn, error) {
	out := SourceColumn{Label: "% " + c.Label, Unit: "%", Values: make(Numbers, len(c.Values))}
	for _, v := range c.Values {
		if v < 0 {
			return out, fmt.Errorf("it has the value %v, and values below zero have no share", v)
		}
		if finite(v) {
			c.Total += v
		}
	}
	if !finite(c.Total) {
		return out, fmt.Errorf("the sum of its values is too large")
	}
	for i, v := range c.Values {
		if out.Values[i] = v; v > 0 {
			out.Values[i] = v / c.Total * 100
		}
	}
	if c.Total > 0 {
		out.Total = 100
	}
	return out, nil
}

// heatColumn finds the column that shades the lines.
func (s Source) heatColumn(columns []SourceColumn) (int, error) {
	var labels []string
	first := -1
	for i, c := range columns {
		if s.Heat != "" && c.Label == oneLine(s.Heat) {
			return i, nil
		}
		if first < 0 && c.Unit != "" {
			first = i
		}
		labels = append(labels, strconv.Quote(c.Label))
	}
	if s.Heat != "" {
		return 0, fmt.Errorf("Heat is %q; the columns are %s", s.Heat, strings.Join(labels, ", "))
	}
	return max(first, 0), nil
}

// detail places the hover texts.
func (s Source) detail(body *SourceData) error {
	for number, text := range s.Details {
		at := number - body.First
		if at < 0 || at >= len(body.Lines) {
			return fmt.Errorf("Details: line %d is outside the code, which has lines %d to %d", number, body.First, body.First+len(body.Lines)-1)
		}
		if body.Details == nil {
			body.Details = make([]string, len(body.Lines))
		}
		body.Details[at] = strings.ToValidUTF8(text, "\uFFFD")
	}
	return nil
}
