-- Until when payload and result of a finished task are kept, in Unix microseconds. 0 means as long as the task, or that
-- they are gone. Few tasks have such a time, so the index is small.
ALTER TABLE finished ADD COLUMN body_until bigint NOT NULL DEFAULT 0;

CREATE INDEX finished_body ON finished(body_until) WHERE body_until > 0;
