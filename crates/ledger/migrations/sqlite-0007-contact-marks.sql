-- What an account's people say of a contact.
ALTER TABLE contact ADD COLUMN favorite INTEGER NOT NULL DEFAULT 0;
-- Nothing is sent to a blocked one.
ALTER TABLE contact ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX contact_blocked ON contact (account) WHERE blocked;
