//! A key as Bearer, or as Basic with the account's or the key's name; both on either API.

use service::{Access, AuthFailure, Credential, Service};

use super::error::Failure;
use super::ids::parse_owner;
use crate::kit::Request;
use crate::kit::auth::{Authorization, authorization};

/// Who asks.
pub(super) async fn access(service: &Service, request: &Request) -> Result<Access, Failure> {
    let remote = request.remote;
    match authorization(request) {
        Some(Authorization::Bearer(secret)) => {
            Ok(service.authenticate(&[Credential::bearer(secret)], remote).await?)
        }
        Some(Authorization::Basic(user, secret)) => {
            let account = parse_owner(&user);
            let by_name = Credential::pair(user, secret.clone());
            match (service.authenticate(&[by_name], remote).await, account) {
                // An adopted key may have `ip1-12345` for its user name; else that is the account's number.
                (Err(AuthFailure::Wrong), Some(account)) => {
                    let by_account = Credential { secret, username: None, account: Some(account) };
                    Ok(service.authenticate(&[by_account], remote).await?)
                }
                (result, _) => Ok(result?),
            }
        }
        Some(Authorization::Unusable) | None => Err(Failure::Credential),
    }
}
