//! iP.1 as its callers see it: requests and answers, in process.

#[path = "ip1/access.rs"]
mod access;
#[path = "ip1/documents.rs"]
mod documents;
#[path = "ip1/outcomes.rs"]
mod outcomes;
#[path = "ip1/paging.rs"]
mod paging;
#[path = "ip1/story.rs"]
mod story;
#[allow(unreachable_pub, reason = "written for any test program")]
mod support;
#[path = "ip1/walks.rs"]
mod walks;
#[path = "ip1/webhooks.rs"]
mod webhooks;
#[path = "ip1/withdrawing.rs"]
mod withdrawing;
mod world;
