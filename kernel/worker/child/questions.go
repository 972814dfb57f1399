package child

import (
	"errors"
	"sync"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
)

// questions are those of display.Input that wait for their answers. Who asked
// waits on his own goroutine; serve brings the answer.
type questions struct {
	mu      sync.Mutex
	last    int
	waiting map[int]chan frame.Answer
}

var errBrokenOff = errors.New("the question was broken off: the cell was interrupted or has ended")

// ask asks the user by way of the kernel.
func (w *worker) ask(prompt string, password bool) (string, error) {
	answer := make(chan frame.Answer, 1)
	q := &w.questions
	q.mu.Lock()
	q.last++
	id := q.last
	if q.waiting == nil {
		q.waiting = map[int]chan frame.Answer{}
	}
	q.waiting[id] = answer
	q.mu.Unlock()
	if err := w.conn.send(frame.KindQuestion, frame.Question{ID: id, Prompt: prompt, Password: password}); err != nil {
		q.take(id)
		return "", err
	}
	switch a := <-answer; a.Why {
	case "":
		return a.Text, nil
	case frame.Nobody:
		return "", display.ErrNoInput
	default:
		w.stopAsking()
		return "", errBrokenOff
	}
}

// stopAsking ends the cell here if it is its own goroutine that asked and an
// interrupt that broke the question off. The trap hits only code of the cells, and
// so a cell may do something with an answer that it hasn't got, before it is hit.
func (w *worker) stopAsking() {
	if w.trap == nil {
		return
	}
	self := w.trap.Self()
	w.mu.Lock()
	r := w.running
	hit := r != nil && r.chased && r.self == self
	if hit {
		r.hits++
	}
	w.mu.Unlock()
	if hit {
		panic(errBrokenOff)
	}
}

// take removes a question.
func (q *questions) take(id int) chan frame.Answer {
	q.mu.Lock()
	defer q.mu.Unlock()
	answer := q.waiting[id]
	delete(q.waiting, id)
	return answer
}

// answered brings an answer to who waits for it.
func (q *questions) answered(a frame.Answer) {
	if answer := q.take(a.ID); answer != nil {
		answer <- a
	}
}
