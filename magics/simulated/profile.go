package simulated

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Place is an instruction with where it comes from.
type Place struct {
	Func string // as the linker names it: the function that has the instruction
	File string
	Line int // of the source; 0: unknown
	Addr uint64
}

// ownWork is where the functions of what has a program simulated are.
const ownWork = "hpgo/magics/harness"

// Own reports whether a place is of what has the program simulated.
func (p Place) Own() bool { return strings.HasPrefix(p.Func, ownWork) }

// Profile is what was executed in a run.
type Profile struct {
	Trigger string // what had it written
	Costs   map[Place]Cost
}

// Total adds up all costs but those of what has the program simulated.
func (p Profile) Total() Cost {
	var sum Cost
	for at, c := range p.Costs {
		if !at.Own() {
			sum.Add(c)
		}
	}
	return sum
}

// ReadRun reads the file of a run, among those whose names begin with out. That there
// is none is fs.ErrNotExist.
func ReadRun(out, run string) (Profile, error) {
	files, err := filepath.Glob(globEscape(out) + "*")
	if err != nil {
		return Profile{}, fmt.Errorf("read what was simulated: %w", err)
	}
	for _, file := range files {
		p, err := readFile(file)
		if err != nil {
			return Profile{}, fmt.Errorf("read what was simulated: %w", err)
		}
		if p.Trigger == "Client Request: "+run {
			return p, nil
		}
	}
	return Profile{}, fmt.Errorf("read what was simulated in %s: %w", run, fs.ErrNotExist)
}

// globEscape writes a path so that Glob takes it for itself.
func globEscape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

func readFile(path string) (Profile, error) {
	f, err := os.Open(path)
	if err != nil {
		return Profile{}, err
	}
	defer f.Close()
	p, err := Parse(f)
	if err != nil {
		return Profile{}, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return p, nil
}

// recursion is what callgrind hangs on the name of a function that calls itself.
var recursion = regexp.MustCompile(`'\d+$`)

// cellName is the end of the path of a cell, which is no file.
var cellName = regexp.MustCompile(`(?:^|/)(cell \d+)$`)

// parser reads one file in callgrind's format, as its manual describes it.
type parser struct {
	out    Profile
	kinds  []int // of the columns; -1: of no interest
	instr  bool  // lines of costs have addresses
	funcs  map[string]string
	files  map[string]string
	fn     string
	file   string
	line   int
	addr   uint64
	called bool // the next costs are those of a call
}

var errFormat = errors.New("it isn't in callgrind's format")

// Parse reads one file of callgrind's. Costs are those of the functions themselves;
// those of calls, which don't follow goroutines, are left out.
func Parse(r io.Reader) (Profile, error) {
	p := parser{out: Profile{Costs: map[Place]Cost{}}, funcs: map[string]string{}, files: map[string]string{}}
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for n := 1; s.Scan(); n++ {
		if err := p.read(s.Text()); err != nil {
			return Profile{}, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := s.Err(); err != nil {
		return Profile{}, err
	}
	return p.out, nil
}

func (p *parser) read(line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	if c := line[0]; c >= '0' && c <= '9' || c == '+' || c == '-' || c == '*' {
		return p.costs(line)
	}
	if key, value, ok := strings.Cut(line, "="); ok && !strings.Contains(key, " ") && !strings.Contains(key, ":") {
		return p.position(key, value)
	}
	key, value, _ := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch key {
	case "events":
		p.kinds = nil
		for _, name := range strings.Fields(value) {
			p.kinds = append(p.kinds, slices.Index(kindNames[:], name))
		}
	case "positions":
		p.instr = strings.Contains(value, "instr")
	case "desc":
		if t, ok := strings.CutPrefix(value, "Trigger: "); ok {
			p.out.Trigger = t
		}
	}
	return nil
}

// position reads where the next costs belong. Names stand once, with a number in
// brackets that stands for them afterwards.
func (p *parser) position(key, value string) error {
	switch key {
	case "fn", "cfn":
		name := named(p.funcs, value)
		if key == "fn" {
			p.fn = strings.TrimSuffix(recursion.ReplaceAllString(name, ""), ".abi0")
		}
	case "fl", "fi", "fe", "cfi", "cfl":
		name := named(p.files, value)
		if key[0] == 'f' {
			if m := cellName.FindStringSubmatch(name); m != nil {
				name = m[1]
			}
			p.file = name
		}
	case "calls":
		p.called = true
	case "jump", "jcnd":
		return fmt.Errorf("%w: jumps weren't asked for", errFormat)
	}
	return nil
}

func named(known map[string]string, value string) string {
	if !strings.HasPrefix(value, "(") {
		return value
	}
	id, name, has := strings.Cut(value, ")")
	if name = strings.TrimSpace(name); has && name != "" {
		known[id] = name
	}
	return known[id]
}

// costs reads a line of costs: positions, absolute or as differences from the line
// before, and a count for each event.
func (p *parser) costs(line string) error {
	fields := strings.Fields(line)
	positions := 1
	if p.instr {
		positions = 2
	}
	if len(fields) < positions || len(fields) > positions+len(p.kinds) {
		return fmt.Errorf("%w: %q", errFormat, line)
	}
	if p.instr {
		addr, err := moved(fields[0], p.addr)
		if err != nil {
			return err
		}
		p.addr = addr
	}
	at, err := moved(fields[positions-1], uint64(p.line))
	if err != nil {
		return err
	}
	p.line = int(at)
	if p.called {
		p.called = false
		return nil
	}
	var c Cost
	for i, text := range fields[positions:] {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%w: %q", errFormat, line)
		}
		if k := p.kinds[i]; k >= 0 {
			c[k] = n
		}
	}
	place := Place{Func: p.fn, File: p.file, Line: p.line, Addr: p.addr}
	sum := p.out.Costs[place]
	sum.Add(c)
	p.out.Costs[place] = sum
	return nil
}

// moved reads a position.
func moved(text string, before uint64) (uint64, error) {
	way, digits := uint64(0), text
	switch text[0] {
	case '*':
		if text == "*" {
			return before, nil
		}
	case '+', '-':
		way, digits = before, text[1:]
	}
	n, err := strconv.ParseUint(digits, 0, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: position %q", errFormat, text)
	}
	if text[0] == '-' {
		return way - n, nil
	}
	return way + n, nil
}
