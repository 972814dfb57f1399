package handover

import (
	"fmt"
	"math"
	"reflect"
	"time"
)

// noTime stands for the zero time.Time, and for the NaT of numpy and pandas.
const noTime = math.MinInt64

// nanoseconds since 1970 of a time; an error for one too far away for 64 bits.
func nanoseconds(t time.Time, path string) (int64, error) {
	if t.IsZero() {
		return noTime, nil
	}
	ns := t.UnixNano()
	if !time.Unix(0, ns).Equal(t) {
		return 0, fmt.Errorf("%s is %s, outside of the years 1678 to 2261 that nanoseconds reach: hand over t.Unix() or t.String()", path, t.Format(time.RFC3339))
	}
	return ns, nil
}

// timeOf is the time that nanoseconds since 1970 mean.
func timeOf(ns int64) time.Time {
	if ns == noTime {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// times encodes a list of time.Time.
func (e *encoder) times(v reflect.Value, path string) (*Node, error) {
	list := make([]int64, v.Len())
	for i := range list {
		t, _ := reflect.TypeAssert[time.Time](v.Index(i))
		ns, err := nanoseconds(t, fmt.Sprintf("%s[%d]", path, i))
		if err != nil {
			return nil, err
		}
		list[i] = ns
	}
	return e.array("M8", []int{len(list)}, memory(reflect.ValueOf(list))), nil
}
