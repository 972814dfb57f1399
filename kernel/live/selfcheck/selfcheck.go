// Package selfcheck finds out whether a live engine works with the installed
// toolchain: it has the engine build a session of three cells, which must see
// each other's values, types and functions. It knows no engine and no worker;
// whoever calls it runs the objects.
//
// The verdict is remembered in hpgo's cache directory under the engine's name
// and the module's key, which changes with the toolchain and with what the
// worker is made of. So it costs a second once and nothing later. A failure is
// forgotten after a day, since its cause may have been a full disk.
package selfcheck

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/live"
)

// Subject is what is checked. Its engine and module must not be those of a
// session: the cells of the check would stand in the way of the user's.
type Subject struct {
	Engine live.Engine
	Env    cell.Env
	// Run runs an object in the one worker of the check and returns the text of
	// the cell's value; a panic is an error.
	Run func(ctx context.Context, cell int, o *live.Object) (value string, err error)
	// Interrupt runs an object that never ends in the same worker and interrupts
	// it. An error says that it didn't stop, or that the worker is gone.
	Interrupt func(ctx context.Context, cell int, o *live.Object) error
}

// Failure says that the engine doesn't work: how far the check came, and why it
// ended there.
type Failure struct {
	Engine string
	Reason string
}

// Error gives the reason.
func (f *Failure) Error() string {
	return fmt.Sprintf("the self-check of the %s engine failed: %s", f.Engine, f.Reason)
}

// cells are the session. The third looks at what the others left: a variable
// that changed, a value in an interface whose type must be the same type, a
// value that a goroutine made, a function that calls one that was redefined.
// The names are those of no one else, in case they should ever be seen.
var cells = []string{
	`type checkPoint struct{ X, Y int }
func (p checkPoint) Sum() int { return p.X + p.Y }
func checkTimes(n int) int { return 2 * n }
func checkUse() int { return checkTimes(checkCount) }
var checkHeld any = checkPoint{1, 2}
checkCount := 40`,
	`func checkTimes(n int) int { return 10 * n }
checkMade := func() map[string]checkPoint {
	done := make(chan map[string]checkPoint)
	go func() { done <- map[string]checkPoint{"made": {3, 4}} }()
	return <-done
}()
checkCount++`,
	`checkCopy, checkSame := checkHeld.(checkPoint)
var checkSummer interface{ Sum() int } = checkMade["made"]
runtime.GC()
checkSaved := func() (v any) { defer func() { v = recover() }(); panic("saved") }()
fmt.Sprint(checkCount, checkSame, checkCopy.Sum(), checkSummer.Sum(), checkUse(), checkSaved)`,
}

// answer is what the last cell must show. An engine that keeps no values knows
// nothing of checkCount++.
func answer(keeps bool) string {
	n := 40
	if keeps {
		n++
	}
	return strconv.Quote(fmt.Sprint(n, true, 3, 7, 10*n, "saved"))
}

// cellTime is how long one cell may take. A second is plenty; a machine that
// swaps may take longer, a cell that hangs never ends.
const cellTime = time.Minute

// Check runs the check. Its error is a *Failure, or the context's.
func Check(ctx context.Context, s Subject) error {
	scope := cell.NewScope()
	value := ""
	for i, text := range cells {
		next, v, err := s.runCell(ctx, scope, i+1, text)
		if ctx.Err() != nil {
			return fmt.Errorf("self-check: %w", ctx.Err())
		}
		if err != nil {
			return &Failure{s.Engine.Name(), fmt.Sprintf("cell %d: %v", i+1, err)}
		}
		scope, value = next, v
	}
	if want := answer(s.Engine.KeepsValues()); value != want {
		if value == "" {
			value = "nothing"
		}
		return &Failure{s.Engine.Name(), fmt.Sprintf("three cells gave %s instead of %s", value, want)}
	}
	return nil
}

// endless is a session whose second cell is interrupted, several times.
var endless = []string{
	`checkKept := 42
checkText, checkList := "", []int{}`,
	`func checkSpin() {
	for i := 0; i >= 0; i++ {
		checkText, checkList = fmt.Sprint(i%100), append(checkList[:min(len(checkList), 50)], i)
	}
}
checkSpin()`,
	`fmt.Sprint(checkKept, len(checkList) <= 51)`,
}

// CheckInterrupt finds out whether an interrupt stops a cell and leaves the worker
// with all its variables. Its error is a *Failure, or the context's; interrupts
// then have to end the worker.
func CheckInterrupt(ctx context.Context, s Subject) error {
	const times = 5
	scope := cell.NewScope()
	value := ""
	for i, text := range endless {
		run := s.Run
		if i == 1 {
			run = func(ctx context.Context, n int, o *live.Object) (string, error) {
				for range times {
					if err := s.Interrupt(ctx, n, o); err != nil {
						return "", err
					}
				}
				return "", nil
			}
		}
		again := s
		again.Run = run
		next, v, err := again.runCell(ctx, scope, i+1, text)
		if ctx.Err() != nil {
			return fmt.Errorf("self-check: %w", ctx.Err())
		}
		if err != nil {
			return &Failure{s.Engine.Name(), fmt.Sprintf("interrupt: %v", err)}
		}
		scope, value = next, v
	}
	if want := strconv.Quote("42 true"); value != want {
		return &Failure{s.Engine.Name(), fmt.Sprintf("interrupt: it left %q instead of %s", value, want)}
	}
	return nil
}

// runCell builds and runs one cell.
func (s Subject) runCell(ctx context.Context, scope *cell.Scope, n int, text string) (*cell.Scope, string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, cellTime, fmt.Errorf("not done after %v", cellTime))
	defer cancel()
	c, errs := cell.ParseIn(scope, text)
	if len(errs) > 0 {
		return nil, "", errs
	}
	env := s.Env
	env.Fresh = !s.Engine.KeepsValues()
	u, errs := cell.Rewrite(env, scope, n, c)
	if len(errs) > 0 {
		return nil, "", errs
	}
	o, err := s.Engine.Build(ctx, u, build.Options{})
	if err != nil {
		return nil, "", because(ctx, err)
	}
	v, err := s.Run(ctx, n, o)
	if err != nil {
		return nil, "", because(ctx, err)
	}
	s.Engine.Loaded(o)
	return u.Next, v, nil
}

// because names the time that ran out instead of what broke then.
func because(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return err
}

// verdict is a remembered outcome.
type verdict struct {
	OK     bool
	Reason string `json:",omitempty"`
}

// failureLasts is how long a failure is remembered.
const failureLasts = 24 * time.Hour

// file is where the verdict about an engine is kept.
func file(engine, key string) string {
	return filepath.Join(build.CacheDir(), "selfcheck-"+engine+"-"+key+".json")
}

// Recall returns what is remembered about an engine for a module key: known is
// false when it must be checked; err is a *Failure when it failed.
func Recall(engine, key string) (known bool, err error) {
	path := file(engine, key)
	st, err := os.Stat(path)
	if err != nil {
		return false, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return false, nil
	}
	var v verdict
	switch {
	case json.Unmarshal(data, &v) != nil:
		return false, nil
	case v.OK:
		return true, nil
	case time.Since(st.ModTime()) > failureLasts:
		return false, nil
	}
	return true, &Failure{engine, v.Reason}
}

// Remember keeps the outcome of a check. An error that is no *Failure says
// nothing about the engine and isn't kept. A cache that can't be written costs
// only a second at the next start, so that is no error.
func Remember(engine, key string, err error) {
	v := verdict{OK: err == nil}
	var f *Failure
	if errors.As(err, &f) {
		v.Reason = f.Reason
	} else if err != nil {
		return
	}
	data, err := json.Marshal(v)
	if err != nil {
		return
	}
	tmp, err := os.CreateTemp(build.CacheDir(), "selfcheck-*.tmp")
	if err != nil {
		return
	}
	defer os.Remove(tmp.Name())
	_, werr := tmp.Write(data)
	if err := errors.Join(werr, tmp.Close()); err == nil {
		_ = os.Rename(tmp.Name(), file(engine, key))
	}
}

// Line returns the first line of a failure's reason, cut to what fits a message.
func (f *Failure) Line() string {
	line, _, _ := strings.Cut(strings.TrimSpace(f.Error()), "\n")
	const most = 300
	if r := []rune(line); len(r) > most {
		line = string(r[:most]) + "..."
	}
	return line
}
