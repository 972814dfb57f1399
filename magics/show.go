package magics

import (
	"context"
	"strings"

	"hpgo/kernel/display"
	"hpgo/magics/magic"
)

// showRows are the cells that are shown as they are, in IPython's manner.
func showRows() []magic.Magic {
	row := func(name string, aliases []string, what, more string) magic.Magic {
		doc := "show the cell as " + what
		if more != "" {
			doc += "\n" + more
		}
		return magic.Magic{Name: name, Aliases: aliases, Kind: magic.Cell, Usage: "%%" + name, Transient: true, Run: runShow, Doc: doc}
	}
	return []magic.Magic{
		row("html", []string{"HTML"}, "HTML", ""),
		row("markdown", []string{"md"}, "Markdown", "$...$ sets mathematics."),
		row("latex", nil, "typeset mathematics", "The cell holds the delimiters too, such as $$ ... $$."),
		row("svg", []string{"SVG"}, "a picture in SVG", ""),
		row("javascript", []string{"js"}, "JavaScript, which the page runs",
			"In JupyterLab `element` is the output's place in the page. Reports and notebooks that aren't trusted don't run it."),
	}
}

// runShow shows the body of the cell.
func runShow(_ context.Context, h magic.Host, in *magic.Input) (magic.Result, error) {
	if strings.TrimSpace(in.Body) == "" {
		return magic.Result{}, in.Magic.Usagef("%s has nothing to show: the cell is empty", in.Magic.Title())
	}
	h.Display(display.Event{Op: display.OpDisplay, Bundle: body(in.Magic.Name, in.Body)})
	return magic.Result{}, nil
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

// pageRows are the magics about what gonb's programs do in the browser.
func pageRows() []magic.Magic {
	return []magic.Magic{
		{Name: "widgets", Kind: magic.Line, Usage: "%widgets", Transient: true, Run: runWidgets,
			Doc: "connect the page for programs that use gonb's widgets, comms and dom\n" +
				"It offers globalThis.gonb_comm to scripts. gonbui does this by itself when it needs the page; hpgo's own widgets need nothing."},
		{Name: "widgets_hb", Kind: magic.Line, Usage: "%widgets_hb", Transient: true, Run: runHeartbeat,
			Doc: "say whether the page that %widgets connected answers"},
		{Name: "wasm", Kind: magic.Line, Usage: "%wasm", Transient: true, Run: runWasm,
			Doc: "build this cell's Go for WebAssembly and run it in the page\n" +
				"The constants GonbWasmDir, GonbWasmUrl and GonbWasmDivId tell it where its files and its <div> are; args after %% are its os.Args. " +
				"The files go to jupyter_files in the directory of the Jupyter server, which must be known."},
	}
}

// runWidgets implements %widgets.
func runWidgets(ctx context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
	return magic.Result{}, h.ConnectPage(ctx)
}

// runHeartbeat implements %widgets_hb.
func runHeartbeat(ctx context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
	text := "The page answers."
	if !h.PageAnswers(ctx) {
		text = "No page answers. Try %widgets in a notebook that is open in a browser."
	}
	h.Stream("stdout", text+"\n")
	return magic.Result{}, nil
}

// runWasm implements %wasm.
func runWasm(ctx context.Context, h magic.Host, _ *magic.Input) (magic.Result, error) {
	return magic.Result{}, h.BuildWasm(ctx)
}
