package kernels

import (
	"fmt"
	"hash/fnv"
	"reflect"
	"runtime"
	"strings"
	"unicode"
)

// Facts are what a table says about a subject.
type Facts struct {
	Name    string   `json:"name"`
	Doc     string   `json:"doc"`
	Unit    string   `json:"unit"`
	Sizes   Sizes    `json:"sizes"`
	Targets []Target `json:"targets,omitempty"`
	// Interpreted is Subject.Interpreted.
	Interpreted float64 `json:"interpreted,omitempty"`
	// MakeFunc and ReferenceFunc are the names of the functions in the subject's
	// reference.go; empty if they have none.
	MakeFunc      string `json:"make,omitempty"`
	ReferenceFunc string `json:"reference,omitempty"`
}

// Row is what a table says about a variant.
type Row struct {
	Name      string `json:"name"`
	Doc       string `json:"doc"`
	Missing   string `json:"missing,omitempty"`   // why it can't be itself here, or at this size
	Yardstick bool   `json:"yardstick,omitempty"` // of the machine; no way to the result
	Close     bool   `json:"close,omitempty"`     // its result is another by nature, as with fewer bits
}

// Entry is a subject whatever its types: what a catalogue holds.
type Entry interface {
	Facts() Facts
	Rows() []Row
	At(size int) (Problem, error)
}

// Problem is a subject at one size, whatever its types. Rows are numbered as in
// Entry.Rows.
type Problem interface {
	Facts() Facts
	Rows() []Row
	// Ops and Bytes are those of one run; Bytes is 0 where it isn't the point.
	Ops() float64
	Bytes() float64
	// Reset puts back what runs wrote into the input; clocks should not run.
	Reset()
	// Run runs a row and keeps its result.
	Run(row int)
	// Check runs a row on a fresh input and compares it with the reference. The error
	// says where they differ.
	Check(row int) error
	// Sums are the figures of the last result, of whichever row, and Digest is a hash
	// of all that it prints.
	Sums() []Sum
	Digest() string
}

// Facts implements Entry.
func (s *Subject[In, Out]) Facts() Facts {
	return Facts{
		Name: s.Name, Doc: s.Doc, Unit: s.Unit, Sizes: s.Sizes, Targets: s.Targets,
		Interpreted: s.Interpreted,
		MakeFunc:    exportedName(s.Make), ReferenceFunc: exportedName(s.Variants[0].Func),
	}
}

// exportedName is the name of an exported function; "" of others.
func exportedName(f any) string {
	full := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name() // hpgo/kernels/julia.Plain
	name := full[strings.LastIndexByte(full, '.')+1:]
	if !unicode.IsUpper(rune(name[0])) {
		return ""
	}
	return name
}

// Rows implements Entry.
func (s *Subject[In, Out]) Rows() []Row {
	rows := make([]Row, len(s.Variants))
	for i, v := range s.Variants {
		rows[i] = Row{v.Name, v.Doc, v.Missing(), v.Yardstick, v.Differs != nil}
	}
	return rows
}

// Rows implements Problem: those of the subject, of which some can't bear the size.
func (p *problem[In, Out]) Rows() []Row {
	rows := p.Subject.Rows()
	for i, v := range p.Variants {
		if rows[i].Missing == "" && v.Largest > 0 && p.size > v.Largest {
			rows[i].Missing = fmt.Sprintf("it would take too much time or memory at size %d; it runs up to %d", p.size, v.Largest)
		}
	}
	return rows
}

// At implements Entry: the subject with the input of a size.
func (s *Subject[In, Out]) At(size int) (Problem, error) {
	in, err := s.Make(size)
	if err == nil {
		err = s.Check(in)
	}
	if err != nil {
		return nil, fmt.Errorf("kernel %s at size %d: %w", s.Name, size, err)
	}
	return &problem[In, Out]{Subject: s, size: size, in: in}, nil
}

type problem[In, Out any] struct {
	*Subject[In, Out]
	size int
	in   In
	ops  float64 // of a run; 0: not computed yet, which may take as long as a run
	want *Out    // the reference's result, once it was needed
	last Out
}

func (p *problem[In, Out]) Ops() float64 {
	if p.ops == 0 {
		p.ops = p.Subject.Ops(p.in)
	}
	return p.ops
}

func (p *problem[In, Out]) Bytes() float64 {
	if p.Subject.Bytes == nil {
		return 0
	}
	return p.Subject.Bytes(p.in)
}

func (p *problem[In, Out]) Reset() {
	if p.Subject.Reset != nil {
		p.Subject.Reset(p.in)
	}
}

func (p *problem[In, Out]) Run(row int) { p.last = p.Variants[row].Func(p.in) }

func (p *problem[In, Out]) Sums() []Sum { return p.Subject.Sums(p.last) }

func (p *problem[In, Out]) Digest() string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%v", p.last)
	return fmt.Sprintf("%x", h.Sum64())
}

func (p *problem[In, Out]) Check(row int) error {
	if p.want == nil {
		in, err := p.Make(p.size)
		if err != nil {
			return err
		}
		want := p.Variants[0].Func(in)
		p.want = &want
	}
	p.Reset()
	p.Run(row)
	if p.Variants[row].Yardstick {
		return nil
	}
	differs := p.Differs
	if own := p.Variants[row].Differs; own != nil {
		differs = own
	}
	if how := differs(p.in, *p.want, p.last); how != "" {
		return fmt.Errorf("%s, %s: %s", p.Name, p.Variants[row].Name, how)
	}
	return nil
}
