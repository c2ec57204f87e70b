package roughy_test

import (
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// surface tells a package's exported names in their order, one a line, with members and methods behind their types, those of
// aliases too: an alias exports what it stands for, wherever that is declared.
func surface(p *types.Package) []string {
	s := scribe{p, nil}
	for _, name := range p.Scope().Names() {
		if object := p.Scope().Lookup(name); object.Exported() {
			s.object(object)
		}
	}
	slices.Sort(s.lines)
	return s.lines
}

// scribe writes the lines of one package.
type scribe struct {
	in    *types.Package
	lines []string
}

func (s *scribe) write(name string, words ...string) {
	s.lines = append(s.lines, s.in.Name()+": "+name+" "+strings.Join(words, " "))
}

func (s *scribe) object(o types.Object) {
	switch o := o.(type) {
	case *types.Const:
		s.write(o.Name(), "const", s.text(o.Type()), "=", o.Val().ExactString())
	case *types.Var:
		s.write(o.Name(), "var", s.text(o.Type()))
	case *types.Func:
		s.write(o.Name(), s.text(o.Type()))
	case *types.TypeName:
		s.declaration(o)
	}
}

func (s *scribe) declaration(o *types.TypeName) {
	shape := s.shape(o.Type().Underlying())
	if o.IsAlias() {
		shape = "= " + s.text(types.Unalias(o.Type()))
	}
	s.write(o.Name(), "type", shape)
	if structure, ok := o.Type().Underlying().(*types.Struct); ok {
		s.fields(o.Name(), structure)
	}
	s.methods(o)
}

// shape is a type but for the members that have lines of their own.
func (s *scribe) shape(t types.Type) string {
	switch t.(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	}
	return s.text(t)
}

// fields writes the exported fields, and those that a hidden embedded struct lends.
func (s *scribe) fields(owner string, t *types.Struct) {
	for i := range t.NumFields() {
		field := t.Field(i)
		lent, isStruct := field.Type().Underlying().(*types.Struct)
		switch {
		case field.Exported() && t.Tag(i) != "":
			s.write(owner+"."+field.Name(), s.text(field.Type()), "`"+t.Tag(i)+"`")
		case field.Exported():
			s.write(owner+"."+field.Name(), s.text(field.Type()))
		case field.Embedded() && isStruct:
			s.fields(owner, lent)
		}
	}
}

func (s *scribe) methods(o *types.TypeName) {
	own := types.NewMethodSet(o.Type())
	all := own
	if !types.IsInterface(o.Type()) {
		all = types.NewMethodSet(types.NewPointer(o.Type()))
	}
	for method := range all.Methods() {
		name, signature := method.Obj().Name(), strings.TrimPrefix(s.text(method.Type()), "func")
		switch {
		case !method.Obj().Exported():
		case types.IsInterface(o.Type()):
			s.write(o.Name()+"."+name, "func"+signature)
		case own.Lookup(o.Pkg(), name) != nil:
			s.write(o.Name()+"."+name, "func (T)", signature)
		default:
			s.write(o.Name()+"."+name, "func (*T)", signature)
		}
	}
}

// madeUp is how the compiler calls results without a name where a loop over a function returns.
var madeUp = regexp.MustCompile(`#rv[0-9]+ `)

// text is a type as the package's own code would write it.
func (s *scribe) text(t types.Type) string {
	text := types.TypeString(t, func(p *types.Package) string {
		if p == s.in {
			return ""
		}
		return p.Name()
	})
	return madeUp.ReplaceAllString(text, "")
}
