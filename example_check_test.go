package roughy_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
)

// stateless serves renders that have no state, through the generated server. One of them it fails to read.
type stateless struct{}

func (stateless) ReadRender(_ context.Context, q gen.ReadRenderRequestObject) (gen.ReadRenderResponseObject, error) {
	if q.RenderID == uuid.Nil {
		return nil, errors.New("no connection to postgres://me:secret@10.0.0.5")
	}
	return gen.ReadRender200JSONResponse(gen.Render{ID: q.RenderID, AssetID: uuid.Max, CreatedAt: time.Unix(0, 0).UTC()}), nil
}

// The generated client, with every answer held to the contract.
func ExampleCheckTransport() {
	server := httptest.NewServer(gen.Handler(gen.NewStrictHandler(stateless{}, nil)))
	defer server.Close()

	checked := &http.Client{Transport: roughy.CheckTransport(nil, roughy.CheckOptions{})}
	client, err := gen.NewClient(server.URL, gen.WithHTTPClient(checked))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.ReadRender(context.Background(), uuid.Max)
	if broken, ok := errors.AsType[*roughy.ContractError](err); ok {
		for _, f := range broken.Report.Findings {
			fmt.Println(f.Rule, f.Pointer)
		}
	}
	// Output: schema.enum /state
}

// Any client, which gets its answers as they are and whose owner is told what is wrong with them.
func ExampleCheckTransport_report() {
	server := httptest.NewServer(gen.Handler(gen.NewStrictHandler(stateless{}, nil)))
	defer server.Close()

	client := &http.Client{Transport: roughy.CheckTransport(nil, roughy.CheckOptions{
		Mode:   roughy.ReportOnly,
		Sample: 1, // 0.01 in production: one answer in a hundred
		OnReport: func(c roughy.Checked) { // a good place for a metric
			fmt.Println(c.Request.Method, c.Status, c.Report.Operation, c.Report.Verdict, c.Report.Findings[0].Rule, c.Elapsed > 0)
		},
	})}
	resp, err := client.Get(server.URL + "/v1/renders/" + uuid.Max.String())
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body) // the report comes with the last byte
	fmt.Println(resp.StatusCode, len(body) > 0, err)
	// Output:
	// GET 200 readRender violation schema.enum true
	// 200 true <nil>
}

// A check that is switched off in one place, at no cost.
func ExampleCheckTransport_off() {
	transport := roughy.CheckTransport(http.DefaultTransport, roughy.CheckOptions{Mode: roughy.Off})
	fmt.Println(transport == http.DefaultTransport)
	// Output: true
}

// refuse answers with the documented error envelope. The error itself is for a log: its words may hold what no client is to know.
func refuse(status int, code, message string) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, _ *http.Request, _ error) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(gen.ErrorEnvelope{Error: gen.ErrorDetail{Code: code, Message: message}})
	}
}

// The generated server, which cannot break its promise: the client gets a documented error instead. Its error hooks are set,
// because what it answers without them is no documented error either.
func ExampleCheckHandler() {
	invalid, internal := refuse(400, "bad_request", "render_id is no UUID."), refuse(500, "internal", "Try again later.")
	strict := gen.NewStrictHandlerWithOptions(stateless{}, nil, gen.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: invalid, ResponseErrorHandlerFunc: internal,
	})
	generated := gen.HandlerWithOptions(strict, gen.StdHTTPServerOptions{ErrorHandlerFunc: invalid})
	server := httptest.NewServer(roughy.CheckHandler(generated, roughy.CheckOptions{})) // or http.ListenAndServe
	defer server.Close()

	for _, id := range []string{uuid.Max.String(), uuid.Nil.String(), "nonsense"} {
		resp, err := http.Get(server.URL + "/v1/renders/" + id)
		if err != nil {
			log.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Printf("%d %s%v\n", resp.StatusCode, body, err)
	}
	// Output:
	// 500 {"error":{"code":"contract_violation","message":"The answer was withheld because it breaks the contract: schema.enum"}}
	// <nil>
	// 500 {"error":{"code":"internal","message":"Try again later."}}
	// <nil>
	// 400 {"error":{"code":"bad_request","message":"render_id is no UUID."}}
	// <nil>
}
