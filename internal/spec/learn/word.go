package learn

import (
	"bytes"
	"regexp"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roughy-go/roughy/internal/secret"
	"github.com/roughy-go/roughy/internal/traffic"
)

var (
	word      = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,30}[A-Za-z0-9])?$`)
	plainName = regexp.MustCompile(`^[\p{L}_$@][\p{L}\p{N}_.$:-]{0,63}$`) // with @ in it, it may be an address
)

// harmless is a value of an enum: a word that nobody would take for an id or a secret, or a number of at most six digits.
func harmless(raw jsontext.Value, mask traffic.Mask) (text string, ok bool) {
	if len(raw) == 0 {
		return "", false
	}
	switch raw.Kind() {
	case '0':
		n, err := strconv.ParseInt(string(raw), 10, 64)
		return string(raw), err == nil && n > -1e6 && n < 1e6
	case '"':
		plain, err := jsontext.AppendUnquote(nil, raw)
		text = string(plain)
		return text, err == nil && isWord(text) && mask.Text(text) == text
	}
	return "", false
}

func isWord(text string) bool {
	return word.MatchString(text) && !secret.IsMade(text) && secret.Mask(text) == text
}

// unnamed is why a member of a name is never proposed; "" if it may be.
func unnamed(name string) string {
	if !isName(name) {
		return "its name may be an id or a secret"
	}
	return ""
}

func isName(name string) bool {
	return plainName.MatchString(name) && !secret.IsID(name) && secret.Mask(name) == name
}

// lookup goes along a body to a value; nil if it is not there, or what stands before it is no JSON.
func lookup(body []byte, place []string) jsontext.Value {
	d := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for _, part := range place {
		if !step(d, part) {
			return nil
		}
	}
	raw, err := d.ReadValue()
	if err != nil {
		return nil
	}
	return bytes.Clone(raw)
}

// step goes on to one member or item.
func step(d *jsontext.Decoder, part string) bool {
	t, err := d.ReadToken()
	if err != nil {
		return false
	}
	switch t.Kind() {
	case '{':
		for d.PeekKind() == '"' {
			name, err := d.ReadToken()
			if err != nil {
				return false
			}
			if name.String() == part {
				return true
			}
			if d.SkipValue() != nil {
				return false
			}
		}
	case '[':
		n, err := strconv.Atoi(part)
		for i := 0; err == nil && d.PeekKind() != ']' && d.PeekKind() != 0; i++ {
			if i == n {
				return true
			}
			if d.SkipValue() != nil {
				return false
			}
		}
	}
	return false
}
