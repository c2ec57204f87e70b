package decode

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy/gen"
	"github.com/roughy-go/roughy/internal/contract"
)

// reader reads members, and lists those that the model cannot hold.
type reader struct {
	inside   string // pointer of the object
	name     string // of the member
	findings []contract.Finding
}

// render reads a render's members. One that is new in the document needs a line here, as it does in both conversions.
func (d *reader) render(r *gen.Render, object string) {
	for name, written := range contract.Members(object) {
		d.name = name
		switch name {
		case "id":
			read(d, &r.ID, written, asUUID)
		case "asset_id":
			read(d, &r.AssetID, written, asUUID)
		case "cut_id":
			readNullable(d, &r.CutID, written, asUUID)
		case "state":
			read(d, &r.State, written, asText[gen.RenderState])
		case "output":
			d.output(&r.Output, written)
		case "size_bytes":
			readNullable(d, &r.SizeBytes, written, asInt[int64])
		case "error_code":
			readNullable(d, &r.ErrorCode, written, asText[string])
		case "error_message":
			readNullable(d, &r.ErrorMessage, written, asText[string])
		case "created_at":
			read(d, &r.CreatedAt, written, asTime)
		case "started_at":
			readNullable(d, &r.StartedAt, written, asTime)
		case "completed_at":
			readNullable(d, &r.CompletedAt, written, asTime)
		case "download_url":
			readNullable(d, &r.DownloadURL, written, asText[string])
		}
	}
}

func (d *reader) output(o *gen.RenderOutput, object string) {
	*o = gen.RenderOutput{} // the last of two counts
	if object[0] != '{' {
		d.misfit(errType)
		return
	}
	defer func(before string) { d.inside = before }(d.inside)
	d.inside += "/output"
	for name, written := range contract.Members(object) {
		d.name = name
		switch name {
		case "format":
			readNullable(d, &o.Format, written, asText[gen.RenderFormat])
		case "resolution":
			readNullable(d, &o.Resolution, written, asText[gen.RenderResolution])
		case "video_bitrate":
			readNullable(d, &o.VideoBitrate, written, asInt[int])
		case "audio_bitrate":
			readNullable(d, &o.AudioBitrate, written, asInt[int])
		case "frame_rate":
			readNullable(d, &o.FrameRate, written, asFloat)
		}
	}
}

// read makes a Go value of a JSON value as it is written, the zero value if it is no such value.
func read[T any](d *reader, into *T, written string, as func(string) (T, error)) {
	value, err := as(written)
	if err != nil {
		d.misfit(err)
	}
	*into = value
}

func readNullable[T any](d *reader, into **T, written string, as func(string) (T, error)) {
	*into = nil
	if written == "null" {
		return
	}
	value, err := as(written)
	if err != nil {
		d.misfit(err)
		return
	}
	*into = &value
}

var errType = errors.New("another type")

func asText[T ~string](written string) (T, error) {
	if written[0] != '"' {
		return "", errType
	}
	return T(strings.Clone(contract.Text(written))), nil // or it would keep all of the body
}

func asUUID(written string) (uuid.UUID, error) {
	if written[0] != '"' {
		return uuid.UUID{}, errType
	}
	return uuid.Parse(contract.Text(written))
}

func asTime(written string) (time.Time, error) {
	if written[0] != '"' {
		return time.Time{}, errType
	}
	return contract.Time(contract.Text(written))
}

func asInt[T int | int64](written string) (T, error) {
	bits := 64
	if _, narrow := any(T(0)).(int); narrow {
		bits = strconv.IntSize
	}
	n, err := contract.Int(written, bits)
	return T(n), err
}

func asFloat(written string) (float64, error) { return strconv.ParseFloat(written, 64) }

// misfit lists the member that is read as one that the model cannot hold. The cause's words are left out, for they may hold
// the value.
func (d *reader) misfit(cause error) {
	f := contract.Finding{Rule: RuleType, Severity: contract.Unchecked, Layer: contract.LayerBody,
		Pointer: d.inside + "/" + d.name, Expected: "a value of the model's type", Got: "another type"}
	if errors.Is(cause, contract.ErrRange) || errors.Is(cause, strconv.ErrRange) {
		f.Rule, f.Expected, f.Got = RuleRange, "a number that the model can hold", "a number beyond it"
	}
	d.findings = append(d.findings, f)
}
