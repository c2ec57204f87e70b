package contract_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract/contracttest"
	"github.com/roughy-go/roughy/internal/racetest"
)

// kin's filter takes so much longer than ours that it sees fewer documents.
func TestKinDisagreesOnlyWhereTheTableSaysWhy(t *testing.T) {
	t.Parallel()
	racetest.Skip(t)
	trial := contracttest.Trial{Load: loadKin, Ledger: contracttest.NewLedger(contracttest.Kin)}
	trial.Run(*seeds/2, 20)
	t.Log(trial.String())
	require.Empty(t, trial.Open)
}

func TestKinNeedsEachRowOfTheTable(t *testing.T) {
	t.Parallel()
	for _, row := range contracttest.Disagreements(contracttest.Kin) {
		t.Run(row.Why, func(t *testing.T) {
			t.Parallel()
			require.NotEmpty(t, row.Clause)
			require.NoError(t, row.Hold(loadKin))
		})
	}
}

// loadKin is kin's filter, with its 2020-12 engine for documents of OpenAPI 3.1, and uuid asserted, which it does not by itself.
func loadKin(document []byte) (contracttest.Judge, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, nil //nolint:nilerr // that it fails is its outcome
	}
	request, err := http.NewRequest(http.MethodGet, contracttest.Host+contracttest.Path, nil)
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	route := &routers.Route{Spec: doc, Path: contracttest.Path, Method: request.Method, Operation: doc.Paths.Value(contracttest.Path).Get}
	input := openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, Route: route},
		Status:                 http.StatusOK, Header: contracttest.Answer(nil).Header, Options: kinOptions(),
	}
	return func(body []byte) (outcome contracttest.Outcome, err error) {
		defer func() {
			if recover() != nil {
				outcome = contracttest.Fails
			}
		}()
		answer := input
		if openapi3filter.ValidateResponse(context.Background(), answer.SetBodyBytes(body)) != nil {
			return contracttest.Refuses, nil
		}
		return contracttest.Accepts, nil
	}, nil
}

func kinOptions() *openapi3filter.Options {
	uuid := openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC9562)
	return &openapi3filter.Options{
		MultiError:            true,
		IncludeResponseStatus: true,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.EnableFormatValidation(),
			openapi3.WithStringFormatValidator("uuid", uuid),
		},
	}
}
