-- The bucket with the bytes of the assets and outputs has the same id for its mark, so that no other is taken for it.
-- +goose Up
CREATE TABLE bucket (
    one bigint NOT NULL PRIMARY KEY CHECK (one = 1), -- there is one row at most
    id  text   NOT NULL
);

-- +goose Down
DROP TABLE bucket;
