//! iP.1 as its callers see it: requests and answers, in process.

#[path = "ip1/access.rs"]
mod access;
#[path = "ip1/blacklist.rs"]
mod blacklist;
#[path = "ip1/desk.rs"]
mod desk;
#[path = "ip1/documents.rs"]
mod documents;
#[path = "ip1/keys.rs"]
mod keys;
#[path = "ip1/outcomes.rs"]
mod outcomes;
#[path = "ip1/paging.rs"]
mod paging;
#[path = "ip1/refusals.rs"]
mod refusals;
#[path = "ip1/senders.rs"]
mod senders;
#[path = "ip1/sending.rs"]
mod sending;
#[path = "ip1/story.rs"]
mod story;
#[allow(unreachable_pub, reason = "written for any test program")]
mod support;
#[path = "ip1/templating.rs"]
mod templating;
#[path = "ip1/version1.rs"]
mod version1;
#[path = "ip1/walks.rs"]
mod walks;
#[path = "ip1/webhooks.rs"]
mod webhooks;
#[path = "ip1/windows.rs"]
mod windows;
#[path = "ip1/withdrawing.rs"]
mod withdrawing;
mod world;
