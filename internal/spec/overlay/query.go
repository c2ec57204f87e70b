package overlay

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/jsonpath/pkg/jsonpath"
	v4 "go.yaml.in/yaml/v4"
)

// way leads from the top of a document to a node: names of members, and numbers of items.
type way []string

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

// String is the way as a JSON pointer.
func (w way) String() string {
	var b strings.Builder
	for _, part := range w {
		b.WriteString("/" + escaper.Replace(part))
	}
	return b.String()
}

// compare puts what stands in what is the same first, and items by their numbers.
func (w way) compare(v way) int {
	return slices.CompareFunc(w, v, func(a, b string) int {
		i, errA := strconv.Atoi(a)
		j, errB := strconv.Atoi(b)
		if errA == nil && errB == nil {
			return i - j
		}
		return strings.Compare(a, b)
	})
}

// find is the node at the end of a way; nil if it leads nowhere, or behind an alias.
func (d *document) find(w way) *v4.Node {
	return descend(d.root, w, func(n *v4.Node) *v4.Node { return n })
}

// look is what is seen at the end of a way, be it behind an alias; nil if it leads nowhere.
func (d *document) look(w way) *v4.Node {
	return descend(d.root, w, func(n *v4.Node) *v4.Node { return cmp.Or(n.Alias, n) })
}

func descend(n *v4.Node, w way, through func(*v4.Node) *v4.Node) *v4.Node {
	for _, part := range w {
		switch n = through(n); n.Kind {
		case v4.MappingNode:
			n = member(n, part)
		case v4.SequenceNode:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(n.Content) {
				return nil
			}
			n = n.Content[i]
		default:
			return nil
		}
		if n == nil {
			return nil
		}
	}
	return n
}

// query is where a JSONPath leads. What is behind an alias has a way that find does not go.
func (d *document) query(target string) (found []way, err error) {
	defer func() {
		if recover() != nil { // of the parser of paths, which is not ours
			err = fmt.Errorf("%s is no JSONPath that can be followed", clip(target))
		}
	}()
	path, err := jsonpath.NewPath(target)
	if err != nil {
		return nil, fmt.Errorf("%s is no JSONPath: want one such as $.components.schemas.Render", clip(target))
	}
	ways := map[*yaml.Node]way{}
	root := mirror(d.root, nil, ways)
	for _, hit := range path.Query(root) {
		if w, known := ways[hit]; known && !slices.ContainsFunc(found, func(f way) bool { return slices.Equal(f, w) }) {
			found = append(found, w)
		}
	}
	return found, nil
}

// clip is the front of a text from elsewhere.
func clip(text string) string {
	return strconv.Quote(spoken(text))
}

// mirror is a tree as the parser of paths has it.
func mirror(n *v4.Node, at way, ways map[*yaml.Node]way) *yaml.Node {
	if n.Kind == v4.AliasNode {
		return mirror(n.Alias, at, ways)
	}
	out := &yaml.Node{Kind: yaml.Kind(n.Kind), Tag: n.Tag, Value: n.Value}
	ways[out] = slices.Clone(at)
	for i, child := range n.Content {
		switch {
		case n.Kind != v4.MappingNode:
			out.Content = append(out.Content, mirror(child, append(at, strconv.Itoa(i)), ways))
		case i%2 == 0:
			out.Content = append(out.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: child.Tag, Value: child.Value})
		default:
			out.Content = append(out.Content, mirror(child, append(at, n.Content[i-1].Value), ways))
		}
	}
	return out
}
