package report_test

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"go/token"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/decode"
	"github.com/roughy-go/roughy/internal/lifecycle"
	"github.com/roughy-go/roughy/internal/report"
)

// TestEveryRuleIsDescribed takes the rules from where they are documented, and looks for each one's own text.
func TestEveryRuleIsDescribed(t *testing.T) {
	t.Parallel()
	rules := append(contractRules(t), decode.RuleRange, decode.RuleType, "schema.required", "schema.enum", "unchecked.new")
	for _, r := range lifecycle.Rules() {
		rules = append(rules, r.ID)
	}
	var findings []contract.Finding
	for _, rule := range rules {
		findings = append(findings, contract.Finding{Rule: rule, Severity: contract.Violation, Layer: contract.LayerBody})
	}
	seen := map[string]string{}
	for rule, text := range descriptions(t, judged("x", contract.Violation, findings...)) {
		require.NotContains(t, seen, text.ShortDescription.Text, "%s and %s", rule, seen[text.ShortDescription.Text])
		seen[text.ShortDescription.Text] = rule
		require.NotEqual(t, rule, text.ShortDescription.Text, "no text of its own")
		require.NotEqual(t, text.ShortDescription.Text, text.FullDescription.Text, rule)
		require.Greater(t, len(text.Help.Text), len(text.FullDescription.Text), rule)
	}
	require.Len(t, seen, len(rules))
}

// contractRules are those that package contract documents, by the tables in its text.
func contractRules(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../contract/contract.go", nil, parser.ParseComments)
	require.NoError(t, err)
	var rules []string
	for _, m := range regexp.MustCompile(`(?m)^\t([a-z-][a-z.-]+) `).FindAllStringSubmatch(file.Doc.Text(), -1) {
		if m[1] != "rule" { // the table's head
			rules = append(rules, m[1])
		}
	}
	require.Greater(t, len(rules), 20)
	return rules
}

type description struct{ ShortDescription, FullDescription, Help struct{ Text string } }

// descriptions are what a SARIF log says of rules.
func descriptions(t *testing.T, c report.Check) map[string]description {
	t.Helper()
	var out bytes.Buffer
	written(t, report.SARIF(&out), c)
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct {
						ID string
						description
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &log))
	texts := map[string]description{}
	for _, r := range log.Runs[0].Tool.Driver.Rules {
		texts[r.ID] = r.description
	}
	return texts
}
