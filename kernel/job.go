package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hpgo/kernel/notebook"
	"hpgo/kernel/notebook/report"
)

// job is one notebook with where its results go.
type job struct {
	path string // as given
	dir  string // where its cells run: the notebook's, as in Jupyter
	nb   *notebook.Notebook
	out  string // of the executed notebook; empty: not written
	html string // of the report; empty: not written
}

// name is how progress and messages call the notebook.
func (j *job) name() string {
	return strings.TrimSuffix(filepath.Base(j.path), filepath.Ext(j.path))
}

// language is what the notebook says it is written in; empty: nothing.
func (j *job) language() string {
	for _, at := range [][2]string{{"kernelspec", "language"}, {"language_info", "name"}} {
		if about, ok := j.nb.Metadata[at[0]].(notebook.Object); ok {
			if name, ok := about[at[1]].(string); ok && name != "" {
				return name
			}
		}
	}
	return ""
}

// planJobs reads all notebooks and finds a place for all results before
// anything runs, so that a slip costs no computed cell.
func planJobs(files []string, o runOptions) ([]*job, error) {
	if len(files) == 0 {
		return nil, badUsage("no notebook given")
	}
	var jobs []*job
	taken := map[string]string{}
	for _, path := range files {
		j, err := readJob(path)
		if err != nil {
			return nil, err
		}
		if err := notebook.Parameterize(j.nb, o.params); err != nil {
			return nil, badInput(fmt.Errorf("%s: %w", path, err))
		}
		if o.out != "" {
			if j.out, err = outputPath(o.out, j, ".ipynb", len(files) > 1); err != nil {
				return nil, err
			}
		}
		if !o.noHTML {
			if j.html, err = j.reportPath(o.html, len(files) > 1); err != nil {
				return nil, err
			}
		}
		for _, p := range []string{j.out, j.html} {
			if other := taken[p]; p != "" && other != "" {
				return nil, badUsage("%s and %s would both be written to %s", other, path, p)
			}
			taken[p] = path
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// readJob reads one notebook.
func readJob(path string) (*job, error) {
	nb, err := notebook.ReadFile(path)
	var at *fs.PathError
	switch {
	case errors.As(err, &at):
		return nil, badInput(fmt.Errorf("%s: %w", path, at.Err))
	case err != nil:
		return nil, badInput(err)
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("find the directory of %s: %w", path, err)
	}
	return &job{path: path, dir: dir, nb: nb}, nil
}

// reportPath is where the report goes: as asked, or beside the executed
// notebook, or beside the input.
func (j *job) reportPath(asked string, several bool) (string, error) {
	if asked != "" {
		return outputPath(asked, j, ".html", several)
	}
	beside := j.path
	if j.out != "" {
		beside = j.out
	}
	return outputPath(strings.TrimSuffix(beside, filepath.Ext(beside))+".html", j, ".html", false)
}

// outputPath completes a path that may name a directory and checks that it can
// be written as far as that can be told beforehand.
func outputPath(path string, j *job, ext string, several bool) (string, error) {
	info, err := os.Stat(path)
	isDir := err == nil && info.IsDir()
	switch {
	case isDir:
		path = filepath.Join(path, j.name()+ext)
	case several:
		return "", badUsage("%s is not a directory, and several notebooks don't fit into one file", path)
	case strings.HasSuffix(path, string(filepath.Separator)):
		return "", badUsage("the directory %s doesn't exist", path)
	}
	if !strings.EqualFold(filepath.Ext(path), ext) && !(ext == ".html" && strings.EqualFold(filepath.Ext(path), ".htm")) {
		return "", badUsage("%s should end in %s", path, ext)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", badUsage("the directory %s doesn't exist", dir)
	}
	if err := probe(dir); err != nil {
		return "", badInput(fmt.Errorf("%s can't be written (-o and --html name other places): %w", path, err))
	}
	return path, nil
}

// probe makes a file in a directory and removes it: permissions and the state
// of the file system are found out before the cells run.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, ".hpgo-*.tmp")
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			return at.Err
		}
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// write writes the executed notebook and the report and returns their paths.
func (j *job) write(sum notebook.Summary, facts []report.Fact) (written []string, err error) {
	var errs []error
	if j.out != "" {
		if err := j.nb.WriteFile(j.out); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", j.out, err))
		} else {
			written = append(written, j.out)
		}
	}
	if j.html != "" {
		if err := j.writeReport(sum.Elapsed, facts); err != nil {
			errs = append(errs, err)
		} else {
			written = append(written, j.html)
		}
	}
	return written, errors.Join(errs...)
}

// writeReport makes the report of the notebook as it is now.
func (j *job) writeReport(elapsed time.Duration, facts []report.Fact) error {
	meta := report.Meta{Source: filepath.Base(j.path), Facts: facts, Elapsed: elapsed}
	// Pictures are taken from the notebook's own directory only: a notebook may
	// come from somebody else, and a report is made to be sent around.
	if root, err := os.OpenRoot(j.dir); err == nil {
		defer root.Close()
		meta.ReadFile = func(path string) ([]byte, error) { return root.ReadFile(filepath.FromSlash(path)) }
	}
	var page bytes.Buffer
	if err := report.Write(&page, j.nb, meta); err != nil {
		return fmt.Errorf("report of %s: %w", j.path, err)
	}
	return replaceFile(j.html, page.Bytes())
}

// replaceFile writes a file in one step, so that a reader never sees half of it.
func replaceFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".hpgo-*.tmp")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// prompt is " (In [n])" for the cell at a place in the notebook: tracebacks
// count executed cells, readers of a file count all cells.
func (j *job) prompt(position int) string {
	if n := j.nb.Cells[position-1].ExecutionCount; n != nil {
		return fmt.Sprintf(" (In [%d])", *n)
	}
	return ""
}
