//! The Textmagic dialect as its callers see it: requests in, answers out, over a real ledger.

#[allow(unreachable_pub, reason = "shared by test binaries that each use their own part")]
mod support;
mod textmagic {
    mod chats;
    mod contacts;
    mod credentials;
    mod hostile;
    mod isolation;
    mod marks;
    mod messages;
    mod protocol;
    mod replies;
    mod schemas;
    mod sessions;
    mod walks;
    mod webhooks;
    mod world;
}
