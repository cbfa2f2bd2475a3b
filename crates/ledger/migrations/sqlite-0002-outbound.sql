-- The way out and back.

-- One row a segment that is to be sent; the lease is written before the socket is touched.
DROP TABLE outbox;
CREATE TABLE outbox (
    account INTEGER NOT NULL,
    due INTEGER NOT NULL,            -- seconds
    number INTEGER NOT NULL,
    part INTEGER NOT NULL,           -- from 1
    attempts INTEGER NOT NULL DEFAULT 0,
    leased INTEGER,
    carrier TEXT,
    PRIMARY KEY (account, due, number, part)
) WITHOUT ROWID;

-- Segments of messages that have several; a message of one is its own segment.
CREATE TABLE part (
    id INTEGER NOT NULL,             -- account << 32 | number
    part INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    PRIMARY KEY (id, part)
) WITHOUT ROWID;

CREATE TABLE carrier_id (
    carrier TEXT NOT NULL,
    id TEXT NOT NULL,
    message INTEGER NOT NULL,        -- account << 32 | number
    part INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (carrier, id)
) WITHOUT ROWID;

-- Every receipt as it came. Those without a message are in quarantine.
CREATE TABLE receipt (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    carrier TEXT NOT NULL,
    id TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    code TEXT,
    text TEXT,
    at INTEGER NOT NULL,
    received INTEGER NOT NULL,
    raw BLOB NOT NULL,
    count INTEGER NOT NULL,
    message INTEGER,
    part INTEGER
);
-- The ids by which a receipt in quarantine may yet be found.
CREATE TABLE quarantine (
    carrier TEXT NOT NULL,
    id TEXT NOT NULL,
    form INTEGER NOT NULL,
    receipt INTEGER NOT NULL,
    PRIMARY KEY (carrier, id, receipt)
) WITHOUT ROWID;
-- Which form of its own ids a carrier uses in receipts, by experience.
CREATE TABLE carrier_form (
    carrier TEXT NOT NULL,
    form INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (carrier, form)
) WITHOUT ROWID;

CREATE TABLE mo_part (
    carrier TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    reference INTEGER NOT NULL,
    total INTEGER NOT NULL,
    part INTEGER NOT NULL,
    coding INTEGER NOT NULL,
    octets BLOB NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (carrier, sender, recipient, reference, total, part)
) WITHOUT ROWID;

-- What happened to messages of accounts that want to be told.
CREATE TABLE event (
    account INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    number INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, sequence)
) WITHOUT ROWID;
ALTER TABLE account ADD COLUMN next_event INTEGER NOT NULL DEFAULT 1;
ALTER TABLE account ADD COLUMN wants_events INTEGER NOT NULL DEFAULT 0;

-- Small things an account keeps: templates, lists, senders, hooks. The body is JSON of the service's making.
CREATE TABLE document (
    account INTEGER NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (account, kind, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX document_name ON document (account, kind, name) WHERE name IS NOT NULL;
CREATE TABLE document_next (
    account INTEGER NOT NULL,
    kind TEXT NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (account, kind)
) WITHOUT ROWID;
-- Who stands in which list.
CREATE TABLE member (
    account INTEGER NOT NULL,
    list INTEGER NOT NULL,
    contact INTEGER NOT NULL,
    PRIMARY KEY (account, list, contact)
) WITHOUT ROWID;
CREATE INDEX member_contact ON member (account, contact);

-- People who said STOP, with the proof; a lifted row stays as history.
CREATE TABLE opt_out (
    account INTEGER NOT NULL,
    number INTEGER NOT NULL,
    phone TEXT NOT NULL,
    since INTEGER NOT NULL,
    source TEXT NOT NULL,
    message INTEGER,
    lifted INTEGER,
    PRIMARY KEY (account, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX opt_out_phone ON opt_out (account, phone) WHERE lifted IS NULL;
