package lifecycle

import (
	"fmt"
	"net/http"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
)

// Link judges what the fresh link of a completed render led to, redirects followed: the status of the last answer and how many
// bytes came with it, of which no more than one over size_bytes need be counted.
func Link(c *contract.Contract, r gen.Render, status int, length int64) contract.Report {
	return placed(c, contract.Report{}, judge(linkTable, reads{now: r, linkStatus: status, linkLength: length}))
}

// linkRead is the table of rules over the answer of a link.
func linkRead() []check {
	return []check{
		stated("link-status", "download_url leads to the output: status 200",
			"reference: download_url", linkRefused),
		stated("link-length", "size_bytes is the length of the output",
			"reference: size_bytes", linkLength),
	}
}

func linkRefused(r reads) []defect {
	return when(r.linkStatus != http.StatusOK, defect{"download_url", fmt.Sprintf("status %d", r.linkStatus)})
}

func linkLength(r reads) []defect {
	wrong := r.linkStatus == http.StatusOK && r.now.SizeBytes != nil && *r.now.SizeBytes != r.linkLength
	got := fmt.Sprintf("an output of %d bytes", r.linkLength)
	if wrong && r.linkLength > *r.now.SizeBytes {
		got = "a longer output" // of which nobody may have read more
	}
	return when(wrong, defect{"size_bytes", got})
}
