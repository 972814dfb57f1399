package jumps

import (
	"bufio"
	"debug/elf"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"hpgo/internal/skip"
)

// line is one of `go tool objdump`: place, address, bytes, instruction.
var line = regexp.MustCompile(`^\s+\S+\s+0x([0-9a-f]+)\s+[0-9a-f]+\s+(\S+)(?:\s+0x([0-9a-f]+))?`)

// TestAgainstObjdump compares the jumps of this program's functions with what
// the toolchain's own disassembler says.
func TestAgainstObjdump(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
		skip.Because(t, "jumps are read on linux/amd64 and linux/arm64 only")
	}
	exe := filepath.Join(t.TempDir(), "test") // with symbols, which the running one lacks
	if out, err := exec.Command("go", "test", "-c", "-o", exe, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := elf.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text := f.Section(".text")
	data, err := text.Data()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "tool", "objdump", "-s", `^(strconv|sort|fmt|regexp|math|encoding|strings|bufio|crypto/sha256|runtime\.map)`, exe)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	functions := 0
	var addrs []uint64
	var want []Jump
	var wantCalls []int // where they begin
	unknown := false
	check := func() {
		if len(addrs) == 0 || unknown {
			return
		}
		functions++
		start := addrs[0]
		code := data[start-text.Addr : addrs[len(addrs)-1]-text.Addr]
		got, calls, ok := Find(code)
		if !ok {
			t.Fatalf("function at %#x: not understood", start)
		}
		var within []Jump
		for _, w := range want {
			if w.At < len(code) {
				within = append(within, w)
			}
		}
		if len(calls) != callsWithin(wantCalls, len(code)) {
			t.Fatalf("function at %#x: %d calls, want %d", start, len(calls), callsWithin(wantCalls, len(code)))
		}
		if len(got) != len(within) {
			t.Fatalf("function at %#x: %d jumps, want %d", start, len(got), len(within))
		}
		for i := range got {
			if got[i] != within[i] {
				t.Fatalf("function at %#x: jump %+v, want %+v", start, got[i], within[i])
			}
		}
	}
	sc := bufio.NewScanner(out)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		if strings.HasPrefix(sc.Text(), "TEXT ") {
			check()
			addrs, want, wantCalls, unknown = nil, nil, nil, false
			continue
		}
		m := line.FindStringSubmatch(sc.Text())
		if m == nil {
			continue
		}
		at, _ := strconv.ParseUint(m[1], 16, 64)
		addrs = append(addrs, at)
		unknown = unknown || strings.HasPrefix(m[2], "?") // objdump knows no AVX
		if m[2] == "CALL" || m[2] == "BL" {
			wantCalls = append(wantCalls, int(at-addrs[0]))
		}
		if to, err := strconv.ParseUint(m[3], 16, 64); err == nil && isJump(m[2]) {
			want = append(want, Jump{At: int(at - addrs[0]), To: int(int64(to) - int64(addrs[0])), Conditional: m[2] != "JMP"})
		}
	}
	check()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if functions < 300 {
		t.Errorf("only %d functions were compared", functions)
	}
}

// callsWithin counts the calls that begin before an offset.
func callsWithin(calls []int, end int) (n int) {
	for _, c := range calls {
		if c < end {
			n++
		}
	}
	return n
}

// isJump recognises jumps by their name.
func isJump(op string) bool {
	if runtime.GOARCH == "arm64" {
		return op == "JMP" || op[0] == 'B' && op != "BL" && len(op) == 3 || strings.HasPrefix(op, "CB") || strings.HasPrefix(op, "TB")
	}
	return op[0] == 'J'
}

func FuzzFind(f *testing.F) {
	f.Add([]byte{0xeb, 0xfe})
	f.Add([]byte{0x0f, 0x8e, 1, 2, 3, 4, 0x90})
	f.Add([]byte{0x66, 0x66, 0x66})
	f.Add([]byte{0xc4})
	f.Fuzz(func(t *testing.T, code []byte) {
		found, _, _ := Find(code)
		last := -1
		for _, j := range found {
			if j.At <= last || j.At >= len(code) {
				t.Fatalf("jump at %d after %d in %d bytes", j.At, last, len(code))
			}
			last = j.At
		}
	})
}

func TestClearsByte(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		skip.Because(t, "the code below is amd64's")
	}
	tests := []struct {
		code   string
		offset int
	}{
		{"\xc6\x44\x24\x17\x00", 0x17},                         // movb $0, 0x17(sp)
		{"\x90\xc6\x84\x24\x00\x01\x00\x00\x00", 0x100},        // nop; movb $0, 0x100(sp)
		{"\x44\x88\x7c\x24\x0f", 0x0f},                         // movb r15, 0xf(sp)
		{"\x48\x8d\x05\xc6\x44\x24\x17\x88\x4c\x24\x01", 0x01}, // lea (with the bytes of a store in it); movb cl, 1(sp)
	}
	for _, tt := range tests {
		if !ClearsByte([]byte(tt.code), tt.offset) {
			t.Errorf("% x: not seen", tt.code)
		}
		if ClearsByte([]byte(tt.code), tt.offset+1) || ClearsByte([]byte(tt.code), 0x42) {
			t.Errorf("% x: seen elsewhere", tt.code)
		}
	}
	if ClearsByte([]byte(tests[3].code), 0x17) {
		t.Error("seen inside of an instruction")
	}
}
