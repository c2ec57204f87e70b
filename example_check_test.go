package roughy_test

import (
	"context"
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

// stateless serves renders that have no state, through the generated server.
type stateless struct{}

func (stateless) ReadRender(_ context.Context, q gen.ReadRenderRequestObject) (gen.ReadRenderResponseObject, error) {
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
		OnReport: func(req *http.Request, r roughy.Report) {
			fmt.Println(req.Method, r.Operation, r.Verdict, r.Findings[0].Rule)
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
	// GET readRender violation schema.enum
	// 200 true <nil>
}

// A check that is switched off in one place, at no cost.
func ExampleCheckTransport_off() {
	transport := roughy.CheckTransport(http.DefaultTransport, roughy.CheckOptions{Mode: roughy.Off})
	fmt.Println(transport == http.DefaultTransport)
	// Output: true
}

// The generated server, which cannot break its promise: the client gets a documented error instead.
func ExampleCheckHandler() {
	generated := gen.Handler(gen.NewStrictHandler(stateless{}, nil))
	server := httptest.NewServer(roughy.CheckHandler(generated, roughy.CheckOptions{})) // or http.ListenAndServe
	defer server.Close()

	resp, err := http.Get(server.URL + "/v1/renders/" + uuid.Max.String())
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Printf("%d %s%v\n", resp.StatusCode, body, err)
	// Output:
	// 500 {"error":{"code":"contract_violation","message":"The answer was withheld because it breaks the contract: schema.enum"}}
	// <nil>
}
