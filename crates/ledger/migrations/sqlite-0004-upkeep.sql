-- What is looked up now and then beside the order it is kept in. All of these grow at their end, or stay small.

-- Idempotency keys are forgotten by age.
CREATE INDEX idempotency_at ON idempotency (at);
-- A receipt leaves quarantine under all its forms at once.
CREATE INDEX quarantine_receipt ON quarantine (receipt);
-- The ids of a message whose last word never came, to ask its carrier; and ids are forgotten with their messages.
CREATE INDEX carrier_id_message ON carrier_id (message);
