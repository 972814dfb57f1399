package jupyter

import (
	"context"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	// joinTime is how long stream text waits for more of the same stream.
	joinTime = 50 * time.Millisecond
	// joinSize is the most text in one stream message.
	joinSize = 64 << 10
)

// output is the Sink of one cell. All it sends has the cell's request as
// parent, also after the cell has ended. Its one lock is what keeps the order.
type output struct {
	kernel *Kernel
	req    *request
	silent bool
	stdin  bool // the front end allows input

	mu    sync.Mutex
	name  string      // stream of the text that waits
	text  []byte      // waits for more
	timer *time.Timer // sends the text; nil until first needed
	armed bool
}

func newOutput(k *Kernel, req *request, silent, stdin bool) *output {
	return &output{kernel: k, req: req, silent: silent, stdin: stdin}
}

// Stream joins text of one stream until joinTime or joinSize is reached.
func (o *output) Stream(name, text string) {
	if o.silent || text == "" {
		return
	}
	if name != "stderr" {
		name = "stdout" // the specification knows no third
	}
	o.mu.Lock()
	if name != o.name {
		o.sendText(true)
		o.name = name
	}
	sent := false
	for len(o.text)+len(text) >= joinSize {
		n := joinSize - len(o.text)
		for n > 0 && n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		o.text = append(o.text, text[:n]...)
		text = text[n:]
		o.sendText(false)
		sent = true
	}
	o.text = append(o.text, text...)
	if len(o.text) > 0 && !o.armed {
		o.arm()
	}
	o.mu.Unlock()
	if sent {
		o.kernel.iopub.makeRoom(o.kernel.ctx)
	}
}

// arm starts the timer. Called with the lock.
func (o *output) arm() {
	o.armed = true
	if o.timer == nil {
		o.timer = time.AfterFunc(joinTime, func() {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.sendText(false)
		})
		return
	}
	o.timer.Reset(joinTime)
}

// sendText publishes the text that waits. Unless all of it must go, the
// beginning of a rune at its end stays. Called with the lock.
func (o *output) sendText(all bool) {
	if o.armed {
		o.timer.Stop()
		o.armed = false
	}
	n := len(o.text)
	if !all {
		n -= partialRune(o.text)
	}
	if n == 0 {
		return
	}
	o.publish("stream", streamContent{o.name, string(o.text[:n])})
	o.text = append(o.text[:0], o.text[n:]...)
	if cap(o.text) > 4*joinSize {
		o.text = append([]byte(nil), o.text...)
	}
}

// partialRune is the number of bytes at the end that begin a rune and don't end it.
func partialRune(b []byte) int {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return i
			}
			return 0
		}
	}
	return 0
}

// Display implements Sink.
func (o *output) Display(b MimeBundle, id string) { o.show("display_data", b, id) }

// Update implements Sink.
func (o *output) Update(b MimeBundle, id string) { o.show("update_display_data", b, id) }

func (o *output) show(msgType string, b MimeBundle, id string) {
	transient := map[string]any{}
	if id != "" {
		transient["display_id"] = id
	}
	o.after(msgType, displayContent{orEmpty(b.Data), orEmpty(b.Metadata), transient})
}

// Clear implements Sink.
func (o *output) Clear(wait bool) { o.after("clear_output", clearContent{wait}) }

// after publishes a message after all text that came before it.
func (o *output) after(msgType string, content any) {
	if o.silent {
		return
	}
	o.mu.Lock()
	o.sendText(true)
	o.publish(msgType, content)
	o.mu.Unlock()
	o.kernel.iopub.makeRoom(o.kernel.ctx)
}

// publish sends, repaired if need be: output is never silently lost.
func (o *output) publish(msgType string, content any) {
	err := o.kernel.iopub.publish(msgType, o.req.msg.RawHeader, content)
	if err == nil {
		return
	}
	o.kernel.log.printf("iopub: %v", err)
	if d, ok := content.(displayContent); ok {
		d.Data, d.Metadata = encodable(d.Data), map[string]any{}
		if err := o.kernel.iopub.publish(msgType, o.req.msg.RawHeader, d); err != nil {
			o.kernel.log.printf("iopub: %v", err)
		}
	}
}

// flush sends the text that waits.
func (o *output) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sendText(true)
}

// Input implements Sink.
func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if !o.stdin {
		return "", ErrNoStdin
	}
	o.flush()
	return o.kernel.prompter.ask(ctx, o.req, prompt, password)
}
