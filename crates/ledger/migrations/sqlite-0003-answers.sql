-- What a repeated request is answered with, beside the numbers.
ALTER TABLE idempotency ADD COLUMN answer TEXT;
ALTER TABLE idempotency ADD COLUMN balance INTEGER;
ALTER TABLE idempotency ADD COLUMN document INTEGER;
