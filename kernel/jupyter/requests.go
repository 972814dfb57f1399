package jupyter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// helpTimeout bounds completion and inspection: nobody looks at them later.
const helpTimeout = 10 * time.Second

// handlers make the reply's content for each request but execute_request; they
// serve the shell and the control channel alike. Those of comm messages return
// nothing, as these have no reply.
var handlers = map[string]func(*Kernel, *request) (any, error){
	"kernel_info_request": (*Kernel).kernelInfo,
	"connect_request":     (*Kernel).connectInfo,
	"complete_request":    (*Kernel).complete,
	"inspect_request":     (*Kernel).inspect,
	"is_complete_request": (*Kernel).isComplete,
	"history_request":     (*Kernel).history,
	"comm_info_request":   (*Kernel).commInfo,
	"comm_open":           (*Kernel).comm,
	"comm_msg":            (*Kernel).comm,
	"comm_close":          (*Kernel).comm,
	"interrupt_request":   (*Kernel).interrupt,
	"shutdown_request":    (*Kernel).shutdown,
}

// answer handles one request between its busy and idle.
func (k *Kernel) answer(r *request) {
	k.beginRequest(r)
	msgType := r.msg.Header.Type
	var content any
	handle, known := handlers[msgType]
	err := fmt.Errorf("unknown message type %q", msgType)
	if msgType == "execute_request" {
		err = errors.New("execute_request belongs on the shell channel")
	}
	if known {
		if panicked := k.guarded(msgType, func() { content, err = handle(k, r) }); panicked != nil {
			err = panicked
		}
	}
	if err != nil {
		k.log.printf("%s: %v", r.channel.name, err)
		content = failedReply(msgType, err)
	}
	if content != nil && strings.HasSuffix(msgType, "_request") {
		k.reply(r, replyType(msgType), content)
	}
	k.endRequest(r)
	if known && msgType == "shutdown_request" && err == nil {
		k.stop(Exit{Reason: "shutdown", Restart: content.(shutdownContent).Restart})
	}
}

// failedReply is the content of a reply that says no.
func failedReply(msgType string, err error) any {
	if msgType == "is_complete_request" {
		return isCompleteReplyContent{Status: "unknown"} // its status has a meaning of its own
	}
	return errorReply("BadRequest", err)
}

// read decodes a request's content.
func (r *request) read(into any) error {
	if err := json.Unmarshal(r.msg.Content, into); err != nil {
		return fmt.Errorf("malformed %s: %w", r.msg.Header.Type, err)
	}
	return nil
}

func (k *Kernel) kernelInfo(*request) (any, error) {
	info := k.cfg.Backend.Info()
	return kernelInfoContent{
		Status:          "ok",
		ProtocolVersion: ProtocolVersion,
		Implementation:  info.Implementation,
		Version:         info.Version,
		Language: languageInfo{
			Name:              "go",
			Version:           strings.TrimPrefix(info.GoVersion, "go"),
			MIMEType:          "text/x-go",
			FileExtension:     ".go",
			PygmentsLexer:     "go",
			CodeMirrorMode:    "text/x-go",
			NbconvertExporter: "script",
		},
		Banner:            info.Banner,
		HelpLinks:         append([]HelpLink{}, info.HelpLinks...),
		SupportedFeatures: []string{}, // neither debugger nor subshells
	}, nil
}

func (k *Kernel) connectInfo(*request) (any, error) {
	c := k.conn
	return connectContent{"ok", c.ShellPort, c.IOPubPort, c.StdinPort, c.HBPort, c.ControlPort}, nil
}

func (k *Kernel) complete(r *request) (any, error) {
	var c codeContent
	if err := r.read(&c); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(k.ctx, helpTimeout)
	defer cancel()
	at := byteOffset(c.Code, c.Cursor)
	found := k.cfg.Backend.Complete(ctx, CompleteRequest{Code: c.Code, Cursor: at})
	if len(found.Matches) == 0 {
		found.Start, found.End = at, at
	}
	return completionReply(c.Code, found), nil
}

// typesKey is where front ends look for the types of matches; it came with
// IPython and has kept its name.
const typesKey = "_jupyter_types_experimental"

// completionReply writes a completion with offsets in code points, those in the
// metadata too.
func completionReply(code string, found Completion) completeReplyContent {
	reply := completeReplyContent{Status: "ok", Matches: []string{}, Start: pointOffset(code, found.Start),
		End: pointOffset(code, found.End), Metadata: map[string]any{}}
	entries := make([]matchTypeContent, 0, len(found.Matches))
	for _, m := range found.Matches {
		reply.Matches = append(reply.Matches, m.Text)
		entries = append(entries, matchTypeContent{reply.Start, reply.End, m.Text, m.Type, m.Signature})
	}
	if len(entries) > 0 {
		reply.Metadata[typesKey] = entries
	}
	return reply
}

func (k *Kernel) inspect(r *request) (any, error) {
	var c codeContent
	if err := r.read(&c); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(k.ctx, helpTimeout)
	defer cancel()
	b := k.cfg.Backend.Inspect(ctx, InspectRequest{Code: c.Code, Cursor: byteOffset(c.Code, c.Cursor), Detail: c.Detail})
	if b == nil {
		return inspectReplyContent{"ok", false, orEmpty(nil), orEmpty(nil)}, nil
	}
	return inspectReplyContent{"ok", true, encodable(b.Data), orEmpty(b.Metadata)}, nil
}

func (k *Kernel) isComplete(r *request) (any, error) {
	var c codeContent
	if err := r.read(&c); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(k.ctx, helpTimeout)
	defer cancel()
	is := k.cfg.Backend.IsComplete(ctx, c.Code)
	reply := isCompleteReplyContent{Status: is.Status}
	switch is.Status {
	case "complete", "invalid", "unknown":
	case "incomplete":
		reply.Indent = &is.Indent
	default:
		reply.Status = "unknown"
	}
	return reply, nil
}

func (k *Kernel) history(r *request) (any, error) {
	var c historyRequestContent
	if err := r.read(&c); err != nil {
		return nil, err
	}
	switch c.Access {
	case "range", "tail", "search":
	default:
		return nil, fmt.Errorf("malformed history_request: hist_access_type %q (range, tail and search are known)", c.Access)
	}
	req := HistoryRequest{
		Access: c.Access, Output: c.Output, Raw: c.Raw, Session: c.Session,
		Start: c.Start, Pattern: c.Pattern, Unique: c.Unique,
	}
	if c.Stop != nil {
		req.Stop = *c.Stop
	}
	if c.N != nil {
		req.N = *c.N
	}
	ctx, cancel := context.WithTimeout(k.ctx, helpTimeout)
	defer cancel()
	reply := historyReplyContent{"ok", []any{}}
	for _, e := range k.cfg.Backend.History(ctx, req) {
		var input any = e.Input
		if c.Output {
			input = []any{e.Input, e.Output}
		}
		reply.History = append(reply.History, []any{e.Session, e.Line, input})
	}
	return reply, nil
}

// interrupt stops the running cell, also one that waits for input.
func (k *Kernel) interrupt(*request) (any, error) {
	// The cell hears of it first: a question without an answer is then no end of
	// its input, which it would go on with.
	k.cfg.Backend.Interrupt(k.ctx)
	k.prompter.interrupt()
	return okContent{"ok"}, nil
}

// shutdown replies and broadcasts the same; answer ends the kernel after it.
func (k *Kernel) shutdown(r *request) (any, error) {
	var c shutdownContent
	if err := r.read(&c); err != nil {
		return nil, err
	}
	content := shutdownContent{"ok", c.Restart}
	k.publish(r, "shutdown_reply", content)
	return content, nil
}
