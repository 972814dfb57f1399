package jupyter

import (
	"encoding/json"
	"errors"
	"time"
)

// abortGrace is waited after a failed cell, before anyone hears of it, so that
// the rest of a "run all" that is still on its way is aborted with it.
const abortGrace = 5 * time.Millisecond

// execute runs one execute_request: busy, execute_input, outputs, result or
// error, reply, idle; then, after a failure, the queue is aborted.
func (k *Kernel) execute(r *request) {
	k.beginCell(r)
	req, err := k.readExecute(r)
	if err != nil {
		k.log.printf("%s: malformed execute_request: %v", r.channel.name, err)
		k.reply(r, "execute_reply", errorReply("BadRequest", err))
		k.endCell(r)
		return
	}
	started := time.Now()
	if !req.Silent {
		k.publish(r, "execute_input", executeInputContent{req.Code, req.Count})
	}
	out := newOutput(k, r, req.Silent, req.AllowStdin)
	var res ExecuteResult
	if err := k.guarded("execute", func() { res = k.cfg.Backend.Execute(k.ctx, req, out) }); err != nil {
		failed := errorReply("KernelError", err)
		res = ExecuteResult{Err: &ExecuteError{failed.Name, failed.Value, failed.Traceback}}
	}
	out.flush()
	if res.Count == 0 {
		res.Count = req.Count
	}
	if req.StoreHistory {
		k.count = res.Count
	}
	var dropped []*request
	if res.Err != nil && req.StopOnError && !req.Silent {
		time.Sleep(abortGrace)
		dropped = k.cells.take()
	}
	k.publishOutcome(r, req, res)
	k.iopub.drain(k.ctx)
	k.replyWith(r, "execute_reply", replyMetadata(started, res), executeReply(req, res))
	k.endCell(r)
	for _, d := range dropped {
		k.abort(d)
	}
}

// readExecute takes the request apart, with the defaults of the specification.
func (k *Kernel) readExecute(r *request) (ExecuteRequest, error) {
	var c executeRequestContent
	if err := json.Unmarshal(r.msg.Content, &c); err != nil {
		return ExecuteRequest{}, err
	}
	if c.Code == nil {
		return ExecuteRequest{}, errors.New("no code")
	}
	var metadata struct {
		CellID any `json:"cellId"`
	}
	_ = json.Unmarshal(r.msg.Metadata, &metadata) // Decode saw that it is an object
	req := ExecuteRequest{
		Code:            *c.Code,
		Silent:          c.Silent,
		StoreHistory:    !c.Silent && (c.StoreHistory == nil || *c.StoreHistory),
		UserExpressions: c.UserExpressions,
		AllowStdin:      c.AllowStdin,
		StopOnError:     c.StopOnError == nil || *c.StopOnError,
		Count:           k.count,
	}
	req.CellID, _ = metadata.CellID.(string)
	if !req.Silent {
		req.Count++
	}
	return req, nil
}

// publishOutcome shows the value or the error of a cell that isn't silent.
func (k *Kernel) publishOutcome(r *request, req ExecuteRequest, res ExecuteResult) {
	switch {
	case req.Silent:
	case res.Err != nil:
		k.publish(r, "error", newErrorContent(res.Err))
	case res.Value != nil:
		content := executeResultContent{res.Count, orEmpty(res.Value.Data), orEmpty(res.Value.Metadata)}
		if err := k.iopub.publish("execute_result", r.msg.RawHeader, content); err != nil {
			k.log.printf("iopub: %v", err)
			content.Data, content.Metadata = encodable(content.Data), map[string]any{}
			k.publish(r, "execute_result", content)
		}
	}
}

// executeReply is the reply's content. A user expression that the backend
// passed over is an error by itself.
func executeReply(req ExecuteRequest, res ExecuteResult) executeReplyContent {
	c := executeReplyContent{Status: "ok", Count: res.Count, Expressions: map[string]any{}, Payload: []any{}}
	if res.Err != nil {
		failed := newErrorContent(res.Err)
		c.Status, c.errorContent = "error", &failed
		return c
	}
	if res.Page != nil {
		c.Payload = append(c.Payload, pageContent{"page", encodable(res.Page.Data), 0})
	}
	for name := range req.UserExpressions {
		e, ok := res.Expressions[name]
		switch {
		case !ok:
			c.Expressions[name] = errorReply("NotEvaluated", errors.New("the kernel did not evaluate this expression"))
		case e.Err != nil:
			c.Expressions[name] = errorReplyContent{"error", newErrorContent(e.Err)}
		default:
			c.Expressions[name] = map[string]any{
				"status": "ok", "data": encodable(e.Value.Data), "metadata": orEmpty(e.Value.Metadata),
			}
		}
	}
	return c
}

// replyMetadata says when the cell began: JupyterLab shows it as execution time.
func replyMetadata(started time.Time, res ExecuteResult) json.RawMessage {
	status := "ok"
	if res.Err != nil {
		status = "error"
	}
	return json.RawMessage(`{"started":"` + started.UTC().Format("2006-01-02T15:04:05.000000Z") + `","status":"` + status + `"}`)
}

// abort answers a cell that isn't going to run.
func (k *Kernel) abort(r *request) {
	k.beginRequest(r)
	k.replyWith(r, "execute_reply", json.RawMessage(`{"status":"aborted"}`), abortedContent{"aborted"})
	k.endRequest(r)
}

// publish broadcasts a message about a request.
func (k *Kernel) publish(r *request, msgType string, content any) {
	if err := k.iopub.publish(msgType, r.msg.RawHeader, content); err != nil {
		k.log.printf("iopub: %v", err)
	}
}

// beginCell and endCell are busy and idle of the running cell.
func (k *Kernel) beginCell(r *request) {
	k.statusMu.Lock()
	defer k.statusMu.Unlock()
	k.running = r
	k.iopub.status("busy", r.msg.RawHeader)
}

func (k *Kernel) endCell(r *request) {
	k.statusMu.Lock()
	defer k.statusMu.Unlock()
	k.running = nil
	k.comms.ran(r)
	k.iopub.status("idle", r.msg.RawHeader)
	k.stillBusy()
}

// beginRequest and endRequest are busy and idle of any other request.
func (k *Kernel) beginRequest(r *request) {
	k.statusMu.Lock()
	defer k.statusMu.Unlock()
	k.iopub.status("busy", r.msg.RawHeader)
}

func (k *Kernel) endRequest(r *request) {
	k.statusMu.Lock()
	defer k.statusMu.Unlock()
	k.iopub.status("idle", r.msg.RawHeader)
	k.stillBusy()
}

// stillBusy follows an idle while something else goes on: front ends show the
// last status they saw. The caller holds statusMu.
func (k *Kernel) stillBusy() {
	switch n := len(k.working); {
	case k.running != nil:
		k.iopub.status("busy", k.running.msg.RawHeader)
	case n > 0:
		k.iopub.status("busy", k.working[n-1])
	}
}
