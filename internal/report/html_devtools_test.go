package report_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// chromium is where the browser is. Without it the test is skipped, or fails when ROUGHY_TEST_ALL=1.
func chromium(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err == nil {
		return path
	}
	const install = "chromium is missing; apt-get install --no-install-recommends chromium"
	if os.Getenv("ROUGHY_TEST_ALL") == "1" {
		t.Fatal(install)
	}
	t.Skip(install)
	return ""
}

// browser is a page in a real one, driven by the DevTools protocol: JSON messages, each ended by a zero byte, over two pipes.
type browser struct {
	t       *testing.T
	out     io.Writer
	session string

	mu      sync.Mutex
	number  int
	waiting map[int]chan devtoolsMessage
	events  []devtoolsMessage
	loaded  chan struct{} // a value for each page that has loaded
}

type devtoolsMessage struct {
	ID     int             `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// openBrowser starts one, which ends with the test.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := chromium(t)
	theirIn, ourOut, err := os.Pipe()
	require.NoError(t, err)
	ourIn, theirOut, err := os.Pipe()
	require.NoError(t, err)
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	require.NoError(t, cmd.Start())
	require.NoError(t, theirIn.Close())
	require.NoError(t, theirOut.Close())
	b := &browser{t: t, out: ourOut, waiting: map[int]chan devtoolsMessage{}, loaded: make(chan struct{}, 64)}
	var listening sync.WaitGroup
	listening.Go(func() { b.listen(ourIn) })
	t.Cleanup(func() {
		b.call("Browser.close", nil, nil)
		_ = cmd.Wait()
		listening.Wait()
		_ = ourOut.Close()
		_ = ourIn.Close()
	})
	b.attach()
	return b
}

// attach makes a page, and tells the browser to tell what happens there.
func (b *browser) attach() {
	var target struct {
		TargetID string `json:"targetId"`
	}
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil, nil)
	}
}

// listen ends when the browser does, and then whoever waits gets no answer.
func (b *browser) listen(in io.Reader) {
	reader := bufio.NewReader(in)
	for {
		text, err := reader.ReadBytes(0)
		if err != nil {
			break
		}
		var m devtoolsMessage
		if json.Unmarshal(text[:len(text)-1], &m) == nil {
			b.heard(m)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, answer := range b.waiting {
		close(answer)
	}
	b.waiting = nil
}

func (b *browser) heard(m devtoolsMessage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if answer := b.waiting[m.ID]; answer != nil {
		answer <- m
		delete(b.waiting, m.ID)
		return
	}
	b.events = append(b.events, m)
	if m.Method == "Page.loadEventFired" {
		b.loaded <- struct{}{}
	}
}

// call waits for the answer, and reads it into result if that is not nil.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	answer := make(chan devtoolsMessage, 1)
	b.mu.Lock()
	b.number++
	id := b.number
	if b.waiting == nil {
		close(answer)
	} else {
		b.waiting[id] = answer
	}
	b.mu.Unlock()
	message := map[string]any{"id": id, "method": method}
	if params != nil {
		message["params"] = params
	}
	if b.session != "" && method != "Browser.close" {
		message["sessionId"] = b.session
	}
	text, err := json.Marshal(message)
	require.NoError(b.t, err)
	_, err = b.out.Write(append(text, 0))
	require.NoError(b.t, err)
	m, ok := <-answer
	require.True(b.t, ok, "%s: the browser has ended", method)
	require.Nil(b.t, m.Error, method)
	if result != nil {
		require.NoError(b.t, json.Unmarshal(m.Result, result))
	}
}

// open waits until the page has loaded. A URL that differs in its fragment alone is loaded anew, too.
func (b *browser) open(url string) {
	b.t.Helper()
	b.load("about:blank")
	b.load(url)
}

func (b *browser) load(url string) {
	b.t.Helper()
	var navigated struct {
		ErrorText string `json:"errorText"`
	}
	b.call("Page.navigate", map[string]any{"url": url}, &navigated)
	require.Empty(b.t, navigated.ErrorText)
	<-b.loaded
}

// size makes the window as wide and high as a device, in CSS pixels.
func (b *browser) size(width, height int) {
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{
		"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
	}, nil)
}

// eval is the value of an expression in the page.
func (b *browser) eval(expression string) any {
	b.t.Helper()
	var out struct {
		Result struct {
			Value any `json:"value"`
		} `json:"result"`
		ExceptionDetails any `json:"exceptionDetails"`
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &out)
	require.Nil(b.t, out.ExceptionDetails, expression)
	return out.Result.Value
}

// click presses the mouse where an element is, so it has to be visible and uncovered.
func (b *browser) click(selector string) {
	b.t.Helper()
	at, ok := b.eval(fmt.Sprintf(`(() => {
		const element = document.querySelector(%q);
		element.scrollIntoView({block: "center"});
		const box = element.getBoundingClientRect();
		return {x: box.x + box.width / 2, y: box.y + box.height / 2};
	})()`, selector)).(map[string]any)
	require.True(b.t, ok, selector)
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call("Input.dispatchMouseEvent", map[string]any{
			"type": kind, "x": at["x"], "y": at["y"], "button": "left", "clickCount": 1,
		}, nil)
	}
}

// press is a key of the keyboard.
func (b *browser) press(key string) {
	b.t.Helper()
	text := ""
	if key == "Enter" {
		text = "\r"
	}
	for _, kind := range []string{"keyDown", "keyUp"} {
		b.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": key, "text": text}, nil)
		text = ""
	}
}

// happened is the parameters of all events of that name.
func (b *browser) happened(method string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, m := range b.events {
		if m.Method == method {
			out = append(out, string(m.Params))
		}
	}
	return out
}
