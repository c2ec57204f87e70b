package main

import (
	"fmt"
	"net/http"

	"github.com/roughy-go/roughy/internal/contract"
)

// bindOurs is the check of this repository, all four layers.
func bindOurs(s sample) (judge, error) {
	c, err := contract.Load("openapi.yaml", s.shape.document)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	u, err := s.address()
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	x := contract.Exchange{Method: http.MethodGet, URL: u, Status: http.StatusOK, Header: s.header(), Body: s.body}
	return func() bool { return c.Check(x).Verdict != contract.OK }, nil
}
