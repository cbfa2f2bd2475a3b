-- MO on their way in.

-- Segments that wait for their others. Nothing has written to the table's earlier form. A series tells apart
-- messages whose sender gave them the same reference.
DROP TABLE mo_part;
CREATE TABLE mo_part (
    carrier TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    reference INTEGER NOT NULL,
    total INTEGER NOT NULL,
    series INTEGER NOT NULL,
    part INTEGER NOT NULL,           -- from 1
    coding INTEGER,                  -- null: no text
    data_coding INTEGER NOT NULL,
    header BLOB NOT NULL,
    octets BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (carrier, sender, recipient, reference, total, series, part)
) WITHOUT ROWID;

-- What was taken in lately, so that it is known when its carrier brings it again. No text, only hashes.
CREATE TABLE mo_seen (
    fingerprint BLOB PRIMARY KEY,
    received INTEGER NOT NULL,
    kept INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX mo_seen_kept ON mo_seen (kept);

-- MO that are nobody's yet.
CREATE TABLE unrouted (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    carrier TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    body TEXT NOT NULL,
    coding INTEGER NOT NULL,
    segments INTEGER NOT NULL,
    received INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    text INTEGER NOT NULL
);

-- Answers that are owed to MO; settled ones stay a day, because they are counted. Their text goes when they
-- are settled.
CREATE TABLE reply (
    account INTEGER NOT NULL,
    number INTEGER NOT NULL,         -- of the MO
    peer TEXT NOT NULL,
    topic TEXT NOT NULL,
    body TEXT NOT NULL,              -- JSON of the service's making
    at INTEGER NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE INDEX reply_peer ON reply (account, peer, at);
CREATE INDEX reply_owed ON reply (at) WHERE NOT settled;

-- The proof leads to what it proves.
CREATE INDEX opt_out_message ON opt_out (account, message) WHERE message IS NOT NULL;
