-- What the worker of a live task asked last, and the answer once there is one.
ALTER TABLE live ADD COLUMN question_token INTEGER NOT NULL DEFAULT 0;
ALTER TABLE live ADD COLUMN question_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE live ADD COLUMN question BLOB NOT NULL DEFAULT x'';
ALTER TABLE live ADD COLUMN answer BLOB;
