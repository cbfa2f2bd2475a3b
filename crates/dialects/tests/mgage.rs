//! mGage as its callers see it: requests and answers, in process.

#[path = "mgage/access.rs"]
mod access;
#[path = "mgage/documents.rs"]
mod documents;
#[path = "mgage/external_mo.rs"]
mod external_mo;
#[path = "mgage/filters.rs"]
mod filters;
#[path = "mgage/paging.rs"]
mod paging;
#[path = "mgage/story.rs"]
mod story;
#[allow(unreachable_pub, reason = "written for any test program")]
mod support;
#[path = "mgage/walks.rs"]
mod walks;
mod world;
