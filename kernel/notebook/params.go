package notebook

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Parameter is a value from outside for a variable of the notebook.
type Parameter struct {
	Name, Value string
}

// ParseParameter reads the "name=value" of the -p flag.
func ParseParameter(s string) (Parameter, error) {
	name, value, ok := strings.Cut(s, "=")
	name = strings.TrimSpace(name)
	if !ok {
		return Parameter{}, fmt.Errorf("parameter %q: want name=value", s)
	}
	if !token.IsIdentifier(name) {
		return Parameter{}, fmt.Errorf("parameter %q: %q is no Go variable name", s, name)
	}
	return Parameter{Name: name, Value: value}, nil
}

// Parameterize injects the parameters as papermill does: a new cell tagged
// injected-parameters after the first cell tagged parameters, in place of the
// one that an earlier run injected, or at the top when no cell is tagged.
// Values are written as Go literals of the type that the parameters cell
// gives the variable; a name that this cell doesn't declare is an error.
func Parameterize(nb *Notebook, params []Parameter) error {
	if len(params) == 0 {
		return nil
	}
	tagged := slices.IndexFunc(nb.Cells, func(c *Cell) bool { return c.Type == Code && c.HasTag(TagParameters) })
	injected := slices.IndexFunc(nb.Cells, func(c *Cell) bool { return c.HasTag(TagInjectedParameters) })
	var known map[string]declared
	if tagged >= 0 {
		known = declaredNames(nb.Cells[tagged].Source)
	}
	var b strings.Builder
	b.WriteString("// Parameters")
	for _, p := range lastOfEach(params) {
		d, ok := known[p.Name]
		if known != nil && !ok {
			return unknownParameter(p.Name, known)
		}
		literal, err := d.literal(p.Value)
		if err != nil {
			return fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		switch {
		case !ok:
			fmt.Fprintf(&b, "\n%s := %s", p.Name, literal)
		case d.constant:
			fmt.Fprintf(&b, "\nconst %s = %s", p.Name, literal)
		default:
			fmt.Fprintf(&b, "\n%s = %s", p.Name, literal)
		}
	}
	cell := &Cell{Type: Code, Source: b.String(), Metadata: Object{"tags": []any{TagInjectedParameters}}}
	switch {
	case injected >= 0:
		cell.ID = nb.Cells[injected].ID
		nb.Cells[injected] = cell
	default:
		nb.Cells = slices.Insert(nb.Cells, tagged+1, cell)
	}
	nb.fillIDs()
	return nil
}

// lastOfEach lets a later -p of the same name win, in the order of first use.
func lastOfEach(params []Parameter) []Parameter {
	var order []Parameter
	for _, p := range params {
		if i := slices.IndexFunc(order, func(o Parameter) bool { return o.Name == p.Name }); i >= 0 {
			order[i] = p
			continue
		}
		order = append(order, p)
	}
	return order
}

func unknownParameter(name string, known map[string]declared) error {
	names := slices.Sorted(maps.Keys(known))
	if len(names) == 0 {
		return fmt.Errorf("parameter %s: the cell tagged parameters declares no variable", name)
	}
	return fmt.Errorf("parameter %s: not declared in the cell tagged parameters, which has %s", name, strings.Join(names, ", "))
}

// kind is what the parameters cell says about a variable's type.
type kind int

const (
	kindUnknown kind = iota
	kindInt
	kindFloat
	kindBool
	kindString
	kindDuration
)

// declared is a variable of the parameters cell.
type declared struct {
	kind     kind
	constant bool
}

// literal writes a value as Go source. Where the kind is unknown it follows
// from the value: int, float, bool, else string.
func (d declared) literal(value string) (string, error) {
	v := strings.TrimSpace(value)
	isInt, isFloat := isIntLiteral(v), isFloatLiteral(v)
	isBool := v == "true" || v == "false"
	wrong := func(want string) (string, error) { return "", fmt.Errorf("want %s, have %q", want, value) }
	switch d.kind {
	case kindInt:
		if !isInt && !(isFloat && isWhole(v)) {
			return wrong("a whole number")
		}
		return v, nil
	case kindFloat:
		if !isInt && !isFloat {
			return wrong("a number")
		}
		return v, nil
	case kindBool:
		if !isBool {
			return wrong("true or false")
		}
		return v, nil
	case kindString:
		return quoted(value), nil
	case kindDuration:
		t, err := time.ParseDuration(v)
		if err != nil {
			return wrong("a duration such as 1.5s")
		}
		return fmt.Sprintf("time.Duration(%d) // %v", int64(t), t), nil
	}
	if isInt || isFloat || isBool {
		return v, nil
	}
	return quoted(value), nil
}

func quoted(s string) string {
	// What the shell stripped of its quotes is a string; quotes that are
	// still there were meant as Go's.
	if len(s) >= 2 && s[0] == '"' {
		if _, err := strconv.Unquote(s); err == nil {
			return s
		}
	}
	return strconv.Quote(s)
}

func isIntLiteral(s string) bool {
	_, err := strconv.ParseInt(strings.TrimPrefix(s, "+"), 0, 64)
	return err == nil
}

func isFloatLiteral(s string) bool {
	if strings.ContainsAny(s, "iInN") { // Inf and NaN are no Go literals
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func isWhole(s string) bool {
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && f == float64(int64(f))
}

// declaredNames finds the variables and constants that a cell declares at
// its top level. A statement that does not parse is passed over: what is
// wrong with it is reported when the cell runs.
func declaredNames(source string) map[string]declared {
	names := map[string]declared{}
	for _, statement := range topLevel(source) {
		body := "package p; func _() {\n" + statement + "\n}"
		file, err := parser.ParseFile(token.NewFileSet(), "", body, parser.SkipObjectResolution)
		if err != nil || len(file.Decls) != 1 {
			continue
		}
		if f, ok := file.Decls[0].(*ast.FuncDecl); ok && f.Body != nil {
			declaredStatements(f.Body.List, names)
		}
	}
	return names
}

// topLevel cuts a cell into its top-level statements and declarations, at the
// semicolons outside of all brackets. Lines of magics are left out.
func topLevel(source string) []string {
	lines := strings.Split(source, "\n")
	for i, l := range lines {
		if t := strings.TrimSpace(l); strings.HasPrefix(t, "%") || strings.HasPrefix(t, "!") {
			lines[i] = ""
		}
	}
	text := []byte(strings.Join(lines, "\n"))
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, func(token.Position, string) {}, 0)
	var statements []string
	depth, start := 0, 0
	for {
		pos, tok, _ := s.Scan()
		at := file.Offset(pos)
		switch tok {
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth = max(depth-1, 0)
		case token.SEMICOLON, token.EOF:
			if depth == 0 || tok == token.EOF {
				statements = append(statements, string(text[start:at]))
				start = min(at+1, len(text))
			}
		}
		if tok == token.EOF {
			return statements
		}
	}
}

func declaredStatements(list []ast.Stmt, names map[string]declared) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.DeclStmt:
			if d, ok := s.Decl.(*ast.GenDecl); ok {
				declaredSpecs(d, names)
			}
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				continue
			}
			for i, lhs := range s.Lhs {
				if id, ok := lhs.(*ast.Ident); ok {
					names[id.Name] = declared{kind: kindAt(s.Rhs, i, len(s.Lhs))}
				}
			}
		}
	}
}

func declaredSpecs(d *ast.GenDecl, names map[string]declared) {
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, id := range v.Names {
			k := kindAt(v.Values, i, len(v.Names))
			if v.Type != nil {
				k = kindOfType(v.Type)
			}
			names[id.Name] = declared{kind: k, constant: d.Tok == token.CONST}
		}
	}
}

func kindAt(values []ast.Expr, i, names int) kind {
	if len(values) != names {
		return kindUnknown
	}
	return kindOf(values[i])
}

var durationUnits = []string{"Nanosecond", "Microsecond", "Millisecond", "Second", "Minute", "Hour"}

// kindOf reads the type off an initial value.
func kindOf(e ast.Expr) kind {
	switch e := e.(type) {
	case *ast.BasicLit:
		switch e.Kind {
		case token.INT:
			return kindInt
		case token.FLOAT:
			return kindFloat
		case token.STRING:
			return kindString
		}
	case *ast.Ident:
		if e.Name == "true" || e.Name == "false" {
			return kindBool
		}
	case *ast.ParenExpr:
		return kindOf(e.X)
	case *ast.UnaryExpr:
		return kindOf(e.X)
	case *ast.SelectorExpr:
		if pkg, ok := e.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains(durationUnits, e.Sel.Name) {
			return kindDuration
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.ADD, token.SUB, token.MUL, token.QUO, token.REM, token.SHL, token.SHR, token.AND, token.OR, token.XOR:
			return max(kindOf(e.X), kindOf(e.Y))
		}
		return kindBool
	case *ast.CallExpr:
		if len(e.Args) == 1 {
			return kindOfType(e.Fun)
		}
	}
	return kindUnknown
}

func kindOfType(t ast.Expr) kind {
	switch t := t.(type) {
	case *ast.Ident:
		switch t.Name {
		case "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "byte", "rune":
			return kindInt
		case "float32", "float64":
			return kindFloat
		case "bool":
			return kindBool
		case "string":
			return kindString
		}
	case *ast.SelectorExpr:
		if pkg, ok := t.X.(*ast.Ident); ok && pkg.Name == "time" && t.Sel.Name == "Duration" {
			return kindDuration
		}
	}
	return kindUnknown
}
