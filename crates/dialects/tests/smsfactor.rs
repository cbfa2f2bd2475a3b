//! The SMSFactor dialect against the real engine: each check of the reference's section 4 that reading can
//! meet, endpoint by endpoint as tables of request and answer.

#[path = "smsfactor/credentials.rs"]
mod credentials;
#[path = "smsfactor/filters.rs"]
mod filters;
#[path = "smsfactor/fixture.rs"]
mod fixture;
#[path = "smsfactor/paging.rs"]
mod paging;
#[path = "smsfactor/period.rs"]
mod period;
#[path = "smsfactor/records.rs"]
mod records;
#[path = "smsfactor/replies.rs"]
mod replies;
#[path = "smsfactor/routes.rs"]
mod routes;
#[path = "smsfactor/sorting.rs"]
mod sorting;
#[allow(unreachable_pub, reason = "other test binaries share it")]
mod support;
#[path = "smsfactor/walk.rs"]
mod walk;
#[path = "smsfactor/webhooks.rs"]
mod webhooks;
#[path = "smsfactor/xml.rs"]
mod xml;
