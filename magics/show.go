package magics

import (
	"context"
	"strings"

	"hpgo/kernel/display"
)

// showRows are the cells that are shown as they are, in IPython's manner.
func showRows() []Magic {
	row := func(name string, aliases []string, what, more string) Magic {
		doc := "show the cell as " + what
		if more != "" {
			doc += "\n" + more
		}
		return Magic{Name: name, Aliases: aliases, Kind: Cell, Usage: "%%" + name, Transient: true, Run: runShow, Doc: doc}
	}
	return []Magic{
		row("html", []string{"HTML"}, "HTML", ""),
		row("markdown", []string{"md"}, "Markdown", "$...$ sets mathematics."),
		row("latex", nil, "typeset mathematics", "The cell holds the delimiters too, such as $$ ... $$."),
		row("svg", []string{"SVG"}, "a picture in SVG", ""),
		row("javascript", []string{"js"}, "JavaScript, which the page runs",
			"In JupyterLab `element` is the output's place in the page. Reports and notebooks that aren't trusted don't run it."),
	}
}

// runShow shows the body of the cell.
func runShow(_ context.Context, h Host, in *Input) (Result, error) {
	if strings.TrimSpace(in.Body) == "" {
		return Result{}, in.Magic.usageError("%s has nothing to show: the cell is empty", in.Magic.title())
	}
	h.Display(display.Event{Op: display.OpDisplay, Bundle: body(in.Magic.Name, in.Body)})
	return Result{}, nil
}

// body is a cell in the form that a magic says.
func body(magic, text string) display.Bundle {
	switch magic {
	case "html":
		return display.Format(display.HTML(text))
	case "markdown":
		return display.Format(display.Markdown(text))
	case "latex":
		return display.Format(display.LaTeX(text))
	case "svg":
		return display.Format(display.SVG(text))
	}
	return display.Bundle{Data: map[string]any{"text/plain": text, "application/javascript": text}}
}
