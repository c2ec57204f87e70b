package main

// The contenders' names. Targets speak of them.
const (
	nameOurs       = "ours"
	nameDecode     = "ours, check and exact decode"
	nameKin        = "kin-openapi filter"
	nameLib        = "libopenapi-validator"
	nameLibStrict  = "libopenapi-validator, strict"
	nameJSONSchema = "jsonschema, body alone"
	nameModel      = "encoding/json into the model"
	nameOgen       = "ogen, decode and validate"
)

// contender is one way to judge a response.
type contender struct {
	name string
	fits func(sample) bool           // whether it can judge this at all
	bind func(sample) (judge, error) // builds what a program builds once; the judge does what is done for each response
}

// contenders are all that judge responses, in the table's order.
func contenders() []contender {
	return []contender{
		{nameOurs, anySample, bindOurs},
		{nameDecode, isRender, bindDecode},
		{nameKin, anySample, bindKin},
		{nameLib, anySample, bindLib},
		{nameLibStrict, unknownField, bindLibStrict},
		{nameJSONSchema, anySample, bindJSONSchema},
		{nameModel, hasModel, bindModel},
		{nameOgen, anySample, bindOgen},
	}
}

func anySample(sample) bool { return true }

// unknownField is the one sample on which only libopenapi's strict mode does what our check does everywhere. It costs, so
// nowhere else is it held against libopenapi.
func unknownField(s sample) bool { return s.name == rowUnknown }

// hasModel leaves out the event, which oapi-codegen's models decode in two steps of the caller's own.
func hasModel(s sample) bool { return s.shape.kind != oneEvent }
