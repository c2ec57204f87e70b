-- A claim is held while its beat moves, whatever any clock says.
-- +goose Up
DROP INDEX renders_in_state;
ALTER TABLE renders ADD COLUMN beat bigint NOT NULL DEFAULT 0; -- 0: nobody holds it; else it counts the holder's signs of life
ALTER TABLE renders ADD COLUMN failures bigint NOT NULL DEFAULT 0; -- attempts that failed or died with their process
ALTER TABLE renders ADD COLUMN job bigint NOT NULL DEFAULT 0; -- the one job that may claim it; 0: any
UPDATE renders SET beat = 1 WHERE state = 'processing' AND lease_until > 0;
ALTER TABLE renders DROP COLUMN lease_until;
CREATE INDEX renders_held ON renders (beat) WHERE beat > 0;

-- +goose Down
DROP INDEX renders_held;
ALTER TABLE renders ADD COLUMN lease_until bigint NOT NULL DEFAULT 0;
ALTER TABLE renders DROP COLUMN job;
ALTER TABLE renders DROP COLUMN failures;
ALTER TABLE renders DROP COLUMN beat;
CREATE INDEX renders_in_state ON renders (state, lease_until);
