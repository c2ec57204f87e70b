package contracttest

import (
	"encoding/json"
	"regexp"
	"strconv"
)

// bounds are the keywords that compare with a number.
var bounds = []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}

// floatDocument rounds the numbers of a document's schemas to 64 bits, and writes them with as few digits as tell them apart.
func floatDocument(r *reading) {
	each(func(s object) {
		for _, keyword := range append([]string{"enum", "const"}, bounds...) {
			if value, stated := s[keyword]; stated {
				s[keyword] = numbersIn(value, rounded)
			}
		}
	})(r)
}

// floatBody rounds the numbers of a body.
func floatBody(r *reading) {
	r.body = regexp.MustCompile(`\d{16,}`).ReplaceAllFunc(r.body, func(n []byte) []byte { return []byte(rounded(json.Number(n)).(json.Number)) })
}

// hugeText takes a number of the document that no float64 holds for a string.
func hugeText(r *reading) {
	each(func(s object) {
		for _, keyword := range []string{"enum", "const"} {
			if value, stated := s[keyword]; stated {
				s[keyword] = numbersIn(value, huge)
			}
		}
	})(r)
}

// noHugeBounds leaves out the bounds that no float64 holds.
func noHugeBounds(r *reading) {
	for _, s := range r.all() {
		for _, keyword := range bounds {
			if n, _ := s[keyword].(json.Number); n != "" && huge(n) != any(n) {
				delete(s, keyword)
			}
		}
	}
}

// noHuge refuses a number that no float64 holds wherever a schema says anything.
func noHuge(r *reading) {
	each(func(s object) {
		if len(s) > 0 && s["$ref"] == nil {
			and(s, object{"maximum": json.Number("1.7976931348623157e308")})
		}
	})(r)
}

// numbersIn changes the numbers in a value.
func numbersIn(v any, change func(json.Number) any) any {
	switch v := v.(type) {
	case json.Number:
		return change(v)
	case list:
		out := make(list, len(v))
		for i, item := range v {
			out[i] = numbersIn(item, change)
		}
		return out
	}
	return v
}

func rounded(n json.Number) any {
	f, err := n.Float64()
	if err != nil || f < 1<<53 {
		return n
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

func huge(n json.Number) any {
	if _, err := n.Float64(); err != nil {
		return n.String()
	}
	return n
}
