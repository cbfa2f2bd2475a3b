//! The Textmagic dialect as its callers see it: requests in, answers out, over a real ledger.

#[allow(unreachable_pub, reason = "shared by test binaries that each use their own part")]
mod support;
mod textmagic {
    mod bulks;
    mod chats;
    mod contacts;
    mod credentials;
    mod custom_fields;
    mod hostile;
    mod idempotency;
    mod isolation;
    mod lists;
    mod marks;
    mod messages;
    mod notes;
    mod one_visit;
    mod people;
    mod prices;
    mod protocol;
    mod recipients;
    mod replies;
    mod schedules;
    mod schemas;
    mod senders;
    mod sending;
    mod sending_hostile;
    mod sending_schemas;
    mod sessions;
    mod statistics;
    mod templates;
    mod unsubscribers;
    mod user;
    mod walks;
    mod webhooks;
    mod world;
}
