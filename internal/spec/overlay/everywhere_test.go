package overlay_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/roughy-go/roughy/internal/spec/overlay"
)

// Each place of our own document can be edited, and no line changes but those at the place.
func TestApplyEverywhere(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../../openapi.yaml")
	require.NoError(t, err)
	var root yaml.Node
	require.NoError(t, yaml.Unmarshal(data, &root))
	edits := 0
	everywhere(root.Content[0], "$", func(n *yaml.Node, path string) {
		var actions []overlay.Action
		switch n.Kind {
		case yaml.MappingNode:
			actions = append(actions, overlay.Action{Target: path, Update: overlay.Object("x-new", overlay.Object("a", "b"))})
		case yaml.SequenceNode:
			actions = append(actions, overlay.Action{Target: path, Update: overlay.Scalar("new")})
		}
		if path != "$" {
			actions = append(actions, overlay.Action{Target: byWord(n, path), Remove: true})
		}
		for _, a := range actions {
			r, err := overlay.Apply("openapi.yaml", data, &overlay.Overlay{Actions: []overlay.Action{a}}, false)
			require.NoError(t, err, "%+v", a)
			before, after := strings.Split(string(data), "\n"), strings.Split(string(r.Data), "\n")
			most := 3
			if a.Remove {
				most += lines(n)
			}
			require.LessOrEqual(t, touched(before, after), most, "%s", a.Target)
			edits++
		}
	})
	require.Greater(t, edits, 300)
}

// touched is how many lines stand between those that two texts begin with and those that they end with.
func touched(before, after []string) int {
	front, back, least := 0, 0, min(len(before), len(after))
	for front < least && before[front] == after[front] {
		front++
	}
	for back < least-front && before[len(before)-1-back] == after[len(after)-1-back] {
		back++
	}
	return max(len(before), len(after)) - front - back
}

// byWord is a path that ends with what an item of a list says first, not with its number.
func byWord(n *yaml.Node, path string) string {
	above, numbered := strings.CutSuffix(path, "]")
	open := strings.LastIndexByte(above, '[')
	if !numbered || above[open+1] == '\'' {
		return path
	}
	says := "[?@ == '" + n.Value + "']"
	for i := 1; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		says = "[?@['" + n.Content[i-1].Value + "']]"
		if n.Content[i].Kind == yaml.ScalarNode {
			says = "[?@['" + n.Content[i-1].Value + "'] == '" + n.Content[i].Value + "']"
			break
		}
	}
	return above[:open] + says
}

func lines(n *yaml.Node) int {
	last := n
	for len(last.Content) > 0 {
		last = last.Content[len(last.Content)-1]
	}
	return last.Line - n.Line + 3 // a folded text has a few
}

func everywhere(n *yaml.Node, path string, visit func(n *yaml.Node, path string)) {
	visit(n, path)
	for i, child := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			everywhere(child, path+"["+strconv.Itoa(i)+"]", visit)
		case i%2 == 1:
			everywhere(child, path+"['"+n.Content[i-1].Value+"']", visit)
		}
	}
}
