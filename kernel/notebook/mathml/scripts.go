package mathml

import (
	"fmt"
	"strings"
)

// scripted reads an atom with its sub- and superscripts.
func (p *parser) scripted() (node, error) {
	var base node
	if !startsScript(p.peekToken()) {
		var err error
		if base, err = p.atom(); err != nil {
			return node{}, err
		}
	}
	if base.xml == "" {
		if !startsScript(p.peekToken()) {
			return node{}, nil // a command that shows nothing
		}
		base.xml = "<mrow></mrow>"
	}
	s := scripts{}
	for {
		switch p.peekToken() {
		case `\limits`:
			p.next()
			base.limits = always
			base.xml = strings.Replace(base.xml, "<mo", `<mo movablelimits="false"`, 1)
			continue
		case `\nolimits`:
			p.next()
			base.limits = beside
			continue
		}
		more, err := s.read(p)
		if err != nil {
			return node{}, err
		}
		if !more {
			return attach(base, s.sub, s.sup), nil
		}
	}
}

func startsScript(t string) bool { return t == "^" || t == "_" || t == "'" }

// scripts are a node's sub- and superscript while they are read.
type scripts struct {
	sub, sup string
	primes   bool // sup holds primes so far, which a ^ may follow
}

// read takes one script; more is false when there is none.
func (s *scripts) read(p *parser) (more bool, err error) {
	switch p.peekToken() {
	case "_":
		if s.sub != "" {
			return false, fmt.Errorf("double subscript")
		}
		p.next()
		s.sub, err = p.argument()
	case "^":
		if s.sup != "" && !s.primes {
			return false, fmt.Errorf("double superscript")
		}
		p.next()
		var sup string
		sup, err = p.argument()
		if s.primes {
			sup = "<mrow>" + s.sup + sup + "</mrow>"
		}
		s.sup, s.primes = sup, false
	case "'":
		if s.sup != "" {
			return false, fmt.Errorf("double superscript")
		}
		primes := ""
		for p.peekToken() == "'" {
			p.next()
			primes += "′"
		}
		s.sup, s.primes = "<mo>"+primes+"</mo>", true
	default:
		return false, nil
	}
	return true, err
}

func attach(base node, sub, sup string) node {
	names := [3]string{"msub", "msup", "msubsup"}
	if base.limits != beside {
		names = [3]string{"munder", "mover", "munderover"}
	}
	var name string
	switch {
	case sub != "" && sup != "":
		name = names[2]
	case sub != "":
		name = names[0]
	case sup != "":
		name = names[1]
	default:
		return base
	}
	return node{xml: "<" + name + ">" + base.xml + sub + sup + "</" + name + ">"}
}

// argument reads what a command or a script applies to: a group, or one atom.
func (p *parser) argument() (string, error) {
	switch t := p.peekToken(); t {
	case "":
		return "", fmt.Errorf("something is missing at the end")
	case "{":
		return p.group()
	case "}", "&", "^", "_", "]", `\\`, `\right`, `\end`:
		if t != "]" {
			return "", fmt.Errorf("something is missing before %s", t)
		}
	}
	if err := p.enter(); err != nil {
		return "", err
	}
	defer func() { p.depth-- }()
	// \frac12 takes one digit each.
	if t := p.peekToken(); len(t) == 1 && '0' <= t[0] && t[0] <= '9' {
		p.next()
		return "<mn>" + t + "</mn>", nil
	}
	n, err := p.atom()
	if err != nil {
		return "", err
	}
	if n.xml == "" {
		return "<mrow></mrow>", nil
	}
	return n.xml, nil
}

// group reads {...} as one element.
func (p *parser) group() (string, error) {
	p.next()
	nodes, err := p.row(atBrace)
	if err != nil {
		return "", err
	}
	if p.next() != "}" {
		return "", fmt.Errorf("{ without }")
	}
	return wrapRow(nodes), nil
}

// rawGroup reads {...} as text, with braces balanced.
func (p *parser) rawGroup() (string, error) {
	if t := p.peekToken(); t != "{" {
		if t == "" {
			return "", fmt.Errorf("something is missing at the end")
		}
		return p.next(), nil
	}
	start := p.pos + 1
	depth := 0
	for i := p.pos; i < len(p.in); i++ {
		switch p.in[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				p.pos = i + 1
				return p.in[start:i], nil
			}
		}
	}
	return "", fmt.Errorf("{ without }")
}

// optional reads [...] when it is there.
func (p *parser) optional() (string, bool, error) {
	if p.peekToken() != "[" {
		return "", false, nil
	}
	p.next()
	nodes, err := p.row(atBracket)
	if err != nil {
		return "", false, err
	}
	if p.next() != "]" {
		return "", false, fmt.Errorf("[ without ]")
	}
	return wrapRow(nodes), true, nil
}
