package anomaly

import (
	"iter"
	"math"

	"hpgo/kernels/sequence/adapter"
)

// Row is one line of a stream.
type Row struct {
	Unix  int64 // seconds
	Value float64
}

// Day is the number of the row's UTC day.
func (r Row) Day() int64 { return dayOf(r.Unix) }

// Lazily yields the stream's rows, which are made when they are asked for.
func (s Stream) Lazily() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for i := range s.Rows {
			if !yield(Row{s.Start + int64(i), s.at(i)}) {
				return
			}
		}
	}
}

// Daily tests day after day of rows that come in the order of their times, of whatever
// source; times may have gaps. One day's values are in memory at a time.
func Daily(rows iter.Seq[Row]) iter.Seq[Day] {
	return func(yield func(Day) bool) {
		var values []float64
		for number, rows := range adapter.GroupBy(rows, Row.Day) {
			values = values[:0]
			for _, r := range rows {
				values = append(values, r.Value)
			}
			if !yield(Day{number, len(values), K2(values)}) {
				return
			}
		}
	}
}

// Anomalous tells whether the day's values would come from a normal distribution less
// often than once in a thousand times.
func (d Day) Anomalous() bool { return d.P() < 1e-3 }

// P is the probability of a K² as large as the day's, or larger, for normal values;
// NaN if the day can't be tested.
func (d Day) P() float64 { return math.Exp(-d.K2 / 2) }
