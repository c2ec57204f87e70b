-- Who watches the holders of renders writes here, to know that they could have written, too.
-- +goose Up
CREATE TABLE watch (
    one  bigint NOT NULL PRIMARY KEY CHECK (one = 1), -- there is one row
    beat bigint NOT NULL
);
INSERT INTO watch (one, beat) VALUES (1, 0);

-- +goose Down
DROP TABLE watch;
