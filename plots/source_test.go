package plots

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

const threeLines = "a\n\tb\nc\td\n"

func TestSourceBadInput(t *testing.T) {
	nan := math.NaN()
	one := map[int]int{1: 1}
	for name, c := range map[string]struct {
		source Source
		want   string
	}{
		"no code":       {Source{Code: " \n", Values: one}, "source: Code is empty"},
		"much code":     {Source{Code: strings.Repeat("x\n", maxCode), Values: one}, "source: Code has 2.1 MB; at most 1.05 MB are shown"},
		"many lines":    {Source{Code: "x" + strings.Repeat("\n", 100_001), Values: one}, "source: Code has 100,001 lines; at most 100,000 are shown"},
		"first":         {Source{Code: threeLines, First: -2, Values: one}, "source: First is -2, which is no line number"},
		"nothing":       {Source{Code: threeLines}, "source: it has neither Values nor Columns"},
		"both":          {Source{Code: threeLines, Values: one, Columns: []Column{{Values: one}}}, "source: Values and Columns are both given; Values is short for one column"},
		"outside":       {Source{Code: threeLines, First: 10, Label: "Time", Values: map[int]int{11: 1, 13: 2}}, `source: column "Time": line 13 is outside the code, which has lines 10 to 12`},
		"before":        {Source{Code: threeLines, First: 10, Values: one}, `source: column 1: line 1 is outside the code, which has lines 10 to 12`},
		"lengths":       {Source{Code: threeLines, Columns: []Column{{Label: "Hits", Values: []int{1, 2}}}}, `source: column "Hits": it has 2 values and the code has 3 lines; Lines may say which they belong to`},
		"lines":         {Source{Code: threeLines, Values: []int{1, 2}, Lines: []int{1}}, `source: column 1: it has 2 values and Lines has 1 numbers`},
		"twice":         {Source{Code: threeLines, Values: []int{1, 2}, Lines: []int{2, 2}}, `source: column 1: line 2 comes twice`},
		"half a line":   {Source{Code: threeLines, Values: map[float64]int{1.5: 1}}, `source: column 1: 1.5 is no line number`},
		"nan line":      {Source{Code: threeLines, Values: map[float64]int{nan: 1}}, `source: column 1: NaN is no line number`},
		"names":         {Source{Code: threeLines, Values: map[string]int{"a": 1}}, "source: column 1: Values is map[string]int; the keys must be line numbers"},
		"named values":  {Source{Code: threeLines, Values: map[int]string{1: "a"}}, "source: column 1: Values holds names, which are no numbers"},
		"empty":         {Source{Code: threeLines, Values: map[int]int{}}, "source: column 1: it has no values"},
		"all nan":       {Source{Code: threeLines, Values: map[int]float64{1: nan, 2: math.Inf(1)}}, "source: column 1: all of its 2 values are NaN or infinite"},
		"unit":          {Source{Code: threeLines, Values: map[int]time.Duration{1: 1}, Unit: "ms"}, `source: column 1: durations are shown in seconds, but Unit is "ms"`},
		"same label":    {Source{Code: threeLines, Columns: []Column{{Label: "a", Values: one}, {Label: "a", Values: one}}}, `source: two columns are called "a"`},
		"heat":          {Source{Code: threeLines, Label: "a", Values: one, Heat: "b"}, `source: Heat is "b"; the columns are "a"`},
		"negative part": {Source{Code: threeLines, Unit: "B", Values: map[int]int{1: -1}}, `source: column "Bytes": it has the value -1, and values below zero have no share`},
		"huge sum":      {Source{Code: threeLines, Unit: "B", Values: map[int]float64{1: 1e308, 2: 1e308}}, `source: column "Bytes": the sum of its values is too large`},
		"details":       {Source{Code: threeLines, Values: one, Details: map[int]string{4: "x"}}, "source: Details: line 4 is outside the code, which has lines 1 to 3"},
		"field":         {Source{Code: threeLines, Data: trials(), Lines: "N", Values: "Tok"}, "source: column 1: Values plots.trial has no field Tok"},
		"size":          {Source{Code: threeLines, Values: one, Height: 99}, "source: Height is 99 inches"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.source.Encode()
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestSourceForms(t *testing.T) {
	type row struct {
		At   int
		Took time.Duration
	}
	ms := time.Millisecond
	for name, s := range map[string]Source{
		"map":      {Values: map[int]time.Duration{2: 3 * ms, 1: ms}},
		"any keys": {Values: map[uint8]time.Duration{2: 3 * ms, 1: ms}},
		"lines":    {Values: []time.Duration{3 * ms, ms}, Lines: []int{2, 1}},
		"all":      {Values: []any{ms, 3 * ms, math.NaN()}, Notes: nil},
		"fields":   {Data: []row{{1, ms}, {2, 3 * ms}}, Lines: "At", Values: "Took"},
		"column":   {Columns: []Column{{Values: map[int]time.Duration{2: 3 * ms, 1: ms}, Share: true}}},
		"seconds":  {Columns: []Column{{Label: "Time", Unit: "s", Values: map[int]float64{2: 0.003, 1: 0.001}, Share: true}}},
	} {
		s.Code = threeLines
		d, err := s.Encode()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := fmt.Sprint(d.Source.Lines, d.Source.Columns)
		want := "[a     b c   d] [{Time s [0.001 0.003 NaN] 0.004} {% Time % [25 75 NaN] 100}]"
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if raw, err := json.Marshal(d); err != nil || !strings.Contains(string(raw), "null") {
			t.Errorf("%s: %s %v", name, raw, err)
		}
	}
}

func TestSourceHeatColumn(t *testing.T) {
	one := map[int]int{1: 1}
	columns := []Column{{Label: "Hits", Values: one}, {Label: "Share", Unit: "%", Values: one}, {Label: "Time", Unit: "s", Values: one}}
	for heat, want := range map[string]int{"": 1, "Hits": 0, "Time": 2} {
		d, err := Source{Code: "x", Columns: columns, Heat: heat}.Encode()
		if err != nil || d.Source.Heat != want {
			t.Errorf("%q: column %d, %v", heat, d.Source.Heat, err)
		}
	}
}

func TestSourceHidesColdLines(t *testing.T) {
	code := strings.Repeat("x\n", 300)
	at := func(lines ...int) map[int]int {
		m := map[int]int{}
		for _, l := range lines {
			m[l] = l
		}
		return m
	}
	every := func(n int) map[int]int {
		m := map[int]int{}
		for i := n; i <= 300; i += n {
			m[i] = i
		}
		return m
	}
	for name, c := range map[string]struct {
		source Source
		rows   string
		note   string
	}{
		"short": {Source{Code: strings.Repeat("x\n", longCode), Values: at(5)}, "", ""},
		"long":  {Source{Code: code, Values: at(5, 9, 17, 299)}, "[0 1 2 3 4 5 6 7 8 9 10 -3 14 15 16 17 18 -277 296 297 298 299]", "280 of 300 lines have no values and are hidden"},
		"runs":  {Source{Code: code, Values: at(1, 8)}, "[0 1 2 3 4 5 6 7 8 9 -290]", "290 of 300 lines have no values and are hidden"},
		"many":  {Source{Code: code, Values: every(1)}, "", "of 300 lines with values, the 197 with the highest Value are shown; 101 of 300 lines are hidden"},
		"low":   {Source{Code: code, Values: every(10), Height: 3}, "[-287 287 288 289 290 291 -5 297 298 299]", "of 30 lines with values, the 2 with the highest Value are shown; 292 of 300 lines are hidden"},
		"zero":  {Source{Code: code, Values: map[int]int{7: 0}}, "", "101 lines after the first 199 are hidden"},
	} {
		d, err := c.source.Encode()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		rows := fmt.Sprint(d.Source.Rows())
		if c.rows != "" && rows != c.rows || c.note != "" && strings.Join(d.Notes, "; ") != c.note || c.rows == "" && c.note == "" && len(d.Notes) > 0 {
			t.Errorf("%s: rows %s, notes %q, %v inches", name, rows, d.Notes, d.Height)
		}
	}
}

func TestSourceText(t *testing.T) {
	hits := map[int]int{1: 1, 2: 1001, 3: 123456789}
	times := map[int]time.Duration{2: 61 * time.Microsecond, 3: 4811 * time.Microsecond}
	got := Source{Code: "func f() {\n\tfor x := range 1000 {\n\t\tg(x)\n\t}\n}\n", Columns: []Column{
		{Label: "Hits", Values: hits}, {Label: "Time", Values: times, Share: true}, {Label: "Change", Values: map[int]float64{2: -1.25, 3: 0}}}}.String()
	want := `
5 lines, 1 to 5, Time 4.87 ms in all; the highest Time: line 3 4.81 ms (98.7%), line 2 61 µs (1.25%)
  Line   Hits     Time  % Time  Change    Code
==============================================
     1      1                             func f() {
     2  1,001    61 µs    1.3%   -1.25  ░     for x := range 1000 {
     3   123M  4.81 ms   98.7%       0  █         g(x)
     4                                        }
     5                                    }
   sum         4.87 ms  100.0%`[1:]
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	d, err := Source{Code: "x", Title: "f", Values: []int{3}}.Encode()
	if err != nil || d.Alt != "f; 1 line, 1 to 1; the highest Value: line 1 3" {
		t.Errorf("alt %q, %v", d.Alt, err)
	}
}
