//! Templates: texts to be sent again.

use serde::Serialize;
use service::LedgerError;
use service::people::Slice;
use service::templates::{Template, TemplateQuery};
use sms::Number;

use super::bulk::{GROUP, Which};
use super::call::{Answer, Call, created, no_content, ok};
use super::error::{Failure, Problems};
use super::fields::{Fields, Wrong};
use super::paging::Paging;
use super::values::{Link, Stamp};

/// The longest name, in characters.
const LONGEST_NAME: usize = 255;
const BLANK: &str = "This value should not be blank.";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TemplateObject<'a> {
    id: Number,
    name: &'a str,
    content: &'a str,
    last_modified: Stamp,
}

impl<'a> TemplateObject<'a> {
    fn of(template: &'a Template) -> Self {
        let Template { number, name, content, modified } = template;
        Self { id: *number, name, content, last_modified: Stamp(*modified) }
    }
}

/// `GET /templates`: newest first.
pub(super) async fn list(call: &Call<'_>) -> Answer {
    page(call, &call.query(), TemplateQuery::default()).await
}

/// `GET /templates/search`: filters that all must hold.
pub(super) async fn search(call: &Call<'_>) -> Answer {
    let query = call.query();
    let filter = TemplateQuery {
        numbers: query.ids("ids")?,
        name: query.text("name")?.map(Into::into),
        content: query.text("content")?.map(Into::into),
        ..TemplateQuery::default()
    };
    page(call, &query, filter).await
}

async fn page(call: &Call<'_>, query: &Fields, filter: TemplateQuery) -> Answer {
    let paging = Paging::of(query);
    let slice = Slice { descending: true, offset: paging.offset(), limit: paging.limit };
    let page = call.service.templates(call.account(), TemplateQuery { slice, ..filter }).await?;
    let resources: Vec<_> = page.items.iter().map(TemplateObject::of).collect();
    Ok(ok(&paging.envelope(page.total, resources)))
}

/// The template that the path names.
async fn find(call: &Call<'_>) -> Result<Template, Failure> {
    let template = call.service.template(call.account(), call.id()?).await?;
    template.ok_or(Failure::NotFound)
}

/// `GET /templates/{id}`.
pub(super) async fn get(call: &Call<'_>) -> Answer {
    Ok(ok(&TemplateObject::of(&find(call).await?)))
}

/// `POST /templates`.
pub(super) async fn create(call: &Call<'_>) -> Answer {
    let (name, content) = form(&call.body()?, None)?;
    put(call, 0, &name, &content).await
}

/// `PUT /templates/{id}`. What is not given stays.
pub(super) async fn update(call: &Call<'_>) -> Answer {
    let before = find(call).await?;
    let number = before.number;
    let (name, content) = form(&call.body()?, Some(before))?;
    put(call, number, &name, &content).await
}

async fn put(call: &Call<'_>, number: Number, name: &str, content: &str) -> Answer {
    let number = call.service.put_template(call.account(), number, name, content).await?;
    Ok(created(&Link::to("templates", number)))
}

/// Name and content, over those of the template before.
fn form(body: &Fields, before: Option<Template>) -> Result<(String, String), Failure> {
    let (name, content) = before.map(|before| (before.name, before.content)).unzip();
    let mut problems = Problems::default();
    let name = problems.noted(filled(body, "name", name, LONGEST_NAME));
    let content = problems.noted(filled(body, "content", content, usize::MAX));
    problems.check()?;
    Ok((name.unwrap_or_default(), content.unwrap_or_default()))
}

fn filled(
    body: &Fields,
    name: &'static str,
    before: Option<String>,
    most: usize,
) -> Result<Option<String>, Wrong> {
    let text = body.text(name)?.map(Into::into).or(before);
    let text = text.filter(|text: &String| !text.trim().is_empty());
    let text = text.ok_or_else(|| body.wrong(name, BLANK))?;
    if text.chars().count() > most {
        return Err(body.wrong(name, "This value is too long: 255 characters at most."));
    }
    Ok(Some(text))
}

/// `DELETE /templates/{id}`.
pub(super) async fn delete(call: &Call<'_>) -> Answer {
    call.service.remove_template(call.account(), call.id()?).await?;
    Ok(no_content())
}

/// `POST /templates/delete`.
pub(super) async fn delete_many(call: &Call<'_>) -> Answer {
    match Which::of(&call.body()?)? {
        Which::Ids(ids) => remove(call, ids).await?,
        Which::All => loop {
            let slice = Slice { limit: GROUP, ..Slice::default() };
            let query = TemplateQuery { slice, ..TemplateQuery::default() };
            let page = call.service.templates(call.account(), query).await?;
            let more = page.total > u64::from(GROUP);
            remove(call, page.items.into_iter().map(|template| template.number).collect()).await?;
            if !more {
                break;
            }
        },
    }
    Ok(no_content())
}

/// Removes these; those that are not there are passed over.
async fn remove(call: &Call<'_>, numbers: Vec<Number>) -> Result<(), Failure> {
    for number in numbers {
        match call.service.remove_template(call.account(), number).await {
            Ok(()) | Err(LedgerError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
