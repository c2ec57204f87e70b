// Package docs shows the contract to people and programs: Around puts it beside an API. Everything that the page needs is in the
// program, so that it works where nothing else can be reached.
//
//   - /docs is the contract as a page, and so is /docs/. Neither is a redirect: what the page loads has absolute paths.
//   - /docs/NAME are the page's script, style and icons.
//   - /openapi.yaml is the document, byte for byte as roughy.Spec returns it.
//
// Nobody needs a key for these, and none of them says what else there is. The page reads: it has no form for a key and sends
// no request to an API. Its Content-Security-Policy, which allows no other origin and no script but its own, holds it to that.
package docs

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"

	"github.com/roughy-go/roughy"
)

// pagePath is where the page is; what it loads is below.
const pagePath = "/docs"

// assets are what the page loads.
var assets = [...]string{"swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js", "favicon-16x16.png", "favicon-32x32.png"}

// Around answers the paths of this package for GET and HEAD, and lets next answer all else. It fails if the page cannot be made.
func Around(next http.Handler) (http.Handler, error) {
	ui := v5emb.NewHandlerWithConfig(swgui.Config{
		Title: "Roughy renders", SwaggerJSON: "/openapi.yaml", BasePath: pagePath,
		SettingsUI: map[string]string{"supportedSubmitMethods": "[]", "plugins": withoutKeys},
	})
	page, err := pageOf(ui)
	if err != nil {
		return nil, err
	}
	policy := policyOf(page)
	routes := map[string]http.Handler{
		pagePath:        whole(page, "text/html; charset=utf-8", policy),
		pagePath + "/":  whole(page, "text/html; charset=utf-8", policy),
		"/openapi.yaml": whole(roughy.Spec(), "application/yaml", nothing),
	}
	for _, name := range assets {
		routes[pagePath+"/"+name] = guarded(quoting(ui), nothing)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := routes[r.URL.EscapedPath()]
		if h == nil || r.URL.Host != "" || r.URL.Scheme != "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
			h = next
		}
		h.ServeHTTP(w, r)
	}), nil
}

// withoutKeys are the page's plugins, of which one takes away where a key could be put in.
const withoutKeys = `[SwaggerUIBundle.plugins.DownloadUrl, function () {
	return {wrapComponents: {authorizeBtn: () => () => null, authorizeOperationBtn: () => () => null}};
}]`

// pageOf is the page, which is the same for everybody.
func pageOf(ui http.Handler) ([]byte, error) {
	request, err := http.NewRequest(http.MethodGet, pagePath, nil)
	if err != nil {
		return nil, fmt.Errorf("docs page: %w", err)
	}
	made := written{header: http.Header{}, status: http.StatusOK}
	ui.ServeHTTP(&made, request)
	if made.status != http.StatusOK {
		return nil, fmt.Errorf("docs page: status %d", made.status)
	}
	return made.Bytes(), nil
}

// written keeps an answer instead of sending it.
type written struct {
	bytes.Buffer
	header http.Header
	status int
}

func (w *written) Header() http.Header    { return w.header }
func (w *written) WriteHeader(status int) { w.status = status }

// whole answers with text, or a range of it.
func whole(text []byte, mediaType, policy string) http.Handler {
	return guarded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
	}), policy)
}

// guarded tells browsers what next's answer may do.
func guarded(next http.Handler, policy string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache") // it is new with the program
		next.ServeHTTP(w, r)
	})
}
