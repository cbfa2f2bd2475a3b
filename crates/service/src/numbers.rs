//! Numbers that people write to, and whose they are.
//!
//! A number is claimed alone, by one account, or with a keyword: the first word of a text, without regard to
//! case and accents. So several accounts may share a number. Each claim names the program that its messages
//! belong to. Claims are documents of their account; all of them are held in memory by number.

mod index;

use ledger::{LedgerError, Result};
use serde::{Deserialize, Serialize};
use sms::phone::{Phone, PhoneError};
use sms::{AccountId, Number};

use crate::Service;
use crate::receive_message::{command, fold};
pub(crate) use index::{Claims, Numbers, Owner};

/// The kind of the documents; each is named by its number and keyword.
pub(crate) const KIND: &str = "number";
/// The fewest digits of a number that people write to.
const FEWEST_DIGITS: usize = 3;
/// The longest keyword, in octets as it is compared.
const LONGEST_KEYWORD: usize = 40;

/// A claim to what is written to a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberClaim {
    /// The number in E.164 digits, or a short code.
    pub number: String,
    /// The first word of the texts that are claimed; `None` claims all that no keyword does.
    pub keyword: Option<String>,
    /// The program its messages belong to; zero is the account's default.
    pub program: Number,
}

/// Why a number could not be claimed or released.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// It is no number.
    #[error("no number that can be written to: {0}")]
    Number(#[from] PhoneError),
    /// It has fewer than 3 digits.
    #[error("a number has at least 3 digits")]
    TooShort,
    /// The keyword is not one word of letters and digits.
    #[error("a keyword is one word of letters and digits, at most 40 of them")]
    Keyword,
    /// The keyword means something to everybody.
    #[error("\"{0}\" asks for no more messages, for messages again or for help, and cannot be a keyword")]
    Reserved(String),
    /// The account has no such program.
    #[error("the account has no program {0}")]
    Program(Number),
    /// Another account has claimed it.
    #[error("account {0} has claimed it")]
    Taken(AccountId),
    /// The account has not claimed it.
    #[error("the account has not claimed it")]
    Unclaimed,
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// A number as claims and carriers both write it: digits alone.
pub(crate) fn plain(number: &str) -> std::result::Result<String, NumberError> {
    let phone = Phone::parse(number)?;
    let digits = phone.as_str();
    if digits.len() < FEWEST_DIGITS { Err(NumberError::TooShort) } else { Ok(digits.to_owned()) }
}

/// A keyword as it is compared.
pub(crate) fn plain_keyword(keyword: &str) -> std::result::Result<String, NumberError> {
    match fold::words(keyword).as_slice() {
        [word] if word.len() <= LONGEST_KEYWORD => Ok(word.clone()),
        _ => Err(NumberError::Keyword),
    }
}

/// The same, where it means nothing to everybody.
pub(crate) fn free_keyword(keyword: &str) -> std::result::Result<String, NumberError> {
    let word = plain_keyword(keyword)?;
    match command::command(std::slice::from_ref(&word)) {
        Some(_) => Err(NumberError::Reserved(keyword.to_owned())),
        None => Ok(word),
    }
}

impl Service {
    /// Claims a number, alone or with a keyword, for an account; returns the claim's number among the
    /// account's. Claimed before by the same account, it gets the program.
    pub async fn claim_number(
        &self,
        account: AccountId,
        claim: NumberClaim,
    ) -> std::result::Result<Number, NumberError> {
        let number = plain(&claim.number)?;
        let keyword = claim.keyword.as_deref().map(free_keyword).transpose()?;
        if claim.program != 0 {
            let programs = self.ledger.programs(account).await?;
            if !programs.iter().any(|program| program.number == claim.program) {
                return Err(NumberError::Program(claim.program));
            }
        }
        let mut index = self.numbers.change(self).await?;
        let known = index.owner(&number, keyword.as_deref());
        let document = match known {
            Some(owner) if owner.account != account => return Err(NumberError::Taken(owner.account)),
            Some(owner) => owner.document,
            None => 0,
        };
        let body = NumberClaim { number: number.clone(), ..claim };
        let name = name(&number, keyword.as_deref());
        let kept = self.put_typed(account, KIND, document, Some(name), &body).await;
        let document = index.unsure_of(kept)?;
        index.put(&number, keyword, Owner { account, program: claim.program, document });
        Ok(document)
    }

    /// What an account has claimed, in the order it did.
    pub async fn claimed_numbers(&self, account: AccountId) -> Result<Vec<NumberClaim>> {
        let all = self.typed_all(account, KIND).await?;
        Ok(all.into_iter().map(|claim| claim.body).collect())
    }

    /// Gives a claim up. What was written stays the account's.
    pub async fn release_number(
        &self,
        account: AccountId,
        number: &str,
        keyword: Option<&str>,
    ) -> std::result::Result<(), NumberError> {
        let number = plain(number)?;
        let keyword = keyword.map(plain_keyword).transpose()?;
        let mut index = self.numbers.change(self).await?;
        let owner = index.owner(&number, keyword.as_deref()).filter(|owner| owner.account == account);
        let document = owner.ok_or(NumberError::Unclaimed)?.document;
        let removed = self.ledger.remove_document(account, KIND.to_owned(), document).await;
        index.unsure_of(removed)?;
        index.remove(&number, keyword.as_deref());
        Ok(())
    }

    /// Who claims what is written to a number; empty where nobody does.
    pub(crate) async fn claims_of(&self, number: &str) -> Result<std::sync::Arc<Claims>> {
        self.numbers.of(self, number).await
    }
}

/// The name of a claim's document.
fn name(number: &str, keyword: Option<&str>) -> String {
    match keyword {
        Some(keyword) => format!("{number} {keyword}"),
        None => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_one_word_that_means_nothing_else() {
        assert_eq!(plain_keyword(" Vinn! ").expect("a word"), "vinn");
        assert_eq!(plain_keyword("ÉTÉ24").expect("a word"), "ete24");
        for keyword in ["", "!", "two words", &"k".repeat(41)] {
            assert!(matches!(plain_keyword(keyword), Err(NumberError::Keyword)), "{keyword}");
        }
        assert!(matches!(free_keyword("Stopp"), Err(NumberError::Reserved(_))));
    }

    #[test]
    fn numbers_are_digits() {
        assert_eq!(plain("+46 70-174 06 05").expect("a number"), "46701740605");
        assert_eq!(plain("36000").expect("a number"), "36000");
        assert!(matches!(plain("12"), Err(NumberError::TooShort)));
        assert!(matches!(plain("Bakery"), Err(NumberError::Number(_))));
    }
}
