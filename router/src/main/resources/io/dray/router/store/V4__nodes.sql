-- Nodes that somebody cordoned get nothing new, whoever runs the router.
ALTER TABLE node ADD COLUMN cordoned INTEGER NOT NULL DEFAULT 0;
