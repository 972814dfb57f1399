package session

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/printer"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
)

// List implements magic.Names.
func (d *dispatcher) List(ctx context.Context, values bool) ([]magic.Name, error) {
	d.mu.Lock()
	scope := d.scope
	d.mu.Unlock()
	var names []magic.Name
	for _, im := range scope.Imports() {
		if !strings.HasPrefix(im.Name, generatedName) {
			names = append(names, magic.Name{Name: im.Name, Kind: "import", Type: fmt.Sprintf("%q", im.Path), Size: -1})
		}
	}
	sigs := signatures{session: d.Session, cells: map[int]*cell.Cell{}}
	for _, decl := range scope.Decls() {
		names = append(names, sigs.names(decl)...)
	}
	if values {
		if err := d.describe(ctx, names); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// Inputs implements magic.Names.
func (d *dispatcher) Inputs() []magic.PastInput {
	d.mu.Lock()
	defer d.mu.Unlock()
	var past []magic.PastInput
	for _, n := range slices.Sorted(maps.Keys(d.sources)) {
		if n < d.n && n < firstUncounted {
			past = append(past, magic.PastInput{Cell: n, Text: d.sources[n].Text})
		}
	}
	return past
}

// generatedName begins the names that generated code uses.
const generatedName = "hpgo__"

// describe asks the worker for the sizes and values of variables, by a cell
// that is not the user's.
func (d *dispatcher) describe(ctx context.Context, names []magic.Name) error {
	at := map[string]*magic.Name{}
	var args strings.Builder
	for i := range names {
		if n := &names[i]; n.Kind == "var" {
			at[n.Name] = n
			fmt.Fprintf(&args, "%q, %s, ", n.Name, n.Name)
		}
	}
	if len(at) == 0 {
		return nil
	}
	value, err := d.Eval(ctx, "hpgo__harness.Describe("+args.String()+")", map[string]string{"hpgo__harness": "hpgo/magics/harness"})
	if err != nil {
		return fmt.Errorf("look at the variables: %w", err)
	}
	if value == nil {
		return nil
	}
	raw, err := json.Marshal(value.Data[harness.DescribeMIME])
	if err != nil {
		return fmt.Errorf("look at the variables: %w", err)
	}
	var found []harness.Variable
	if err := json.Unmarshal(raw, &found); err != nil {
		return fmt.Errorf("look at the variables: %w", err)
	}
	for _, v := range found {
		if n := at[v.Name]; n != nil {
			n.Size, n.Least, n.Value = v.Size, v.Least, v.Value
		}
	}
	return nil
}

// discard is a sink that shows nothing.
type discard struct{}

// Stream implements Sink.
func (discard) Stream(string, string) {}

// Display implements Sink.
func (discard) Display(display.Event) {}

// signatures finds how declarations were written.
type signatures struct {
	session *Session
	cells   map[int]*cell.Cell
}

// names returns the entries of one declaration: several for a const group.
func (s *signatures) names(d *cell.Decl) []magic.Name {
	n := magic.Name{Name: d.Name, Kind: d.Kind.String(), Cell: d.Cell, Size: -1}
	switch d.Kind {
	case cell.KindVar:
		n.Type = plainType(d.Type)
	case cell.KindConst:
		var all []magic.Name
		for i, name := range d.Names {
			c := n
			c.Name = name
			if i < len(d.Consts) {
				c.Type, c.Value = d.Consts[i].Type, d.Consts[i].Value
			}
			all = append(all, c)
		}
		return all
	case cell.KindMethod:
		n.Name = d.Recv + "." + d.Name
		n.Type = s.of(d)
	default:
		n.Type = s.of(d)
	}
	return []magic.Name{n}
}

// of returns the signature of a function or the kind of a type; "" when its
// cell's text isn't known any more.
func (s *signatures) of(d *cell.Decl) string {
	c := s.parsed(d.Cell)
	if c == nil {
		return ""
	}
	for _, it := range c.Items {
		if n, ok := it.Decl.(*ast.FuncDecl); ok && n.Name.Name == d.Name && cell.ReceiverName(n) == d.Recv {
			return printed(n.Type)
		}
	}
	if t := s.typeSpec(d); t != nil {
		return typeForm(t.Type)
	}
	return ""
}

// typeSpec returns the source of a type; nil when it isn't known any more.
func (s *signatures) typeSpec(d *cell.Decl) *ast.TypeSpec {
	c := s.parsed(d.Cell)
	if c == nil || d.Kind != cell.KindType {
		return nil
	}
	for _, it := range c.Items {
		gen, ok := it.Decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, sp := range gen.Specs {
			if t, ok := sp.(*ast.TypeSpec); ok && t.Name.Name == d.Name {
				return t
			}
		}
	}
	return nil
}

// parsed parses an executed cell again; of a cell magic its body.
func (s *signatures) parsed(n int) *cell.Cell {
	if c, ok := s.cells[n]; ok {
		return c
	}
	s.session.mu.Lock()
	src := s.session.sources[n]
	s.session.mu.Unlock()
	if src == nil {
		return nil
	}
	c, _ := cell.Parse(src.Text)
	for c.CellMagic != nil {
		text := blank(c.Text[:c.CellMagic.BodyAt]) + c.Text[c.CellMagic.BodyAt:]
		c, _ = cell.Parse(text)
	}
	s.cells[n] = c
	return c
}

// typeForm is a type in short: struct and interface without their insides.
func typeForm(x ast.Expr) string {
	switch x.(type) {
	case *ast.StructType:
		return "struct"
	case *ast.InterfaceType:
		return "interface"
	}
	return printed(x)
}

// printed is a node on one line.
func printed(n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, token.NewFileSet(), n); err != nil {
		return ""
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// aliased matches the generated alias of a package before a name.
var aliased = regexp.MustCompile(`hpgo__([\pL\pN_]+)\.`)

// plainType writes a type as the user would: package names instead of generated
// aliases, no version marks.
func plainType(t string) string {
	t = aliased.ReplaceAllStringFunc(t, func(alias string) string {
		parts := strings.Split(strings.TrimSuffix(alias, "."), "_")
		last := parts[len(parts)-1]
		if len(parts) > 3 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
			last = parts[len(parts)-2]
		}
		return last + "."
	})
	return cell.PlainName(t)
}

// Reset implements magic.Names.
func (d *dispatcher) Reset(ctx context.Context, gomod bool) error {
	if err := d.waitWarm(ctx); err != nil {
		return err
	}
	if gomod {
		if err := d.newModule(); err != nil {
			return err
		}
	}
	d.mu.Lock()
	d.replay = nil
	d.mu.Unlock()
	d.forgetTwin()
	d.forgetAll()
	return d.ensureWorker(ctx)
}

// forgetAll ends the worker and forgets all declarations. The FileSet stays: the
// cell that runs has its place in it.
func (d *dispatcher) forgetAll() {
	d.mu.Lock()
	w := d.worker
	next := cell.NewScope()
	next.Fset = d.scope.Fset
	d.scope, d.worker = next, nil
	d.mu.Unlock()
	if w != nil {
		w.Close()
	}
}

// Replay implements magic.Names. The cells keep their numbers, so that their
// tracebacks name what the notebook shows.
func (d *dispatcher) Replay(ctx context.Context, quiet bool, report func(magic.Replayed)) error {
	if d.magic.replaying {
		return nil
	}
	if err := d.waitWarm(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	d.setUp()
	cells := numberCells(d.replay, d.sources, d.n)
	d.dir, d.magic.moved = d.magic.firstDir, true
	d.magic.replaying = true
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.magic.replaying = false
		d.mu.Unlock()
	}()
	d.forgetAll()
	d.forgetTwin()
	if err := d.ensureWorker(ctx); err != nil {
		return err
	}
	for _, c := range cells {
		sink := &callSink{sink: d.sink.sink, session: d.Session}
		if quiet {
			sink.sink = discard{}
		}
		_, fail := d.execute(ctx, c.n, c.text, sink)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r := magic.Replayed{Cell: c.n}
		if fail != nil {
			r.Err = fail
		}
		report(r)
	}
	return nil
}

// numberedCell is a cell to run again.
type numberedCell struct {
	n    int
	text string
}

// numberCells finds the numbers of successful cells, which are some of those
// executed before cell last, in order. Cells of nothing but transient magics
// are left out.
func numberCells(done []string, sources map[int]*cell.Source, last int) []numberedCell {
	var cells []numberedCell
	n := 1
	for _, text := range done {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		for n < last && (sources[n] == nil || sources[n].Text != text) {
			n++
		}
		if n >= last {
			break
		}
		if worthReplay(text) {
			cells = append(cells, numberedCell{n, text})
		}
		n++
	}
	return cells
}

// worthReplay reports whether a cell does anything that a replay repeats.
func worthReplay(text string) bool {
	c, _ := cell.Parse(text)
	if len(c.Items) > 0 || c.Main || c.CellMagic != nil {
		return true
	}
	for _, l := range c.Magics {
		if in, err := magics.Table().Resolve(l); err == nil && !in.Magic.Transient {
			return true
		}
	}
	return false
}
