package lint

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/roughy-go/roughy/internal/contract"
)

const typeCode = "schema-type-unsupported"

// grammar holds the document to OpenAPI's own rules, by kin-openapi, which names each. Examples, defaults and patterns are left to who
// judges them more exactly.
func (l *linter) grammar(data []byte) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	spec, err := loader.LoadFromData(data)
	if err == nil {
		sever(spec)
		err = validate(spec)
	} else {
		l.add("openapi", contract.Unchecked, "", l.Position(""), "kin-openapi cannot read the document, so that its grammar was not judged: "+oneLine(err))
		return
	}
	for _, e := range flat(err) {
		rule, text := "openapi", e
		if coded, ok := errors.AsType[openapi3.CodedError](e); ok {
			if coded.Code() == typeCode {
				continue // kin-openapi names one of many, any of them
			}
			rule, text = rule+"."+coded.Code(), coded
		}
		at := ""
		position := l.Position(at)
		if place := origin(e); place != nil && place.Line > 0 {
			at, _ = l.Pointer(place.Line, place.Column)
			position = fmt.Sprintf("%s:%d:%d", l.name, place.Line, place.Column)
		}
		l.add(rule, contract.Violation, at, position, oneLine(text))
	}
}

// sever empties what references to the document's schemas lead to, and leaves the schemas themselves whole: kin-openapi judges a schema
// anew from each place that leads to it, which takes minutes where thousands refer to each other.
func sever(spec *openapi3.T) {
	if spec.Components == nil {
		return
	}
	for name, s := range spec.Components.Schemas {
		if s.Ref == "" && s.Value != nil {
			whole := *s.Value
			*s.Value = openapi3.Schema{}
			spec.Components.Schemas[name] = &openapi3.SchemaRef{Value: &whole, Extensions: s.Extensions, Origin: s.Origin}
		}
	}
}

// validate is what kin-openapi says; of a document that it cannot cope with, that.
func validate(spec *openapi3.T) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("kin-openapi cannot cope with this document")
		}
	}()
	return spec.Validate(context.Background(), openapi3.EnableMultiError(), openapi3.DisableExamplesValidation(),
		openapi3.DisableSchemaDefaultsValidation(), openapi3.DisableSchemaPatternValidation())
}

// flat is each of several errors.
func flat(err error) []error {
	several, ok := err.(openapi3.MultiError)
	if !ok && err != nil {
		return []error{err}
	}
	var out []error
	for _, e := range several {
		out = append(out, flat(e)...)
	}
	return out
}

// origin is the innermost place that an error names: each kind of kin-openapi's has it in a field of one name, and they have no method
// in common that tells.
func origin(err error) *openapi3.Location {
	var found *openapi3.Location
	for ; err != nil; err = errors.Unwrap(err) {
		v := reflect.Indirect(reflect.ValueOf(err))
		if v.Kind() != reflect.Struct {
			continue
		}
		if at, ok := fieldOf(v, "Origin").(*openapi3.Origin); ok && at != nil {
			found = at.Key
			if name, ok := fieldOf(v, "Field").(string); ok {
				if where, ok := at.Fields.Lookup(name[strings.LastIndexByte(name, '.')+1:]); ok {
					found = &where
				}
			}
		}
	}
	return found
}

func fieldOf(v reflect.Value, name string) any {
	if f := v.FieldByName(name); f.IsValid() && f.CanInterface() {
		return f.Interface()
	}
	return nil
}

func oneLine(err error) string {
	return fmt.Sprintf("%.300s", strings.Join(strings.Fields(err.Error()), " "))
}
