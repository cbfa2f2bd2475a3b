-- How far those who want to be told of events have been told.

CREATE TABLE hook (
    account INTEGER NOT NULL,
    hook INTEGER NOT NULL,           -- its number in the account; 0 is the batches' own
    position INTEGER NOT NULL,       -- events up to this sequence number were told, passed over or kept below
    last_code INTEGER,
    failing_since INTEGER,
    PRIMARY KEY (account, hook)
) WITHOUT ROWID;

-- Events that could not be told at once, with all that telling them needs of the event.
CREATE TABLE hook_try (
    account INTEGER NOT NULL,
    hook INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    number INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    code INTEGER,
    error TEXT NOT NULL,
    PRIMARY KEY (account, hook, sequence)
) WITHOUT ROWID;
CREATE INDEX hook_try_due ON hook_try (account, hook, dead, due, sequence);
CREATE INDEX hook_try_number ON hook_try (account, hook, number, sequence);
