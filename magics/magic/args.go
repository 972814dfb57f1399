package magic

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hpgo/kernel/cell"
	"hpgo/magics/quantity"
)

// Args are the arguments of one magic line.
type Args struct {
	Words  []string // the words after the flags
	Rest   string   // the text after the flags, as typed
	RestAt int      // its offset in the whole argument text

	flags map[string][]string
}

// Has reports whether a flag was given.
func (a Args) Has(name string) bool { return len(a.flags[name]) > 0 }

// All returns the values of a flag in the order given.
func (a Args) All(name string) []string { return a.flags[name] }

// Text returns the last value of a flag, or def.
func (a Args) Text(name, def string) string {
	if v := a.flags[name]; len(v) > 0 {
		return v[len(v)-1]
	}
	return def
}

// Int returns the last value of a flag of kind Int, or def.
func (a Args) Int(name string, def int) int {
	n, err := strconv.Atoi(strings.ReplaceAll(a.Text(name, ""), "_", ""))
	if err != nil {
		return def // absent: ParseArgs has checked those that are there
	}
	return n
}

// Float returns the last value of a flag of kind Float, or def.
func (a Args) Float(name string, def float64) float64 {
	f, err := strconv.ParseFloat(a.Text(name, ""), 64)
	if err != nil {
		return def
	}
	return f
}

// Duration returns the last value of a flag of kind Duration, or def.
func (a Args) Duration(name string, def time.Duration) time.Duration {
	d, err := parseDuration(a.Text(name, ""))
	if err != nil {
		return def
	}
	return d
}

// parseDuration reads 1.5s, 200ms or a number of seconds.
func parseDuration(s string) (time.Duration, error) {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return time.Duration(f * float64(time.Second)), nil
	}
	return time.ParseDuration(s)
}

// ParseArgs reads the arguments of a magic line as its row says.
func ParseArgs(m *Magic, text string) (Args, error) {
	a := Args{Rest: text, flags: map[string][]string{}}
	if m.Syntax == Words || m.Syntax == Go {
		if err := a.takeFlags(m, text); err != nil {
			return a, err
		}
	}
	if m.Syntax == Words || m.Syntax == RawWords {
		if err := a.takeWords(m); err != nil {
			return a, err
		}
	} else if m.Min > 0 && strings.TrimSpace(a.Rest) == "" {
		return a, m.Usagef("%s needs %s", m.Title(), cmp.Or(m.Wants, "an argument"))
	}
	return a, nil
}

// takeWords reads the words of Rest, and where a magic's flags may follow them those.
func (a *Args) takeWords(m *Magic) error {
	for m.Mixed && a.Rest != "" {
		word, end, err := NextWord(a.Rest, 0)
		if err != nil {
			break // what follows tells of it
		}
		a.Words = append(a.Words, word)
		if err := a.takeFlags(m, a.Rest[end:]); err != nil {
			return err
		}
	}
	words, err := cell.SplitArgs(a.Rest)
	if err != nil {
		return m.Usagef("%s: %v in %q", m.Title(), err, a.Rest)
	}
	a.Words = append(a.Words, words...)
	return m.checkCount(a.Words)
}

// checkCount checks the number of words.
func (m *Magic) checkCount(words []string) error {
	switch {
	case len(words) < m.Min && len(words) == 0:
		return m.Usagef("%s needs %s", m.Title(), cmp.Or(m.Wants, "an argument"))
	case len(words) < m.Min:
		return m.Usagef("%s needs %d arguments, got %d", m.Title(), m.Min, len(words))
	case m.Max == 0 && len(words) > 0:
		return m.Usagef("%s takes no argument, got %q", m.Title(), words[0])
	case m.Max >= 0 && len(words) > m.Max:
		return m.Usagef("%s takes at most %s, got %d: %q", m.Title(), quantity.Counted(m.Max, "argument"), len(words), words[m.Max])
	}
	return nil
}

// takeFlags reads the flags at the beginning of text and sets Rest to what follows.
func (a *Args) takeFlags(m *Magic, text string) error {
	at := 0
	for {
		start := at + LeadingSpace(text[at:])
		word, end, err := NextWord(text, start)
		if err != nil || end == start || !strings.HasPrefix(word, "-") || word == "-" {
			break // an open quote is the business of what follows
		}
		at = end
		if word == "--" {
			break
		}
		if at, err = a.takeFlag(m, word, text, at); err != nil {
			return err
		}
	}
	a.RestAt = at + LeadingSpace(text[at:])
	a.Rest = strings.TrimRight(text[a.RestAt:], " \t\n")
	return nil
}

// takeFlag reads one word of flags; at is the offset behind it, where a value
// that stands apart is found. It returns the offset behind all it took.
func (a *Args) takeFlag(m *Magic, word, text string, at int) (int, error) {
	name := strings.TrimPrefix(strings.TrimPrefix(word, "-"), "-")
	name, value, glued := strings.Cut(name, "=")
	if f := m.Flag(name); f != nil {
		return a.setFlag(m, f, word, value, glued, text, at)
	}
	if strings.HasPrefix(word, "--") {
		return at, m.UnknownFlag(word)
	}
	// A cluster of one-letter flags; the last may have its value glued on.
	letters := word[1:]
	for i, r := range letters {
		f := m.Flag(string(r))
		if f == nil {
			return at, m.UnknownFlag(word)
		}
		rest := letters[i+len(string(r)):]
		if f.Arg != "" {
			rest = strings.TrimPrefix(rest, "=")
			return a.setFlag(m, f, "-"+string(r), rest, rest != "", text, at)
		}
		a.flags[f.Name] = append(a.flags[f.Name], "true")
	}
	return at, nil
}

// setFlag stores a flag, taking its value from text where it isn't glued.
func (a *Args) setFlag(m *Magic, f *Flag, word, value string, glued bool, text string, at int) (int, error) {
	if f.Arg == "" {
		if glued {
			return at, m.Usagef("flag %s of %s takes no value, got %q", f.Title(), m.Title(), value)
		}
		a.flags[f.Name] = append(a.flags[f.Name], "true")
		return at, nil
	}
	if start := at + LeadingSpace(text[at:]); !glued && f.Optional != nil && !strings.HasPrefix(text[start:], "'") && !strings.HasPrefix(text[start:], `"`) {
		n := f.Optional(text[start:])
		a.flags[f.Name] = append(a.flags[f.Name], text[start:start+n])
		if n == 0 {
			return at, nil
		}
		return start + n, nil
	}
	if !glued {
		start := at + LeadingSpace(text[at:])
		v, end, err := NextWord(text, start)
		if err != nil {
			return at, m.Usagef("flag %s of %s: %v", f.Title(), m.Title(), err)
		}
		if end == start {
			return at, m.Usagef("flag %s of %s needs a value", f.Title(), m.Title())
		}
		value, at = v, end
	}
	if err := f.check(value); err != nil {
		return at, m.Usagef("flag %s of %s: %v", f.Title(), m.Title(), err)
	}
	a.flags[f.Name] = append(a.flags[f.Name], value)
	return at, nil
}

// check tests a value against the kind and the bound of the flag.
func (f *Flag) check(value string) error {
	number := 0.0
	switch f.Value {
	case Int:
		n, err := strconv.Atoi(strings.ReplaceAll(value, "_", ""))
		if err != nil {
			return fmt.Errorf("%q is not a whole number", value)
		}
		number = float64(n)
	case Float:
		x, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return fmt.Errorf("%q is not a number", value)
		}
		number = x
	case Duration:
		d, err := parseDuration(value)
		if err != nil {
			return fmt.Errorf("%q is not a time such as 500ms, 2s or 1m", value)
		}
		number = d.Seconds()
	}
	if f.Bounded && f.Value != Text && !(number >= f.Min) {
		return fmt.Errorf("%q is less than %g", value, f.Min)
	}
	return nil
}

// LeadingSpace counts the bytes of white space at the start of s.
func LeadingSpace(s string) int { return len(s) - len(strings.TrimLeft(s, " \t\n\r")) }

// NextWord returns the shell word that begins at start, and where it ends. end
// equals start when there is none.
func NextWord(text string, start int) (word string, end int, err error) {
	end = start
	for quote := byte(0); end < len(text); end++ {
		c := text[end]
		switch {
		case quote == 0 && strings.IndexByte(" \t\n\r", c) >= 0:
			goto found
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case c == quote && quote != 0:
			quote = 0
		case c == '\\' && quote != '\'' && end+1 < len(text):
			end++
		}
	}
found:
	words, err := cell.SplitArgs(text[start:end])
	if err != nil || len(words) == 0 {
		return "", end, err
	}
	return words[0], end, nil
}

// Set gives a switch, as if the user had.
func (a Args) Set(name string) { a.flags[name] = append(a.flags[name], "true") }
