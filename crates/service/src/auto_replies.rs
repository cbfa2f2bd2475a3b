//! Rules by which an account answers MO by itself.

use ledger::{LedgerError, Refusal, Result};
use serde::{Deserialize, Serialize};
use sms::sender::Sender;
use sms::{AccountId, Number};

use crate::Service;
use crate::numbers;

/// The kind of the documents.
const KIND: &str = "auto_reply";
/// The longest text, in characters.
const LONGEST: usize = 1600;

/// A rule: what is answered to which MO. Of several that fit, the one that says most counts: number and keyword,
/// then keyword, then number, then neither; among equals the oldest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AutoReply {
    /// Its number among the account's rules; zero in one to be added.
    #[serde(skip)]
    pub number: Number,
    /// Only MO to this number.
    pub to: Option<String>,
    /// Only MO whose first word this is, without regard to case and accents.
    pub keyword: Option<String>,
    /// The answer.
    pub text: String,
    /// Who it comes from; the number written to where absent.
    pub sender: Option<String>,
}

impl AutoReply {
    fn fault(&self) -> Option<String> {
        if self.text.trim().is_empty() || self.text.chars().count() > LONGEST {
            return Some(format!("an answer has 1 to {LONGEST} characters"));
        }
        if let Some(Err(error)) = self.to.as_deref().map(numbers::plain) {
            return Some(error.to_string());
        }
        if let Some(Err(error)) = self.keyword.as_deref().map(numbers::plain_keyword) {
            return Some(error.to_string());
        }
        match self.sender.as_deref().map(Sender::parse) {
            Some(Err(error)) => Some(format!("the sender: {error}")),
            Some(Ok(_)) | None => None,
        }
    }

    /// How much it says of the MO to this number with this first word; `None` where it does not fit.
    fn fits(&self, to: &str, first: Option<&str>) -> Option<u8> {
        let number = match self.to.as_deref().map(numbers::plain) {
            None => 0,
            Some(Ok(number)) if number == to => 1,
            Some(_) => return None,
        };
        let keyword = match self.keyword.as_deref().map(numbers::plain_keyword) {
            None => 0,
            Some(Ok(keyword)) if Some(keyword.as_str()) == first => 2,
            Some(_) => return None,
        };
        Some(number + keyword)
    }
}

impl Service {
    /// The rules of an account, by number.
    pub async fn auto_replies(&self, account: AccountId) -> Result<Vec<AutoReply>> {
        let all = self.typed_all::<AutoReply>(account, KIND).await?;
        Ok(all.into_iter().map(|rule| AutoReply { number: rule.number, ..rule.body }).collect())
    }

    /// Adds a rule (number zero) or rewrites the one of its number; returns the number. Refused
    /// ([`Refusal::Value`]) where it makes no sense.
    pub async fn put_auto_reply(&self, account: AccountId, rule: &AutoReply) -> Result<Number> {
        if let Some(fault) = rule.fault() {
            return Err(LedgerError::Refused(Refusal::Value(fault)));
        }
        self.put_typed(account, KIND, rule.number, None, rule).await
    }

    /// Removes a rule.
    pub async fn remove_auto_reply(&self, account: AccountId, number: Number) -> Result<()> {
        self.ledger.remove_document(account, KIND.to_owned(), number).await
    }

    /// The rule for an MO to this number with this first word.
    pub(crate) async fn auto_reply_for(
        &self,
        account: AccountId,
        to: &str,
        first: Option<&str>,
    ) -> Result<Option<AutoReply>> {
        let rules = self.auto_replies(account).await?;
        let fitting = rules.into_iter().filter_map(|rule| Some((rule.fits(to, first)?, rule)));
        let best = fitting.min_by_key(|(says, rule)| (std::cmp::Reverse(*says), rule.number));
        Ok(best.map(|(_, rule)| rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_judged() {
        let good = AutoReply { text: "Thanks".to_owned(), ..AutoReply::default() };
        assert_eq!(good.fault(), None);
        for bad in [
            AutoReply { text: " ".to_owned(), ..good.clone() },
            AutoReply { text: "x".repeat(1601), ..good.clone() },
            AutoReply { to: Some("x".to_owned()), ..good.clone() },
            AutoReply { keyword: Some("two words".to_owned()), ..good.clone() },
            AutoReply { sender: Some("much too long a name".to_owned()), ..good.clone() },
        ] {
            assert!(bad.fault().is_some(), "{bad:?}");
        }
    }

    #[test]
    fn rules_fit_what_they_name() {
        let rule = |to: Option<&str>, keyword: Option<&str>| AutoReply {
            to: to.map(str::to_owned),
            keyword: keyword.map(str::to_owned),
            ..AutoReply::default()
        };
        assert_eq!(rule(None, None).fits("36000", None), Some(0));
        assert_eq!(rule(Some("36 000"), None).fits("36000", Some("x")), Some(1));
        assert_eq!(rule(None, Some("Été")).fits("36000", Some("ete")), Some(2));
        assert_eq!(rule(Some("36000"), Some("x")).fits("36000", Some("x")), Some(3));
        assert_eq!(rule(Some("36001"), Some("x")).fits("36000", Some("x")), None);
        assert_eq!(rule(None, Some("x")).fits("36000", Some("y")), None);
    }
}
