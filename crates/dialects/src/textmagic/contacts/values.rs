//! The values of custom fields that come with a contact: `customFieldValues`, objects of `id` and `value`.

use serde_json::Value;
use service::contact_values::FieldValues;
use sms::Number;
use sms::id::MAX_NUMBER;

use super::super::call::Call;
use super::super::error::{Failure, Problems};
use super::super::fields::{Fields, Wrong};

/// The parameter's name.
const NAME: &str = "customFieldValues";

/// The longest value kept, in characters.
const LONGEST: usize = 10_000;

/// Reads the values given; an empty one takes a value away.
pub(super) fn read(body: &Fields) -> Result<Option<FieldValues>, Wrong> {
    let Some(items) = body.array(NAME)? else { return Ok(None) };
    let mut values = FieldValues::new();
    for item in items {
        let pair = pair(&item);
        let (field, value) =
            pair.ok_or_else(|| body.wrong(NAME, "This value should be objects of id and value."))?;
        if value.chars().count() > LONGEST {
            return Err(body.wrong(NAME, "A value is too long: 10000 characters at most."));
        }
        values.insert(field, value);
    }
    Ok(Some(values))
}

fn pair(item: &Value) -> Option<(Number, String)> {
    let number = match item.get("id")? {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    let value = match item.get("value") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(Value::Null) | None => String::new(),
        Some(Value::Array(_) | Value::Object(_)) => return None,
    };
    // A number that no field can have is refused with those that no field has.
    Some((Number::try_from(number).ok().filter(|it| *it <= MAX_NUMBER).unwrap_or(0), value))
}

/// Refuses values of fields that the account does not have.
pub(super) async fn check(call: &Call<'_>, values: &FieldValues) -> Result<(), Failure> {
    if values.is_empty() {
        return Ok(());
    }
    let fields = call.service.all_contact_fields(call.account()).await?;
    match values.keys().find(|number| !fields.iter().any(|field| field.number == **number)) {
        Some(_) => Err(Problems::of(NAME, "There is no custom field with this id.")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pairs() {
        let is = |item: Value, expected: Option<(Number, &str)>| {
            assert_eq!(pair(&item), expected.map(|(id, value)| (id, value.to_owned())), "{item}");
        };
        is(json!({"id": 3, "value": "x"}), Some((3, "x")));
        is(json!({"id": "3", "value": 1.5}), Some((3, "1.5")));
        is(json!({"id": 3, "value": true}), Some((3, "true")));
        is(json!({"id": 3}), Some((3, "")));
        is(json!({"id": 99_999_999_999_u64, "value": "x"}), Some((0, "x")));
        for bad in [json!(3), json!({}), json!({"id": -1}), json!({"id": "x"}), json!({"id": 1, "value": []})]
        {
            is(bad, None);
        }
    }
}
