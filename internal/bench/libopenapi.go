package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
)

// bindLib is libopenapi's validator with formats asserted, which it does not by itself.
func bindLib(s sample) (judge, error) { return libJudge(s, config.WithFormatAssertions()) }

// bindLibStrict reports undocumented members too.
func bindLibStrict(s sample) (judge, error) {
	return libJudge(s, config.WithFormatAssertions(), config.WithStrictMode())
}

func libJudge(s sample, options ...config.Option) (judge, error) {
	v, err := libValidator(s.shape.document, options...)
	if err != nil {
		return nil, err
	}
	request, err := s.request()
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	response := &http.Response{StatusCode: http.StatusOK, Header: s.header(), Request: request}
	return func() bool {
		response.Body = io.NopCloser(bytes.NewReader(s.body))
		ok, _ := v.ValidateHttpResponse(request, response)
		return !ok
	}, nil
}

// libValidator loads a document and compiles its schemas, as the validator does up front.
func libValidator(document []byte, options ...config.Option) (validator.Validator, error) {
	doc, err := libopenapi.NewDocument(document)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	v, errs := validator.NewValidator(doc, options...)
	if len(errs) > 0 {
		return nil, fmt.Errorf("validator: %w", errors.Join(errs...))
	}
	return v, nil
}
