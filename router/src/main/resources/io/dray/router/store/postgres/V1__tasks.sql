-- Who owns a pool, until when by the clock of this database. Each write locks the row for share, so that nobody takes
-- the pool in the middle of a write. The greatest id of tasks that were removed keeps ids from coming again.
CREATE TABLE pool(
  name text PRIMARY KEY,
  owner text NOT NULL,
  epoch bigint NOT NULL,
  expires timestamptz NOT NULL,
  last_removed bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 20);

-- Tasks that still have something to come. Nothing that changes is indexed, so updates stay on their page. The columns
-- have the names and the order of the SQLite store; times are Unix microseconds.
CREATE TABLE task(
  id bigint PRIMARY KEY,
  tenant text NOT NULL,
  principal text NOT NULL,
  idempotency_key bytea,
  fingerprint bytea NOT NULL,
  submitted bigint NOT NULL,
  spec bytea NOT NULL,
  payload bytea NOT NULL,
  state integer NOT NULL,
  attempts integer NOT NULL,
  token bigint NOT NULL,
  node text NOT NULL,
  instance text NOT NULL,
  assigned bigint NOT NULL,
  error bytea NOT NULL,
  cancel_requested integer NOT NULL,
  revision bigint NOT NULL,
  waiting_reason integer NOT NULL,
  waiting_until bigint NOT NULL,
  checkpoint bytea NOT NULL,
  question_token bigint NOT NULL,
  question_number bigint NOT NULL,
  question bytea NOT NULL,
  answer bytea
) WITH (fillfactor = 80);

-- Payloads may be compressed already: no time is spent on a second try.
ALTER TABLE task ALTER COLUMN payload SET STORAGE EXTERNAL;

CREATE UNIQUE INDEX task_key ON task(tenant, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- Tasks that will not change any more, a partition for each day of their end: old days are dropped whole.
CREATE TABLE finished(
  id bigint NOT NULL,
  tenant text NOT NULL,
  principal text NOT NULL,
  idempotency_key bytea,
  fingerprint bytea NOT NULL,
  submitted bigint NOT NULL,
  spec bytea NOT NULL,
  payload bytea NOT NULL,
  state integer NOT NULL,
  attempts integer NOT NULL,
  token bigint NOT NULL,
  node text NOT NULL,
  instance text NOT NULL,
  assigned bigint NOT NULL,
  error bytea NOT NULL,
  cancel_requested integer NOT NULL,
  revision bigint NOT NULL,
  finished bigint NOT NULL,
  result bytea NOT NULL,
  PRIMARY KEY (id, finished)
) PARTITION BY RANGE (finished);

ALTER TABLE finished ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE finished ALTER COLUMN result SET STORAGE EXTERNAL;

CREATE INDEX finished_key ON finished(tenant, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- What ended on a day that has no partition: a clock was far off.
CREATE TABLE finished_rest PARTITION OF finished DEFAULT;

-- Nodes that a router which starts again waits for.
CREATE TABLE node(
  name text PRIMARY KEY,
  seen bigint NOT NULL,
  cordoned integer NOT NULL DEFAULT 0
);

-- What operators allow of a queue (scope 1) or a capability (scope 2). 0 means no limit, and for the burst one second's
-- worth.
CREATE TABLE task_limit(
  scope integer NOT NULL,
  name text NOT NULL,
  max_running integer NOT NULL,
  rate double precision NOT NULL,
  burst integer NOT NULL,
  strict integer NOT NULL,
  PRIMARY KEY (scope, name)
);

-- Ends a write, all of it, when a task that it changes is not live: it was lost or ended behind the router's back.
CREATE FUNCTION all_live(expected bigint, seen bigint) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  IF seen <> expected THEN
    RAISE EXCEPTION 'live rows: % (expected: %)', seen, expected;
  END IF;
  RETURN 1;
END
$$;
