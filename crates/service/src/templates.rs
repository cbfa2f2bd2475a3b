//! Texts that an account keeps to send again.

use ledger::people::Slice;
use ledger::query::Page;
use ledger::{LedgerError, Refusal, Result};
use serde::{Deserialize, Serialize};
use sms::{AccountId, Micros, Number};

use crate::Service;
use crate::documents::{Typed, page_of};

/// The kind of the documents.
const KIND: &str = "template";

/// A text to be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its number among the account's templates.
    pub number: Number,
    /// Its name; need not be unique.
    pub name: String,
    /// The text, with whatever placeholders.
    pub content: String,
    /// When it was last written.
    pub modified: Micros,
}

/// Which templates, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateQuery {
    /// Only these numbers.
    pub numbers: Option<Vec<Number>>,
    /// Only names that contain this, without regard to case.
    pub name: Option<String>,
    /// Only contents that contain this, without regard to case.
    pub content: Option<String>,
    /// Which of them.
    pub slice: Slice,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    name: String,
    content: String,
    modified: i64,
}

fn template(document: Typed<Body>) -> Template {
    let Typed { number, body: Body { name, content, modified }, .. } = document;
    Template { number, name, content, modified: Micros::new(modified) }
}

impl Service {
    /// A page of templates.
    pub async fn templates(&self, account: AccountId, query: TemplateQuery) -> Result<Page<Template>> {
        let TemplateQuery { numbers, name, content, slice } = query;
        if numbers.is_none() && name.is_none() && content.is_none() {
            let Page { total, items, bound } = self.typed_page(account, KIND, slice).await?;
            return Ok(Page { total, items: items.into_iter().map(template).collect(), bound });
        }
        let (name, content) = (name.map(|text| text.to_lowercase()), content.map(|text| text.to_lowercase()));
        let has = |text: &str, wanted: &Option<String>| {
            wanted.as_ref().is_none_or(|wanted| text.to_lowercase().contains(wanted))
        };
        let all = self.typed_all(account, KIND).await?.into_iter().map(template);
        let found = all.filter(|template| {
            numbers.as_ref().is_none_or(|numbers| numbers.contains(&template.number))
                && has(&template.name, &name)
                && has(&template.content, &content)
        });
        Ok(page_of(found.collect(), &slice))
    }

    /// One template.
    pub async fn template(&self, account: AccountId, number: Number) -> Result<Option<Template>> {
        Ok(self.typed(account, KIND, number).await?.map(template))
    }

    /// Adds a template (`number` zero) or rewrites the one of that number; returns the number.
    pub async fn put_template(
        &self,
        account: AccountId,
        number: Number,
        name: &str,
        content: &str,
    ) -> Result<Number> {
        if name.trim().is_empty() || content.trim().is_empty() {
            return Err(LedgerError::Refused(Refusal::Value(
                "a template has a name and a content".to_owned(),
            )));
        }
        let body = Body { name: name.to_owned(), content: content.to_owned(), modified: self.now().get() };
        self.put_typed(account, KIND, number, None, &body).await
    }

    /// Removes a template; [`LedgerError::NotFound`] without one.
    pub async fn remove_template(&self, account: AccountId, number: Number) -> Result<()> {
        self.ledger.remove_document(account, KIND.to_owned(), number).await
    }
}
