package roughy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/gen"
)

// fill gives every member below v a value that is not its zero value.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 10, 31, 9, 15, 0, 1000, time.UTC)))
		return
	case uuid.UUID:
		v.Set(reflect.ValueOf(uuid.Max))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.String:
		v.SetString("word of " + v.Type().String())
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(29.97)
	default:
		require.Fail(t, "the model has a member of a new kind: extend Gen, its mirror image, and this test", "%s", v.Type())
	}
}

// read sends a generated render through a client that judges nothing, and turns what came of it back.
func read(t *testing.T, g gen.Render) gen.Render {
	t.Helper()
	body, err := json.Marshal(g)
	require.NoError(t, err)
	url, _ := serve(t, answer(200, string(body)))
	r, err := client(t, url, roughy.WithMode(roughy.Off)).Render(t.Context(), id)
	require.NoError(t, err)
	return r.Gen()
}

func TestEveryMemberSurvivesBothConversions(t *testing.T) {
	t.Parallel()
	var full gen.Render
	fill(t, reflect.ValueOf(&full).Elem())
	require.Empty(t, lost("Render", reflect.ValueOf(full), reflect.ValueOf(read(t, full))), `the client reads a render by internal/decode/render.go and
turns it by fromGen in model.go, the server makes one by Gen in model.go: decide in each of the three what becomes of the member`)
	empty := gen.Render{CreatedAt: full.CreatedAt}
	require.Equal(t, empty, read(t, empty))
}

// lost names the members that got has not as want has them.
func lost(object string, want, got reflect.Value) []string {
	var out []string
	for field, value := range want.Fields() {
		name, optional, _ := strings.Cut(field.Tag.Get("json"), ",")
		name = object + "." + name
		switch other := got.FieldByIndex(field.Index); {
		case field.Type.Kind() == reflect.Struct && field.Type.PkgPath() == want.Type().PkgPath():
			out = append(out, lost(name, value, other)...)
		case reflect.DeepEqual(value.Interface(), other.Interface()):
		case optional == "":
			out = append(out, "lost: "+name+", which is required")
		default:
			out = append(out, "lost: "+name)
		}
	}
	return out
}

func TestAFailedRenderAlwaysSaysSo(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answer(200, render("failed", members{"error_code": nil, "error_message": nil})))
	r, err := client(t, url, roughy.WithMode(roughy.ReportOnly)).Render(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, &roughy.Failure{}, r.Failure)
	require.Nil(t, r.Gen().ErrorCode)
}

func TestRenderPrintsNoLink(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, answer(200, render("completed", nil)))
	r, err := client(t, url).Render(t.Context(), id)
	require.NoError(t, err)
	require.Contains(t, r.DownloadURL, "X-Sig")
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	logger.Info("read", "render", r, "value", *r)
	texts := fmt.Sprintf("%v %+v %#v %s %v %#v %v", r, r, r, r, *r, *r, []*roughy.Render{r}) + log.String()
	require.NotContains(t, texts, "X-Sig")
	require.Equal(t, 9, strings.Count(texts, "https://storage.example/a.mp4?…")+strings.Count(texts, "0x"), texts)
	require.Equal(t, "render "+id.String()+" completed 5 bytes https://storage.example/a.mp4?…", r.String())
	require.Equal(t, "render "+id.String()+" failed (a: b)", roughy.Render{ID: id, State: "failed", Failure: &roughy.Failure{Code: "a", Message: "b"}}.String())
}
