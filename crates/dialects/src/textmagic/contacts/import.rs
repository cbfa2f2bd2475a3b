//! Contacts from a file of comma-separated values: all of them before the answer, which links to what became of
//! them.

use http::header::CONTENT_TYPE;
use serde::Serialize;
use service::contact_import::NewContact;
use service::lists::{List, ListQuery};
use service::people::Slice;
use sms::Number;
use sms::phone::Phone;

use super::super::call::{Answer, Call, created, ok};
use super::super::error::{Failure, Problems};
use super::super::fields::{Fields, Wrong};
use super::super::forms::{BLANK, LONGEST, short};
use super::super::values::Link;
use crate::kit::multipart;

/// The most rows of a file.
const MOST_ROWS: usize = 10_000;

/// What the column of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    FirstName,
    LastName,
    Phone,
    Email,
    /// The value of the custom field of this number.
    Field(Number),
}

/// `POST /contacts/import/normalized`: `file` and `column`, and `listId` or `listName`, a list that is made.
pub(in super::super) async fn import(call: &Call<'_>) -> Answer {
    let kind = call.request.header(CONTENT_TYPE.as_str()).unwrap_or_default();
    let parts = multipart::parts(kind, &call.request.body);
    let parts = parts.ok_or_else(|| Failure::BadRequest("The body is no whole multipart form".to_owned()))?;
    let fields = Fields::of_upload(call.request, &parts);
    let mut problems = Problems::default();
    let columns = problems.noted(columns(&fields)).unwrap_or_default();
    let name = problems.noted(short(&fields, "listName"));
    let list = problems.noted(fields.id("listId"));
    let file = parts.iter().find(|part| part.name == "file" && part.file.is_some());
    if file.is_none() {
        problems.field("file", BLANK);
    }
    if name.is_none() && list.is_none() {
        problems.field("listId", "Either listId or listName is needed.");
    }
    problems.check()?;
    let known = call.service.all_contact_fields(call.account()).await?;
    let is_known = |number| known.iter().any(|field| field.number == number);
    if columns.iter().any(|(_, meaning)| matches!(meaning, Meaning::Field(number) if !is_known(*number))) {
        return Err(Problems::of("column", "There is no custom field with this id."));
    }
    let (contacts, refused) = rows(file.map(|file| file.content).unwrap_or_default(), &columns)?;
    let list = list_of(call, list, name).await?;
    let number = call.service.import_contacts(call.account(), contacts, refused, list).await?;
    Ok(created(&Link::to("contacts/import/progress", number)))
}

/// The list that is meant: a new one of that name, or of the next free one after it.
async fn list_of(call: &Call<'_>, list: Option<Number>, name: Option<String>) -> Result<Number, Failure> {
    if let Some(number) = list {
        let list = call.service.list(call.account(), number).await?;
        return Ok(list.ok_or_else(|| Problems::of("listId", "There is no list with this id."))?.number);
    }
    let name = name.unwrap_or_default();
    let slice = Slice { limit: u32::MAX, ..Slice::default() };
    let query = ListQuery { text: Some(name.clone()), slice, ..ListQuery::default() };
    let alike = call.service.lists(call.account(), query).await?.items;
    let taken = |name: &str| alike.iter().any(|list| list.name == name);
    let free = std::iter::once(name.clone()).chain((1..).map(|ordinal: u32| format!("{name} {ordinal}")));
    let name = free.into_iter().find(|name| !taken(name)).unwrap_or(name);
    Ok(call.service.put_list(call.account(), List { name, ..List::default() }).await?)
}

/// `column`: `0:firstName;3:phone;5:17`, places from zero with what stands there; a phone is needed.
fn columns(fields: &Fields) -> Result<Option<Vec<(usize, Meaning)>>, Wrong> {
    let text = fields.text("column")?.ok_or_else(|| fields.wrong("column", BLANK))?;
    let columns: Option<Vec<_>> = text.split(';').filter(|it| !it.trim().is_empty()).map(column).collect();
    let columns = columns
        .ok_or_else(|| fields.wrong("column", "This value should be columns and fields, as in 0:phone."))?;
    if columns.iter().all(|(_, meaning)| *meaning != Meaning::Phone) {
        return Err(fields.wrong("column", "A column should be the phone."));
    }
    Ok(Some(columns))
}

fn column(text: &str) -> Option<(usize, Meaning)> {
    let (place, meaning) = text.split_once(':')?;
    let meaning = match meaning.trim() {
        "firstName" => Meaning::FirstName,
        "lastName" => Meaning::LastName,
        "phone" => Meaning::Phone,
        "email" => Meaning::Email,
        number => Meaning::Field(number.parse().ok()?),
    };
    Some((place.trim().parse().ok()?, meaning))
}

/// The contacts in a file, and how many rows are none. A first row without a digit where the phone should be
/// holds the columns' names.
fn rows(file: &[u8], columns: &[(usize, Meaning)]) -> Result<(Vec<NewContact>, u64), Failure> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let first = file.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| first.iter().filter(|octet| **octet == wanted).count();
    let delimiter = if count(b';') > count(b',') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(file);
    let (mut contacts, mut refused) = (Vec::new(), 0);
    for (place, record) in reader.byte_records().enumerate() {
        if place >= MOST_ROWS {
            return Err(Problems::of("file", "This file has more than 10000 rows."));
        }
        let record = record.map_err(|_| Problems::of("file", "This file cannot be read as CSV."))?;
        match row(&record, columns) {
            Some(contact) => contacts.push(contact),
            None if place == 0 && !has_number(&record, columns) => {}
            None => refused += 1,
        }
    }
    Ok((contacts, refused))
}

fn has_number(record: &csv::ByteRecord, columns: &[(usize, Meaning)]) -> bool {
    let phones = columns.iter().filter(|(_, meaning)| *meaning == Meaning::Phone);
    phones.filter_map(|(place, _)| record.get(*place)).any(|cell| cell.iter().any(u8::is_ascii_digit))
}

/// The contact of a row; `None` without a phone that can be one, or with a cell that is no text or too long.
fn row(record: &csv::ByteRecord, columns: &[(usize, Meaning)]) -> Option<NewContact> {
    let mut new = NewContact::default();
    for (place, meaning) in columns {
        let cell = std::str::from_utf8(record.get(*place).unwrap_or_default()).ok()?.trim();
        if cell.is_empty() {
            continue;
        }
        if cell.chars().count() > LONGEST {
            return None;
        }
        let text = cell.to_owned();
        match meaning {
            Meaning::FirstName => new.contact.first_name = Some(text),
            Meaning::LastName => new.contact.last_name = Some(text),
            Meaning::Email => new.contact.email = Some(text),
            Meaning::Phone => {
                let phone = Phone::parse(cell).ok().filter(possible)?;
                phone.as_str().clone_into(&mut new.contact.phone);
            }
            Meaning::Field(number) => {
                new.values.insert(*number, text);
            }
        }
    }
    (!new.contact.phone.is_empty()).then_some(new)
}

/// Whether it is a number that exists, or one of the vendor's test numbers.
fn possible(phone: &Phone) -> bool {
    phone.is_possible() || phone.as_str().starts_with("999")
}

#[derive(Serialize)]
struct Progress {
    status: u8,
    processed: u64,
}

/// The vendor's codes for how an import stands.
const WITH_ERRORS: u8 = 4;
const COMPLETED: u8 = 5;

/// `GET /contacts/import/progress/{id}`.
pub(in super::super) async fn progress(call: &Call<'_>) -> Answer {
    let import = call.service.contact_import(call.account(), call.id()?).await?.ok_or(Failure::NotFound)?;
    let status = if import.refused > 0 { WITH_ERRORS } else { COMPLETED };
    Ok(ok(&Progress { status, processed: import.taken }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_file() {
        assert_eq!(column(" 3 : phone "), Some((3, Meaning::Phone)));
        assert_eq!(column("0:17"), Some((0, Meaning::Field(17))));
        for bad in ["", "phone", "x:phone", "-1:phone", "1:Phone", "1:-3"] {
            assert_eq!(column(bad), None, "{bad}");
        }
    }

    #[test]
    fn rows_of_a_file() {
        let columns = [(0, Meaning::FirstName), (1, Meaning::Phone), (2, Meaning::Field(3))];
        let file = b"\xef\xbb\xbfname,phone,age\r\n\"A \"\"b\"\", c\",+46 70 174 06 05,36\nBo,12,\n,447860021130\n\xff,46701740606,";
        let (contacts, refused) = rows(file, &columns).expect("readable");
        assert_eq!((contacts.len(), refused), (2, 2));
        assert_eq!(contacts[0].contact.first_name.as_deref(), Some("A \"b\", c"));
        assert_eq!(
            (contacts[0].contact.phone.as_str(), contacts[0].values[&3].as_str()),
            ("46701740605", "36")
        );
        assert_eq!(contacts[1].contact.phone, "447860021130");
        let (contacts, refused) = rows(b"Bo;447860021130;7", &columns).expect("readable");
        assert_eq!((contacts.len(), refused), (1, 0));
        let long = "x,447860021130\n".repeat(MOST_ROWS + 1);
        assert!(rows(long.as_bytes(), &columns).is_err());
        assert_eq!(rows(b"", &columns), Ok((Vec::new(), 0)));
    }
}
