//! HTTP Basic, and nothing else.

use service::{Access, Credential, Service};

use super::error::Failure;
use crate::kit::Request;
use crate::kit::auth::{Authorization, authorization};

/// Who asks. Without a usable Basic credential: [`Failure::Credential`].
pub(super) async fn access(service: &Service, request: &Request) -> Result<Access, Failure> {
    match authorization(request) {
        Some(Authorization::Basic(user, password)) => {
            let credential = Credential::pair(user, password);
            Ok(service.authenticate(&[credential], request.remote).await?)
        }
        Some(Authorization::Bearer(_) | Authorization::Unusable) | None => Err(Failure::Credential),
    }
}
