package machine

import (
	"hpgo/magics/magic"
	"hpgo/magics/result"
	"hpgo/plots"
)

// cellTexts are the texts of the session's cells, by their files.
func cellTexts(h magic.Host) map[string]string {
	texts := map[string]string{}
	for _, past := range h.Inputs() {
		texts[cellFile(past.Cell)] = past.Text
	}
	n, _ := h.At()
	texts[cellFile(n)] = h.CellText()
	return texts
}

func cellFile(n int) string { return "cell " + decimal(n) }

// heat is the source of the cell that executed most, with what a model counted on its
// lines; nil: no cell did.
func heat(s *result.PerfSimulated, texts map[string]string) *plots.Source {
	sums := map[string]int64{}
	hottest := ""
	for _, l := range s.Lines {
		if sums[l.File] += l.Instructions; hottest == "" || sums[l.File] > sums[hottest] {
			hottest = l.File
		}
	}
	text, ok := texts[hottest]
	if !ok {
		return nil
	}
	columns := []struct {
		label string
		of    func(result.PerfCost) int64
	}{
		{"Instructions", func(c result.PerfCost) int64 { return c.Instructions }},
		{"D1 misses", func(c result.PerfCost) int64 { return c.D1Misses }},
		{"Mispredicted", func(c result.PerfCost) int64 { return c.Mispredicted }},
	}
	picture := &plots.Source{Title: "What the lines of " + hottest + " execute, simulated", Code: text}
	for i, col := range columns {
		values, any := map[int]float64{}, false
		for _, l := range s.Lines {
			if l.File == hottest {
				values[l.Line] += float64(col.of(l))
				any = any || col.of(l) > 0
			}
		}
		if any {
			picture.Columns = append(picture.Columns, plots.Column{Label: col.label, Values: values, Share: i == 0})
		}
	}
	if len(picture.Columns) == 0 {
		return nil
	}
	picture.Heat = picture.Columns[0].Label
	return picture
}
