package sequence

import "sync"

// producer is a goroutine that sends the items 0 to n-1, or pieces of them, and ends
// when it has sent all, or when it is told to. It starts one goroutine, send.
type producer[T any] struct {
	items chan T
	quit  chan struct{}
	ended sync.WaitGroup
	made  int // items that it has made; to be read after stop
}

// produce starts the goroutine. send calls put with what is to be sent, until that is
// false.
func produce[T any](buffer int, send func(p *producer[T])) *producer[T] {
	p := &producer[T]{items: make(chan T, buffer), quit: make(chan struct{})}
	p.ended.Go(func() {
		defer close(p.items)
		send(p)
	})
	return p
}

// put sends; false: nobody wants any more.
func (p *producer[T]) put(v T) bool {
	select {
	case p.items <- v:
		return true
	case <-p.quit:
		return false
	}
}

// stop ends the goroutine and waits for its end: one that is left alone stays blocked
// at its channel for as long as the program runs.
func (p *producer[T]) stop() {
	close(p.quit)
	p.ended.Wait()
}

// channelled has a goroutine make the items, one at a time.
func channelled(buffer int) func(Items) Result {
	return func(in Items) Result {
		p := produce(buffer, func(p *producer[int]) {
			for v := range in.N {
				p.made++
				if !p.put(v) {
					return
				}
			}
		})
		sum := 0
		for v := range p.items {
			if v >= in.Stop {
				break
			}
			sum += v
		}
		p.stop()
		return Result{sum, p.made}
	}
}

// piece is how many items go over the channel at a time.
const piece = 1024

// inPieces has a goroutine make the items and hand them over in pieces. Two pieces of
// memory go to and fro.
func inPieces(in Items) Result {
	free := make(chan []int, 2)
	free <- make([]int, 0, piece)
	free <- make([]int, 0, piece)
	p := produce(1, func(p *producer[[]int]) {
		for v := 0; v < in.N; {
			var items []int
			select {
			case items = <-free:
			case <-p.quit:
				return
			}
			items = items[:min(piece, in.N-v)]
			for i := range items {
				items[i] = v
				v++
			}
			p.made = v
			if !p.put(items) {
				return
			}
		}
	})
	sum := 0
	for items := range p.items {
		part := ofSlice(items, in.Stop)
		sum += part.Sum
		if items[len(items)-1] >= in.Stop {
			break
		}
		free <- items
	}
	p.stop()
	return Result{sum, p.made}
}
