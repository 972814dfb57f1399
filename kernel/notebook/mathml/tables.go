package mathml

// spaces are the commands that leave room, with the width.
var spaces = map[string]string{
	",": "0.167em", "thinspace": "0.167em", ":": "0.222em", ">": "0.222em", "medspace": "0.222em",
	";": "0.278em", "thickspace": "0.278em", "!": "-0.167em", "negthinspace": "-0.167em",
	" ": "0.333em", "quad": "1em", "qquad": "2em", "enspace": "0.5em",
}

type function struct {
	text   string
	limits limits
}

// functions are the names set upright.
var functions = map[string]function{
	"arccos": {"arccos", beside},
	"arcsin": {"arcsin", beside},
	"arctan": {"arctan", beside},
	"arg":    {"arg", beside},
	"cos":    {"cos", beside},
	"cosh":   {"cosh", beside},
	"cot":    {"cot", beside},
	"coth":   {"coth", beside},
	"csc":    {"csc", beside},
	"deg":    {"deg", beside},
	"dim":    {"dim", beside},
	"exp":    {"exp", beside},
	"hom":    {"hom", beside},
	"ker":    {"ker", beside},
	"lg":     {"lg", beside},
	"ln":     {"ln", beside},
	"log":    {"log", beside},
	"sec":    {"sec", beside},
	"sin":    {"sin", beside},
	"sinh":   {"sinh", beside},
	"tan":    {"tan", beside},
	"tanh":   {"tanh", beside},
	"sgn":    {"sgn", beside},
	"det":    {"det", movable},
	"gcd":    {"gcd", movable},
	"inf":    {"inf", movable},
	"lim":    {"lim", movable},
	"max":    {"max", movable},
	"min":    {"min", movable},
	"Pr":     {"Pr", movable},
	"sup":    {"sup", movable},
	"limsup": {"lim sup", movable},
	"liminf": {"lim inf", movable},
	"argmax": {"arg max", movable},
	"argmin": {"arg min", movable},
}

type accent struct {
	mark     string
	stretchy bool
	under    bool
	brace    bool // scripts go above or below it
}

var accents = map[string]accent{
	"hat": {mark: "^"}, "widehat": {mark: "^", stretchy: true}, "check": {mark: "ˇ"},
	"tilde": {mark: "~"}, "widetilde": {mark: "~", stretchy: true}, "bar": {mark: "¯"},
	"vec": {mark: "→"}, "dot": {mark: "˙"}, "ddot": {mark: "¨"}, "dddot": {mark: "⃛"},
	"acute": {mark: "´"}, "grave": {mark: "`"}, "breve": {mark: "˘"}, "mathring": {mark: "˚"},
	"overline": {mark: "¯", stretchy: true}, "overrightarrow": {mark: "→", stretchy: true},
	"overleftarrow": {mark: "←", stretchy: true}, "overbrace": {mark: "⏞", stretchy: true, brace: true},
	"underline": {mark: "_", stretchy: true, under: true}, "underbrace": {mark: "⏟", stretchy: true, under: true, brace: true},
}

// fonts maps a command to an alphabet; normal is upright.
var fonts = map[string]string{
	"mathrm": "normal", "rm": "normal", "mathnormal": "", "mathit": "italic", "mathbf": "bold", "bf": "bold",
	"boldsymbol": "bold-italic", "bm": "bold-italic", "pmb": "bold-italic", "mathcal": "script", "mathscr": "script",
	"mathbb": "double", "mathfrak": "fraktur", "mathsf": "sans", "mathtt": "mono",
}

// texts maps a text command to the attributes of its mtext.
var texts = map[string]string{
	"text": "", "textrm": "", "textnormal": "", "mbox": "", "hbox": "", "textup": "", "textsf": ` style="font-family:sans-serif"`,
	"textbf": ` style="font-weight:bold"`, "textit": ` style="font-style:italic"`, "emph": ` style="font-style:italic"`,
	"texttt": ` style="font-family:monospace"`, "textsc": "",
}

var bigDelimiters = map[string]string{
	"big": "1.2em", "bigl": "1.2em", "bigr": "1.2em", "bigm": "1.2em", "Big": "1.8em", "Bigl": "1.8em", "Bigr": "1.8em", "Bigm": "1.8em",
	"bigg": "2.4em", "biggl": "2.4em", "biggr": "2.4em", "biggm": "2.4em", "Bigg": "3em", "Biggl": "3em", "Biggr": "3em", "Biggm": "3em",
}

// delimiters are what may follow \left, \right and \big.
var delimiters = map[string]string{
	".": "", "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", "<": "⟨", ">": "⟩",
	`\{`: "{", `\}`: "}", `\|`: "‖", `\backslash`: "\\", `\uparrow`: "↑", `\downarrow`: "↓", `\updownarrow`: "↕",
	`\Vert`:     "‖",
	`\lVert`:    "‖",
	`\langle`:   "⟨",
	`\lbrace`:   "{",
	`\lbrack`:   "[",
	`\lceil`:    "⌈",
	`\lfloor`:   "⌊",
	`\lgroup`:   "⟮",
	`\lvert`:    "|",
	`\rVert`:    "‖",
	`\rangle`:   "⟩",
	`\rbrace`:   "}",
	`\rbrack`:   "]",
	`\rceil`:    "⌉",
	`\rfloor`:   "⌋",
	`\rgroup`:   "⟯",
	`\rvert`:    "|",
	`\ulcorner`: "⌜",
	`\urcorner`: "⌝",
	`\vert`:     "|",
}

// alphabet is one of Unicode's mathematical alphabets, which MathML Core uses
// in place of mathvariant. Letters that stood in Unicode before are exceptions.
type alphabet struct {
	upper, lower, digit, greekUpper, greekLower rune
	except                                      map[rune]rune
}

var alphabets = map[string]alphabet{
	"bold":        {0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2, nil},
	"italic":      {0x1D434, 0x1D44E, 0, 0x1D6E2, 0x1D6FC, map[rune]rune{'h': 'ℎ'}},
	"bold-italic": {0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736, nil},
	"script":      {0x1D49C, 0x1D4B6, 0, 0, 0, map[rune]rune{'B': 'ℬ', 'E': 'ℰ', 'F': 'ℱ', 'H': 'ℋ', 'I': 'ℐ', 'L': 'ℒ', 'M': 'ℳ', 'R': 'ℛ', 'e': 'ℯ', 'g': 'ℊ', 'o': 'ℴ'}},
	"fraktur":     {0x1D504, 0x1D51E, 0, 0, 0, map[rune]rune{'C': 'ℭ', 'H': 'ℌ', 'I': 'ℑ', 'R': 'ℜ', 'Z': 'ℨ'}},
	"double":      {0x1D538, 0x1D552, 0x1D7D8, 0, 0, map[rune]rune{'C': 'ℂ', 'H': 'ℍ', 'N': 'ℕ', 'P': 'ℙ', 'Q': 'ℚ', 'R': 'ℝ', 'Z': 'ℤ'}},
	"sans":        {0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0, nil},
	"mono":        {0x1D670, 0x1D68A, 0x1D7F6, 0, 0, nil},
}

// letter moves r into the alphabet where it has a place for it.
func (a alphabet) letter(r rune) rune {
	if e, ok := a.except[r]; ok {
		return e
	}
	switch {
	case 'A' <= r && r <= 'Z':
		return a.upper + r - 'A'
	case 'a' <= r && r <= 'z':
		return a.lower + r - 'a'
	case '0' <= r && r <= '9' && a.digit != 0:
		return a.digit + r - '0'
	case 'Α' <= r && r <= 'Ω' && a.greekUpper != 0:
		return a.greekUpper + r - 'Α'
	case 'α' <= r && r <= 'ω' && a.greekLower != 0:
		return a.greekLower + r - 'α'
	}
	return r
}
