package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/roughy-go/roughy"
	"github.com/roughy-go/roughy/internal/contract"
	"github.com/roughy-go/roughy/internal/media/clip"
	"github.com/roughy-go/roughy/internal/store"
)

// sample is the answer that the documentation prints for the endpoint.
//
//go:embed sample.json
var sample []byte

const demoHelp = `Serves on a free port of this machine, makes a key, an asset and renders, reads, checks and downloads them as a client would,
and tries to get in where nobody may.

It keeps everything on SQLite and files in a folder of its own, which is removed again, whatever ROUGHYD_DATA,
ROUGHYD_DATABASE_URL and ROUGHYD_BUCKET_URL say: nothing of yours is touched.`

func demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Run the whole loop once, on a free port and a folder that is removed again",
		Long:  demoHelp,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, name := range placeFlags() {
				if cmd.Flag(name).Changed {
					return usage{fmt.Errorf("demo has a folder of its own, which is removed again: leave --%s out, or use serve", name)}
				}
			}
			d := demo{story: &story{out: cmd.OutOrStdout(), json: flag(cmd, "format") == "json"}, log: logger(cmd, slog.LevelWarn)}
			return d.run(cmd.Context())
		},
	}
}

// demo is one run of the main job: a render really served, read, checked and fetched.
type demo struct {
	*story
	log    *slog.Logger
	dir    string
	server *server
	client *roughy.Client
	asset  store.Asset
	whole  *roughy.Render // the render of the whole clip, completed
}

func (d *demo) run(ctx context.Context) (err error) {
	if d.dir, err = os.MkdirTemp("", "roughyd-demo-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(d.dir)) }()
	c := serverConfig{place: place{dir: d.dir}, addr: "127.0.0.1:0", linkTTL: 15 * time.Minute, renders: 2, logger: d.log}
	if d.server, err = startServer(ctx, c); err != nil {
		return err
	}
	steps := []func(context.Context) error{d.prepare, d.renderWhole, d.renderCut, d.tryToGetIn, d.judgeSample}
	for _, step := range steps {
		if err = cmp.Or(step(ctx), d.err); err != nil {
			break
		}
	}
	if stopErr := d.server.stop(); err == nil {
		err = stopErr
	}
	if err == nil {
		err = d.end()
	}
	return err
}

// prepare makes what a render needs: a key, an asset, and a client that checks every answer.
func (d *demo) prepare(ctx context.Context) (err error) {
	d.tell("server", "%s, on SQLite and files in %s", d.server.url, d.dir)
	key, _, err := createKey(ctx, d.server.backend, "ada")
	if err != nil {
		return err
	}
	d.tell("key", "sk_… for ada; shown once, kept as a hash")
	path := filepath.Join(d.dir, "clip.mp4")
	if err = os.WriteFile(path, clip.MP4, 0o600); err != nil {
		return err
	}
	if d.asset, err = addAsset(ctx, d.server.backend, "ada", path); err != nil {
		return err
	}
	d.tell("asset", "%s: %s", d.asset.Name, describe(d.asset.Source))
	d.client, err = d.newClient(key)
	return err
}

func (d *demo) newClient(key string) (*roughy.Client, error) {
	return roughy.NewClient(key, roughy.WithBaseURL(d.server.url), roughy.WithReports(d.judged),
		roughy.WithPolling(2*time.Millisecond, 20*time.Millisecond)) // quick enough to see every state
}

func (d *demo) judgeSample(context.Context) error {
	c, err := contract.Load("openapi.yaml", roughy.Spec(), contract.AnyHost())
	if err != nil {
		return err
	}
	report := c.Check(contract.Exchange{
		Method: http.MethodGet,
		URL:    &url.URL{Scheme: "https", Host: "api.roughy.ai", Path: "/v1/renders/3c90c3cc-0d44-4b50-8888-8dd25736052a"},
		Status: http.StatusOK,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   sample,
	})
	one := len(report.Findings) == 1 && report.Findings[0].Rule == "schema.required" && report.Findings[0].Pointer == "/state"
	d.expect(one, "the sample", "that the documentation prints for this endpoint breaks its own contract, once:")
	for _, f := range report.Findings {
		d.tell("", "%s %s: %s (%s)", f.Rule, f.Pointer, f.Expected, f.Position)
	}
	return nil
}

// end tells the outcome and what to try next.
func (d *demo) end() error {
	checked, ok := d.verdicts()
	d.expect(checked > 0 && checked == ok, "responses", "%d checked against openapi.yaml, %d without a finding", checked, ok)
	if d.failed > 0 {
		return fmt.Errorf("%w: %d times in the demo, see ✗ above", errBroken, d.failed)
	}
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		d.tell("", "With ffmpeg on PATH the demo also cuts, scales and re-encodes.")
	}
	d.tell("next", "go install ./cmd/... && roughyd serve &   # then, beside it:")
	d.tell("", "export ROUGHY_BASE_URL=http://127.0.0.1:8080 ROUGHY_API_KEY=$(roughyd keys create)")
	d.tell("", "id=$(roughyd renders create --asset $(roughyd assets add YOUR.mp4))")
	d.tell("", "roughy wait $id && roughy check $id && roughy download $id")
	return d.err
}
