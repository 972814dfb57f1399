// Package behave holds what the tests' cells do; the first argument chooses.
package behave

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
	"hpgo/kernel/worker/guard"
)

// Counter is a package variable: it lasts between calls.
var Counter int

type code int

type failure struct{ Op string }

func (f *failure) Error() string { return "failure in " + f.Op }

// Run does what os.Args says.
func Run() {
	do, ok := actions[os.Args[1]]
	if !ok {
		panic("no action " + os.Args[1])
	}
	do()
}

// number is the argument n, 0 without one.
func number(n int) int {
	if len(os.Args) <= n {
		return 0
	}
	i, err := strconv.Atoi(os.Args[n])
	if err != nil {
		panic(err)
	}
	return i
}

func show(s string) { display.Show(display.Text(s)) }

//go:noinline
func index(s []int, i int) int { return s[i] }

var sinkhole any

var actions = map[string]func(){
	"hello": func() {
		fmt.Println("hello")
		fmt.Fprintln(os.Stderr, "warning")
	},
	"count": func() { Counter++; fmt.Print(Counter) },
	"args":  func() { fmt.Printf("%q", os.Args[2:]) },
	"env":   func() { v, ok := os.LookupEnv(os.Args[2]); fmt.Print(v, ok) },
	"pwd":   func() { d, _ := os.Getwd(); fmt.Print(d) },
	"result": func() {
		display.Result(int64(1) << 60)
	},
	"bytes": func() {
		for _, b := range []byte(os.Args[2]) {
			os.Stdout.Write([]byte{b})
			time.Sleep(time.Millisecond)
		}
	},
	"invalid": func() { os.Stdout.Write([]byte("a\xffb\xe2\x82")) },
	"displays": func() {
		for i := range number(2) {
			fmt.Printf("<%d>", i)
			show(strconv.Itoa(i))
		}
		fmt.Print("end")
	},
	"noisy": func() {
		stop := make(chan bool)
		for _, f := range []*os.File{os.Stdout, os.Stderr} {
			go func() {
				for {
					select {
					case <-stop:
						return
					default:
						fmt.Fprintln(f, "noise")
					}
				}
			}()
		}
		for i := range number(2) {
			fmt.Printf("<%d>", i)
			show(strconv.Itoa(i))
			log.Print("log ", i)
		}
		close(stop)
	},
	"onlydisplays": func() {
		for i := range number(2) {
			show(strconv.Itoa(i))
		}
	},
	"flood": func() {
		line := []byte(strings.Repeat("0123456789abcde\n", 4096))
		for range number(2) {
			os.Stdout.Write(line)
		}
	},
	"lines": func() {
		for i := range number(2) {
			fmt.Println("line", i)
		}
	},
	"huge": func() { show(strings.Repeat("x", number(2))) },
	"log": func() {
		for i := range number(2) {
			fmt.Println("out", i)
			log.Print("log ", i)
		}
	},
	"panic":  func() { panic("boom") },
	"index":  func() { index([]int{1, 2, 3}, number(2)) },
	"nilmap": func() { var m map[string]int; m["a"] = 1 },
	"nilptr": func() { var p *struct{ X int }; p.X = 1 },
	"error":  func() { panic(fmt.Errorf("wrapped: %w", &failure{"test"})) },
	"code":   func() { panic(code(7)) },
	"nil":    func() { panic(nil) },
	"repanic": func() {
		defer func() {
			r := recover()
			panic(fmt.Sprint("again: ", r))
		}()
		panic("first")
	},
	"goexit": func() { defer fmt.Print("deferred"); runtime.Goexit() },
	"goroutine": func() {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() {
			defer guard.Recover()
			defer wg.Done()
			fmt.Println("before")
			panic(errors.New("in a goroutine"))
		}()
		wg.Wait()
		time.Sleep(20 * time.Millisecond)
	},
	"unguarded": func() {
		go func() { panic("nobody recovers") }()
		select {}
	},
	"looks": func() {
		fmt.Fprintln(os.Stderr, "panic: not really")
		time.Sleep(time.Duration(number(2)) * time.Millisecond)
		fmt.Print("later")
	},
	"exit":     func() { fmt.Print("bye"); os.Exit(number(2)) },
	"logfatal": func() { log.Fatal("fatal message") },
	"kill":     func() { syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} },
	"mapwrite": func() {
		m := map[int]int{}
		for range 8 {
			go func() {
				for i := 0; ; i++ {
					m[i%10] = i
				}
			}()
		}
		select {}
	},
	"overflow": func() { var f func(int) int; f = func(n int) int { return f(n+1) + 1 }; fmt.Println(f(0)) },
	"toomuch":  func() { sinkhole = make([]byte, 1<<47) },
	"eat": func() {
		var all [][]byte
		for {
			b := make([]byte, 8<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			all = append(all, b)
			sinkhole = all
		}
	},
	"loop": func() {
		fmt.Println("looping")
		for {
			sinkhole = 1
		}
	},
	"block": func() { fmt.Println("blocking"); select {} },
	"later": func() {
		go func() {
			time.Sleep(time.Duration(number(2)) * time.Millisecond)
			fmt.Print("late text")
			show("late display")
		}()
	},
	"lateexit": func() { go func() { time.Sleep(20 * time.Millisecond); os.Exit(4) }() },
	"forever": func() {
		go func() {
			for {
				fmt.Println("noise")
			}
		}()
	},
	"flags": func() {
		n := flag.Int("n", 1, "a number")
		flag.Parse()
		fmt.Print(*n, flag.Args(), flag.CommandLine.Name())
	},
	"parse": func() {
		flag.Parse()
		fmt.Print(flag.Lookup("n") != nil)
		if f := flag.Lookup("n"); f != nil {
			fmt.Print(f.Value)
		}
	},
	"grandchild": func() {
		cmd := exec.Command("sleep", "600")
		cmd.Stdout = os.Stdout
		if err := cmd.Start(); err != nil {
			panic(err)
		}
		fmt.Print(cmd.Process.Pid)
	},
	"descriptors": func() {
		out, err := exec.Command("ls", "/proc/self/fd").CombinedOutput()
		fmt.Print(fmt.Sprint(strings.Fields(string(out)), err))
	},
	"scan": func() {
		fmt.Print("Name? ")
		var s string
		_, err := fmt.Scan(&s)
		fmt.Print("got ", s, err)
	},
	"scanline": func() {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		fmt.Printf("%q %v", line, err)
	},
	"sh": func() {
		cmd := exec.Command("sh", "-c", os.Args[2])
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		fmt.Print(cmd.Run())
	},
	"ask": func() {
		fmt.Print("before ")
		line, err := display.Input("Your name:")
		secret, err2 := display.Password("Pin:")
		fmt.Print(line, " ", secret, " ", err, " ", err2)
	},
	"asklater": func() {
		go func() {
			time.Sleep(time.Duration(number(2)) * time.Millisecond)
			_, err := display.Input("later")
			fmt.Print(err)
		}()
	},
	"scanlater": func() {
		go func() {
			var s string
			_, err := fmt.Scan(&s)
			fmt.Print("later: ", s, err)
		}()
	},
	"sleep": func() { time.Sleep(time.Duration(number(2)) * time.Millisecond) },
	"stdin": func() { var s string; _, err := fmt.Scan(&s); fmt.Print(err) },
	"garbage": func() {
		os.NewFile(4, "event").WriteString("this is no frame")
		select {}
	},
	"closeevents": func() { syscall.Close(4); select {} },
	"halfframe": func() {
		os.NewFile(4, "event").Write(append([]byte{'h', 'p', frame.Version, 17, 0, 0, 255, 255}, `{"seq"`...))
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	},
}
