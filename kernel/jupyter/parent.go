package jupyter

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// parentInterval is how often the watch looks.
const parentInterval = time.Second

// watchParent ends the kernel when the process that started it is gone: our
// parent has changed, or the named process, where it isn't our parent because
// a wrapper stands between, no longer exists. A named process that isn't there
// at the start belongs to another process namespace and says nothing.
func (k *Kernel) watchParent() {
	if k.cfg.ParentPID <= 0 {
		return
	}
	ours := os.Getppid()
	named := k.cfg.ParentPID
	watchNamed := named != ours && processExists(named)
	tick := time.NewTicker(parentInterval)
	defer tick.Stop()
	for {
		select {
		case <-k.ctx.Done():
			return
		case <-tick.C:
		}
		if os.Getppid() != ours || watchNamed && !processExists(named) {
			k.log.printf("the process that started the kernel is gone, ending")
			k.stop(Exit{Reason: "parent"})
			return
		}
	}
}

// processExists asks without disturbing. Not being allowed to signal is a yes.
func processExists(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release()
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}
