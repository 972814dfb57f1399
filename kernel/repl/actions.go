package repl

import (
	"context"
	"strings"

	"hpgo/kernel/cell"
)

// action changes the editor; kills says that the key before cut text, which
// what this one cuts is then added to.
type action func(ctx context.Context, e *editor, kills bool) error

// actions are the keys as bash and Emacs have them.
var actions = keymap()

func keymap() map[string]action {
	m := map[string]action{
		// A line that was typed while a cell ran ends in ^J.
		"enter": enter, "ctrl-j": enter, "alt-enter": newline, "shift-enter": newline,
		"ctrl-c": func(context.Context, *editor, bool) error { return errCleared },
		"ctrl-d": deleteOrLeave,
		"ctrl-z": suspend,
		"ctrl-l": clearScreen,
		"ctrl-_": undo,
		"ctrl-y": func(_ context.Context, e *editor, _ bool) error { e.buf.insert(e.killed); return nil },
		"ctrl-r": func(_ context.Context, e *editor, _ bool) error { e.startSearch(); return nil },
		"tab":    completeWord, "shift-tab": explainWord,
		"up": up, "ctrl-p": up, "down": down, "ctrl-n": down,
		"pageup": older, "alt-p": older, "pagedown": newer, "alt-n": newer,
	}
	for name, to := range map[string]func(b *buffer) int{
		"left": (*buffer).before, "ctrl-b": (*buffer).before, "right": (*buffer).after, "ctrl-f": (*buffer).after,
		"home": (*buffer).lineStart, "ctrl-a": (*buffer).lineStart, "end": (*buffer).lineEnd, "ctrl-e": (*buffer).lineEnd,
		"alt-b": (*buffer).wordBefore, "ctrl-left": (*buffer).wordBefore, "alt-left": (*buffer).wordBefore,
		"alt-f": (*buffer).wordAfter, "ctrl-right": (*buffer).wordAfter, "alt-right": (*buffer).wordAfter,
		"alt-<": textStart, "ctrl-home": textStart, "alt->": textEnd, "ctrl-end": textEnd,
	} {
		m[name] = func(_ context.Context, e *editor, _ bool) error { e.buf.move(to(&e.buf)); return nil }
	}
	for name, to := range map[string]func(b *buffer) int{
		"backspace": (*buffer).before, "delete": (*buffer).after,
	} {
		m[name] = func(_ context.Context, e *editor, _ bool) error { e.buf.cut(to(&e.buf)); return nil }
	}
	for name, to := range map[string]func(b *buffer) int{
		"ctrl-k": lineRest, "ctrl-u": lineHead, "ctrl-w": (*buffer).spaceBefore,
		"alt-d": (*buffer).wordAfter, "alt-backspace": (*buffer).wordBefore,
	} {
		m[name] = func(_ context.Context, e *editor, kills bool) error { e.kill(to(&e.buf), kills); return nil }
	}
	return m
}

func textStart(*buffer) int { return 0 }
func textEnd(b *buffer) int { return len(b.text) }

// lineRest and lineHead take the newline when there is nothing else to take.
func lineRest(b *buffer) int {
	if end := b.lineEnd(); end > b.at {
		return end
	}
	return min(b.at+1, len(b.text))
}

func lineHead(b *buffer) int {
	if start := b.lineStart(); start < b.at {
		return start
	}
	return max(b.at-1, 0)
}

// kill cuts up to an offset, for ^Y.
func (e *editor) kill(to int, kills bool) {
	back := to < e.buf.at
	text := e.buf.cut(to)
	switch {
	case !kills:
		e.killed = text
	case back:
		e.killed = text + e.killed
	default:
		e.killed += text
	}
	e.kills = true
}

// enter takes the input when it is whole, else begins a line.
func enter(ctx context.Context, e *editor, _ bool) error {
	if e.ask.status == nil {
		return errDone
	}
	status, indent := completeness(e.ask.status, e.buf.text)
	oneLine := !strings.Contains(e.buf.text, "\n")
	atEnd := strings.TrimSpace(e.buf.text[e.buf.at:]) == ""
	switch {
	case status == cell.StatusIncomplete && atEnd:
		e.buf.insert("\n" + indent)
		return nil
	case status == cell.StatusUnknown && lastLine(e.buf.text) != "":
		return newline(ctx, e, false)
	case status != cell.StatusIncomplete && (atEnd || oneLine):
		return errDone
	}
	return newline(ctx, e, false)
}

// completeness asks for the status of a text. The newline that Enter would add
// is part of it after an empty line: that ends a cell magic.
func completeness(status func(string) (string, string), text string) (string, string) {
	if strings.TrimSpace(lastLine(text)) == "" {
		text += "\n"
	}
	return status(text)
}

func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }

// newline begins a line with the indentation of this one.
func newline(_ context.Context, e *editor, _ bool) error {
	if e.ask.status == nil {
		return errDone
	}
	e.buf.insert("\n" + e.buf.indent())
	return nil
}

func deleteOrLeave(_ context.Context, e *editor, _ bool) error {
	if e.buf.text == "" {
		return errLeave
	}
	e.buf.cut(e.buf.after())
	return nil
}

func undo(_ context.Context, e *editor, _ bool) error {
	if n := len(e.undone); n > 0 {
		e.buf, e.undone = e.undone[n-1], e.undone[:n-1]
	}
	e.undoes = true
	return nil
}

// suspend gives the terminal to the shell until the job is continued.
func suspend(_ context.Context, e *editor, _ bool) error {
	if e.stop == nil {
		return nil
	}
	width, _ := e.keys.size()
	e.view.erase(width)
	return e.stop()
}

func clearScreen(_ context.Context, e *editor, _ bool) error {
	e.view.forget()
	_, err := e.screen.Write([]byte("\x1b[H\x1b[2J"))
	return err
}

// up and down move in the text, and from its first and last line in the past.
func up(ctx context.Context, e *editor, _ bool) error {
	if e.buf.onFirstLine() {
		return older(ctx, e, false)
	}
	e.buf.vertical(false)
	return nil
}

func down(ctx context.Context, e *editor, _ bool) error {
	if e.buf.onLastLine() {
		return newer(ctx, e, false)
	}
	e.buf.vertical(true)
	return nil
}

func older(_ context.Context, e *editor, _ bool) error {
	if text, ok := e.recall.older(e.buf.text); ok {
		e.buf.set(text)
	}
	return nil
}

func newer(_ context.Context, e *editor, _ bool) error {
	if text, ok := e.recall.newer(); ok {
		e.buf.set(text)
	}
	return nil
}
