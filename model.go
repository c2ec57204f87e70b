package roughy

import (
	"github.com/roughy-go/roughy/gen"
)

// Gen is the render as the generated model, for whoever serves it: the mirror image of what a Client does with what it read.
// Pointers are shared with r.
func (r Render) Gen() gen.Render {
	g := gen.Render{
		ID: r.ID, AssetID: r.AssetID, CutID: r.CutID, State: gen.RenderState(r.State),
		Output: gen.RenderOutput{
			Format:       (*gen.RenderFormat)(nullable(r.Output.Format)),
			Resolution:   (*gen.RenderResolution)(nullable(r.Output.Resolution)),
			VideoBitrate: r.Output.VideoBitrate,
			AudioBitrate: r.Output.AudioBitrate,
			FrameRate:    r.Output.FrameRate,
		},
		SizeBytes: r.SizeBytes, CreatedAt: r.CreatedAt, StartedAt: r.StartedAt, CompletedAt: r.CompletedAt,
		DownloadURL: nullable(r.DownloadURL),
	}
	if r.Failure != nil {
		g.ErrorCode, g.ErrorMessage = nullable(r.Failure.Code), nullable(r.Failure.Message)
	}
	return g
}

// fromGen is the render of a generated model: Gen's mirror image. Pointers are shared with g. A failed render always has a
// Failure, even where the API gave no reason.
func fromGen(g gen.Render) Render {
	r := Render{
		ID: g.ID, AssetID: g.AssetID, CutID: g.CutID, State: State(g.State),
		Output: Output{
			Format:       Format(orEmpty(g.Output.Format)),
			Resolution:   Resolution(orEmpty(g.Output.Resolution)),
			VideoBitrate: g.Output.VideoBitrate,
			AudioBitrate: g.Output.AudioBitrate,
			FrameRate:    g.Output.FrameRate,
		},
		SizeBytes: g.SizeBytes, CreatedAt: g.CreatedAt, StartedAt: g.StartedAt, CompletedAt: g.CompletedAt,
		DownloadURL: orEmpty(g.DownloadURL),
	}
	if r.State == StateFailed || g.ErrorCode != nil || g.ErrorMessage != nil {
		r.Failure = &Failure{Code: orEmpty(g.ErrorCode), Message: orEmpty(g.ErrorMessage)}
	}
	return r
}

// nullable is a string as the model has it, where "" stands for none.
func nullable[S ~string](s S) *S {
	if s == "" {
		return nil
	}
	return &s
}

func orEmpty[S ~string](s *S) S {
	if s == nil {
		return ""
	}
	return *s
}
