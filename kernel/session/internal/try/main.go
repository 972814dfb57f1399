package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

type sink struct{}

func (sink) Stream(name, text string) { fmt.Printf("[%s] %s", name, text) }
func (sink) Display(e display.Event) {
	fmt.Printf("[display %s] %v\n", e.Op, e.Bundle.Data["text/plain"])
}

func main() {
	ctx := context.Background()
	s := session.New(session.Options{Progress: func(t string) { fmt.Println("...", t) }})
	t := time.Now()
	if err := s.Start(ctx); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	defer s.Close()
	var cell strings.Builder
	sc := bufio.NewScanner(os.Stdin)
	flush := func() {
		if strings.TrimSpace(cell.String()) == "" {
			return
		}
		r := s.Execute(ctx, strings.TrimSuffix(cell.String(), "\n"), sink{})
		if r.Value != nil {
			fmt.Printf("Out[%d]: %v\n", r.Count, r.Value.Data["text/plain"])
		}
		if r.Err != nil {
			fmt.Println("ERR", r.Err.Name, r.Err.Value)
			fmt.Println(strings.Join(r.Err.Traceback, "\n"))
		}
		fmt.Printf("-- cell %d %v (total %v)\n", r.Count, r.Elapsed.Round(time.Millisecond), time.Since(t).Round(time.Millisecond))
		cell.Reset()
	}
	for sc.Scan() {
		if sc.Text() == "---" {
			flush()
			continue
		}
		cell.WriteString(sc.Text() + "\n")
	}
	flush()
}
