package roughy

import (
	"errors"

	"github.com/google/uuid"
)

// ParseID reads the id of a render: a UUID in its hyphenated form, of any version and case, as the API takes it (reference page,
// path parameters). Its error does not repeat the text, which may be a key that was pasted into the wrong place.
func ParseID(text string) (uuid.UUID, error) {
	if id, err := uuid.Parse(text); err == nil && len(text) == len(id.String()) {
		return id, nil
	}
	return uuid.Nil, errors.New("no render id: want a UUID such as 0192f0c1-7a3e-7c52-9b1d-5f0e6a7c8d90")
}
