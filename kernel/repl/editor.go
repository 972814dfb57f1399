package repl

import (
	"context"
	"errors"
	"io"
	"strings"
)

// keyboard is what an editor needs of a terminal.
type keyboard interface {
	key(ctx context.Context) (key, error)
	more() bool // keys wait already
	size() (width, height int)
}

// question is one thing to be typed.
type question struct {
	prompt string
	more   string // before further lines
	secret bool   // what is typed isn't shown
	vanish bool   // nothing is left on the screen when there is no answer

	// status is Jupyter's is_complete; nil: Enter ends the input.
	status func(text string) (status, indent string)
	// colour highlights; nil: no colours.
	colour func(text string) []span
	// past are earlier inputs, oldest first; nil: there is no history.
	past func() []string
	// complete and explain answer Tab and Shift-Tab; nil: a tab is typed.
	complete func(ctx context.Context, text string, at int) completion
	explain  func(ctx context.Context, text string, at int) string
	// note is a line shown below the input; empty: none.
	note func() string
	// aside writes above the input, which it takes away with clear if there is
	// something; nil: there never is.
	aside func(clear func())
}

// The ways in which typing ends without an input.
var (
	errCleared = errors.New("the input was cleared") // ^C
	errLeave   = errors.New("the user leaves")       // ^D
)

// errDone ends an input that is to be taken.
var errDone = errors.New("done")

// editor reads inputs from a keyboard.
type editor struct {
	keys   keyboard
	view   view
	plain  bool // no colours
	stop   func() error
	screen io.Writer

	ask    question
	buf    buffer
	undone []buffer // states before changes, the newest last
	undoes bool     // this key takes one back
	killed string   // what the last cuts took
	kills  bool     // the last key cut
	recall recall
	search *search // while ^R runs
	menu   *menu   // while completions are shown
	tip    string  // an explanation under the input
}

// newEditor returns an editor; stop suspends the process (^Z) and may be nil.
func newEditor(keys keyboard, screen io.Writer, plain bool, stop func() error) *editor {
	return &editor{keys: keys, view: view{w: screen}, screen: screen, plain: plain, stop: stop}
}

// read asks one question. The error is errCleared, errLeave, that of ctx, or
// that of reading keys, when the terminal is gone.
func (e *editor) read(ctx context.Context, q question) (string, error) {
	e.ask, e.buf, e.undone = q, buffer{}, nil
	e.recall = recall{load: q.past}
	e.search, e.menu, e.tip = nil, nil, ""
	for {
		if !e.keys.more() {
			e.draw()
		}
		k, err := e.keys.key(ctx)
		if err == nil {
			err = e.press(ctx, k)
		}
		if err != nil {
			e.search, e.menu, e.tip = nil, nil, ""
			width, _ := e.keys.size()
			if q.vanish && err != errDone {
				e.view.erase(width)
			} else {
				e.view.leave(e.picture(), width)
			}
		}
		switch err {
		case nil:
		case errDone:
			return e.buf.text, nil
		default:
			return "", err
		}
	}
}

// press does what a key means now.
func (e *editor) press(ctx context.Context, k key) error {
	if k.name == keyWake && e.ask.aside != nil {
		e.ask.aside(func() {
			width, _ := e.keys.size()
			e.view.erase(width)
		})
	}
	if k.name == keyWake || k.name == keyIgnore {
		return nil
	}
	e.tip = ""
	if e.search != nil {
		if taken, err := e.searchKey(k); taken {
			return err
		}
	}
	if e.menu != nil {
		if e.menuKey(k) {
			return nil
		}
		e.menu = nil
	}
	kills := e.kills
	e.kills, e.undoes = false, false
	before := e.buf
	err := e.act(ctx, k, kills)
	if e.buf.text != before.text && !e.undoes {
		e.remember(before)
	}
	return err
}

// maxUndo bounds what is kept for undoing.
const maxUndo = 500

func (e *editor) remember(b buffer) {
	if len(e.undone) == maxUndo {
		e.undone = e.undone[1:]
	}
	e.undone = append(e.undone, b)
}

// act finds a key's action in the table, or types it.
func (e *editor) act(ctx context.Context, k key, kills bool) error {
	switch k.name {
	case keyText:
		e.typed(k.text)
		return nil
	case keyPaste:
		text := strings.TrimSuffix(k.text, "\n")
		if e.ask.status == nil {
			text, _, _ = strings.Cut(text, "\n")
		}
		e.buf.insert(text)
		return nil
	}
	do, ok := actions[k.name]
	if !ok {
		return nil
	}
	return do(ctx, e, kills)
}

// typed inserts what was typed. A bracket that closes goes back to the
// indentation of its block.
func (e *editor) typed(text string) {
	if e.ask.status != nil && (text == "}" || text == ")" || text == "]") {
		if in := e.buf.indent(); in != "" && e.buf.lineStart()+len(in) == e.buf.at {
			e.buf.cut(e.buf.at - unit(in))
		}
	}
	e.buf.insert(text)
}

// unit is the length of the last step of an indentation.
func unit(indent string) int {
	if strings.HasSuffix(indent, "\t") {
		return 1
	}
	n := 0
	for n < tabWidth && n < len(indent) && indent[len(indent)-1-n] == ' ' {
		n++
	}
	return n
}

// draw brings the terminal up to date.
func (e *editor) draw() {
	width, height := e.keys.size()
	p := e.picture()
	p.below = e.below(width, height)
	e.view.draw(p, width, height)
}

// picture is the input without what stands under it.
func (e *editor) picture() picture {
	p := picture{prompt: e.ask.prompt, more: e.ask.more, text: e.buf.text, cursor: e.buf.at, plain: e.plain}
	if e.ask.secret {
		p.text, p.cursor = "", 0
	}
	if e.ask.colour != nil && !e.plain {
		p.spans = e.ask.colour(p.text)
	}
	return p
}

// below are the lines under the input.
func (e *editor) below(width, height int) []styled {
	var lines []styled
	switch {
	case e.search != nil:
		lines = append(lines, styled{text: e.search.line(), style: styleFaint})
	case e.menu != nil:
		lines = e.menu.lines(width, max(1, min(height/2, 10)))
	case e.tip != "":
		lines = clip(e.tip, max(1, min(height/2, 12)))
	}
	if e.ask.note != nil {
		if note := e.ask.note(); note != "" {
			lines = append(lines, styled{text: note, style: styleFaint})
		}
	}
	return lines
}

// clip makes faint lines of a text, at most so many.
func clip(text string, most int) []styled {
	var lines []styled
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		if len(lines) == most {
			return append(lines[:most-1], styled{text: "...", style: styleFaint})
		}
		lines = append(lines, styled{text: strings.TrimRight(line, "\n"), style: styleFaint})
	}
	return lines
}
