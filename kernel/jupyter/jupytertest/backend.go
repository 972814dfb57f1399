package jupytertest

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"

	"hpgo/kernel/jupyter"
)

// Backend is a fake jupyter.Backend. A cell is a list of commands, one a line:
//
//	print TEXT, eprint TEXT   a line on stdout or stderr
//	write TEXT                without the line's end
//	html TEXT                 display_data
//	show ID TEXT, update ID TEXT   with a display id
//	clear                     clear_output
//	value TEXT                the result, as text/plain
//	page TEXT                 a text for the pager
//	nan                       a display that JSON can't express
//	input PROMPT, password PROMPT  asks and prints "got ANSWER" or the error
//	bytes N                   N bytes of stdout in lines
//	displays N                N displays, each between two prints of its number
//	block                     runs until Interrupt or the kernel's end
//	fail TEXT                 ends the cell with an error
//	panic                     panics, as a broken backend would
//	comm ID TARGET TEXT       opens a comm with a text
//	tell ID TEXT              sends a text, with the text as a buffer too
//	hangup ID                 closes a comm
//	later TEXT                prints after the cell has ended, when Late is closed
type Backend struct {
	Late chan struct{} // lets "later" go on; nil: at once

	mu        sync.Mutex
	inputs    []jupyter.HistoryEntry
	stopCell  context.CancelFunc // of the running cell
	downs     []bool             // restart flags of Shutdown
	late      sync.WaitGroup
	interrupt int
	page      jupyter.Page
	comms     map[string]string // targets of the open comms
}

// Info implements jupyter.Backend.
func (b *Backend) Info() jupyter.Info {
	return jupyter.Info{
		Implementation: "fake", Version: "0.1.2", GoVersion: "go1.26.8", Banner: "a fake kernel",
		HelpLinks: []jupyter.HelpLink{{Text: "Go", URL: "https://go.dev/doc"}},
	}
}

// Execute implements jupyter.Backend.
func (b *Backend) Execute(ctx context.Context, req jupyter.ExecuteRequest, out jupyter.Sink) jupyter.ExecuteResult {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b.mu.Lock()
	b.stopCell = cancel
	b.mu.Unlock()
	res := jupyter.ExecuteResult{Count: req.Count}
	for line := range strings.Lines(req.Code) {
		command, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if res.Err = b.run(ctx, command, rest, out, &res); res.Err != nil {
			break
		}
	}
	if res.Err == nil {
		res.Expressions = evaluate(req.UserExpressions)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopCell = nil
	if req.StoreHistory {
		entry := jupyter.HistoryEntry{Session: 1, Line: res.Count, Input: req.Code}
		if res.Value != nil {
			text := fmt.Sprint(res.Value.Data["text/plain"])
			entry.Output = &text
		}
		b.inputs = append(b.inputs, entry)
	}
	return res
}

// run is one command.
func (b *Backend) run(ctx context.Context, command, rest string, out jupyter.Sink, res *jupyter.ExecuteResult) *jupyter.ExecuteError {
	switch command {
	case "", "//":
	case "print":
		out.Stream("stdout", rest+"\n")
	case "eprint":
		out.Stream("stderr", rest+"\n")
	case "write":
		out.Stream("stdout", rest)
	case "html":
		out.Display(jupyter.MimeBundle{Data: map[string]any{"text/html": rest, "text/plain": "html"}}, "")
	case "show", "update":
		id, text, _ := strings.Cut(rest, " ")
		bundle := jupyter.MimeBundle{Data: map[string]any{"text/plain": text}}
		if command == "show" {
			out.Display(bundle, id)
		} else {
			out.Update(bundle, id)
		}
	case "clear":
		out.Clear(true)
	case "value":
		res.Value = &jupyter.MimeBundle{Data: map[string]any{"text/plain": rest}}
	case "page":
		res.Page = &jupyter.MimeBundle{Data: map[string]any{"text/plain": rest}}
	case "nan":
		out.Display(jupyter.MimeBundle{Data: map[string]any{"application/json": func() {}}}, "")
	case "input", "password":
		b.ask(ctx, rest, command == "password", out)
	case "bytes", "displays":
		n, _ := strconv.Atoi(rest)
		flood(command, n, out)
	case "block":
		<-ctx.Done()
		return &jupyter.ExecuteError{Name: "Interrupted", Value: "the cell was interrupted", Traceback: []string{"Interrupted"}}
	case "fail":
		return &jupyter.ExecuteError{Name: "Failed", Value: rest, Traceback: []string{"Failed: " + rest}}
	case "panic":
		panic("the fake backend panics")
	case "comm", "tell", "hangup":
		b.runComm(command, rest)
	case "later":
		b.late.Go(func() {
			if b.Late != nil {
				<-b.Late
			}
			out.Stream("stdout", rest+"\n")
		})
	default:
		return &jupyter.ExecuteError{Name: "CompileError", Value: "undefined: " + command}
	}
	return nil
}

func (b *Backend) ask(ctx context.Context, prompt string, password bool, out jupyter.Sink) {
	answer, err := out.Input(ctx, prompt, password)
	switch {
	case errors.Is(err, jupyter.ErrNoStdin):
		out.Stream("stdout", "no stdin\n")
	case err != nil:
		out.Stream("stdout", "error "+err.Error()+"\n")
	default:
		out.Stream("stdout", "got "+answer+"\n")
	}
}

// flood puts out a lot, numbered so that order and loss show.
func flood(command string, n int, out jupyter.Sink) {
	if command == "displays" {
		for i := range n {
			out.Stream("stdout", fmt.Sprintf("<%d", i))
			out.Display(jupyter.MimeBundle{Data: map[string]any{"text/plain": strconv.Itoa(i)}}, "")
			out.Stream("stdout", fmt.Sprintf("%d>", i))
		}
		return
	}
	for written, i := 0, 0; written < n; i++ {
		line := fmt.Sprintf("%09d ü %s\n", i, strings.Repeat("x", 86))
		out.Stream("stdout", line)
		written += len(line)
	}
}

// evaluate knows two expressions: "bad" is an error, "unknown" is passed over,
// anything else is its own value.
func evaluate(expressions map[string]string) map[string]jupyter.Expression {
	results := map[string]jupyter.Expression{}
	for name, text := range expressions {
		switch text {
		case "unknown":
		case "bad":
			results[name] = jupyter.Expression{Err: &jupyter.ExecuteError{Name: "CompileError", Value: "bad expression"}}
		default:
			results[name] = jupyter.Expression{Value: jupyter.MimeBundle{Data: map[string]any{"text/plain": text}}}
		}
	}
	return results
}

// Complete implements jupyter.Backend: the commands that begin like the word
// before the cursor.
func (b *Backend) Complete(_ context.Context, req jupyter.CompleteRequest) jupyter.Completion {
	start := strings.LastIndexAny(req.Code[:req.Cursor], " \n") + 1
	word := req.Code[start:req.Cursor]
	var found []jupyter.Match
	for _, command := range []string{"panic", "password", "print"} {
		if word != "" && strings.HasPrefix(command, word) {
			found = append(found, jupyter.Match{Text: command, Type: "command", Signature: "TEXT"})
		}
	}
	return jupyter.Completion{Matches: found, Start: start, End: req.Cursor}
}

// Inspect implements jupyter.Backend: it knows "print".
func (b *Backend) Inspect(_ context.Context, req jupyter.InspectRequest) *jupyter.MimeBundle {
	if !strings.Contains(req.Code, "print") {
		return nil
	}
	return &jupyter.MimeBundle{Data: map[string]any{"text/plain": "print TEXT"}}
}

// IsComplete implements jupyter.Backend by the last character.
func (b *Backend) IsComplete(_ context.Context, code string) jupyter.Completeness {
	switch {
	case strings.HasSuffix(code, "{"):
		return jupyter.Completeness{Status: "incomplete", Indent: "\t"}
	case strings.HasSuffix(code, "}}"):
		return jupyter.Completeness{Status: "invalid"}
	}
	return jupyter.Completeness{Status: "complete"}
}

// History implements jupyter.Backend over the inputs of this run.
func (b *Backend) History(_ context.Context, req jupyter.HistoryRequest) []jupyter.HistoryEntry {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []jupyter.HistoryEntry
	seen := map[string]bool{}
	for _, e := range b.inputs {
		keep := true
		switch req.Access {
		case "range":
			keep = e.Line >= req.Start && (req.Stop == 0 || e.Line < req.Stop)
		case "search":
			keep, _ = path.Match(req.Pattern, e.Input)
			keep = keep && !(req.Unique && seen[e.Input])
		}
		if keep {
			seen[e.Input] = true
			found = append(found, e)
		}
	}
	if req.N > 0 && len(found) > req.N {
		found = found[len(found)-req.N:]
	}
	return found
}

// Interrupt implements jupyter.Backend.
func (b *Backend) Interrupt(context.Context) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.interrupt++
	if b.stopCell != nil {
		b.stopCell()
	}
}

// Shutdown implements jupyter.Backend.
func (b *Backend) Shutdown(_ context.Context, restart bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.downs = append(b.downs, restart)
}

// Shutdowns are the restart flags of the calls of Shutdown so far.
func (b *Backend) Shutdowns() []bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]bool(nil), b.downs...)
}

// Interrupts is the number of calls of Interrupt so far.
func (b *Backend) Interrupts() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.interrupt
}
