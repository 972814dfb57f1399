package session

import (
	"reflect"
	"testing"

	"hpgo/magics/result"
)

func TestPlainRemarks(t *testing.T) {
	at := func(kind, fn, what string) result.Remark {
		return result.Remark{Kind: kind, File: "cell 1", Line: 2, Col: 6, Func: fn, What: what}
	}
	got := plainRemarks([]result.Remark{
		at(result.RemarkCanInline, "Map[int,string]", ""),
		at(result.RemarkCanInline, "Map[go.shape.int,go.shape.string]", ""),
		at(result.RemarkInlined, "", "Map[go.shape.int,go.shape.string]"),
		{Kind: result.RemarkEscape, File: "cell 1", Line: 3, Col: 9, Func: "HpgoCell", What: "&Pʹ2{...}"},
		at(result.RemarkCanInline, "HpgoCell.deferwrap1", ""),
		{Kind: result.RemarkInlined, What: "HpgoCell.func1"},
		{Kind: result.RemarkInlined, What: "MyHpgoCells"},
	})
	want := []result.Remark{
		at(result.RemarkCanInline, "Map[int,string]", ""),
		{Kind: result.RemarkEscape, File: "cell 1", Line: 3, Col: 9, Func: "<cell>", What: "&P{...}"},
		{Kind: result.RemarkInlined, What: "<cell>.func1"},
		{Kind: result.RemarkInlined, What: "MyHpgoCells"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}
