package notebook

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// reader turns the JSON tree into the model and collects every problem on
// the way instead of stopping at the first.
type reader struct {
	problems []string
}

func (r *reader) problem(where, format string, args ...any) {
	r.problems = append(r.problems, where+": "+fmt.Sprintf(format, args...))
}

// fields takes known fields out of an object; what is left is kept as Extra.
type fields struct {
	r     *reader
	where string
	rest  Object
}

func (r *reader) fields(where string, o Object) *fields {
	return &fields{r, where, maps.Clone(o)}
}

func (f *fields) take(name string) (any, bool) {
	v, ok := f.rest[name]
	delete(f.rest, name)
	return v, ok
}

func (f *fields) wrong(name, want string, have any) {
	f.r.problem(f.where, "%s: want %s, have %s", name, want, describe(have))
}

// text reads a required string.
func (f *fields) text(name string) string {
	v, ok := f.take(name)
	if !ok {
		f.r.problem(f.where, "missing %s", name)
		return ""
	}
	s, ok := v.(string)
	if !ok {
		f.wrong(name, "a string", v)
	}
	return s
}

// lines reads a required text that is stored as a string or a list of strings.
func (f *fields) lines(name string) string {
	v, ok := f.take(name)
	if !ok {
		f.r.problem(f.where, "missing %s", name)
		return ""
	}
	s, ok := joined(v)
	if !ok {
		f.wrong(name, "a string or a list of strings", v)
	}
	return s
}

// object reads an optional object; absent is empty, which is also what older
// tools meant by null.
func (f *fields) object(name string) Object {
	v, ok := f.take(name)
	if !ok || v == nil {
		return Object{}
	}
	o, ok := v.(Object)
	if !ok {
		f.wrong(name, "an object", v)
		return Object{}
	}
	return o
}

// list reads an optional list.
func (f *fields) list(name string) []any {
	v, ok := f.take(name)
	if !ok || v == nil {
		return nil
	}
	l, ok := v.([]any)
	if !ok {
		f.wrong(name, "a list", v)
	}
	return l
}

func (f *fields) count(name string) *int {
	v, ok := f.take(name)
	if !ok || v == nil {
		return nil
	}
	n, ok := integer(v)
	if !ok {
		f.wrong(name, "a whole number or null", v)
		return nil
	}
	return &n
}

func (f *fields) extra() Object {
	if len(f.rest) == 0 {
		return nil
	}
	return f.rest
}

func (r *reader) notebook(root Object) *Notebook {
	f := r.fields("notebook", root)
	f.take("nbformat")
	nb := &Notebook{Metadata: f.object("metadata")}
	if minor := f.count("nbformat_minor"); minor != nil {
		nb.Minor = *minor
	}
	if _, ok := f.rest["cells"]; !ok {
		r.problem("notebook", "missing cells")
	}
	for i, v := range f.list("cells") {
		where := fmt.Sprintf("cell %d", i+1)
		o, ok := v.(Object)
		if !ok {
			r.problem(where, "want an object, have %s", describe(v))
			continue
		}
		nb.Cells = append(nb.Cells, r.cell(where, o))
	}
	nb.Extra = f.extra()
	return nb
}

func (r *reader) cell(where string, o Object) *Cell {
	f := r.fields(where, o)
	c := &Cell{Type: f.text("cell_type"), Source: f.lines("source"), Metadata: f.object("metadata")}
	if v, ok := f.take("id"); ok {
		id, isText := v.(string)
		if !isText || !validID(id) {
			r.problem(where, "id: want 1 to 64 letters, digits, - or _, have %s", describe(v))
		}
		c.ID = id
	}
	if v, ok := f.take("attachments"); ok && v != nil {
		files, isObject := v.(Object)
		if !isObject {
			f.wrong("attachments", "an object", v)
		}
		c.Attachments = r.attachments(where, files)
	}
	switch c.Type {
	case Code:
		c.ExecutionCount = f.count("execution_count")
		for i, v := range f.list("outputs") {
			at := fmt.Sprintf("%s: outputs[%d]", where, i)
			out, ok := v.(Object)
			if !ok {
				r.problem(at, "want an object, have %s", describe(v))
				continue
			}
			c.Outputs = append(c.Outputs, r.output(at, out))
		}
	case Markdown, Raw, "":
	default:
		r.problem(where, "cell_type: want code, markdown or raw, have %q", c.Type)
	}
	c.Extra = f.extra()
	return c
}

func (r *reader) attachments(where string, files Object) Object {
	all := Object{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		bundle, ok := files[name].(Object)
		if !ok {
			r.problem(where, "attachments: %q: want an object, have %s", name, describe(files[name]))
			continue
		}
		all[name] = rejoinBundle(bundle)
	}
	return all
}

func (r *reader) output(where string, o Object) *Output {
	f := r.fields(where, o)
	out := &Output{Type: f.text("output_type")}
	switch out.Type {
	case StreamOutput:
		out.Name = f.text("name")
		out.Text = f.lines("text")
	case DisplayOutput, ResultOutput:
		if _, ok := f.rest["data"]; !ok {
			r.problem(where, "missing data")
		}
		out.Data = rejoinBundle(f.object("data"))
		out.Metadata = f.object("metadata")
		if out.Type == ResultOutput {
			out.ExecutionCount = f.count("execution_count")
		}
	case ErrorOutput:
		out.EName = f.text("ename")
		out.EValue = f.text("evalue")
		for i, v := range f.list("traceback") {
			s, ok := v.(string)
			if !ok {
				r.problem(where, "traceback[%d]: want a string, have %s", i, describe(v))
			}
			out.Traceback = append(out.Traceback, s)
		}
	case "":
	default:
		// The schema lets later versions add output types: kept as they are.
	}
	out.Extra = f.extra()
	return out
}

// rejoinBundle makes one string of texts that are stored as lists of lines.
// JSON forms are left alone: a list is a value there.
func rejoinBundle(bundle Object) Object {
	whole := make(Object, len(bundle))
	for mime, v := range bundle {
		if s, ok := joined(v); ok && !isJSONMIME(mime) {
			v = s
		}
		whole[mime] = v
	}
	return whole
}

func isJSONMIME(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}

// joined returns a string, or the strings of a list in one.
func joined(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []any:
		var b strings.Builder
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return "", false
			}
			b.WriteString(s)
		}
		return b.String(), true
	}
	return "", false
}

func integer(v any) (int, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(n.String())
	return i, err == nil
}

// describe names a JSON value for an error message.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		if len(v) > 40 {
			return strconv.Quote(v[:40]) + "..."
		}
		return strconv.Quote(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case []any:
		return "a list"
	case Object:
		return "an object"
	}
	return fmt.Sprintf("%T", v)
}
