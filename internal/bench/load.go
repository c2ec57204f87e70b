package main

import (
	"encoding/json"
	"fmt"

	"github.com/pb33f/libopenapi-validator/config"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
)

// nameYardstick is who the targets for loading are seen beside: it knows nothing of OpenAPI, and only machines change it.
const nameYardstick = "encoding/json of 1 MB into any"

// loadRows are the rows in which a document is made ready.
func loadRows() ([]row, error) {
	large, err := largeDocument()
	if err != nil {
		return nil, fmt.Errorf("large document: %w", err)
	}
	yardstick := entry{contender: nameYardstick, run: unmarshal(large)}
	return []row{loadRow(rowLoad, roughy.Spec()), loadRow(rowLoadLarge, large, yardstick)}, nil
}

func loadRow(name string, document []byte, more ...entry) row {
	entries := []entry{
		{contender: nameOurs, run: loadOurs(document)},
		{contender: nameKin, run: loadKin(document)},
		{contender: nameLib, run: loadLib(document)},
	}
	return row{name: name, bytes: len(document), entries: append(entries, more...)}
}

func loadOurs(document []byte) judge {
	return func() bool {
		_, err := contract.Load("openapi", document)
		return err != nil
	}
}

// loadKin builds what kin's filter needs. It compiles no schema, which it does at each response instead.
func loadKin(document []byte) judge {
	return func() bool {
		_, err := kinRouter(document)
		return err != nil
	}
}

func loadLib(document []byte) judge {
	return func() bool {
		_, err := libValidator(document, config.WithFormatAssertions())
		return err != nil
	}
}

func unmarshal(text []byte) judge {
	return func() bool {
		var value any
		return json.Unmarshal(text, &value) != nil
	}
}
