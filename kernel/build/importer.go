package build

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"os"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

// Importer finds types from the export data of a module's packages. Packages
// are read once and kept for the session. It may be used by several goroutines.
type Importer struct {
	mod  *Module
	fset *token.FileSet

	mu       sync.Mutex
	packages map[string]*types.Package
	ctx      context.Context // of the cell being checked; go/types passes none
}

// NewImporter returns an importer for a module.
func NewImporter(m *Module) *Importer {
	return &Importer{mod: m, fset: token.NewFileSet(), packages: map[string]*types.Package{}, ctx: context.Background()}
}

// With makes imports end when ctx does. It returns the importer.
func (im *Importer) With(ctx context.Context) *Importer {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.ctx = ctx
	return im
}

// Reset forgets all packages, after the module changed.
func (im *Importer) Reset() {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.packages = map[string]*types.Package{}
}

// Import implements types.Importer. No lock is held while packages are compiled,
// so that whoever asks only for what is there needn't wait.
func (im *Importer) Import(path string) (*types.Package, error) {
	if p, err := im.compiled(path); p != nil || err != nil {
		return p, err
	}
	im.mu.Lock()
	ctx := im.ctx
	im.mu.Unlock()
	if err := im.mod.require(ctx, path); err != nil {
		return nil, err
	}
	p, err := im.compiled(path)
	if p == nil && err == nil {
		return nil, fmt.Errorf("%w: %s", errNoPackage, path)
	}
	return p, err
}

// compiled returns a package whose archive is known, nil for any other. It
// never waits for a command.
func (im *Importer) compiled(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	im.mu.Lock()
	defer im.mu.Unlock()
	if p := im.packages[path]; p != nil && p.Complete() {
		return p, nil
	}
	file, ok := im.mod.export(path)
	if !ok {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open export data of %s: %w", path, err)
	}
	defer f.Close()
	// go list -export gives archives up to Go 1.28.
	//lint:ignore SA1019 Read alone doesn't find the export data in an archive
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("read export data of %s: %w", path, err)
	}
	p, err := gcexportdata.Read(r, im.fset, im.packages, path)
	if err != nil {
		return nil, fmt.Errorf("read export data of %s: %w", path, err)
	}
	return p, nil
}

// export returns the archive of one package.
func (m *Module) export(path string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.exports[path]
	return f, ok
}

// require is Require with the module cache as a last resort: a package of a
// module that was downloaded before is added to the session without network.
func (m *Module) require(ctx context.Context, path string) error {
	err := m.Require(ctx, path)
	if err == nil || !isModulePath(path) || ctx.Err() != nil {
		return err
	}
	if cerr := m.getCached(ctx, path); cerr != nil {
		return err
	}
	return m.Require(ctx, path)
}
