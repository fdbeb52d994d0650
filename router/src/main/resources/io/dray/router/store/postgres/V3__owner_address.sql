-- Where the routers that do not own a pool find the one that does; empty: an earlier version owns it.
ALTER TABLE pool ADD COLUMN address text NOT NULL DEFAULT '';
