-- Every moment is in microseconds since 1970 (UTC), every id a lower-case UUID. One text for SQLite and Postgres.
-- +goose Up
CREATE TABLE api_keys (
    id         text   NOT NULL PRIMARY KEY,
    hash       text   NOT NULL UNIQUE, -- SHA-256 in hexadecimal; the key itself is never kept
    owner      text   NOT NULL,
    created_at bigint NOT NULL,
    revoked_at bigint
);

CREATE TABLE assets (
    id         text   NOT NULL PRIMARY KEY,
    owner      text   NOT NULL,
    name       text   NOT NULL,
    blob_key   text   NOT NULL,
    source     text   NOT NULL, -- JSON of media.Source
    created_at bigint NOT NULL
);
CREATE INDEX assets_of_owner ON assets (owner, id);

CREATE TABLE cuts (
    id         text   NOT NULL PRIMARY KEY,
    owner      text   NOT NULL,
    asset_id   text   NOT NULL REFERENCES assets (id),
    segments   text   NOT NULL, -- JSON array of media.Segment
    created_at bigint NOT NULL
);

CREATE TABLE renders (
    id            text    NOT NULL PRIMARY KEY,
    owner         text    NOT NULL,
    asset_id      text    NOT NULL REFERENCES assets (id),
    cut_id        text    REFERENCES cuts (id),
    format        text    NOT NULL,
    resolution    text    NOT NULL,
    video_bitrate bigint,
    audio_bitrate bigint,
    frame_rate    double precision,
    state         text    NOT NULL CHECK (state IN ('pending', 'processing', 'completed', 'failed')),
    attempt       bigint  NOT NULL,
    lease_until   bigint  NOT NULL, -- 0: nobody holds it
    output_key    text,
    size_bytes    bigint,
    error_code    text,
    error_message text,
    created_at    bigint  NOT NULL,
    started_at    bigint,
    completed_at  bigint,
    CHECK ((state = 'completed') = (output_key IS NOT NULL)),
    CHECK ((state = 'completed') = (size_bytes IS NOT NULL)),
    CHECK ((state = 'failed') = (error_code IS NOT NULL)),
    CHECK ((state = 'failed') = (error_message IS NOT NULL)),
    CHECK ((state IN ('completed', 'failed')) = (completed_at IS NOT NULL)),
    CHECK ((state = 'pending') = (started_at IS NULL)),
    CHECK (started_at IS NULL OR started_at >= created_at),
    CHECK (completed_at IS NULL OR completed_at >= started_at)
);
CREATE INDEX renders_of_owner ON renders (owner, id);
CREATE INDEX renders_in_state ON renders (state, lease_until);

-- +goose Down
DROP TABLE renders;
DROP TABLE cuts;
DROP TABLE assets;
DROP TABLE api_keys;
