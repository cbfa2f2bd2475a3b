//! The SMSFactor REST API (`api.smsfactor.com`).
//!
//! * [`outcomes`]: the one table of states, both ways;
//! * `endpoints`: what is served, and the way of a request, which becomes a `call`;
//! * `messages`, `replies`, `credits`, `account`: reading, with `answered` for what an MO belongs to;
//! * `send`, with `submission` for what is asked: sending, what it would cost, and withdrawing it; `campaigns`:
//!   what was sent;
//! * `lists`, `unwanted` (blacklist and unassigned numbers), with `people` for who is in them; `tokens`;
//! * `auth` and `body`: credentials in every place that clients put them, and bodies in every form;
//!   `parameters` and `local_time`: what the query says, dates being Europe/Paris;
//! * `format` and `answer`: JSON or XML, and how both are written; `error`: refusals.
//!
//! What is left out, and where it differs on purpose, stands in the folder's README.

mod account;
mod answer;
mod answered;
mod auth;
mod body;
mod call;
mod campaigns;
mod credits;
mod endpoints;
mod error;
mod examples;
mod format;
mod lists;
mod local_time;
mod messages;
pub mod outcomes;
mod parameters;
mod people;
mod replies;
mod send;
mod story;
mod submission;
mod tokens;
mod unwanted;
mod webhook;
mod webhooks;

use std::sync::Arc;

use async_trait::async_trait;
use service::Service;
use service::webhooks::Shape;

use crate::kit::{Dialect, Early, Example, Holdings, Request, Response, Teller};
use error::Failure;
use format::Format;

/// The dialect. Its paths have no prefix of their own, so that it takes every path that no other owns and
/// stands last.
pub struct SmsFactor;

#[async_trait]
impl Dialect for SmsFactor {
    fn id(&self) -> &'static str {
        "smsfactor"
    }

    fn endpoints(&self) -> Vec<(&'static str, http::Method, &'static [&'static str])> {
        let all = endpoints::ENDPOINTS.iter();
        all.map(|endpoint| (endpoint.name, endpoint.method.clone(), endpoint.paths)).collect()
    }

    fn owns(&self, _path: &str) -> bool {
        true
    }

    async fn serve(&self, service: &Service, request: Request) -> Response {
        let format = Format::wanted(&request.headers);
        match endpoints::serve(service, &request, format).await {
            Ok(response) => response,
            Err(failure) => failure.render(format),
        }
    }

    fn refuse(&self, early: &Early, request: &Request) -> Response {
        Failure::Early(*early).render(Format::wanted(&request.headers))
    }

    fn shape(&self) -> Option<Arc<dyn Shape>> {
        Some(Arc::new(webhook::Hooks))
    }

    fn examples(&self, holdings: &Holdings) -> Vec<Example> {
        examples::examples(holdings)
    }

    fn teller(&self) -> Option<Box<dyn Teller>> {
        Some(Box::new(story::Sends))
    }
}
