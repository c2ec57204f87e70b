package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/roughy-go/roughy"
)

// Render is a render's row: what the API tells of it, and what the server keeps for itself.
type Render struct {
	roughy.Render        // DownloadURL is always "": links are made when they are asked for
	Owner         string // of the key that may read it
	Attempt       int    // how often it was claimed; 0 while it is pending
	Beat          int64  // counts the holder's signs of life; 0 when nobody holds it
	Failures      int    // how many attempts failed, or died with their process
	Job           int64  // the only one that may claim it; 0: any may
	OutputKey     string // of the output's bytes in the bucket; "" before it is completed
}

// NewRender is what a render is made from.
type NewRender struct {
	Owner   string
	AssetID uuid.UUID
	CutID   *uuid.UUID // nil: the whole asset
	Output  roughy.Output
}

const renderColumns = `id, owner, asset_id, cut_id, format, resolution, video_bitrate, audio_bitrate, frame_rate,
	state, attempt, beat, failures, job, output_key, size_bytes, error_code, error_message, created_at, started_at, completed_at`

// InsertRender adds a pending render within tx. The asset must be the owner's and the cut a cut of that asset, else it is
// roughy.ErrNotFound.
func (s *Store) InsertRender(ctx context.Context, tx *sql.Tx, n NewRender) (Render, error) {
	if err := belongs(ctx, tx, n); err != nil {
		return Render{}, err
	}
	id, err := NewID()
	if err != nil {
		return Render{}, err
	}
	r := Render{Owner: n.Owner, Render: roughy.Render{
		ID: id, AssetID: n.AssetID, CutID: n.CutID, State: roughy.StatePending, Output: n.Output, CreatedAt: moment(s.instant()),
	}}
	const text = `INSERT INTO renders (id, owner, asset_id, cut_id, format, resolution, video_bitrate, audio_bitrate, frame_rate,
		state, attempt, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', 0, $10)`
	o := n.Output
	_, err = tx.ExecContext(ctx, text, id.String(), n.Owner, n.AssetID.String(), textOrNil(n.CutID), string(o.Format),
		string(o.Resolution), o.VideoBitrate, o.AudioBitrate, o.FrameRate, r.CreatedAt.UnixMicro())
	if err != nil {
		return Render{}, fmt.Errorf("insert render: %w", err)
	}
	return r, nil
}

func belongs(ctx context.Context, db querier, n NewRender) error {
	var one int
	const asset = `SELECT 1 FROM assets WHERE id = $1 AND owner = $2`
	if err := db.QueryRowContext(ctx, asset, n.AssetID.String(), n.Owner).Scan(&one); err != nil {
		return fmt.Errorf("asset of render: %w", missing(err))
	}
	if n.CutID == nil {
		return nil
	}
	const cut = `SELECT 1 FROM cuts WHERE id = $1 AND owner = $2 AND asset_id = $3`
	if err := db.QueryRowContext(ctx, cut, n.CutID.String(), n.Owner, n.AssetID.String()).Scan(&one); err != nil {
		return fmt.Errorf("cut of render: %w", missing(err))
	}
	return nil
}

// readRender reads what an answer tells that the question did not: SQLite's driver takes its time for every column.
const readRender = `SELECT asset_id, cut_id, format, resolution, video_bitrate, audio_bitrate, frame_rate, state, output_key,
	size_bytes, error_code, error_message, created_at, started_at, completed_at FROM renders WHERE id = $1 AND owner = $2`

// ReadRender reads one render of owner and the key of its output, which is "" before it is completed. It is
// roughy.ErrNotFound when there is no such render, or it is another owner's.
func (s *Store) ReadRender(ctx context.Context, owner string, id uuid.UUID) (roughy.Render, string, error) {
	r := Render{Owner: owner, Render: roughy.Render{ID: id}}
	var c renderScan
	err := s.render.QueryRowContext(s.brief(ctx), id.String(), owner).Scan(&r.AssetID, &c.cut, &c.format, &c.resolution,
		&r.Output.VideoBitrate, &r.Output.AudioBitrate, &r.Output.FrameRate, &c.state, &c.outputKey,
		&r.SizeBytes, &c.code, &c.message, &c.created, &c.started, &c.done)
	if err == nil {
		err = c.fill(&r)
	}
	if err != nil {
		return roughy.Render{}, "", fmt.Errorf("read render: %w", missing(err))
	}
	return r.Render, r.OutputKey, nil
}

// Row reads one render, whoever owns it, or roughy.ErrNotFound.
func (s *Store) Row(ctx context.Context, id uuid.UUID) (Render, error) {
	r, err := row(ctx, s.read, id)
	if err != nil {
		return Render{}, fmt.Errorf("read render: %w", err)
	}
	return r, nil
}

func row(ctx context.Context, db querier, id uuid.UUID) (Render, error) {
	r, err := scanRender(db.QueryRowContext(ctx, `SELECT `+renderColumns+` FROM renders WHERE id = $1`, id.String()))
	return r, missing(err)
}

// Renders lists at most limit renders of owner, the newest first; 0 lists all.
func (s *Store) Renders(ctx context.Context, owner string, limit int) ([]Render, error) {
	text, args := `SELECT `+renderColumns+` FROM renders WHERE owner = $1 ORDER BY id DESC`, []any{owner}
	if limit > 0 {
		text, args = text+` LIMIT $2`, append(args, limit)
	}
	renders, err := query(ctx, s.read, scanRender, text, args...)
	if err != nil {
		return nil, fmt.Errorf("list renders: %w", err)
	}
	return renders, nil
}

// renderScan is one row as the database has it.
type renderScan struct {
	cut, outputKey, code, message sql.NullString
	format, resolution, state     string
	size, started, done           sql.NullInt64
	created                       int64
}

func scanRender(row scanner) (Render, error) {
	var (
		r Render
		c renderScan
	)
	err := row.Scan(&r.ID, &r.Owner, &r.AssetID, &c.cut, &c.format, &c.resolution, &r.Output.VideoBitrate,
		&r.Output.AudioBitrate, &r.Output.FrameRate, &c.state, &r.Attempt, &r.Beat, &r.Failures, &r.Job, &c.outputKey,
		&r.SizeBytes, &c.code, &c.message, &c.created, &c.started, &c.done)
	if err != nil {
		return Render{}, err
	}
	err = c.fill(&r)
	return r, err
}

func (c *renderScan) fill(r *Render) error {
	if c.cut.Valid {
		id, err := uuid.Parse(c.cut.String)
		if err != nil {
			return fmt.Errorf("decode cut id: %w", err)
		}
		r.CutID = &id
	}
	r.State, r.OutputKey = roughy.State(c.state), c.outputKey.String
	r.Output.Format, r.Output.Resolution = roughy.Format(c.format), roughy.Resolution(c.resolution)
	if c.code.Valid {
		r.Failure = &roughy.Failure{Code: c.code.String, Message: c.message.String}
	}
	r.CreatedAt, r.StartedAt, r.CompletedAt = moment(c.created), momentOrNil(c.started), momentOrNil(c.done)
	return nil
}

func textOrNil(id *uuid.UUID) *string {
	if id == nil {
		return nil
	}
	s := id.String()
	return &s
}
