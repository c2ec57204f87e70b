package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy/internal/jobs"
)

// codesTopic is no command but a text, for "roughyd help codes".
func codesTopic() *cobra.Command {
	var long strings.Builder
	long.WriteString("A render that failed says why in its error_code, and what to do about it in its error_message. These are all codes:\n\n")
	for code, meaning := range jobs.Codes() {
		fmt.Fprintf(&long, "  %-17s  %s\n", code, meaning)
	}
	return &cobra.Command{Use: "codes", Short: "What the error_code of a failed render means", Long: long.String()}
}
