-- What operators allow of a queue (scope 1) or a capability (scope 2): attempts at once, starts per second and at once
-- after a pause. 0 means no limit, and for the burst one second's worth.
CREATE TABLE task_limit(
  scope INTEGER NOT NULL,
  name TEXT NOT NULL,
  max_running INTEGER NOT NULL,
  rate REAL NOT NULL,
  burst INTEGER NOT NULL,
  strict INTEGER NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
