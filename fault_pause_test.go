package roughy_test

import (
	"time"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/faulttest"
)

// The clock of a scene in virtual time stands at the beginning of the year 2000.
const (
	dateNow    = "Date: Sat, 01 Jan 2000 00:00:00 GMT"
	dateFuture = "Date: Wed, 25 Nov 2026 09:00:00 GMT"
	datePast   = "Date: Thu, 01 Jan 1970 00:00:00 GMT"
)

// unavailable is a 503 with headers.
func unavailable(headers ...string) part { return saying(503, headers...) }

// storm is a 429 with headers, three times.
func storm(headers ...string) part { return first(3, saying(429, headers...)) }

// pauseFaults are answers that say when to ask again, and those that do not.
func pauseFaults() []fault {
	const after = "Retry-After: "
	retry := func(o roughy.RetryOptions) []roughy.Option { return []roughy.Option{roughy.WithRetry(o)} }
	all := []fault{
		{name: "429 three times, without Retry-After", api: storm()},
		{name: "429 three times, Retry-After: 20", api: storm(after + "20"), pauses: 20 * time.Second},
		{name: "429 three times, Retry-After: 60, the cap", options: retry(roughy.RetryOptions{Budget: time.Hour}),
			api: storm(after + "60"), pauses: time.Minute},
		{name: "429 three times, Retry-After: 0", api: storm(after + "0")},
		{name: "429 three times, Retry-After: -20", api: storm(after + "-20")},
		{name: "429 three times, Retry-After: soon", api: storm(after + "soon")},
		{name: "429 three times, Retry-After: 20 and again 40", api: storm(after+"20", after+"40"), pauses: 20 * time.Second},
		{name: "429 three times, Retry-After: 20, 40", api: storm(after + "20, 40")},
		{name: "429 once, with a date in 20 s", api: first(1, saying(429, dateNow, after+"Sat, 01 Jan 2000 00:00:20 GMT")), pauses: 20 * time.Second},
		{name: "429 once, with a date in 20 s, and no Date", api: first(1, saying(429, after+"Sat, 01 Jan 2000 00:00:20 GMT")), pauses: 20 * time.Second},
		{name: "429 three times, a date in 20 s of a clock 26 years ahead",
			api: storm(dateFuture, after+"Wed, 25 Nov 2026 09:00:20 GMT"), pauses: 20 * time.Second},
		{name: "429 three times, a date in 20 s of a clock 30 years behind",
			api: storm(datePast, after+"Thu, 01 Jan 1970 00:00:20 GMT"), pauses: 20 * time.Second},
		{name: "429 three times, with a date that is over", api: storm(dateFuture, after+"Wed, 25 Nov 2026 08:00:00 GMT")},
		{name: "429, Retry-After: 61, over the cap", timed: true, api: saying(429, after+"61")},
		{name: "429, with a date in an hour", timed: true, api: saying(429, dateFuture, after+"Wed, 25 Nov 2026 10:00:00 GMT")},
		{name: "429, Retry-After: 99999999999999999999", timed: true, api: saying(429, after+"99999999999999999999")},
		{name: "503 for ever, Retry-After: 50", api: unavailable(after + "50"), pauses: 50 * time.Second},
		{name: "503 for ever, Retry-After: 50, a budget of 90 s", options: retry(roughy.RetryOptions{Budget: 90 * time.Second}),
			api: unavailable(after + "50"), pauses: 50 * time.Second},
		{name: "503 for ever, one attempt", timed: true, api: unavailable(), options: retry(roughy.RetryOptions{Attempts: 1})},
		{name: "503, Retry-After: 20, and a context that ends in 10 s", timed: true, limit: 10 * time.Second, api: unavailable(after + "20")},
		{name: "503, Retry-After: 20, cancelled after 1 s", timed: true, cancel: time.Second + time.Microsecond, api: unavailable(after + "20")},
		{name: "503 twice, then dead connections", api: until(2, unavailable(), always(faulttest.Cut()))},
		{name: "503, then silence, cancelled after 10 s", timed: true, cancel: 10 * time.Second,
			api: until(1, unavailable(), always(faulttest.Wait(nil)))},
	}
	for i := range all {
		all[i].slow = true
	}
	return all
}
