package harness

import (
	"slices"
	"testing"
	"time"

	"hpgo/magics/prof"
)

func TestRecorder(t *testing.T) {
	needMarks(t)
	r := NewRecorder(`{"interval":0.001}`)
	outside := prof.Start("began before")
	r.Start()
	prof.Region("fill", func() {
		prof.Region("touch", touch)
		time.Sleep(5 * time.Millisecond)
	})
	open := prof.Start("open")
	got := r.finish()
	open.End()
	outside.End()
	var names []string
	for _, region := range got.Regions {
		names = append(names, region.Name)
		if region.From < 0 || region.To < region.From || region.To > got.Seconds+0.001 || region.RSSTo == 0 {
			t.Errorf("%+v", region)
		}
	}
	if !slices.Equal(names, []string{"began before", "fill", "touch", "open"}) || got.Regions[2].Depth != 2 || !got.Regions[3].Open || got.Regions[1].Open {
		t.Errorf("%+v", got.Regions)
	}
	if rise := got.Peak - got.Baseline; got.Method != "VmHWM" || rise < 47*mib || rise > 50*mib || got.Objects == 0 {
		t.Errorf("rise %d, %+v", rise, got.Objects)
	}
	if n := len(got.Samples); n < 5 || got.Readings < n || got.Gap <= 0 || got.Start < 1e9 {
		t.Errorf("%d samples, %+v", n, got.Readings)
	}
}

// What the recorder itself allocates isn't the code's: %mprof says what %memit does.
func TestRecorderCountsTheCode(t *testing.T) {
	needMarks(t)
	made := make([]*[100]int, 3)
	for i := range 3 {
		r := NewRecorder(`{"interval":0.001}`)
		r.Start()
		for k := range made {
			made[k] = new([100]int)
		}
		if got := r.finish(); i > 0 && (got.Objects != 3 || got.Bytes != 3*896) { // the first one has the runtime set things up
			t.Errorf("run %d: %d B in %d objects", i, got.Bytes, got.Objects)
		}
	}
}

func TestRecorderKeepsRegionsBounded(t *testing.T) {
	r := NewRecorder(`{"interval":0.01}`)
	r.Start()
	for range mostRegions + 7 {
		prof.Region("r", func() {})
	}
	if got := r.finish(); len(got.Regions) != mostRegions || got.LostRegions != 7 {
		t.Errorf("%d regions, %d lost", len(got.Regions), got.LostRegions)
	}
}

func TestLimitPassed(t *testing.T) {
	keptObjects = nil
	fillMore := make([]byte, 64*mib)
	clear(fillMore)
	got := limitPassed(10*mib, NewRecorder(`{"interval":1}`).sampler.read())
	if got.RSS < 10*mib || len(got.Sites) == 0 || len(got.Profile) == 0 || got.Stacks == "" {
		t.Errorf("%d sites, %d bytes of profile, %d of stacks", len(got.Sites), len(got.Profile), len(got.Stacks))
	}
	if site := got.Sites[0]; site.Bytes < 60*mib || site.Function != "hpgo/magics/harness.TestLimitPassed" {
		t.Errorf("%+v", site)
	}
	fillMore[0] = 1
}
