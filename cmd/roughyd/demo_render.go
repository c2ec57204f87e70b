package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/jobs"
	"github.com/roughy-go/roughy/internal/media"
	"github.com/roughy-go/roughy/internal/media/clip"
)

// renderWhole renders the clip as it is, which needs no encoder.
func (d *demo) renderWhole(ctx context.Context) (err error) {
	d.tell("render 1", "the whole clip as mp4; it is one already, so the copy engine makes it")
	output := roughy.Output{Format: roughy.FormatMP4}
	var got []byte
	if d.whole, got, err = d.render(ctx, jobs.NewRender{AssetID: d.asset.ID, Output: output}); err != nil {
		return err
	}
	d.expect(bytes.Equal(got, clip.MP4), "", "downloaded by its signed link: %d bytes, the clip's own", len(got))
	return nil
}

// renderCut renders one second out of the clip's middle, when ffmpeg is there.
func (d *demo) renderCut(ctx context.Context) error {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		return nil
	}
	d.tell("render 2", "0.5 s to 1.5 s of it, at most 720p and 10 pictures a second, by ffmpeg")
	cut, err := addCut(ctx, d.server.backend, "ada", d.asset.ID, []media.Segment{{Start: 500 * time.Millisecond, End: 1500 * time.Millisecond}})
	if err != nil {
		return err
	}
	rate := 10.0
	output := roughy.Output{Format: roughy.FormatMP4, Resolution: roughy.Resolution720p, FrameRate: &rate}
	_, got, err := d.render(ctx, jobs.NewRender{AssetID: d.asset.ID, CutID: &cut.ID, Output: output})
	if err != nil {
		return err
	}
	path := filepath.Join(d.dir, "fetched.mp4")
	if err := os.WriteFile(path, got, 0o600); err != nil {
		return err
	}
	source, err := media.Probe(ctx, path)
	if err != nil {
		return err
	}
	held := source.Duration.Round(100*time.Millisecond) == time.Second && source.FrameRate == rate && source.Width == d.asset.Source.Width
	d.expect(held, "", "downloaded by its signed link: %s", describe(source))
	return nil
}

// render asks for a render, follows it to its end through the typed client, and fetches what was made.
func (d *demo) render(ctx context.Context, n jobs.NewRender) (*roughy.Render, []byte, error) {
	n.Owner = "ada"
	asked, err := d.server.queue.Create(ctx, n)
	if err != nil {
		return nil, nil, err
	}
	last, states, err := d.follow(ctx, asked.ID)
	if err != nil {
		return nil, nil, err
	}
	took := last.CompletedAt.Sub(last.CreatedAt).Round(time.Millisecond)
	d.expect(last.State == roughy.StateCompleted, "", "%s, %v after it was asked for", strings.Join(states, " → "), took)
	if last.Failure != nil {
		return nil, nil, fmt.Errorf("render failed: %s: %s", last.Failure.Code, last.Failure.Message)
	}
	var body bytes.Buffer
	n64, err := d.client.Download(ctx, asked.ID, &body)
	if err != nil {
		return nil, nil, err
	}
	d.expect(last.SizeBytes != nil && *last.SizeBytes == n64, "", "its size_bytes and the bytes of the link agree")
	return last, body.Bytes(), nil
}

// follow reads a render until it is over and returns it with the states it was seen in.
func (d *demo) follow(ctx context.Context, id uuid.UUID) (last *roughy.Render, states []string, err error) {
	for last, err = range d.client.Watch(ctx, id) {
		if err != nil {
			return nil, nil, err
		}
		states = append(states, string(last.State))
	}
	return last, states, nil
}
