-- The first layout. One table of messages under (account, number), nothing random in the commit path.
-- Times are microseconds since 1970 (UTC) unless said otherwise; amounts are millionths.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL,
    currency TEXT NOT NULL,
    prepaid INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    created INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    default_program INTEGER NOT NULL,
    -- counters: the next number to be given
    next_message INTEGER NOT NULL,
    next_batch INTEGER NOT NULL,
    next_chat INTEGER NOT NULL,
    next_contact INTEGER NOT NULL,
    -- the newest date given to live traffic, in seconds
    last_date INTEGER NOT NULL
);

-- The table's name is quoted everywhere: KEY is a word of SQL.
CREATE TABLE "key" (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    username TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    expires INTEGER,
    addresses TEXT NOT NULL,
    revoked INTEGER NOT NULL
);

CREATE TABLE program (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    name TEXT NOT NULL,
    campaign TEXT NOT NULL,
    kind TEXT NOT NULL
);
CREATE INDEX program_account ON program (account);

CREATE TABLE network (
    id INTEGER PRIMARY KEY,
    mcc TEXT NOT NULL,
    mnc TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (mcc, mnc, name)
);

CREATE TABLE message (
    id INTEGER PRIMARY KEY,          -- account << 32 | number
    date INTEGER NOT NULL,           -- seconds
    created INTEGER NOT NULL,
    flags INTEGER NOT NULL,          -- 1 MO, 2 flash, 4 high priority, 8 UCS-2, 16 hidden, 32 made with its batch
    outcome INTEGER NOT NULL,
    segments INTEGER NOT NULL,
    batch INTEGER,                   -- null: an MO, a batch of one
    program INTEGER NOT NULL,
    sender TEXT,
    sender_used TEXT,
    recipient TEXT NOT NULL,
    price INTEGER NOT NULL,
    credits INTEGER NOT NULL,
    country INTEGER NOT NULL,
    network INTEGER,
    reference TEXT,
    list TEXT,
    answers INTEGER,
    forced_by INTEGER,               -- code point
    body TEXT NOT NULL,
    history BLOB NOT NULL
);

CREATE TABLE batch (
    id INTEGER PRIMARY KEY,          -- account << 32 | batch
    first INTEGER NOT NULL,
    count INTEGER NOT NULL,
    created INTEGER NOT NULL,
    flags INTEGER NOT NULL,          -- see sqlite/batch_rows.rs
    text TEXT,                       -- null: as the first message's
    sender TEXT,
    reference TEXT,
    extra TEXT,
    sums BLOB NOT NULL
);

-- Billed sums of a day. One number is the whole key, so that the few rows a commit touches cost one step each:
-- account << 32 | day << 16 | direction << 15 | country << 5 | outcome; the day is that of the message's date,
-- counted from 1970.
CREATE TABLE day_sum (
    id INTEGER PRIMARY KEY,
    messages INTEGER NOT NULL,
    segments INTEGER NOT NULL,
    price INTEGER NOT NULL
);

CREATE TABLE chat (
    id INTEGER PRIMARY KEY,          -- account << 32 | chat
    peer TEXT NOT NULL,
    opened INTEGER NOT NULL,
    read_up_to INTEGER NOT NULL,
    marked_unread INTEGER NOT NULL,
    status INTEGER NOT NULL,
    muted_until INTEGER
);
CREATE TABLE chat_peer (
    account INTEGER NOT NULL,
    peer TEXT NOT NULL,
    chat INTEGER NOT NULL,
    PRIMARY KEY (account, peer)
) WITHOUT ROWID;

CREATE TABLE contact (
    id INTEGER PRIMARY KEY,          -- account << 32 | contact
    account INTEGER NOT NULL,
    phone TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    company TEXT,
    email TEXT,
    created INTEGER NOT NULL,
    UNIQUE (account, phone)
);

CREATE TABLE import_id (
    account INTEGER NOT NULL,
    hash BLOB NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (account, hash)
) WITHOUT ROWID;
CREATE TABLE import_batch (
    account INTEGER NOT NULL,
    hash BLOB NOT NULL,
    batch INTEGER NOT NULL,
    PRIMARY KEY (account, hash)
) WITHOUT ROWID;

CREATE TABLE idempotency (
    account INTEGER NOT NULL,
    key BLOB NOT NULL,
    request BLOB NOT NULL,
    batch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    count INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, key)
) WITHOUT ROWID;

-- The queue itself: what is to be sent, by account and due second.
CREATE TABLE outbox (
    account INTEGER NOT NULL,
    due INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (account, due, number)
) WITHOUT ROWID;
