package jupyter

import "time"

// SetWriteTimeout changes how long a subscriber may take nothing; before Start.
func (k *Kernel) SetWriteTimeout(d time.Duration) { k.pub.opts.WriteTimeout = d }
