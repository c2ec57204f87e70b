package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// bindJSONSchema is the body layer alone: the schema compiled once, with formats asserted.
func bindJSONSchema(s sample) (judge, error) {
	schema, err := compiledSchema(s.shape)
	if err != nil {
		return nil, err
	}
	return func() bool {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(s.body))
		return err != nil || schema.Validate(value) != nil
	}, nil
}

// compiledSchema compiles one schema where it stands in its document, so that its references find their targets.
func compiledSchema(s shape) (*jsonschema.Schema, error) {
	document, err := documentValue(s.document)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	const address = "https://bench.example/openapi.json"
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(address, document); err != nil {
		return nil, fmt.Errorf("resource: %w", err)
	}
	schema, err := compiler.Compile(address + "#" + s.schema)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return schema, nil
}

// documentValue is a YAML document as the engine wants values: numbers exact, member names strings.
func documentValue(data []byte) (any, error) {
	var value any
	if err := yaml.Unmarshal(data, &value); err != nil {
		return nil, err
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(text))
}
