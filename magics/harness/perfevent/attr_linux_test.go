package perfevent

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"hpgo/internal/skip"
)

// asC is what the compiler makes of linux/perf_event.h: the bytes of an attr and numbers.
const asC = `#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
int main(void) {
	struct perf_event_attr a;
	memset(&a, 0, sizeof a);
	a.type = PERF_TYPE_HW_CACHE; a.size = PERF_ATTR_SIZE_VER5; a.config = 0x1122334455667788; a.sample_period = 3; a.sample_type = 4; a.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	a.disabled = a.inherit = a.exclude_user = a.exclude_kernel = a.exclude_hv = a.freq = a.exclude_callchain_kernel = a.inherit_thread = 1;
	a.wakeup_events = 5; a.sample_stack_user = 6;
	unsigned char *b = (unsigned char *)&a;
	for (int i = 0; i < PERF_ATTR_SIZE_VER5; i++) printf("%02x", b[i]);
	printf(" %d %d %d %lx %lx %lx %lx %lx\n", PERF_TYPE_HARDWARE, PERF_TYPE_SOFTWARE, PERF_TYPE_RAW, (long)PERF_EVENT_IOC_ENABLE, (long)PERF_EVENT_IOC_DISABLE, (long)PERF_EVENT_IOC_SET_OUTPUT, (long)PERF_EVENT_IOC_ID, (long)PERF_FLAG_FD_CLOEXEC);
	return 0;
}
`

// Attr lies in memory as the kernel's own header says.
func TestAttr(t *testing.T) {
	dir := t.TempDir()
	source, exe := filepath.Join(dir, "a.c"), filepath.Join(dir, "a")
	if err := os.WriteFile(source, []byte(asC), 0o666); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.Command("gcc", "-o", exe, source).CombinedOutput(); err != nil {
		skip.Because(t, fmt.Sprintf("gcc has no linux/perf_event.h with inherit_thread: %s", text))
	}
	want, err := exec.Command(exe).Output()
	if err != nil {
		t.Fatal(err)
	}
	a := Attr{Kind: Cache, Config: 0x1122334455667788, SamplePeriod: 3, SampleType: 4, ReadFormat: TotalTimeEnabled | TotalTimeRunning,
		Flags:  Disabled | Inherit | ExcludeUser | ExcludeKernel | ExcludeHV | Frequency | NoKernelChain | InheritByThread,
		Wakeup: 5, SampleStackUser: 6}
	a.size = uint32(unsafe.Sizeof(a))
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(&a)), unsafe.Sizeof(a))
	got := fmt.Sprintf("%x %d %d %d %x %x %x %x %x", bytes, Hardware, Software, Raw, Enable, Disable, SetOutput, ID, closeOnExec)
	if got != strings.TrimSpace(string(want)) {
		t.Errorf("got\n%s\nwant\n%s (%s)", got, want, binary.NativeEndian.String())
	}
}
