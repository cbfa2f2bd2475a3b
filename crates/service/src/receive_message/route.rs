//! Whose an MO is.

use ledger::Result;
use sms::{AccountId, Number};

use super::command::{Command, command};
use crate::Service;
use crate::numbers::{Claims, Owner};

/// Where an MO goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) account: AccountId,
    /// Zero is the account's default.
    pub(super) program: Number,
    /// What everybody's words in it ask for.
    pub(super) asked: Option<Command>,
    /// Its words without the keyword that led here.
    pub(super) rest: Vec<String>,
}

impl Service {
    /// Whose what `sender` wrote to `recipient` is; the first that is known of
    ///
    /// 1. who claimed the number with the text's first word as keyword (or its last, behind a command);
    /// 2. for a command to a number that several claim, the one of them who wrote to the handset last;
    /// 3. who claimed the number alone;
    /// 4. who wrote to the handset last with the number as sender;
    /// 5. the only account there is.
    pub(super) async fn route(
        &self,
        sender: &str,
        recipient: &str,
        words: &[String],
    ) -> Result<Option<Route>> {
        let claims = self.claims_of(recipient).await?;
        let to = |owner: Owner, rest: &[String]| Route {
            account: owner.account,
            program: owner.program,
            asked: command(rest),
            rest: rest.to_vec(),
        };
        if let Some((owner, rest)) = by_keyword(&claims, words) {
            return Ok(Some(to(owner, rest)));
        }
        let accounts = claims.accounts();
        if accounts.len() > 1 && command(words).is_some() {
            let last = self.last_writer(sender, recipient, Some(accounts.into_iter().collect())).await?;
            if let Some(owner) = last.and_then(|account| claims.of_account(account)) {
                return Ok(Some(to(owner, words)));
            }
        }
        if let Some(owner) = claims.alone {
            return Ok(Some(to(owner, words)));
        }
        let account = match self.last_writer(sender, recipient, None).await? {
            Some(account) => Some(account),
            None => match self.ledger.accounts().await?.as_slice() {
                [only] => Some(only.id),
                _ => None,
            },
        };
        Ok(account.map(|account| to(Owner { account, program: 0, document: 0 }, words)))
    }

    async fn last_writer(
        &self,
        handset: &str,
        number: &str,
        among: Option<Vec<AccountId>>,
    ) -> Result<Option<AccountId>> {
        self.ledger.last_sent_to(handset.to_owned(), number.to_owned(), among).await
    }
}

/// Whose keyword stands in a text, and the words beside it.
fn by_keyword<'w>(claims: &Claims, words: &'w [String]) -> Option<(Owner, &'w [String])> {
    let (first, rest) = words.split_first()?;
    if let Some(owner) = claims.keyword(first) {
        return Some((owner, rest));
    }
    let (last, before) = words.split_last()?;
    command(before)?;
    Some((claims.keyword(last)?, before))
}
