package anomaly

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"strconv"
)

// ReadCSV yields the rows of lines "seconds,value", one after the other: a file of
// whatever length takes as much memory as its longest line. Empty lines are passed
// over. What can't be read is an error with the number of its line, after which the
// sequence ends.
func ReadCSV(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		lines := bufio.NewScanner(r)
		n := 0
		for lines.Scan() {
			n++
			line := bytes.TrimSpace(lines.Bytes())
			if len(line) == 0 {
				continue
			}
			row, err := parse(line)
			if err != nil {
				yield(Row{}, fmt.Errorf("line %d: %w", n, err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Row{}, fmt.Errorf("line %d: %w", n+1, err))
		}
	}
}

func parse(line []byte) (Row, error) {
	seconds, value, found := bytes.Cut(line, []byte{','})
	if !found {
		return Row{}, fmt.Errorf("%q has no comma: it is seconds,value", line)
	}
	unix, err := strconv.ParseInt(string(bytes.TrimSpace(seconds)), 10, 64)
	if err != nil {
		return Row{}, fmt.Errorf("seconds: %w", err)
	}
	x, err := strconv.ParseFloat(string(bytes.TrimSpace(value)), 64)
	if err != nil {
		return Row{}, fmt.Errorf("value: %w", err)
	}
	return Row{unix, x}, nil
}

// WriteCSV writes rows as ReadCSV reads them, with as many digits as tell each value
// from its neighbours.
func WriteCSV(w io.Writer, rows iter.Seq[Row]) error {
	out := bufio.NewWriter(w)
	var line []byte
	for r := range rows {
		line = strconv.AppendInt(line[:0], r.Unix, 10)
		line = append(line, ',')
		line = strconv.AppendFloat(line, r.Value, 'g', -1, 64)
		if _, err := out.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("write row %d: %w", r.Unix, err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

// Rows is what a sequence of rows or errors becomes for those who know no errors: it
// ends with the first error, which *err is then.
func Rows(seq iter.Seq2[Row, error], err *error) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for r, e := range seq {
			if e != nil {
				*err = e
				return
			}
			if !yield(r) {
				return
			}
		}
	}
}
