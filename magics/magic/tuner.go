package magic

import (
	"context"
	"path/filepath"

	"hpgo/magics/settings"
)

// Tuner is how cells are built and run, which %flags shows and sets.
type Tuner interface {
	// Flags returns all settings as they are in force.
	Flags(ctx context.Context) []Flagged
	// TryFlags tells why cells can't be built or run with values, in one line that
	// names the value; "" when they can.
	TryFlags(ctx context.Context, v settings.Values) (string, error)
	// SetFlags puts values in force until others are set. Those that reach everything
	// that is linked need a new worker, which loses the variables.
	SetFlags(ctx context.Context, v settings.Values) error
	// LendFlags puts values in force until back is called: in the live session, or,
	// where they reach further, for programs of their own, which all measured code
	// then is.
	LendFlags(ctx context.Context, v settings.Values) (back func(), err error)
}

// Flagged is a setting as it is in force.
type Flagged struct {
	settings.Setting
	Value string // "" where nothing is set
	// From is where it comes from: "default", or what has set it.
	From string
}

// ByDefault is Flagged.From of what nobody has set.
const ByDefault = "default"

// ReadFlags reads words such as GOGC=50 and makes the paths in them absolute.
func ReadFlags(h Host, words []string) (settings.Values, error) {
	v, err := settings.Parse(words)
	if err != nil {
		return nil, err
	}
	if file := v[settings.PGO]; file != "" {
		path, err := Path(h, file)
		if err != nil {
			return nil, err
		}
		v[settings.PGO] = filepath.Clean(path)
	}
	return v, nil
}
