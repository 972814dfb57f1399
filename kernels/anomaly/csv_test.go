package anomaly

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
)

// What is written is read back, to the last bit, and tested alike.
func TestCSV(t *testing.T) {
	s := Stream{Start: 3*secondsADay - 500, Rows: 2000}
	var text bytes.Buffer
	if err := WriteCSV(&text, s.Lazily()); err != nil {
		t.Fatal(err)
	}
	var err error
	got := slices.Collect(Daily(Rows(ReadCSV(&text), &err)))
	if want := Plain(s); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; not %v", got, err, want)
	}
}

func TestReadCSV(t *testing.T) {
	for text, want := range map[string]struct {
		rows int
		err  string
	}{
		"":                                    {},
		"1,2":                                 {rows: 1},
		"1,2\r\n\n -5 , 3 ":                   {rows: 2},
		"1,NaN\n2,-Inf\n":                     {rows: 2},
		"1,2\nx,3\n4,5":                       {rows: 1, err: "line 2: seconds: "},
		"1,2\n\n3;4":                          {rows: 1, err: `line 3: "3;4" has no comma`},
		"1,":                                  {err: "line 1: value: "},
		"1,2,3":                               {err: "line 1: value: "},
		"1,2\n" + strings.Repeat("9", 70_000): {rows: 1, err: "line 2: bufio.Scanner: token too long"},
	} {
		var err error
		rows := slices.Collect(Rows(ReadCSV(strings.NewReader(text)), &err))
		if len(rows) != want.rows || (err == nil) != (want.err == "") || err != nil && !strings.HasPrefix(err.Error(), want.err) {
			t.Errorf("%.20q: %v, %v", text, rows, err)
		}
		for range ReadCSV(strings.NewReader(text)) {
			break // nothing comes after a loop that breaks
		}
	}
	if _, err := parse([]byte("1,NaN")); err != nil {
		t.Error(err)
	}
}

// full is a file on a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteCSV(t *testing.T) {
	for _, n := range []int{1, 10_000} {
		s := Stream{Rows: n, Given: slices.Repeat([]float64{math.Pi}, n)}
		if err := WriteCSV(full{}, s.Lazily()); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%d rows on a full disk: %v", n, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{"1,2", "-9223372036854775808,1e308", "1,", ",", "1,0x1p-2", "\xff,\x00"} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := parse(line)
		if err != nil {
			return
		}
		var text bytes.Buffer
		if err := WriteCSV(&text, slices.Values([]Row{row})); err != nil {
			t.Fatal(err)
		}
		again, err := parse(bytes.TrimSpace(text.Bytes()))
		if err != nil || again.Unix != row.Unix || again.Value != row.Value && !math.IsNaN(row.Value) {
			t.Errorf("%q is %v, then %v, %v", line, row, again, err)
		}
	})
}
