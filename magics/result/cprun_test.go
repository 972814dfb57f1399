package result

import "testing"

// TestCprunText: shares are of all functions together; what a line hasn't is blank.
func TestCprunText(t *testing.T) {
	r := Cprun{Whole: CprunTime{Go: 0.5, Malloc: 0.15, Copy: 0.1, Wait: 0.25}, Elapsed: 2, Peak: 3 << 20, RSS: []float64{1, 2, 3}, Runs: []string{"merged:", "  hits: counted"},
		Functions: []CprunFunction{{Name: "f", File: "cell 1", First: 1, Lines: []CprunLine{
			{Line: 1, Text: "func f() {"}, {Line: 2, Text: "\tx := g()", Hits: 1000, Time: CprunTime{Go: 0.5, Malloc: 0.15, Copy: 0.1}, Bytes: 2048, Objects: 2, Live: 1024}, {Line: 3, Text: "\t<-c", Hits: 1, Time: CprunTime{Wait: 0.25}}, {Line: 4, Text: "}"}}}}}
	const want = `time in the functions: 1 s of 2 s for a run · memory at most 3 MiB ▁▄█

File: cell 1
Function: f at line 1

  Line     Go runtime  copy   cgo  kernel   wait      Alloc       Live       Hits  Source
=========================================================================================
     1                                                                             func f() {
     2    50%     25%   10%                           2 KiB      1 KiB      1,000  	x := g()
     3                                       25%                                1  	<-c
     4                                                                             }

merged:
  hits: counted`
	if got := r.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := r.Whole.Split(1); got != "malloc 15 %, copying 10 %" {
		t.Errorf("split: %s", got)
	}
	if (Cprun{}).String() == "" || spark([]float64{5, 5}) != "▁▁" || spark(nil) != "" {
		t.Error("nothing measured")
	}
}
