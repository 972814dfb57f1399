package plots

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// readMoments reads times of day as seconds since the first of them; the zero
// time is a gap.
func readMoments(n int, at func(int) reflect.Value) (column, error) {
	read := func(i int) (time.Time, error) {
		v := at(i)
		if !v.IsValid() {
			return time.Time{}, nil
		}
		if !v.CanInterface() {
			return time.Time{}, fmt.Errorf("is an unexported field of time.Time, which can't be read")
		}
		return v.Interface().(time.Time), nil
	}
	c := column{v: gaps(n), unit: "s"}
	for i := range n {
		t, err := read(i)
		if err != nil {
			return column{}, err
		}
		if !t.IsZero() && (c.since.IsZero() || t.Before(c.since)) {
			c.since = t.Round(0) // without the monotonic clock, by which days may differ
		}
	}
	for i := range n {
		if t, _ := read(i); !t.IsZero() {
			c.v[i] = t.Round(0).Sub(c.since).Seconds()
		}
	}
	return c, nil
}

func errMoments() error {
	return errors.New("holds time.Time, which only stands along X; use durations since a start, t.Sub(start)")
}

// moments puts a column of moments on the x axis, whose label says since when
// its seconds count: since the first moment of the first layer.
func (e *encoder) moments(who string, c column) error {
	if e.x.any && c.since.IsZero() == e.dated {
		return fmt.Errorf("%s: moments of time.Time and other values can't share an axis", who)
	}
	if c.since.IsZero() {
		return nil
	}
	if !e.dated {
		e.dated = true
		if e.since.IsZero() { // a Grid may have set it, for all of its panels
			e.since = c.since
		}
		stamp := e.since.Format("2006-01-02 15:04:05.999999999")
		if label := e.fig.X.Label; label == "" || label == "time" {
			e.fig.X.Label = cmp.Or(label, "time") + " since " + stamp
		} else {
			e.fig.X.Label = label + ", since " + stamp
		}
	}
	later := c.since.Sub(e.since).Seconds()
	for i := range c.v {
		c.v[i] += later
	}
	return nil
}

// moment is a time.Time on an axis of moments as the duration since its start.
func (e *encoder) moment(v any) any {
	if t, ok := v.(time.Time); ok && e.dated {
		return t.Round(0).Sub(e.since)
	}
	return v
}
