package contract

import (
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
	errkind "github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// propertyNames is the keyword of that name. The engine's own (v6.0.3) reports places that it goes on writing to, so that a
// refused name is found at whatever was looked at last.
type propertyNames struct{ *jsonschema.Schema }

// ownNames puts ours into a compiled schema in the place of the engine's.
func ownNames(c *jsonschema.Schema) {
	if c.PropertyNames != nil {
		c.Extensions = append(c.Extensions, propertyNames{c.PropertyNames})
		c.PropertyNames = nil
	}
}

// Validate implements jsonschema.SchemaExt.
func (p propertyNames) Validate(ctx *jsonschema.ValidatorContext, v any) {
	object, _ := v.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if p.Schema.Validate(name) != nil {
			ctx.AddError(&errkind.PropertyNames{Property: name})
		}
	}
}
