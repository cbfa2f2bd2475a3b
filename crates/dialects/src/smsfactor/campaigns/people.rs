//! The people of a campaign: those who answered it, those who want no more of it, and those who are none.

use std::collections::{HashMap, HashSet};

use http::StatusCode;
use service::model::{Batch, Message};
use service::opt_outs::OptOutSource;
use service::people::OptOut;
use service::query::MessageQuery;
use sms::{Direction, Outcome, OutcomeSet};

use super::super::answered::Answered;
use super::super::call::{Call, Done};
use super::super::error::Failure;
use super::super::local_time::LocalTime;
use super::super::people::{contacts_of, write_or_null};
use super::super::replies;
use super::super::unwanted::campaigns;
use super::find;

/// Messages read at once.
const AT_ONCE: u32 = 1000;
/// Up to so many recipients the replies of each are asked for; of more, all replies since are looked through.
const FEW: usize = 100;
/// The most replies that are looked through.
const MOST: u64 = 20_000;

/// The recipients of a campaign whose messages have one of these outcomes, each once.
async fn recipients(call: &Call<'_>, batch: &Batch, outcomes: OutcomeSet) -> Result<Vec<String>, Failure> {
    let mut query = MessageQuery {
        batch: Some(batch.key),
        scope: Some(outcomes),
        limit: AT_ONCE,
        ..MessageQuery::default()
    };
    let mut phones = Vec::new();
    let mut seen = HashSet::new();
    loop {
        let page = call.service.messages(call.account(), query.clone()).await?;
        let new = page.messages.into_iter().map(|message| message.recipient);
        phones.extend(new.filter(|phone| seen.insert(phone.clone())));
        if !page.more {
            return Ok(phones);
        }
        query.offset += u64::from(AT_ONCE);
    }
}

fn whatever() -> OutcomeSet {
    OutcomeSet::matching(|_| true)
}

/// The recipients of a campaign that did not get it and are known to be unassigned.
pub(super) async fn unassigned_of(call: &Call<'_>, batch: &Batch) -> Result<Vec<String>, Failure> {
    use Outcome as O;
    let outcomes =
        OutcomeSet::matching(|outcome| matches!(outcome, O::DeniedRecipient | O::Undelivered | O::Rejected));
    let any = batch.sums.iter().any(|(outcome, sum)| sum.messages > 0 && outcomes.contains(*outcome));
    if !any {
        return Ok(Vec::new());
    }
    let mut phones = recipients(call, batch, outcomes).await?;
    let known = call.service.unassigned_among(call.account(), phones.clone()).await?;
    phones.retain(|phone| known.contains(phone));
    Ok(phones)
}

/// `GET /campaign/{id}/npai`.
pub(in super::super) async fn unassigned(call: &Call<'_>) -> Done {
    let batch = find(call).await?;
    let phones = unassigned_of(call, &batch).await?;
    let contacts = contacts_of(call.service, call.account(), phones.iter().map(String::as_str)).await?;
    let date = LocalTime::default().text(batch.created.seconds());
    let mut answer = call.success();
    answer.list("npai", &phones, |answer, phone| {
        answer.text("destination", phone);
        write_or_null(answer, contacts.get(phone));
        answer.text("date", &date);
    });
    Ok(answer.finish(StatusCode::OK))
}

/// `PUT /campaign/{id}/npai`: moves those numbers to the blacklist. Broken off in between, they are in both.
pub(in super::super) async fn unassigned_to_blacklist(call: &Call<'_>) -> Done {
    let batch = find(call).await?;
    let phones = unassigned_of(call, &batch).await?;
    call.service.opt_out_all(call.account(), phones.clone(), OptOutSource::Api).await?;
    call.service.forget_unassigned(call.account(), phones).await?;
    Ok(call.done())
}

/// The opt-outs that answered a campaign, by number.
pub(super) async fn stops_of(call: &Call<'_>, batch: &Batch) -> Result<Vec<OptOut>, Failure> {
    let phones = recipients(call, batch, whatever()).await?;
    let mut found: Vec<OptOut> = Vec::new();
    for phones in phones.chunks(AT_ONCE as usize) {
        let opt_outs = call.service.opt_outs_among(call.account(), phones.to_vec()).await?;
        let opt_outs: Vec<OptOut> = opt_outs.into_values().collect();
        let caused = campaigns(call, &opt_outs).await?;
        let by_this = |opt_out: &OptOut| {
            caused.get(&opt_out.number).is_some_and(|campaign| batch.key == sms::BatchKey::Mt(*campaign))
        };
        found.extend(opt_outs.into_iter().filter(by_this));
    }
    found.sort_by_key(|opt_out| opt_out.number);
    Ok(found)
}

/// `GET /campaign/{id}/blacklist`.
pub(in super::super) async fn stops(call: &Call<'_>) -> Done {
    let batch = find(call).await?;
    let found = stops_of(call, &batch).await?;
    let phones = found.iter().map(|opt_out| opt_out.phone.as_str());
    let contacts = contacts_of(call.service, call.account(), phones).await?;
    let mut local = LocalTime::default();
    let mut answer = call.success();
    answer.list("stops", &found, |answer, opt_out| {
        answer.text("destination", &opt_out.phone);
        write_or_null(answer, contacts.get(&opt_out.phone));
        answer.text("date", &local.text(opt_out.since.seconds()));
    });
    Ok(answer.finish(StatusCode::OK))
}

/// `GET /campaign/{id}/mo`.
pub(in super::super) async fn replies(call: &Call<'_>) -> Done {
    let batch = find(call).await?;
    let received = received_since(call, &batch).await?;
    let answered = Answered::find(call.service, call.account(), &received).await?;
    let campaign = call.number()?;
    let replies: Vec<&Message> =
        received.iter().filter(|message| answered.context(message).0 == campaign).collect();
    let peers = replies.iter().map(|reply| reply.peer());
    let contacts: HashMap<_, _> = contacts_of(call.service, call.account(), peers).await?;
    let mut local = LocalTime::default();
    let mut answer = call.success();
    answer.list("replies", replies, |answer, reply| {
        replies::write(answer, reply, &answered, &contacts, &mut local);
    });
    Ok(answer.finish(StatusCode::OK))
}

/// What the recipients of a campaign wrote since it was made, by date.
async fn received_since(call: &Call<'_>, batch: &Batch) -> Result<Vec<Message>, Failure> {
    let peers = recipients(call, batch, whatever()).await?;
    let since = MessageQuery {
        direction: Some(Direction::Mo),
        scope: Some(Outcome::Received.only()),
        from: Some(batch.created.seconds()),
        ..MessageQuery::default()
    };
    let mut received = Vec::new();
    if peers.len() <= FEW {
        for peer in peers {
            let query = MessageQuery { peer: Some(peer), ..since.clone() };
            received.extend(all(call, query, MOST.saturating_sub(received.len() as u64)).await?);
        }
    } else {
        let peers: HashSet<String> = peers.into_iter().collect();
        received = all(call, since, MOST).await?;
        received.retain(|message| peers.contains(message.peer()));
    }
    received.sort_by_key(|message| (message.date, message.number));
    Ok(received)
}

/// Every message of a query that matches no more than `most`.
async fn all(call: &Call<'_>, mut query: MessageQuery, most: u64) -> Result<Vec<Message>, Failure> {
    query.limit = AT_ONCE;
    let mut all = Vec::new();
    loop {
        let page = call.service.messages(call.account(), query.clone()).await?;
        if page.total > most {
            return Err(Failure::Refused(format!(
                "replies are found among at most {MOST} that were received since"
            )));
        }
        query.bound = query.bound.or(Some(page.bound));
        all.extend(page.messages);
        if !page.more {
            return Ok(all);
        }
        query.offset += u64::from(AT_ONCE);
    }
}
