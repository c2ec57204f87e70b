package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// bindKin is kin's filter with all that it has for responses switched on.
func bindKin(s sample) (judge, error) {
	router, err := kinRouter(s.shape.document)
	if err != nil {
		return nil, err
	}
	request, err := s.request()
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	header, options := s.header(), kinOptions()
	return func() bool {
		route, params, err := router.FindRoute(request)
		if err != nil {
			return true
		}
		input := &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route},
			Status:                 http.StatusOK, Header: header, Options: options,
		}
		return openapi3filter.ValidateResponse(context.Background(), input.SetBodyBytes(s.body)) != nil
	}, nil
}

// kinRouter loads a document the way that kin's filter wants it.
func kinRouter(document []byte) (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("router: %w", err)
	}
	return router, nil
}

// kinOptions has kin report all it finds, undocumented statuses too, and assert uuid, which it does not by itself. The
// 2020-12 engine is on whatever the options say, as the documents are 3.1; it is named for the reader.
func kinOptions() *openapi3filter.Options {
	uuid := openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC9562)
	return &openapi3filter.Options{
		MultiError:            true,
		IncludeResponseStatus: true,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.EnableJSONSchema2020(),
			openapi3.EnableFormatValidation(),
			openapi3.WithStringFormatValidator("uuid", uuid),
		},
	}
}
