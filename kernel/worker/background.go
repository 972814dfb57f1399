package worker

import "hpgo/kernel/display"

const (
	// keptText and keptItems bound what is kept for the next cell.
	keptText  = 1 << 20
	keptItems = 1000
)

// background receives what comes between calls: it hands it to a sink of its
// own, if there is one, or keeps it for the next call's. It is part of the
// pump.
type background struct {
	sinkOrNil Sink
	kept      []func(Sink)
}

// limit returns the limit of text between two calls.
func (b *background) limit(perCell int64) int64 {
	if b.sinkOrNil != nil || perCell >= 0 && perCell < keptText {
		return perCell
	}
	return keptText
}

// Stream passes text on or keeps it.
func (b *background) Stream(name, text string) {
	b.pass(func(s Sink) { s.Stream(name, text) })
}

// Display passes an event on or keeps it.
func (b *background) Display(e display.Event) {
	b.pass(func(s Sink) { s.Display(e) })
}

// Panic passes a report on or keeps it.
func (b *background) Panic(p *Panic) {
	b.pass(func(s Sink) { s.Panic(p) })
}

func (b *background) pass(give func(Sink)) {
	if b.sinkOrNil != nil {
		give(b.sinkOrNil)
		return
	}
	if len(b.kept) == keptItems {
		b.kept = append(b.kept[:0], b.kept[1:]...)
	}
	b.kept = append(b.kept, give)
}

// deliver gives the kept output to a sink.
func (b *background) deliver(s Sink) {
	for _, give := range b.kept {
		give(s)
	}
	b.kept = nil
}

// setBackground changes the sink between calls.
func (p *pump) setBackground(s Sink) {
	p.between.sinkOrNil = s
	if p.call == nil {
		p.text.limit = p.between.limit(p.w.opts.OutputLimit)
		if s != nil {
			p.between.deliver(s)
		}
	}
}
