//! Time zones. The vendor's own numbers of them are not public: here a zone's is its place in the alphabet of
//! the zones' database, after `UTC`, which is 1. What is kept is the zone's name, so that a newer database
//! changes numbers but nobody's clocks.

use std::collections::BTreeMap;

use serde::Serialize;
use service::zones;
use sms::Micros;

use super::super::call::{Answer, Call, ok};

/// A time zone with what its clocks show.
#[derive(Serialize)]
pub(in super::super) struct Zone {
    id: usize,
    area: String,
    dst: u8,
    offset: i32,
    timezone: String,
}

impl Zone {
    /// The zone of a name, as of an instant; UTC where there is none.
    pub(super) fn of(name: &str, at: Micros) -> Self {
        let place = zones::names().iter().position(|known| known.eq_ignore_ascii_case(name)).unwrap_or(0);
        let clocks = zones::clocks(name, at.seconds()).unwrap_or_default();
        let area = name.split('/').next().unwrap_or_default();
        Self {
            id: place + 1,
            area: area.to_owned(),
            dst: u8::from(clocks.summer),
            offset: clocks.offset,
            timezone: name.to_owned(),
        }
    }

    /// Its number.
    pub(super) fn id(&self) -> usize {
        self.id
    }
}

/// The name of the zone of a number.
pub(in super::super) fn name_of(id: i64) -> Option<String> {
    let place = usize::try_from(id).ok()?.checked_sub(1)?;
    zones::names().get(place).cloned()
}

/// `GET /timezones`: names by number, or with `full` everything.
pub(in super::super) async fn timezones(call: &Call<'_>) -> Answer {
    let full = call.query().flag("full")?.unwrap_or(false);
    let names = zones::names();
    if full {
        let now = call.service.now();
        return Ok(ok(&names.iter().map(|name| Zone::of(name, now)).collect::<Vec<_>>()));
    }
    Ok(ok(&(1..).zip(names).collect::<BTreeMap<usize, &String>>()))
}
