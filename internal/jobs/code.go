package jobs

import (
	"iter"

	"github.com/roughy-go/roughy/internal/media"
)

// CodeInternal is the error_code of a render that failed by a fault of the server's. The other codes are media's.
const CodeInternal = "internal"

// Codes lists every error_code that a render fails with, and what each means, for documentation: media's, then CodeInternal.
func Codes() iter.Seq2[string, string] {
	return func(yield func(code, meaning string) bool) {
		for code, meaning := range media.Codes() {
			if !yield(code, meaning) {
				return
			}
		}
		yield(CodeInternal, "a fault of the server's, which its log tells of; the same render may go well later")
	}
}
