package api

import (
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/roughy-go/roughy/gen"
)

// rendered is a render as an answer. The generated answer says the same in a longer time, and & in links as \u0026.
type rendered gen.Render

var _ gen.ReadRenderResponseObject = (*rendered)(nil)

// VisitReadRenderResponse implements gen.ReadRenderResponseObject. What fails has written nothing.
func (r *rendered) VisitReadRenderResponse(w http.ResponseWriter) error {
	body, err := json.Marshal((*gen.Render)(r), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return err
	}
	w.Header()["Content-Type"] = []string{"application/json"}
	_, err = w.Write(body)
	return err
}
