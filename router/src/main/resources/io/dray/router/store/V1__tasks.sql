-- What was submitted: written once, for live and finished tasks alike. The payload stands last, so that reading the
-- columns before it does not touch its overflow pages.
CREATE TABLE task(
  id INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  principal TEXT NOT NULL,
  idempotency_key TEXT,
  fingerprint BLOB NOT NULL,
  submitted INTEGER NOT NULL,
  spec BLOB NOT NULL,
  payload BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX task_key ON task(tenant, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- Tasks that still have something to come: small rows, updated in place.
CREATE TABLE live(
  id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  token INTEGER NOT NULL,
  node TEXT NOT NULL,
  instance TEXT NOT NULL,
  assigned INTEGER NOT NULL,
  error BLOB NOT NULL,
  cancel_requested INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  waiting_reason INTEGER NOT NULL,
  waiting_until INTEGER NOT NULL,
  checkpoint BLOB NOT NULL
) STRICT;

-- Tasks that will not change any more.
CREATE TABLE finished(
  id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  token INTEGER NOT NULL,
  node TEXT NOT NULL,
  instance TEXT NOT NULL,
  assigned INTEGER NOT NULL,
  error BLOB NOT NULL,
  cancel_requested INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  finished INTEGER NOT NULL,
  result BLOB NOT NULL
) STRICT;

-- Nodes that a router which starts again waits for. Times are Unix microseconds here and above.
CREATE TABLE node(
  name TEXT PRIMARY KEY,
  seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE meta(
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta VALUES ('epoch', 0);
