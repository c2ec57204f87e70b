package traffic

import (
	"net/http"
	"slices"
	"time"

	"github.com/roughy-go/roughy/internal/contract"
)

// Entry is one recorded exchange. Where a recording does not say when the headers came, Answered is when all was
// there. Of those that a Recording yields, Header, Request and Body are good until the next one.
type Entry struct {
	contract.Exchange
	Number  int           // in its recording, from 1; in NDJSON its line
	Request http.Header   // of the request
	Elapsed time.Duration // 0 if the recording does not say
	Problem string        // why there is no answer, or none that can be read, in words; "" if there is one
}

// Clone is a copy that stays good.
func (e Entry) Clone() Entry {
	e.Header, e.Request, e.Body = e.Header.Clone(), e.Request.Clone(), slices.Clone(e.Body)
	return e
}
