package handover

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// scalarValue is the value of a scalar in the Go type of its dtype.
func scalarValue(n *Node) (reflect.Value, error) {
	t := dtypes[n.Dtype]
	if t == nil {
		return reflect.Value{}, fmt.Errorf("values of %q are unknown", n.Dtype)
	}
	v := reflect.New(t).Elem()
	var err error
	switch {
	case n.Dtype == "str":
		v.SetString(n.Text)
	case n.Dtype == "M8":
		var ns int64
		ns, err = strconv.ParseInt(n.Text, 10, 64)
		v.Set(reflect.ValueOf(timeOf(ns)))
	case v.CanInt():
		var x int64
		x, err = strconv.ParseInt(n.Text, 10, t.Bits())
		v.SetInt(x)
	case v.CanUint():
		var x uint64
		x, err = strconv.ParseUint(n.Text, 10, t.Bits())
		v.SetUint(x)
	case v.CanFloat():
		var x float64
		x, err = strconv.ParseFloat(n.Text, t.Bits())
		v.SetFloat(x)
	case v.CanComplex():
		re, im, _ := strings.Cut(n.Text, " ")
		var x, y float64
		if x, err = strconv.ParseFloat(re, 64); err == nil {
			y, err = strconv.ParseFloat(im, 64)
		}
		v.SetComplex(complex(x, y))
	default:
		var x bool
		x, err = strconv.ParseBool(n.Text)
		v.SetBool(x)
	}
	if err != nil {
		return v, fmt.Errorf("%q is no %s", n.Text, t)
	}
	return v, nil
}

// set assigns a number, a string or a time where no part of it is lost.
func set(to, x reflect.Value, path string) error {
	bad := func() error {
		return fmt.Errorf("%s: %v (%s) can't become %s", path, x, x.Type(), to.Type())
	}
	t := to.Type()
	switch {
	case x.Type() == t:
		to.Set(x)
	case t.Kind() == reflect.Interface && x.Type().Implements(t):
		to.Set(x)
	case x.Kind() == t.Kind() && x.Type().ConvertibleTo(t):
		to.Set(x.Convert(t))
	case dtype(x.Type()) == "" || dtype(t) == "" || x.Type() == timeType || t == timeType || x.Kind() == reflect.Bool || t.Kind() == reflect.Bool:
		return bad()
	default:
		return setNumber(to, x, bad)
	}
	return nil
}

// setNumber assigns a number to another kind of number.
func setNumber(to, x reflect.Value, bad func() error) error {
	toReal := to.CanInt() || to.CanUint() || to.CanFloat()
	switch {
	case x.CanFloat() && (to.CanInt() || to.CanUint()) && (x.Float() != math.Trunc(x.Float()) || math.Abs(x.Float()) >= 1<<63):
		return bad()
	case x.CanComplex() && toReal:
		return bad()
	case to.CanComplex() && x.CanConvert(reflect.TypeFor[float64]()):
		to.SetComplex(complex(x.Convert(reflect.TypeFor[float64]()).Float(), 0))
		return nil
	case !x.CanConvert(to.Type()):
		return bad()
	}
	y := x.Convert(to.Type())
	// Back again: an integer that didn't fit has become another.
	if (to.CanInt() || to.CanUint()) && !x.CanFloat() {
		negative := x.CanInt() && x.Int() < 0 && to.CanUint() || to.CanInt() && x.CanUint() && y.Int() < 0
		if negative || !y.Convert(x.Type()).Equal(x) {
			return bad()
		}
	}
	to.Set(y)
	return nil
}
