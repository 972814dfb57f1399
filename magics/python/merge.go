package python

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// The streams of text.
const (
	stdout = iota
	stderr
)

var streamNames = [...]string{"stdout", "stderr"}

// holdText bounds the text of one stream that waits to be shown; a process that
// prints more has to wait itself.
const holdText = 1 << 20

// event is a line of the pipe of events.
type event struct {
	Op       string         `json:"op"`
	Text     string         `json:"text"`
	Wait     bool           `json:"wait"`
	Password bool           `json:"password"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
	Error    *Exception     `json:"error"`
	Types    []string       `json:"types"`
	File     string         `json:"file"`
	Missing  []string       `json:"missing"`
	Version  string         `json:"version"`
	Exe      string         `json:"executable"`
}

// piece is text of one stream, or an event.
type piece struct {
	stream int
	text   string
	event  *event
}

// merge puts the three pipes in order. Their readers put in what comes; next
// takes it out.
type merge struct {
	token string // of the marks

	mu    sync.Mutex
	wake  *sync.Cond    // room for text, or the end
	news  chan struct{} // something may be ready; one is enough
	epoch int
	lanes [2]lane
	// events that have come, in order; due are the epochs that begin with one.
	events []*event
	due    map[int]bool
	free   bool // the process has ended: text doesn't wait for room
	over   bool // all it wrote has been read: order is as it may be
}

// lane is one stream's text that waits.
type lane struct {
	chunks []chunk
	size   int
	epoch  int    // of what comes next
	rest   []byte // an unfinished mark or rune
}

// chunk is text of one epoch.
type chunk struct {
	epoch int
	text  string
}

func newMerge(token string) *merge {
	m := &merge{token: token, news: make(chan struct{}, 1), due: map[int]bool{}}
	m.wake = sync.NewCond(&m.mu)
	return m
}

// announce tells the consumer that something has come.
func (m *merge) announce() {
	select {
	case m.news <- struct{}{}:
	default:
	}
}

// addEvent takes an event.
func (m *merge) addEvent(e *event) {
	m.mu.Lock()
	m.events = append(m.events, e)
	m.mu.Unlock()
	m.announce()
}

// addText takes what a stream's pipe gave. It blocks while too much waits.
func (m *merge) addText(stream int, data []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.announce()
	l := &m.lanes[stream]
	data = append(l.rest, data...)
	l.rest = nil
	begin := []byte("\x00" + m.token)
	for len(data) > 0 {
		i := bytes.Index(data, begin)
		if i < 0 {
			keep := max(partOf(data, begin), cutRune(data))
			m.put(l, data[:len(data)-keep])
			l.rest = append([]byte(nil), data[len(data)-keep:]...)
			break
		}
		m.put(l, data[:i])
		end := bytes.IndexByte(data[i+1:], 0)
		if end < 0 {
			l.rest = append([]byte(nil), data[i:]...)
			break
		}
		m.mark(l, string(data[i+len(begin):i+1+end]))
		data = data[i+1+end+1:]
	}
	for l.size > holdText && !m.free {
		m.announce()
		m.wake.Wait()
	}
}

// put adds text to a lane. A mark may cut a rune of what a child process
// prints: both halves become replacement characters.
func (m *merge) put(l *lane, data []byte) {
	if len(data) == 0 {
		return
	}
	text := strings.ToValidUTF8(string(data), "\uFFFD")
	l.chunks = append(l.chunks, chunk{l.epoch, text})
	l.size += len(text)
}

// mark begins an epoch of a lane: "e12" is followed by an event, "s12" isn't.
func (m *merge) mark(l *lane, text string) {
	if len(text) < 2 {
		return
	}
	n, err := strconv.Atoi(text[1:])
	if err != nil {
		return
	}
	l.epoch = n
	if text[0] == 'e' && n > m.epoch {
		m.due[n] = true
	}
}

// partOf is the length of the longest end of data that begins what is looked for.
func partOf(data, what []byte) int {
	for n := min(len(data), len(what)-1); n > 0; n-- {
		if bytes.HasPrefix(what, data[len(data)-n:]) {
			return n
		}
	}
	return 0
}

// cutRune is the length of an incomplete rune at the end of data.
func cutRune(data []byte) int {
	for i := 1; i <= min(len(data), utf8.UTFMax-1); i++ {
		if tail := data[len(data)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return i
			}
			return 0
		}
	}
	return 0
}

// release lets the readers read on to the end.
func (m *merge) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.free = true
	m.wake.Broadcast()
}

// end releases everything: the process is gone and its pipes are read.
func (m *merge) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.lanes {
		l := &m.lanes[i]
		if !bytes.HasPrefix(l.rest, []byte{0}) {
			m.put(l, l.rest)
		}
		l.rest = nil
	}
	m.over = true
	m.announce()
}

// next returns the next piece that is ready to be shown, false when there is none yet.
func (m *merge) next() (piece, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		if m.due[m.epoch] { // the epoch begins with an event
			if len(m.events) == 0 && !m.over {
				return piece{}, false
			}
			delete(m.due, m.epoch)
			if e, ok := m.takeEvent(); ok {
				return piece{event: e}, true
			}
		}
		for i := range m.lanes {
			if text := m.takeText(&m.lanes[i]); text != "" {
				m.wake.Broadcast()
				return piece{stream: i, text: text}, true
			}
		}
		if !m.over && min(m.lanes[stdout].epoch, m.lanes[stderr].epoch) <= m.epoch {
			return piece{}, false
		}
		if m.over && m.epoch >= max(m.lanes[stdout].epoch, m.lanes[stderr].epoch) {
			e, ok := m.takeEvent()
			return piece{event: e}, ok
		}
		m.epoch++
	}
}

func (m *merge) takeEvent() (*event, bool) {
	if len(m.events) == 0 {
		return nil, false
	}
	e := m.events[0]
	m.events = m.events[1:]
	return e, true
}

// takeText takes the text of the epoch that stands in a lane.
func (m *merge) takeText(l *lane) string {
	var text strings.Builder
	for len(l.chunks) > 0 && l.chunks[0].epoch <= m.epoch {
		text.WriteString(l.chunks[0].text)
		l.chunks = l.chunks[1:]
	}
	l.size -= text.Len()
	return text.String()
}
