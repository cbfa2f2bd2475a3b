//! Whether two derived states say the same: what the property tests and `check` ask.

use super::state::Derived;
use crate::check::CheckReport;

impl Derived {
    /// Compares with the state rebuilt from rows; both settled at the same moment. Every difference is
    /// reported with `name` before it.
    pub fn compare(&self, rebuilt: &Self, name: &str, report: &mut CheckReport) {
        let mut fault = |what: String| report.fault(format!("{name}: derived state: {what}"));
        if self.highest != rebuilt.highest || self.order.len() != rebuilt.order.len() {
            fault(format!("{} messages instead of {}", self.order.len(), rebuilt.order.len()));
            return;
        }
        let mut facts = 0u64;
        for position in 1..=self.order.len() {
            facts += 4;
            let of = |state: &Self| {
                let address = |code| state.addresses.text(code).to_owned();
                (
                    state.order.number_at(position),
                    state.dates[position as usize],
                    address(state.peer.get(position)),
                    address(state.own.get(position)),
                )
            };
            if of(self) != of(rebuilt) {
                fault(format!("position {position} is {:?}, rows say {:?}", of(self), of(rebuilt)));
            }
        }
        let sets: std::collections::BTreeMap<_, _> = self.sets.each().collect();
        let expected: std::collections::BTreeMap<_, _> = rebuilt.sets.each().collect();
        let names: std::collections::BTreeSet<_> = sets.keys().chain(expected.keys()).collect();
        for set in names {
            let empty = roaring::RoaringBitmap::new();
            let (held, wanted) = (*sets.get(set).unwrap_or(&&empty), *expected.get(set).unwrap_or(&&empty));
            facts += held.len();
            if held != wanted {
                fault(format!("set \"{set}\" differs in {} places", (held ^ wanted).len()));
            }
        }
        if self.side_facts() != rebuilt.side_facts() {
            fault("the side list differs".to_owned());
        }
        if self.chat_facts() != rebuilt.chat_facts() {
            fault(format!("chats {:?} instead of {:?}", self.chat_facts(), rebuilt.chat_facts()));
        }
        if self.batches.facts() != rebuilt.batches.facts() {
            fault("the order of batches differs".to_owned());
        }
        let mut bodies = 0;
        for number in 1..=self.highest {
            bodies += 1;
            if self.text.body(number) != rebuilt.text.body(number) {
                fault(format!("the text of message {number} differs"));
            }
        }
        report.derived += facts + bodies;
    }

    fn side_facts(&self) -> Vec<String> {
        let line = |(date, number, fact): (u32, u32, &super::order::SideFact)| {
            let (peer, own) = (self.addresses.text(fact.peer), self.addresses.text(fact.own));
            let mut plain = *fact;
            (plain.peer, plain.own) = (0, 0);
            format!("{date} {number} {peer} {own} {plain:?}")
        };
        self.side.iter().map(line).collect()
    }

    fn chat_facts(&self) -> Vec<String> {
        let mut lines: Vec<String> = (0..self.addresses.len() as u32)
            .filter(|code| self.chats.peer(*code) != super::chats::Peer::default())
            .map(|code| format!("{} {:?}", self.addresses.text(code), self.chats.peer(code)))
            .collect();
        lines.sort();
        let chats = (1..=self.chats.len() as u32).filter_map(|number| {
            let chat = self.chats.chat(number)?;
            let peer = self.addresses.text(chat.peer);
            Some(format!("{number} {peer} {} {} {:?}", chat.read_up_to, chat.marked_unread, chat.status))
        });
        lines.extend(chats);
        lines
    }
}
