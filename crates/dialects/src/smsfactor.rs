//! Under way.

use async_trait::async_trait;
use service::Service;

use crate::kit::{Dialect, Early, Request, Response, reply};

/// The dialect.
pub struct SmsFactor;

#[async_trait]
impl Dialect for SmsFactor {
    fn id(&self) -> &'static str {
        "smsfactor"
    }

    fn endpoints(&self) -> Vec<(&'static str, http::Method, &'static [&'static str])> {
        Vec::new()
    }

    fn owns(&self, _path: &str) -> bool {
        false
    }

    async fn serve(&self, _service: &Service, request: Request) -> Response {
        self.refuse(&Early::NotServed, &request)
    }

    fn refuse(&self, early: &Early, _request: &Request) -> Response {
        reply::empty(early.status())
    }
}
