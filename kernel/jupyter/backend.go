package jupyter

import (
	"context"
	"encoding/json"
	"errors"
)

// Backend runs cells and knows the session. Execute is never called twice at a
// time; all other methods may be called while it runs. A method that has
// nothing to say returns its zero value.
type Backend interface {
	// Info describes the kernel and its language. It must be quick.
	Info() Info
	// Execute runs one cell and returns when its output is complete. The sink
	// stays usable afterwards, for what the cell left running. ctx ends when the
	// kernel shuts down.
	Execute(ctx context.Context, req ExecuteRequest, out Sink) ExecuteResult
	// Complete lists what could stand at the cursor.
	Complete(ctx context.Context, req CompleteRequest) Completion
	// Inspect describes what stands at the cursor; nil when nothing is known.
	Inspect(ctx context.Context, req InspectRequest) *MimeBundle
	// IsComplete says whether Enter should run the code.
	IsComplete(ctx context.Context, code string) Completeness
	// History returns earlier inputs.
	History(ctx context.Context, req HistoryRequest) []HistoryEntry
	// Connect is called once, before any method but Info.
	Connect(Page)
	// Comm takes a comm message of the front end, in the order of their coming.
	// It must not wait for a cell. What it sends bears the message as its parent.
	Comm(ctx context.Context, msg Comm)
	// Comms lists the open comms: the target by the comm's id. An empty target
	// stands for all.
	Comms(ctx context.Context, target string) map[string]string
	// Interrupt stops the running cell, if any. It must not wait for the end.
	Interrupt(ctx context.Context)
	// Shutdown frees everything; no other method is called afterwards.
	Shutdown(ctx context.Context, restart bool)
}

// Sink receives what a cell produces, in order. Its methods may be called
// often and from any goroutine; they block only while a front end is far
// behind.
type Sink interface {
	// Stream appends text to "stdout" or "stderr".
	Stream(name, text string)
	// Display shows a value; with an id, later updates can replace it.
	Display(b MimeBundle, id string)
	// Update replaces what was displayed under the id, in any cell.
	Update(b MimeBundle, id string)
	// Clear removes the cell's outputs; with wait, only when the next one comes.
	Clear(wait bool)
	// Input asks the user for a line. It fails with ErrNoStdin when the front
	// end can't be asked and with ErrInterrupted after an interrupt.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// Why Sink.Input has no answer.
var (
	ErrNoStdin     = errors.New("this front end does not take input")
	ErrInterrupted = errors.New("input was interrupted")
)

// Info is the backend's part of kernel_info_reply.
type Info struct {
	Implementation string // name of the kernel
	Version        string // version of the kernel
	GoVersion      string // version of the toolchain that compiles cells, "1.26.8"
	Banner         string
	HelpLinks      []HelpLink
}

// HelpLink is an entry of the front end's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// MimeBundle is one value in several MIME forms.
type MimeBundle struct {
	Data     map[string]any
	Metadata map[string]any
}

// ExecuteRequest is a cell to run.
type ExecuteRequest struct {
	Code            string
	Silent          bool              // nothing is shown and nothing counted
	StoreHistory    bool              // count it and remember it; false when Silent
	UserExpressions map[string]string // to evaluate after a success
	AllowStdin      bool              // the front end answers Sink.Input
	StopOnError     bool              // queued cells are dropped if this one fails
	CellID          string            // the front end's name of the cell, if it gave one
	Count           int               // the n of In[n] that was announced
}

// ExecuteResult is the outcome of a cell.
type ExecuteResult struct {
	Count       int                   // the n of Out[n]; 0 keeps the announced one
	Value       *MimeBundle           // shown as execute_result; nil for nothing
	Page        *MimeBundle           // for the front end's pager; nil for nothing
	Err         *ExecuteError         // nil on success
	Expressions map[string]Expression // results of UserExpressions
}

// ExecuteError is a failed cell.
type ExecuteError struct {
	Name      string
	Value     string
	Traceback []string
}

// Expression is the result of one user expression: a value or an error.
type Expression struct {
	Value MimeBundle
	Err   *ExecuteError
}

// CompleteRequest asks what could stand at a byte offset of the code.
type CompleteRequest struct {
	Code   string
	Cursor int // byte offset on a rune boundary
}

// Completion answers CompleteRequest: each match would replace Code[Start:End].
type Completion struct {
	Matches    []Match
	Start, End int // byte offsets
}

// Match is one entry of a Completion.
type Match struct {
	Text      string
	Type      string // what it is, in one word that front ends show; may be empty
	Signature string // parameters of a function or type of a variable; may be empty
}

// InspectRequest asks what stands at a byte offset of the code.
type InspectRequest struct {
	Code   string
	Cursor int // byte offset on a rune boundary
	Detail int // 0, or 1 for the source as well
}

// Completeness says whether code is ready to run.
type Completeness struct {
	Status string // complete, incomplete, invalid or unknown
	Indent string // what to start the next line with, if incomplete
}

// HistoryRequest selects earlier inputs.
type HistoryRequest struct {
	Access  string // range, tail or search
	Output  bool   // with their outputs
	Raw     bool   // as typed
	Session int    // range: 0 is this session, negative ones count back
	Start   int    // range: first line
	Stop    int    // range: line after the last; 0 for all
	N       int    // tail, search: at most so many, 0 for all
	Pattern string // search: glob with * and ?
	Unique  bool   // search: each input once
}

// HistoryEntry is one earlier input.
type HistoryEntry struct {
	Session int
	Line    int
	Input   string
	Output  *string // nil when it had none
}

// Page is what a backend may do at any time and from any goroutine.
type Page interface {
	// Comm sends a comm message to the front end.
	Comm(Comm)
	// Work shows the kernel as busy, beside what it does for requests, until the
	// returned function is called.
	Work() (done func())
}

// Comm is one message of a comm, a channel between an object in the kernel and
// one in the page. Either side may open it.
type Comm struct {
	Op       string // open, msg or close
	ID       string
	Target   string          // open: what the other side is to make
	Data     json.RawMessage // an object; empty for {}
	Metadata json.RawMessage // of the message; empty for {}
	Buffers  [][]byte        // binary data that belongs to Data
}
