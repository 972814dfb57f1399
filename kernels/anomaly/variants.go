package anomaly

import (
	"iter"
	"slices"

	"hpgo/kernels"
	"hpgo/kernels/schedule"
	"hpgo/kernels/sequence/adapter"
)

// fill writes the values of the rows from first on.
func (s Stream) fill(values []float64, first int) {
	if s.Given != nil {
		copy(values, s.Given[first:])
		return
	}
	for k := range values {
		values[k] = Value(first + k)
	}
}

// everything has all rows in memory before it looks at the first.
func everything(s Stream) []Day {
	rows := make([]Row, s.Rows)
	for i := range rows {
		rows[i] = Row{s.Start + int64(i), s.at(i)}
	}
	var days []Day
	for len(rows) > 0 {
		number, n := rows[0].Day(), 0
		for n < len(rows) && rows[n].Day() == number {
			n++
		}
		values := make([]float64, n)
		for k := range values {
			values[k] = rows[k].Value
		}
		days = append(days, Day{number, n, K2(values)})
		rows = rows[n:]
	}
	return days
}

// dayMoments takes the moments of the rows from first to end-1, which are one day's.
// The buffer has room for a day, or for the whole stream where that is shorter.
type dayMoments func(s Stream, first int, buffer []float64, end int) moments

// perDay makes one day after the other with a function that has no state but its
// buffer.
func perDay(moments dayMoments) func(Stream) []Day {
	return func(s Stream) []Day {
		days := make([]Day, s.days())
		s.testDays(days, 0, len(days), moments)
		return days
	}
}

// onAll makes days on all CPUs, each goroutine with a buffer of its own.
func onAll(moments dayMoments) func(Stream) []Day {
	return func(s Stream) []Day {
		days := make([]Day, s.days())
		schedule.Dynamic(len(days), kernels.Workers(), daysAtOnce, func(lo, hi int) {
			s.testDays(days, lo, hi, moments)
		})
		return days
	}
}

// daysAtOnce is how many days are handed out at a time: a buffer serves them all.
const daysAtOnce = 4

// days is how many days the stream touches.
func (s Stream) days() int {
	if s.Rows == 0 {
		return 0
	}
	return int(dayOf(s.Start+int64(s.Rows)-1)-dayOf(s.Start)) + 1
}

// testDays fills days lo to hi-1.
func (s Stream) testDays(days []Day, lo, hi int, moments dayMoments) {
	buffer := make([]float64, min(s.Rows, secondsADay))
	for d := lo; d < hi; d++ {
		number := dayOf(s.Start) + int64(d)
		first := max(int(number*secondsADay-s.Start), 0)
		end := s.endOfDay(first)
		days[d] = Day{number, end - first, moments(s, first, buffer, end).k2()}
	}
}

// wholeDay has the day's values in a buffer that was there.
func wholeDay(s Stream, first int, buffer []float64, end int) moments {
	values := buffer[:end-first]
	s.fill(values, first)
	return momentsOf(values)
}

// blockLength is 4 KiB of values, which stay in the smallest cache.
const blockLength = 512

// inBlocks has a block of values at a time, whose moments are put together.
func inBlocks(s Stream, first int, buffer []float64, end int) moments {
	var day moments
	for ; first < end; first += blockLength {
		values := buffer[:min(blockLength, end-first)]
		s.fill(values, first)
		day.merge(momentsOf(values))
	}
	return day
}

// online has one value at a time.
func online(s Stream, first int, _ []float64, end int) moments {
	var o Online
	for i := first; i < end; i++ {
		o.Add(s.at(i))
	}
	return o.m
}

// pipelined is the chapter's chain: rows, groups by day, tests.
func pipelined(s Stream) []Day { return slices.Collect(Daily(s.Lazily())) }

// pipelinedOnline is a chain that has no day in memory.
func pipelinedOnline(s Stream) []Day {
	var days []Day
	var o Online
	current := int64(0)
	for r := range s.Lazily() {
		if day := r.Day(); day != current {
			days = appendDay(days, current, &o)
			current, o = day, Online{}
		}
		o.Add(r.Value)
	}
	return appendDay(days, current, &o)
}

func appendDay(days []Day, number int64, o *Online) []Day {
	if o.Rows() == 0 {
		return days
	}
	return append(days, Day{number, o.Rows(), o.K2()})
}

// pulled asks for row after row, as Python's next does.
func pulled(s Stream) []Day {
	next, stop := iter.Pull(s.Lazily())
	defer stop()
	var days []Day
	var values []float64
	r, more := next()
	for more {
		number := r.Day()
		for values = values[:0]; more && r.Day() == number; r, more = next() {
			values = append(values, r.Value)
		}
		days = append(days, Day{number, len(values), K2(values)})
	}
	return days
}

// First returns up to n anomalous days of a stream, and how many rows were made to
// find them: the chain asks for no more.
func First(s Stream, n int) (days []Day, rows int) {
	counted := adapter.Map(s.Lazily(), func(r Row) Row {
		rows++
		return r
	})
	days = slices.Collect(adapter.Take(adapter.Filter(Daily(counted), Day.Anomalous), n))
	return days, rows
}
