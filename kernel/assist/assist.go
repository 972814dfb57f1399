package assist

import (
	"context"
	"strings"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
)

// Match is one thing that could stand at the cursor.
type Match struct {
	Text      string // replaces the text between Start and End of the completion
	Kind      string // one of the kinds below
	Signature string // parameters and results of a function, type of a variable, path of a package
}

// The kinds of matches.
const (
	KindVariable = "variable"
	KindConstant = "constant"
	KindFunction = "function"
	KindMethod   = "method"
	KindField    = "field"
	KindType     = "type"
	KindPackage  = "module"
	KindKeyword  = "keyword"
	KindLabel    = "label"
	KindMagic    = "magic"
	KindFlag     = "flag"
	KindPath     = "path"
	KindCommand  = "command"
	KindEnv      = "environment"
)

// Completion is what could stand at the cursor, best first.
type Completion struct {
	Matches    []Match
	Start, End int // byte offsets of the text that a match replaces
}

// Doc describes what stands at a cursor.
type Doc struct {
	Text     string
	Markdown string
}

// Query is a text with a cursor, and what it is to be read against.
type Query struct {
	Code    string
	Cursor  int         // byte offset
	Scope   *cell.Scope // the session's declarations
	Library *build.Library
	Dir     string   // that relative file names start from
	Environ []string // NAME=value, for %env
}

// Assistant answers queries of one session. It remembers the session's
// declarations as they were last and the documentation that it has read. Its
// methods may be called by several goroutines; they take turns.
type Assistant struct {
	loader   *loader
	patience patience

	turn    chan struct{} // holds one token; who has it uses what follows
	outline outline
	docs    map[string]*packageDocs // by import path
}

// New returns an assistant that knows nothing yet.
func New() *Assistant {
	a := &Assistant{loader: newLoader(), patience: usualPatience, turn: make(chan struct{}, 1), docs: map[string]*packageDocs{}}
	a.turn <- struct{}{}
	return a
}

// Close ends what the assistant does in the background. Answers may still be
// asked for; packages that aren't known then stay so.
func (a *Assistant) Close() { a.loader.close() }

// take waits for the assistant's turn; give ends it.
func (a *Assistant) take(ctx context.Context) error {
	select {
	case <-a.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *Assistant) give() { a.turn <- struct{}{} }

// Complete lists what could stand at the cursor. Where nothing could, or where
// only the user knows (in comments, numbers and most strings), there are no
// matches.
func (a *Assistant) Complete(ctx context.Context, q Query) (Completion, error) {
	if err := a.take(ctx); err != nil {
		return Completion{}, err
	}
	defer a.give()
	t := newText(q.Code, q.Cursor)
	c := a.complete(ctx, q, t)
	if err := ctx.Err(); err != nil {
		return Completion{}, err
	}
	// A completed word has no newline in it, so distances to the cursor are
	// the same in the text as sent.
	c.Start = t.sent - (t.cursor - c.Start)
	c.End = t.sent
	return c, nil
}

// complete answers for a normalised text.
func (a *Assistant) complete(ctx context.Context, q Query, t text) Completion {
	if c, ok := a.completeSpecial(ctx, q, t); ok {
		return c
	}
	return a.completeGo(ctx, q, t.goText, t.cursor)
}

// completeGo completes at a cursor in Go text, the kernel's own lines being blank.
func (a *Assistant) completeGo(ctx context.Context, q Query, src string, cursor int) Completion {
	at := lexAt(src, cursor)
	switch at.kind {
	case inString:
		return a.completeString(q, src, at, cursor)
	case inNothing, inComment:
		return Completion{Start: cursor}
	}
	v := a.view(ctx, q, src, at.start, at.end, cursorName)
	prefix := src[at.start:cursor]
	if v == nil {
		return Completion{Start: at.start, Matches: rank(afterBlock(src, at), prefix)}
	}
	return Completion{Start: at.start, Matches: rank(v.candidates(prefix), prefix)}
}

// text is a cell as its parser sees it.
type text struct {
	all    string
	goText string // the kernel's own lines and the bodies of their cells blank
	cell   *cell.Cell
	cursor int
	sent   int // the cursor in the text as sent
}

// newText normalises a text and moves the cursor into it, to the start of the
// character that it is in.
func newText(code string, cursor int) text {
	cursor = min(max(cursor, 0), len(code))
	for cursor > 0 && cursor < len(code) && code[cursor]&0xC0 == 0x80 {
		cursor--
	}
	c, _ := cell.Parse(code)
	t := text{all: c.Text, goText: c.Go, cell: c, cursor: cursor, sent: cursor}
	if len(c.Text) != len(code) { // line ends were made single newlines
		before := code[:cursor]
		if strings.HasPrefix(strings.TrimLeft(code[cursor:], "\r"), "\n") {
			before = strings.TrimRight(before, "\r")
		}
		b, _ := cell.Parse(before)
		t.cursor = min(len(b.Text), len(c.Text))
	}
	return t
}
