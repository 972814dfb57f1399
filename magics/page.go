package magics

import (
	"context"
)

// pageRows are the magics about what gonb's programs do in the browser.
func pageRows() []Magic {
	return []Magic{
		{Name: "widgets", Kind: Line, Usage: "%widgets", Transient: true, Run: runWidgets,
			Doc: "connect the page for programs that use gonb's widgets, comms and dom\n" +
				"It offers globalThis.gonb_comm to scripts. gonbui does this by itself when it needs the page; hpgo's own widgets need nothing."},
		{Name: "widgets_hb", Kind: Line, Usage: "%widgets_hb", Transient: true, Run: runHeartbeat,
			Doc: "say whether the page that %widgets connected answers"},
		{Name: "wasm", Kind: Line, Usage: "%wasm", Transient: true, Run: runWasm,
			Doc: "build this cell's Go for WebAssembly and run it in the page\n" +
				"The constants GonbWasmDir, GonbWasmUrl and GonbWasmDivId tell it where its files and its <div> are; args after %% are its os.Args. " +
				"The files go to jupyter_files in the directory of the Jupyter server, which must be known."},
	}
}

// runWidgets implements %widgets.
func runWidgets(ctx context.Context, h Host, _ *Input) (Result, error) {
	return Result{}, h.ConnectPage(ctx)
}

// runHeartbeat implements %widgets_hb.
func runHeartbeat(ctx context.Context, h Host, _ *Input) (Result, error) {
	text := "The page answers."
	if !h.PageAnswers(ctx) {
		text = "No page answers. Try %widgets in a notebook that is open in a browser."
	}
	h.Stream("stdout", text+"\n")
	return Result{}, nil
}

// runWasm implements %wasm.
func runWasm(ctx context.Context, h Host, _ *Input) (Result, error) {
	return Result{}, h.BuildWasm(ctx)
}
