package notebook

import "slices"

// Object is a JSON object. Numbers in it are json.Number when they come from
// a file, so that they are written back as they were spelled.
type Object = map[string]any

// The cell types of nbformat 4.
const (
	Code     = "code"
	Markdown = "markdown"
	Raw      = "raw"
)

// The output types of nbformat 4.
const (
	StreamOutput  = "stream"
	DisplayOutput = "display_data"
	ResultOutput  = "execute_result"
	ErrorOutput   = "error"
)

// Tags that change how a cell is run.
const (
	TagParameters         = "parameters"
	TagInjectedParameters = "injected-parameters"
	TagRaisesException    = "raises-exception"
	TagSkipExecution      = "skip-execution"
)

// Notebook is a notebook of nbformat 4.
type Notebook struct {
	Cells    []*Cell
	Metadata Object
	Minor    int    // nbformat_minor; cells have ids from 5 on
	Extra    Object // top-level fields that this package does not know
}

// Cell is one cell. Outputs and ExecutionCount are used by code cells only.
type Cell struct {
	ID             string // empty below nbformat 4.5
	Type           string // Code, Markdown or Raw
	Source         string
	Metadata       Object
	Attachments    Object // file name -> MIME bundle; nil when there are none
	Outputs        []*Output
	ExecutionCount *int
	Extra          Object // fields that this package does not know
}

// Output is one output of a code cell. Which fields count depends on Type.
type Output struct {
	Type           string
	Name           string   // stream: "stdout" or "stderr"
	Text           string   // stream
	Data           Object   // display_data and execute_result: MIME type -> string or JSON value
	Metadata       Object   // display_data and execute_result, keyed by MIME type
	ExecutionCount *int     // execute_result
	EName          string   // error
	EValue         string   // error
	Traceback      []string // error
	Extra          Object   // fields that this package does not know
}

// Tags returns the cell's tags.
func (c *Cell) Tags() []string {
	list, _ := c.Metadata["tags"].([]any)
	var tags []string
	for _, t := range list {
		if s, ok := t.(string); ok {
			tags = append(tags, s)
		}
	}
	return tags
}

// HasTag reports whether the cell carries the tag.
func (c *Cell) HasTag(tag string) bool { return slices.Contains(c.Tags(), tag) }

// New returns an empty notebook of nbformat 4.5.
func New() *Notebook {
	return &Notebook{Metadata: Object{}, Minor: 5}
}

// Append adds a cell and gives it an id when the format has ids.
func (nb *Notebook) Append(cellType, source string) *Cell {
	c := &Cell{Type: cellType, Source: source, Metadata: Object{}}
	nb.Cells = append(nb.Cells, c)
	nb.fillIDs()
	return c
}

// CodeCells counts the code cells.
func (nb *Notebook) CodeCells() int {
	n := 0
	for _, c := range nb.Cells {
		if c.Type == Code {
			n++
		}
	}
	return n
}
