//! The SMSFactor dialect against the real engine: each check of the reference's section 4, endpoint by
//! endpoint as tables of request and answer.

#[path = "smsfactor/bodies.rs"]
mod bodies;
#[path = "smsfactor/campaigns.rs"]
mod campaigns;
#[path = "smsfactor/credentials.rs"]
mod credentials;
#[path = "smsfactor/filters.rs"]
mod filters;
#[path = "smsfactor/fixture.rs"]
mod fixture;
#[path = "smsfactor/later.rs"]
mod later;
#[path = "smsfactor/lists.rs"]
mod lists;
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
#[path = "smsfactor/sending.rs"]
mod sending;
#[path = "smsfactor/sorting.rs"]
mod sorting;
#[allow(unreachable_pub, reason = "other test binaries share it")]
mod support;
#[path = "smsfactor/tokens.rs"]
mod tokens;
#[path = "smsfactor/unwanted.rs"]
mod unwanted;
#[path = "smsfactor/walk.rs"]
mod walk;
#[path = "smsfactor/webhooks.rs"]
mod webhooks;
#[path = "smsfactor/xml.rs"]
mod xml;
