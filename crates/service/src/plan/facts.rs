//! What a plan is made from: the request, and everything the account knows that bears on it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ledger::Result;
use ledger::people::Unwanted;
use sms::{AccountId, Micros, Money, Number};

use super::merge::{Known, words};
use super::policy::{Policy, Templating};
use super::recipient::Targets;
use super::refusal::{SubmitError, SubmitRefusal};
use super::request::{SubmitRequest, Text};
use crate::Service;
use crate::rules::Rules;

/// Everything a plan is made from.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) now: Micros,
    pub(crate) rules: Arc<Rules>,
    /// What is on the balance, of a prepaid account.
    pub(crate) balance: Option<Money>,
    /// The request; its recipients have become targets.
    pub(crate) request: SubmitRequest,
    pub(crate) policy: Policy,
    pub(crate) text: String,
    pub(crate) targets: Targets,
    pub(crate) known: Known,
    pub(crate) opted_out: HashSet<String>,
    /// Phones known to belong to nobody.
    pub(crate) unassigned: HashSet<String>,
    /// Phones of blocked contacts.
    pub(crate) blocked: HashSet<String>,
    /// The numbers of the lists it goes to, with commas between.
    pub(crate) list: Option<String>,
}

impl Service {
    /// Gathers what a plan is made from: some batches of look-ups, whatever the number of recipients.
    pub(crate) async fn facts(
        &self,
        account: AccountId,
        mut request: SubmitRequest,
        policy: Policy,
    ) -> Result<Box<Facts>, SubmitError> {
        let rules = self.rules(account).await?;
        let text = match &request.text {
            Text::Plain(text) => text.clone(),
            Text::Template(number) => {
                let template = self.template(account, *number).await?;
                template.ok_or(SubmitRefusal::Template(*number))?.content
            }
        };
        if text.trim().is_empty() {
            return Err(SubmitRefusal::EmptyText.into());
        }
        let (mut targets, list) = self.targets(account, &mut request, &policy, &rules).await?;
        let known = match &policy.templating {
            Some(templating) => {
                let defaults = std::mem::take(&mut request.defaults);
                self.known(account, &text, templating, defaults, &mut targets).await?
            }
            None => Known::default(),
        };
        let phones = targets.all.iter().filter(|target| target.phone.is_ok());
        let phones: Vec<String> = phones.map(|target| target.to.clone()).collect();
        let unassigned = match rules.knows_unassigned {
            true => self.unassigned_among(account, phones.clone()).await?,
            false => HashSet::new(),
        };
        let Unwanted { blocked, opted_out } = self.ledger.unwanted(account, phones).await?;
        let balance = if rules.prepaid { Some(self.ledger.account(account).await?.balance) } else { None };
        let now = self.now();
        Ok(Box::new(Facts {
            now,
            rules,
            balance,
            request,
            policy,
            text,
            targets,
            known,
            opted_out,
            unassigned,
            blocked,
            list,
        }))
    }

    /// The recipients of a request, each number once, and the numbers of its lists.
    async fn targets(
        &self,
        account: AccountId,
        request: &mut SubmitRequest,
        policy: &Policy,
        rules: &Rules,
    ) -> Result<(Targets, Option<String>), SubmitError> {
        let most = policy.most_recipients;
        let too_many = |count: usize| {
            let refusal = SubmitRefusal::TooManyRecipients { most };
            if count > most as usize { Err(refusal) } else { Ok(()) }
        };
        let recipients = std::mem::take(&mut request.recipients);
        let mut count = recipients.len() + request.contacts.len();
        too_many(count)?;
        let country = request.country.or(rules.settings.default_country);
        let mut targets = Targets::new(country, count);
        for recipient in recipients {
            targets.add(recipient);
        }
        self.add_contacts(account, &request.contacts, &mut targets).await?;
        let mut names = Vec::with_capacity(request.lists.len());
        for number in &request.lists {
            self.list(account, *number).await?.ok_or(SubmitRefusal::List(*number))?;
            let name = number.to_string();
            // Told before the members are read.
            count += usize::try_from(self.member_count(account, *number).await?).unwrap_or(usize::MAX);
            too_many(count)?;
            let members = self.member_numbers(account, *number).await?;
            for contact in self.contacts_of_numbers(account, members, false).await? {
                targets.add_contact(contact, Some(&name));
            }
            names.push(name);
        }
        if targets.all.is_empty() {
            return Err(SubmitRefusal::NoRecipients.into());
        }
        targets.give_values(std::mem::take(&mut request.values_by_phone));
        too_many(targets.all.len())?;
        Ok((targets, Some(names.join(",")).filter(|names| !names.is_empty())))
    }

    async fn add_contacts(
        &self,
        account: AccountId,
        numbers: &[Number],
        targets: &mut Targets,
    ) -> Result<(), SubmitError> {
        let found = self.contacts_of_numbers(account, numbers.to_vec(), false).await?;
        let mut found: HashMap<Number, _> =
            found.into_iter().map(|contact| (contact.number, contact)).collect();
        let mut taken = HashSet::new();
        for number in numbers {
            match found.remove(number) {
                Some(contact) => {
                    taken.insert(*number);
                    targets.add_contact(contact, None);
                }
                None if taken.contains(number) => targets.repeated += 1,
                None => return Err(SubmitRefusal::Contact(*number).into()),
            }
        }
        Ok(())
    }

    /// What fills the placeholders of a text, if it has any.
    async fn known(
        &self,
        account: AccountId,
        text: &str,
        templating: &Templating,
        defaults: crate::contact_values::Values,
        targets: &mut Targets,
    ) -> Result<Known> {
        let known = Known { defaults, ..Known::default() };
        if !templating.asks_contacts() || words(text, templating).next().is_none() {
            return Ok(known);
        }
        let unknown = targets.all.iter().filter(|target| target.contact.is_none() && target.phone.is_ok());
        let phones: Vec<String> = unknown.map(|target| target.to.clone()).collect();
        if !phones.is_empty() {
            let mut contacts = self.ledger.contacts_by_phone(account, phones).await?;
            for target in targets.all.iter_mut().filter(|target| target.contact.is_none()) {
                target.contact = contacts.remove(&target.to);
            }
        }
        let contacts = targets.all.iter().filter_map(|target| target.contact.as_ref());
        let numbers = contacts.map(|contact| contact.number).collect();
        Ok(Known { contact_values: self.contact_values(account, numbers).await?, ..known })
    }
}
