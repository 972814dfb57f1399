package session

import (
	"context"
	"go/ast"
	"go/parser"
	"regexp"
	"strconv"
	"strings"

	"hpgo/kernel/display"
	"hpgo/kernel/widget"
)

// newWidgets makes the session's table of widgets.
func (s *Session) newWidgets() *widget.Table {
	return widget.New(widget.Options{Page: s.opt.Comms != nil, KernelID: s.opt.KernelID, ParameterName: s.parameterName,
		Note: func(text string) { s.opt.Log.Warn(text) }})
}

// fromWorker takes a comm message of the worker.
func (s *Session) fromWorker(c display.Comm) {
	if c.Op == display.CommOpen {
		s.mu.Lock()
		s.origins[c.ID] = s.current
		s.mu.Unlock()
	}
	s.toPage(s.widgets.FromWorker(c))
	if c.Op == display.CommClose {
		s.mu.Lock()
		delete(s.origins, c.ID)
		s.mu.Unlock()
	}
}

// toPage sends messages about widgets.
func (s *Session) toPage(messages []display.Comm) {
	for _, m := range messages {
		s.comms.fromKernel(m, s.widgetFromPage)
	}
}

// widgetFromPage is the end of the widgets' comms.
func (s *Session) widgetFromPage(_ context.Context, c display.Comm) {
	answers, worker := s.widgets.FromPage(c)
	s.toPage(answers)
	if worker {
		s.toWorker(c)
	}
}

// widgetControl is the end of comms by which a page asks for all widgets.
func (s *Session) widgetControl(_ context.Context, c display.Comm) { s.toPage(s.widgets.Control(c)) }

// toWorker hands a comm message to the worker.
func (s *Session) toWorker(c display.Comm) {
	s.mu.Lock()
	w := s.worker
	s.mu.Unlock()
	if w != nil {
		w.Comm(c)
	}
}

// origin is where a widget comes from.
type origin struct {
	cell int
	sink Sink // of that cell; it stays usable
}

// parameterName finds the name of a parameter of the function that begins in a
// line of a cell; empty if there is none such. With several functions in a line
// it is that of the first.
func (s *Session) parameterName(file string, line, index int) string {
	m := cellFile.FindStringSubmatch(file)
	if m == nil {
		return ""
	}
	n, _ := strconv.Atoi(m[1])
	var text strings.Builder
	for l := line; ; l++ {
		src, ok := s.sourceLine(n, l)
		if !ok {
			break
		}
		text.WriteString(src + "\n")
	}
	return parameterIn(text.String(), index)
}

// funcHead is the beginning of a function, up to its parameters.
var funcHead = regexp.MustCompile(`\bfunc\b\s*(\([^()]*\)\s*\w+|\w*)\s*\(`)

// parameterIn finds a parameter's name in the first function of a text.
func parameterIn(text string, index int) string {
	at := funcHead.FindStringIndex(text)
	if at == nil {
		return ""
	}
	depth, end := 0, -1
	for i, r := range text[at[1]-1:] {
		if r == '(' {
			depth++
		} else if r == ')' {
			depth--
		}
		if depth == 0 {
			end = at[1] + i
			break
		}
	}
	if end < 0 {
		return ""
	}
	e, err := parser.ParseExpr("func" + text[at[1]-1:end])
	if err != nil {
		return ""
	}
	var names []string
	for _, f := range e.(*ast.FuncType).Params.List {
		for _, n := range f.Names {
			names = append(names, n.Name)
		}
	}
	if index >= len(names) || names[index] == "_" {
		return ""
	}
	return names[index]
}
