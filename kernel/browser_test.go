package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hpgo/internal/skip"
)

// shotsVariable names a folder for pictures of the steps; empty: none are taken.
const shotsVariable = "HPGO_BROWSER_SHOTS"

// browserCells are the notebook of testdata/browser/lab.mjs.
var browserCells = []string{
	"",
	"strings.ToUpp",
	"fmt.Println(\"running\")\nfor i := 0; ; i++ {\n}",
	"x",
	`import (
	"hpgo/kernel/display"
	"hpgo/plots"
)

display.Interact(func(n int) any {
	fmt.Println("n is", n)
	return plots.Line{Y: []float64{0, float64(n), 1}}
})`,
	`b, ever := display.Button("press"), display.Button("for ever")
b.OnClick(func() { fmt.Println("pressed", b.Clicks()) })
ever.OnClick(func() { fmt.Println("began"); for i := 0; ; i++ {} })
text := display.TextBox("text", "")
text.OnChange(func(s string) { fmt.Println("typed", s) })
pick := display.Select("pick", "one", "two")
pick.OnChange(func(s string) { fmt.Println("chose", s) })
tick := display.Checkbox("tick", false)
tick.OnChange(func(on bool) { fmt.Println("ticked", on) })
display.VBox(b, ever, text, pick, tick)`,
}

// TestBrowser does in JupyterLab what a user does: with ipywidgets, and without
// it behind a base URL, https and a token.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		skip.Because(t, "a browser takes seconds to start")
	}
	tools := findBrowserTools(t)
	for _, test := range []struct {
		name          string
		widgets, dark bool
		base          string
		https         bool
		token         string
	}{
		{name: "ipywidgets", widgets: true, dark: true, base: "/"},
		{name: "plain", base: "/user/x/", https: true, token: "a-token"},
	} {
		t.Run(test.name, func(t *testing.T) {
			nb := strings.Replace(notebookOf(t, browserCells...), `"metadata":{},"nbformat"`, `"metadata":{"kernelspec":{"name":"hpgo","display_name":"Go (hpgo)","language":"go"}},"nbformat"`, 1)
			lab, _ := startLab(t, tools, nb, labAt{test.widgets, test.base, test.https, test.token})
			shots := os.Getenv(shotsVariable)
			if shots != "" {
				shots = filepath.Join(shots, test.name)
				if err := os.MkdirAll(shots, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			given, err := json.Marshal(map[string]any{"url": lab, "chromium": tools.chromium, "shots": shots,
				"widgets": test.widgets, "dark": test.dark, "patience": 60_000})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, tools.node, "testdata/browser/lab.mjs", string(given))
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("the browser's script: %v\n%s", err, &stderr)
			}
			checkSteps(t, out, test.base, test.https)
		})
	}
}

// checkSteps judges the lines of the script.
func checkSteps(t *testing.T, out []byte, base string, https bool) {
	t.Helper()
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	seen := 0
	for lines.Scan() {
		var step struct {
			Step   string
			OK     bool
			Detail string
		}
		if err := json.Unmarshal(lines.Bytes(), &step); err != nil {
			t.Fatalf("%v in %s", err, lines.Text())
		}
		seen++
		if !step.OK {
			t.Errorf("%s: %s", step.Step, step.Detail)
		}
		if step.Step == "sockets" {
			scheme := "ws://"
			if https {
				scheme = "wss://"
			}
			for url := range strings.FieldsSeq(step.Detail) {
				if !strings.HasPrefix(url, scheme) || !strings.Contains(url, base+"api/kernels/") {
					t.Errorf("a socket to %s", url)
				}
			}
		}
	}
	if seen < 12 {
		t.Errorf("%d steps came:\n%s", seen, out)
	}
}

// browserTools are the programs that the test needs.
type browserTools struct{ jupyter, node, chromium string }

func findBrowserTools(t *testing.T) (b browserTools) {
	t.Helper()
	find := func(names ...string) string {
		for _, name := range names {
			if path, err := exec.LookPath(name); err == nil {
				return path
			}
		}
		skip.Because(t, "no "+names[0])
		return ""
	}
	b.jupyter, b.node = find("jupyter"), find("node")
	b.chromium = find("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
	if err := exec.Command(b.jupyter, "lab", "--version").Run(); err != nil {
		skip.Because(t, "no JupyterLab")
	}
	if err := exec.Command(b.node, "-e", "require('playwright-core')").Run(); err != nil {
		skip.Because(t, "no playwright-core where NODE_PATH points")
	}
	return b
}

// labAt says where a JupyterLab is found and what it has.
type labAt struct {
	widgets bool // ipywidgets
	base    string
	https   bool
	token   string
}

// startLab runs JupyterLab with a notebook until the end of the test and returns
// the notebook's address and its file. The kernel has the names hpgo and gonb.
func startLab(t *testing.T, tools browserTools, nb string, at labAt) (address, file string) {
	t.Helper()
	dir := t.TempDir()
	for _, sub := range []string{"nb", "data/kernels/hpgo", "data/kernels/gonb", "config/labconfig", "run"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	spec, err := json.Marshal(map[string]any{"argv": []string{hpgoBinary, "kernel", "--connection-file", "{connection_file}"},
		"display_name": "Go (hpgo)", "language": "go", "interrupt_mode": "message"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"hpgo", "gonb"} {
		write(t, dir, "data/kernels/"+name+"/kernel.json", string(spec))
	}
	write(t, dir, "config/labconfig/page_config.json", fmt.Sprintf(`{"disabledExtensions":{"@jupyter-widgets/jupyterlab-manager":%v,"@jupyterlab/apputils-extension:announcements":true}}`, !at.widgets))
	file = write(t, filepath.Join(dir, "nb"), "nb.ipynb", nb)
	port := freePort(t)
	args := []string{"lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", fmt.Sprintf("--port=%d", port), "--ServerApp.port_retries=0",
		"--ServerApp.root_dir=" + filepath.Join(dir, "nb"), "--ServerApp.base_url=" + at.base, "--IdentityProvider.token=" + at.token, "--ServerApp.password="}
	scheme := "http"
	if at.https {
		scheme = "https"
		cert, key := selfSigned(t, dir)
		args = append(args, "--certfile="+cert, "--keyfile="+key)
	}
	cmd := exec.CommandContext(t.Context(), tools.jupyter, args...)
	cmd.Env = append(os.Environ(), "JUPYTER_DATA_DIR="+filepath.Join(dir, "data"), "JUPYTER_CONFIG_DIR="+filepath.Join(dir, "config"),
		"JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "run"), "HPGO_HISTORY=off")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		cmd.Wait()
		if t.Failed() {
			t.Logf("the server:\n%s", log.String())
		}
	})
	address = fmt.Sprintf("%s://127.0.0.1:%d%s", scheme, port, at.base)
	awaitServer(t, address+"api")
	query := "?reset"
	if at.token != "" {
		query += "&token=" + at.token
	}
	return address + "lab/tree/nb.ipynb" + query, file
}

// awaitServer waits until an address answers.
func awaitServer(t *testing.T, address string) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}, Timeout: 5 * time.Second}
	for end := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		if res, err := client.Get(address); err == nil {
			res.Body.Close()
			return
		} else if time.Now().After(end) {
			t.Fatalf("the server doesn't answer: %v", err)
		}
	}
}

// freePort finds a port that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// selfSigned makes a certificate for this machine and returns its files.
func selfSigned(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	cert = write(t, dir, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	key = write(t, dir, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs})))
	return cert, key
}
