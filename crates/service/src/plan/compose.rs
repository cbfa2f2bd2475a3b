//! Everything decided: from facts to messages. No waiting, no I/O.

use std::borrow::Cow;

use ledger::change::NewBatch;
use ledger::model::{BatchExtra, Entry, Message, Word};
use sms::coding::Measure;
use sms::{BatchKey, Coding, Country, Direction, Micros, Money, Note, Outcome};

use super::Plan;
use super::due::{Due, due};
use super::facts::Facts;
use super::merge::Template;
use super::policy::{AllOptedOut, LongText, MissingFunds, Repeated, Unusable};
use super::recipient::Target;
use super::refusal::SubmitRefusal;
use super::request::{CodingLimit, When};
use super::sender::{SenderPlan, sender};
use super::text::{Fitted, Limits, Unfit, fit};
use super::totals::{PlanSummary, plus};
use crate::account_settings::Holds;

/// What is kept, in octets, of a text that is refused for its length: a template may make ten thousand of them.
const KEPT_OCTETS: usize = 4000;
/// Millionths of one unit of a currency.
const UNIT: i64 = 1_000_000;

/// A text as it stands for one or all recipients: what is sent, or why it cannot be and how it is kept.
type Judged<'t> = Result<Fitted<'t>, (Unfit, Measure)>;

/// What holds for all messages of a plan.
struct Frame<'f> {
    facts: &'f Facts,
    sender: SenderPlan,
    due: Due,
    limits: Limits,
    template: Option<Template<'f>>,
    /// The text where it has no placeholders.
    plain: Judged<'f>,
}

impl Facts {
    /// Makes the plan. A dry one is never refused for the balance: its summary says whether it is covered.
    pub(crate) fn plan(&self, dry: bool) -> Result<Plan, SubmitRefusal> {
        let (request, policy) = (&self.request, &self.policy);
        let opted_out = |target: &Target| self.opted_out.contains(&target.to);
        if policy.all_opted_out == AllOptedOut::Refuse && self.targets.all.iter().all(opted_out) {
            return Err(SubmitRefusal::NoRecipients);
        }
        let most = request.most_segments.unwrap_or(u16::MAX).clamp(1, sms::segment::MAX_SEGMENTS);
        let limits = Limits {
            coding: request.coding,
            unicode: request.unicode,
            segments: most,
            cut: request.cut_extra,
        };
        let templating = policy.templating.as_ref();
        let frame = Frame {
            facts: self,
            sender: sender(request.sender.as_deref(), policy.unregistered, &self.rules)?,
            due: due(&request.when, request.promotional, policy, &self.rules, self.now.seconds())?,
            limits,
            template: templating
                .and_then(|templating| Template::of(&self.text, templating, &self.known, &self.targets.all)),
            plain: fit(Cow::Borrowed(&self.text), limits),
        };
        let targets = self.targets.all.iter().enumerate();
        let mut messages =
            targets.map(|(place, target)| frame.message(place, target)).collect::<Result<Vec<_>, _>>()?;
        let covered = self.pay(&mut messages, dry)?;
        let counts_repeated = policy.repeated == Repeated::Count;
        let summary = PlanSummary::of(
            &messages,
            self.targets.repeated,
            counts_repeated,
            frame.date(self.now.seconds()),
        );
        let charge = self.balance.map(|_| summary.price);
        let summary = PlanSummary { covered, ..self.tell_unassigned(summary) };
        Ok(Plan { batch: frame.batch(&messages, &summary), messages, summary, charge })
    }

    /// Counts numbers known to be unassigned apart from those that are none: both have the same outcome.
    fn tell_unassigned(&self, mut summary: PlanSummary) -> PlanSummary {
        if !self.unassigned.is_empty() {
            let numbers = self.targets.all.iter().filter(|target| target.phone.is_ok());
            let unassigned = numbers.filter(|target| self.unassigned.contains(&target.to)).count() as u32;
            summary.counts.unassigned = unassigned;
            summary.counts.invalid = summary.counts.invalid.saturating_sub(unassigned);
        }
        summary
    }

    /// Sees what the balance covers, message by message; returns whether it covers all.
    fn pay(&self, messages: &mut [Message], dry: bool) -> Result<bool, SubmitRefusal> {
        let Some(balance) = self.balance else { return Ok(true) };
        let to_send = || messages.iter().filter(|message| !message.outcome.is_final());
        let price = to_send().fold(Money::ZERO, |sum, message| plus(sum, message.price));
        let covered = price <= balance || price == Money::ZERO;
        if !covered && !dry && self.policy.funds == MissingFunds::Refuse {
            return Err(SubmitRefusal::Funds { balance, price });
        }
        let mut left = balance.millionths();
        for message in messages.iter_mut().filter(|message| !message.outcome.is_final()) {
            let price = message.price.millionths();
            if price == 0 {
                continue;
            }
            if dry || price <= left {
                left = left.saturating_sub(price);
                let note = Word::Note(Note::Funded);
                message.history.push(Entry { at: self.now, word: note, code: None, text: None });
            } else {
                deny(message, Outcome::DeniedFunds, self.now, "the balance does not cover it".to_owned());
            }
        }
        Ok(covered)
    }
}

/// Whether a recipient that is no possible number, given as such, refuses all.
fn refuses(unusable: Unusable, to: &str) -> bool {
    match unusable {
        Unusable::Deny => false,
        Unusable::Refuse => true,
        Unusable::RefuseSave(trial) => !to.starts_with(&trial.to_string()),
    }
}

/// Makes a message one that is refused, and costs nothing.
fn deny(message: &mut Message, outcome: Outcome, at: Micros, reason: String) {
    message.outcome = outcome;
    message.price = Money::ZERO;
    message.credits = 0;
    message.date = at.seconds();
    message.history = vec![Entry { text: Some(reason), ..Entry::new(at, outcome) }];
}

impl<'f> Frame<'f> {
    /// The second in which messages that are sent are due.
    fn date(&self, now: u32) -> u32 {
        match self.due {
            Due::Later(second) => second,
            Due::Now | Due::Over => now,
        }
    }

    /// The message to one recipient.
    fn message(&self, place: usize, target: &Target) -> Result<Message, SubmitRefusal> {
        let Facts { now, policy, .. } = self.facts;
        if let Err(reason) = &target.phone
            && place < self.facts.targets.given
            && refuses(policy.unusable, &target.to)
        {
            let text = target.to.clone();
            return Err(SubmitRefusal::Recipient { place, text, reason: *reason });
        }
        let judged = self.text(target);
        if let (Err((Unfit::TooLong(segments), _)), LongText::Refuse) = (&judged, policy.long) {
            return Err(SubmitRefusal::TooLong { segments: *segments, most: self.limits.segments });
        }
        let country = target.phone.map_or(Country::UNKNOWN, |phone| phone.country());
        let denial = self.denial(target, country, &judged);
        let mut message = self.draft(target, country, judged);
        if let Some((outcome, reason)) = denial {
            deny(&mut message, outcome, *now, reason);
        }
        Ok(message)
    }

    fn text(&self, target: &Target) -> Judged<'f> {
        match &self.template {
            Some(template) => fit(Cow::Owned(template.fill(target, &self.facts.known)), self.limits),
            None => self.plain.clone(),
        }
    }

    /// Why a message is not to be sent, if so: the first of the reasons in this order.
    fn denial(&self, target: &Target, country: Country, judged: &Judged<'_>) -> Option<(Outcome, String)> {
        let facts = self.facts;
        if let Err(reason) = &target.phone {
            return Some((Outcome::DeniedRecipient, reason.to_string()));
        }
        if facts.unassigned.contains(&target.to) {
            return Some((Outcome::DeniedRecipient, "the number is known to be unassigned".to_owned()));
        }
        if self.sender.denied {
            return Some((Outcome::DeniedSender, "the sender is not registered".to_owned()));
        }
        if facts.rules.settings.countries.as_ref().is_some_and(|allowed| !allowed.contains(&country)) {
            return Some((Outcome::DeniedCountry, format!("{country} may not be written to")));
        }
        if facts.opted_out.contains(&target.to) {
            return Some((Outcome::DeniedOptOut, "the person opted out".to_owned()));
        }
        if facts.blocked.contains(&target.to) {
            return Some((Outcome::DeniedRecipient, "the contact is blocked".to_owned()));
        }
        if let Err((unfit, _)) = judged {
            return Some((Outcome::DeniedBody, unfit.to_string()));
        }
        let over = self.due == Due::Over;
        over.then(|| (Outcome::ExpiredUnsent, "every window is over".to_owned()))
    }

    /// A message as it is if nothing speaks against it.
    fn draft(&self, target: &Target, country: Country, judged: Judged<'_>) -> Message {
        let Facts { request, rules, now, .. } = self.facts;
        let (body, measure) = match judged {
            Ok(fitted) => (fitted.body.into_owned(), fitted.measure),
            Err((unfit, measure)) => (self.unfit_body(target, unfit), measure),
        };
        let rate = rules.rates.rate(&target.to, country, &target.network);
        // A text that does not fit may measure more than any message has.
        let measured = measure.segments.clamp(1, sms::segment::MAX_SEGMENTS);
        let segments = u32::from(measured);
        let high = if request.priority > 1 { rules.rates.high_priority } else { Money::ZERO };
        let price = if rules.prepaid && rules.rates.is_unwritten() {
            // Without rates a balance is a number of credits.
            Money::from_millionths(UNIT).checked_mul(rate.credits.saturating_mul(segments))
        } else {
            plus(rate.price, high).checked_mul(segments)
        };
        let held = match rules.settings.holds {
            Holds::Nothing => false,
            Holds::Promotional => request.promotional,
            Holds::Everything => true,
        };
        let outcome = match self.due {
            _ if held => Outcome::Held,
            Due::Later(_) => Outcome::Scheduled,
            Due::Now | Due::Over => Outcome::Queued,
        };
        Message {
            number: 0,
            direction: Direction::Mt,
            outcome,
            created: *now,
            date: self.date(now.seconds()),
            sender: self.sender.given.clone(),
            sender_used: self.sender.used.clone(),
            recipient: target.to.clone(),
            body,
            coding: measure.coding,
            forced_by: measure.forced_by,
            segments: measured,
            flash: request.flash,
            priority: request.priority,
            batch: BatchKey::Mt(0),
            program: request.program,
            list: target.list.clone(),
            reference: target.reference.clone().or_else(|| request.reference.clone()),
            answers: None,
            price: price.unwrap_or(Money::from_millionths(i64::MAX)),
            credits: rate.credits.saturating_mul(segments),
            country,
            network: target.network.clone(),
            hidden: false,
            history: vec![Entry::new(*now, outcome)],
        }
    }

    /// The body that is kept of a message whose text does not fit: of one that is too long, the beginning.
    fn unfit_body(&self, target: &Target, unfit: Unfit) -> String {
        let mut body = match &self.template {
            Some(template) => template.fill(target, &self.facts.known),
            None => self.facts.text.clone(),
        };
        if matches!(unfit, Unfit::TooLong(_)) {
            body.truncate(body.floor_char_boundary(KEPT_OCTETS));
        }
        body
    }

    fn batch(&self, messages: &[Message], summary: &PlanSummary) -> NewBatch {
        let Facts { request, policy, text, list, .. } = self.facts;
        let coding = match request.coding {
            CodingLimit::Gsm => Coding::Gsm7,
            CodingLimit::Ucs => Coding::Ucs2,
            CodingLimit::Any if messages.iter().any(|message| message.coding == Coding::Ucs2) => Coding::Ucs2,
            CodingLimit::Any => Coding::Gsm7,
        };
        let micros = |second: u32| i64::from(second) * 1_000_000;
        let windows = match &request.when {
            When::Windows(windows) => {
                windows.iter().map(|window| (micros(window.opens), micros(window.closes))).collect()
            }
            When::Now | When::At { .. } | When::Recurring(_) => Vec::new(),
        };
        NewBatch {
            text: text.clone(),
            sender: self.sender.given.clone(),
            reference: request.reference.clone(),
            source: request.source,
            templated: self.template.is_some(),
            flash: request.flash,
            coding,
            priority: request.priority.clamp(1, 2),
            extra: BatchExtra {
                tags: request.tags.clone(),
                windows,
                report_url: request.report_url.clone(),
                list: list.clone(),
                validity: request.validity,
                credits: Some(summary.credits).filter(|credits| *credits != summary.segments),
                repeated: match policy.repeated {
                    Repeated::Count => summary.counts.duplicated,
                    Repeated::Fold => 0,
                },
                promotional: request.promotional,
                imported: false,
            },
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
