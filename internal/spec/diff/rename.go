package diff

import (
	"encoding/json"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/roughy-go/roughy/internal/spec/place"
)

const schemas = "/components/schemas"

// renamed are the references of head to schemas that are called otherwise in base and say the same, with those of base.
func renamed(base, head side) map[string]string {
	out := map[string]string{}
	before, after := only(base, head), only(head, base)
	for text, name := range after {
		if before[text] != "" && name != "" {
			out["#"+place.Join(schemas, name)] = "#" + place.Join(schemas, before[text])
		}
	}
	return out
}

// only are the schemas of a document that the other one has none of the name of, by what they say; "" if several say the same.
func only(of, other side) map[string]string {
	out := map[string]string{}
	for key, value := range place.Members(of.At(schemas)) {
		if other.At(place.Join(schemas, key.Value)) != nil {
			continue
		}
		data, err := json.Marshal(place.Value(value))
		if err != nil {
			continue
		}
		text := strings.ReplaceAll(string(data), `"#`+place.Join(schemas, key.Value)+`"`, `"#"`)
		name := key.Value
		if _, several := out[text]; several {
			name = ""
		}
		out[text] = name
	}
	return out
}

// rename gives the branches of anyOf, oneOf and allOf, which oasdiff tells apart by their names, the names of base. A discriminator may
// send these names, so that they count where there is one.
func rename(d *openapi3.T, names map[string]string) {
	if len(names) == 0 {
		return
	}
	_ = d.WalkSchemas(func(_ string, s *openapi3.SchemaRef) error { // stops for errors of the function alone
		if s.Value == nil || s.Value.Discriminator != nil {
			return nil
		}
		for _, list := range []openapi3.SchemaRefs{s.Value.AnyOf, s.Value.OneOf, s.Value.AllOf} {
			for _, branch := range list {
				if name, is := names[branch.Ref]; is {
					branch.Ref = name
				}
			}
		}
		return nil
	})
}
