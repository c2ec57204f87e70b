package learn

import (
	"slices"
	"strconv"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/spec/place"
)

// deciding are the schemas of the members that say which of several schemas an object has.
func (d *document) deciding() map[string]bool {
	out := map[string]bool{}
	for spot := range d.Walk() {
		property, is := place.Text(place.Member(spot.Value, "discriminator"), "propertyName")
		if !is {
			continue
		}
		for _, schema := range d.kinds(spot) {
			out[place.Join(schema, "properties", property)] = true
			out[d.Resolve(place.Join(schema, "properties", property))] = true
		}
	}
	return out
}

// kinds are a schema with a discriminator, those that it chooses from, and what these are made of.
func (d *document) kinds(schema place.Spot) []string {
	out := []string{schema.Pointer}
	for _, keyword := range []string{"oneOf", "anyOf", "allOf"} {
		for i := range place.Items(place.Member(schema.Value, keyword)) {
			branch := d.Resolve(place.Join(schema.Pointer, keyword, strconv.Itoa(i)))
			out = append(out, branch)
			for k := range place.Items(place.Member(d.At(branch), "allOf")) {
				out = append(out, d.Resolve(place.Join(branch, "allOf", strconv.Itoa(k))))
			}
		}
	}
	return out
}

// decided leaves out what was found in objects whose discriminator is missing or has an undocumented value: they were held to a schema
// that is not theirs.
func (s *sighting) decided(all []contract.Finding) []contract.Finding {
	var unknown []string
	for _, f := range all {
		object, name := up(f.Pointer)
		schema, _ := up(f.Document)
		switch f.Rule {
		case "schema.required":
			schema = place.Join(schema, "properties", name)
		case "schema.enum", "schema.const":
		default:
			continue
		}
		if s.document.discriminators[schema] {
			unknown = append(unknown, object)
		}
	}
	if len(unknown) == 0 {
		return all
	}
	s.stats.Broken["an object of a kind that its discriminator does not know"]++
	var out []contract.Finding
	for _, f := range all {
		if !slices.ContainsFunc(unknown, func(object string) bool { return place.Within(f.Pointer, object) }) {
			out = append(out, f)
		}
	}
	return out
}
