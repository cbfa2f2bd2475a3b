//! Adding and changing lists.

use service::lists::List;

use super::super::call::{Answer, Call, created};
use super::super::error::{Failure, Problems};
use super::super::fields::Fields;
use super::super::forms::{needed_short, prose};
use super::super::values::Link;
use super::{DEFAULT, FAVORITE, of_path};

/// `POST /lists`.
pub(in super::super) async fn create(call: &Call<'_>) -> Answer {
    put(call, read(&call.body()?, List::default())?).await
}

/// `PUT /lists/{id}`. What is not given stays; the name is needed.
pub(in super::super) async fn update(call: &Call<'_>) -> Answer {
    let before = of_path(call).await?;
    put(call, read(&call.body()?, before)?).await
}

async fn put(call: &Call<'_>, list: List) -> Answer {
    let number = call.service.put_list(call.account(), list).await?;
    Ok(created(&Link::to("lists", number)))
}

/// The list with what a form says of it.
fn read(body: &Fields, mut list: List) -> Result<List, Failure> {
    let mut problems = Problems::default();
    let name = problems.noted(needed_short(body, "name"));
    let description = problems.noted(prose(body, "description"));
    let shared = problems.noted(body.flag("shared"));
    let marks = [("favorited", FAVORITE), ("isDefault", DEFAULT)];
    for (name, attribute) in marks {
        if let Some(flag) = problems.noted(body.flag(name)) {
            list.attributes.insert(attribute.to_owned(), flag.into());
        }
    }
    problems.check()?;
    list.name = name.unwrap_or(list.name);
    list.description = description.unwrap_or(list.description);
    list.shared = shared.unwrap_or(list.shared);
    Ok(list)
}
