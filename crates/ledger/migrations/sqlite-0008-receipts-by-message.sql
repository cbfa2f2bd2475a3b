-- A receipt that comes again is found beside its message: the rows of a commit lie together, where a hash alone
-- put each into a page of its own. The receipts of a message are found the same way.
CREATE TABLE receipt_of (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    carrier TEXT NOT NULL,
    id TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    code TEXT,
    text TEXT,
    at INTEGER NOT NULL,
    received INTEGER NOT NULL,
    raw BLOB NOT NULL,
    count INTEGER NOT NULL,
    message INTEGER,                 -- account << 32 | number; null: in quarantine
    part INTEGER
);
INSERT INTO receipt_of (number, hash, carrier, id, outcome, code, text, at, received, raw, count, message, part)
    SELECT number, hash, carrier, id, outcome, code, text, at, received, raw, count, message, part FROM receipt;
DROP TABLE receipt;
ALTER TABLE receipt_of RENAME TO receipt;
CREATE UNIQUE INDEX receipt_message ON receipt (message, hash) WHERE message IS NOT NULL;
CREATE UNIQUE INDEX receipt_waiting ON receipt (hash) WHERE message IS NULL;
