//! The messages of a program, oldest first.

use http::StatusCode;
use service::model::Program;
use service::query::{MessagePage, MessageQuery, Order};
use service::{Access, Service};
use sms::Number;

use super::error::{Failure, JSON, Missing};
use super::parameters::{Parameters, count};
use super::window::Window;
use super::{link, page};
use crate::kit::{Request, Response, reply};

/// Answers `GET /api/messages/program/{programId}`.
pub(super) async fn export(
    service: &Service,
    access: &Access,
    request: &Request,
    id: &str,
) -> Result<Response, Failure> {
    let program = find_program(service, access, id).await?;
    let asked = Parameters::read(&request.query)?;
    let (next, messages) = match Window::of(&asked, service.now()) {
        Some(window) => {
            let found = service.messages(access.id(), query(&asked, window, program.number)).await?;
            let next = link::next(&request.origin, program.number, &asked, window, &found);
            let MessagePage { messages, .. } = found;
            (next, messages)
        }
        None => (None, Vec::new()),
    };
    let body = page::write(&program, next.as_deref(), &messages);
    Ok(reply::with_body(StatusCode::OK, JSON, body))
}

/// The program of an id; one of another account is as unknown as one that nobody has.
async fn find_program(service: &Service, access: &Access, id: &str) -> Result<Program, Failure> {
    let number: Number = count(id).ok_or(Failure::NotFound(Missing::Program))?;
    service.program(access.id(), number).await?.ok_or(Failure::NotFound(Missing::Program))
}

fn query(asked: &Parameters, window: Window, program: Number) -> MessageQuery {
    MessageQuery {
        direction: asked.direction,
        from: Some(window.from),
        to: Some(window.to),
        program: Some(program),
        bound: asked.bound.map(|bound| bound.number),
        after: asked.cursor,
        order: Order::Time,
        offset: asked.offset(),
        limit: asked.page_size,
        ..MessageQuery::default()
    }
}
