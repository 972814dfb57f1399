package profiles

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// Profile is stacks of calls with what they took.
type Profile struct {
	Types    []Type // what the values of a stack are; the last is shown by default
	Stacks   []Stack
	Period   int64 // CPU time between samples in ns; 0: nothing was sampled by time
	At       time.Time
	Duration time.Duration // of the whole
	Comments []string
	Program  string // whose code it is of; "": cells
}

// Type says what a value is: "cpu" in "nanoseconds", "alloc_space" in "bytes".
type Type struct{ Name, Unit string }

// Stack is one stack of calls.
type Stack struct {
	Frames []Frame // innermost first
	Values []int64 // one for each type
}

// Frame is a place in a function.
type Frame struct {
	Func    string
	File    string
	Start   int // line where the function begins; 0: unknown
	Line    int
	Inlined bool // its code is part of the frame that comes next
}

// ofCells is the program of a profile that has no other.
const ofCells = "cells"

// Encode writes the profile as pprof does: compressed, for go tool pprof and for
// plots.Flame.
func (p Profile) Encode() ([]byte, error) {
	var b bytes.Buffer
	if err := p.proto().Write(&b); err != nil {
		return nil, fmt.Errorf("write profile: %w", err)
	}
	return b.Bytes(), nil
}

// Decode reads a profile of any program, compressed or not.
func Decode(data []byte) (Profile, error) {
	q, err := profile.ParseData(data)
	if err != nil {
		return Profile{}, fmt.Errorf("read profile: it is none in pprof's format: %w", err)
	}
	if err := q.CheckValid(); err != nil {
		return Profile{}, fmt.Errorf("read profile: it is broken: %w", err)
	}
	p := Profile{At: time.Unix(0, q.TimeNanos), Duration: time.Duration(q.DurationNanos), Comments: q.Comments}
	if q.PeriodType != nil && q.PeriodType.Unit == "nanoseconds" {
		p.Period = q.Period
	}
	if len(q.Mapping) > 0 && q.Mapping[0].File != ofCells {
		p.Program = q.Mapping[0].File // pprof has the program's own first
	}
	for _, t := range q.SampleType {
		p.Types = append(p.Types, Type{t.Type, t.Unit})
	}
	for _, s := range q.Sample {
		st := Stack{Values: s.Value}
		for _, l := range s.Location {
			for i, line := range l.Line {
				f := Frame{Line: int(line.Line), Inlined: i < len(l.Line)-1}
				if line.Function != nil && line.Function.Name != "" {
					f.Func, f.File, f.Start = line.Function.Name, line.Function.Filename, int(line.Function.StartLine)
				} else {
					place := nameless(l)
					f.Func, f.File = place.Func, place.File
				}
				st.Frames = append(st.Frames, f)
			}
			if len(l.Line) == 0 {
				st.Frames = append(st.Frames, nameless(l))
			}
		}
		p.Stacks = append(p.Stacks, st)
	}
	return p, nil
}

// nameless is a place of which the profile says no more than the file of its code.
func nameless(l *profile.Location) Frame {
	if l.Mapping == nil || l.Mapping.File == "" {
		return Frame{Func: "(unknown)"}
	}
	return Frame{Func: "(" + strings.Trim(path.Base(l.Mapping.File), "[]") + ")", File: l.Mapping.File}
}

// builder numbers what a profile's stacks have in common.
type builder struct {
	out       *profile.Profile
	functions map[Frame]*profile.Function // without lines
	locations map[string]*profile.Location
}

// proto is the profile in pprof's own form. Frames that were inlined and the one
// they are part of are one location. Addresses mean nothing: the places have names.
func (p Profile) proto() *profile.Profile {
	b := builder{functions: map[Frame]*profile.Function{}, locations: map[string]*profile.Location{}}
	mapping := &profile.Mapping{ID: 1, Start: 0, Limit: 1 << 62, File: cmp.Or(p.Program, ofCells), HasFunctions: true, HasFilenames: true, HasLineNumbers: true, HasInlineFrames: true}
	b.out = &profile.Profile{Mapping: []*profile.Mapping{mapping}, DurationNanos: p.Duration.Nanoseconds(), Comments: p.Comments}
	if !p.At.IsZero() {
		b.out.TimeNanos = p.At.UnixNano()
	}
	for _, t := range p.Types {
		b.out.SampleType = append(b.out.SampleType, &profile.ValueType{Type: t.Name, Unit: t.Unit})
	}
	if n := len(p.Types); n > 0 {
		b.out.DefaultSampleType = p.Types[n-1].Name
	}
	if p.Period > 0 {
		b.out.PeriodType, b.out.Period = &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, p.Period
	}
	for _, s := range p.Stacks {
		sample := &profile.Sample{Value: slices.Clone(s.Values)}
		for from := 0; from < len(s.Frames); {
			to := from + 1
			for to < len(s.Frames) && s.Frames[to-1].Inlined {
				to++
			}
			sample.Location = append(sample.Location, b.location(s.Frames[from:to]))
			from = to
		}
		b.out.Sample = append(b.out.Sample, sample)
	}
	return b.out
}

func (b *builder) location(frames []Frame) *profile.Location {
	key := fmt.Sprint(frames)
	if l := b.locations[key]; l != nil {
		return l
	}
	id := uint64(len(b.out.Location) + 1)
	l := &profile.Location{ID: id, Mapping: b.out.Mapping[0], Address: id}
	for _, f := range frames {
		l.Line = append(l.Line, profile.Line{Function: b.function(f), Line: int64(f.Line)})
	}
	b.locations[key] = l
	b.out.Location = append(b.out.Location, l)
	return l
}

func (b *builder) function(f Frame) *profile.Function {
	key := Frame{Func: f.Func, File: f.File, Start: f.Start}
	if fn := b.functions[key]; fn != nil {
		return fn
	}
	name := cmp.Or(f.Func, "(unknown)")
	fn := &profile.Function{ID: uint64(len(b.out.Function) + 1), Name: name, SystemName: name, Filename: f.File, StartLine: int64(f.Start)}
	b.functions[key] = fn
	b.out.Function = append(b.out.Function, fn)
	return fn
}
