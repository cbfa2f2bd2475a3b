//! The Textmagic dialect as its callers see it: requests in, answers out, over a real ledger.

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
    mod world;
}
