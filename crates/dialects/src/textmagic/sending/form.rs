//! What a caller wants sent: the parameters that sending, prices and previews share.

use std::borrow::Cow;

use service::account_settings::AccountSettings;
use service::model::Source;
use service::plan::{
    Field, LongText, Marks, MissingFunds, Policy, Recipient, Repeated, SubmitRequest, Templating, Text,
    UnregisteredSender, Unusable, When,
};
use sms::phone::Phone;
use sms::{Country, Number};

use super::super::call::Call;
use super::super::error::{Failure, Problems};
use super::super::fields::{Fields, Wrong};
use super::{MOST_OF_A_SESSION, when};

/// The most parts of a message, and how many it may have when the caller says nothing.
const MOST_PARTS: u16 = 6;
/// The longest reference, in characters.
const LONGEST_REFERENCE: usize = 255;
/// What the vendor's test numbers begin with: accepted, free, and never written to.
const TEST_NUMBERS: u32 = 999;
/// What stands in braces for what is known of a contact; other words are names of custom fields.
const MERGE_TAGS: &[(Cow<'static, str>, Field)] = &[
    (Cow::Borrowed("First name"), Field::FirstName),
    (Cow::Borrowed("Last name"), Field::LastName),
    (Cow::Borrowed("Company name"), Field::Company),
    (Cow::Borrowed("Phone"), Field::Phone),
    (Cow::Borrowed("Email"), Field::Email),
];

/// This vendor's rules: a sender that is not allowed is replaced in silence, a balance that does not suffice
/// and a phone that is none refuse everything, a text of too many parts too.
pub(in super::super) fn policy() -> Policy {
    Policy {
        unregistered: UnregisteredSender::FallBack,
        funds: MissingFunds::Refuse,
        repeated: Repeated::Fold,
        unusable: Unusable::RefuseSave(TEST_NUMBERS),
        long: LongText::Refuse,
        templating: Some(Templating {
            marks: Marks::Braces,
            words: Cow::Borrowed(MERGE_TAGS),
            contact_values: true,
        }),
        ..Policy::default()
    }
}

/// Reads everything, so that a refusal names all that is wrong.
pub(in super::super) async fn read(call: &Call<'_>, fields: &Fields) -> Result<SubmitRequest, Failure> {
    let mut problems = Problems::default();
    only_texts(fields, &mut problems);
    let settings = settings(call, fields).await?;
    let local = problems.noted(local_country(fields, settings.as_ref()));
    let parts = problems.noted(parts(fields)).unwrap_or(MOST_PARTS);
    let flag = |name, problems: &mut Problems| problems.noted(fields.flag(name)) == Some(true);
    let request = SubmitRequest {
        text: text(call, fields, &mut problems).await?,
        recipients: problems.noted(phones(fields, local)).unwrap_or_default(),
        contacts: problems.noted(numbers(fields, "contacts")).unwrap_or_default(),
        lists: problems.noted(numbers(fields, "lists")).unwrap_or_default(),
        sender: problems.noted(fields.text("from")).map(Cow::into_owned),
        when: problems.noted(when::read(fields, settings.as_ref()).map(Some)).unwrap_or(When::Now),
        most_segments: Some(parts),
        cut_extra: flag("cutExtra", &mut problems),
        reference: problems.noted(reference(fields)),
        source: Source::Api,
        open_chats: flag("createChat", &mut problems),
        country: local,
        large: Some(MOST_OF_A_SESSION),
        ..SubmitRequest::default()
    };
    if problems.is_empty() { Ok(request) } else { Err(fields.refuse(problems)) }
}

/// The account's settings, where a parameter leaves something to them.
async fn settings(call: &Call<'_>, fields: &Fields) -> Result<Option<AccountSettings>, Failure> {
    let has = |name| !matches!(fields.text(name), Ok(None));
    let asks = has("sendingDateTime") && !has("sendingTimezone") || has("local") && !has("localCountry");
    Ok(if asks { Some(call.service.settings(call.account()).await?) } else { None })
}

/// Refuses what is no text message, rather than send half of it.
fn only_texts(fields: &Fields, problems: &mut Problems) {
    const NO_SPEECH: &str = "Text to speech is not supported.";
    const NO_FILES: &str = "Attachments are not supported.";
    if problems.noted(fields.flag("tts")) == Some(true) {
        problems.field("tts", NO_SPEECH);
    }
    match problems.noted(fields.word("destination", &["text", "t", "tts", "mms"])) {
        Some("tts") => problems.field("destination", NO_SPEECH),
        Some("mms") => problems.field("destination", NO_FILES),
        _ => {}
    }
    if problems.noted(fields.text("resources")).is_some() {
        problems.field("resources", NO_FILES);
    }
}

/// The text, or the template that is taken as the text. Given both, the text is what the caller made of the
/// template, which must exist all the same.
async fn text(call: &Call<'_>, fields: &Fields, problems: &mut Problems) -> Result<Text, Failure> {
    let text = problems.noted(fields.text("text")).map(Cow::into_owned);
    let template = problems.noted(fields.id("templateId"));
    Ok(match (text, template) {
        (Some(text), None) => Text::Plain(text),
        (Some(text), Some(template)) => {
            if call.service.template(call.account(), template).await?.is_none() {
                problems.field("templateId", super::refusal::NO_TEMPLATE);
            }
            Text::Plain(text)
        }
        (None, Some(template)) => Text::Template(template),
        (None, None) => {
            if fields.text("text").is_ok() && fields.id("templateId").is_ok() {
                problems.common(super::refusal::NO_TEXT);
            }
            Text::Plain(String::new())
        }
    })
}

/// The phones, those that a local number stands for included. Whether they are phones is not judged here.
fn phones(fields: &Fields, local: Option<Country>) -> Result<Option<Vec<Recipient>>, Wrong> {
    let Some(text) = fields.text("phones")? else { return Ok(None) };
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let phone = |word: &str| match local.map(|country| Phone::parse_local(word, country)) {
        Some(Ok(phone)) => Recipient::of(phone.as_str()),
        Some(Err(_)) | None => Recipient::of(word),
    };
    Ok(Some(words.map(phone).collect()))
}

/// Ids of things that must all exist: one that can be nothing's is refused like one that is nobody's.
fn numbers(fields: &Fields, name: &'static str) -> Result<Option<Vec<Number>>, Wrong> {
    let (Some(ids), Some(text)) = (fields.ids(name)?, fields.text(name)?) else { return Ok(None) };
    if ids.len() != text.split(',').count() {
        return Err(fields.wrong(name, "One of these does not exist."));
    }
    Ok(Some(ids))
}

/// The country in which phones are dialled, when they are local numbers.
fn local_country(fields: &Fields, settings: Option<&AccountSettings>) -> Result<Option<Country>, Wrong> {
    let named = fields.text("localCountry")?;
    let named = named.map(|text| {
        Country::parse(text.trim())
            .ok_or_else(|| fields.wrong("localCountry", "This value is not a valid country."))
    });
    let named = named.transpose()?;
    if fields.flag("local")? != Some(true) {
        return Ok(None);
    }
    let country = named.or_else(|| settings.and_then(|settings| settings.default_country));
    country.map(Some).ok_or_else(|| {
        fields.wrong("localCountry", "This value is needed: the account has no country of its own.")
    })
}

fn parts(fields: &Fields) -> Result<Option<u16>, Wrong> {
    let Some(parts) = fields.integer("partsCount")? else { return Ok(None) };
    let parts = u16::try_from(parts).ok().filter(|parts| (1..=MOST_PARTS).contains(parts));
    parts.map(Some).ok_or_else(|| fields.wrong("partsCount", "This value should be between 1 and 6."))
}

fn reference(fields: &Fields) -> Result<Option<String>, Wrong> {
    let reference = fields.text("referenceId")?.map(Cow::into_owned);
    match reference {
        Some(text) if text.chars().count() > LONGEST_REFERENCE => {
            Err(fields.wrong("referenceId", "This value is too long: 255 characters at most."))
        }
        reference => Ok(reference),
    }
}
