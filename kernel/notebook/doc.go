// Package notebook reads, runs and writes notebooks without Jupyter.
//
// It is three things that share one model:
//
//   - the file: [Decode] and [Notebook.Encode] read and write .ipynb (nbformat
//     4.0 to 4.5 and later minors) without losing anything they do not know;
//     [DecodeGo] and [DecodeMarkdown] read the two Jupytext text forms;
//   - the runner: [RunAll] executes the code cells top to bottom through a
//     one-method [Executor] and fills in the outputs as nbclient would;
//   - parameters: [Parameterize] injects -p name=value the papermill way.
//
// The HTML report of a notebook is the sub-package report, TeX to MathML the
// sub-package mathml.
//
// # Rules
//
// Reading is forgiving about what is absent and harmless (metadata, outputs,
// execution_count), strict about what has the wrong shape, and every complaint
// names the cell and the field; cells count from 1, as the progress line and
// the reader count them, and list elements from 0, as JSON tools do.
// Writing produces the bytes that Jupyter itself writes: keys sorted, indented
// by one space, text split into lines, so that a run changes in a diff only
// what it changed. Made-up cell ids are derived from the cell's position and
// text, and no time stamps are written unless asked for: the same run gives
// the same file.
//
// # Goroutines
//
// The package starts none. RunAll calls the executor on the caller's
// goroutine and relies on it to return soon after its context ends; the sink
// it hands out may be called from any goroutine and ignores what comes after
// its cell has ended.
package notebook
