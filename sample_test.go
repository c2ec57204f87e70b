package roughy_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
)

// The page's own sample lacks the state that the page requires: its generator leaves every enum out.
func TestPageSampleBreaksTheContractInOneWay(t *testing.T) {
	t.Parallel()
	report := judge(t, http.StatusOK, []byte(readText(t, "cmd/roughyd/sample.json")))
	require.Equal(t, contract.Violation, report.Verdict)
	require.Equal(t, "readRender", report.Operation)
	require.Len(t, report.Findings, 1)
	finding := report.Findings[0]
	require.Regexp(t, `^openapi\.yaml:\d+:\d+$`, finding.Position)
	finding.Position = ""
	require.Equal(t, contract.Finding{Rule: "schema.required", Severity: contract.Violation, Layer: contract.LayerBody,
		Pointer: "/state", Document: "/components/schemas/Render/required", Expected: `member "state"`, Got: "nothing"}, finding)
}

func TestOurExamplesKeepTheContract(t *testing.T) {
	t.Parallel()
	operation := parsedSpec(t)["paths"].(map[string]any)["/v1/renders/{render_id}"].(map[string]any)["get"].(map[string]any)
	for status, code := range map[string]int{"200": http.StatusOK, "default": http.StatusNotFound} {
		response := operation["responses"].(map[string]any)[status].(map[string]any)
		example := response["content"].(map[string]any)["application/json"].(map[string]any)["example"]
		body, err := json.Marshal(example)
		require.NoError(t, err)
		report := judge(t, code, body)
		require.Equal(t, contract.OK, report.Verdict, "%s: %+v", status, report.Findings)
	}
}

// judge holds a body to our document, as an answer to the one operation.
func judge(t *testing.T, status int, body []byte) contract.Report {
	t.Helper()
	c, err := contract.Load("openapi.yaml", roughy.Spec())
	require.NoError(t, err)
	address, err := url.Parse("https://api.roughy.ai/v1/renders/3c90c3cc-0d44-4b50-8888-8dd25736052a")
	require.NoError(t, err)
	return c.Check(contract.Exchange{Method: http.MethodGet, URL: address, Status: status,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: body})
}
