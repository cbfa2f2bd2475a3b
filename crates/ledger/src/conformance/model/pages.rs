//! What the model answers about batches, chats and contacts.

use sms::{BatchKey, Direction, Number, Outcome};

use super::Model;
use super::reads::contains;
use crate::model::{Batch, BatchExtra, Chat, ChatStatus, Contact, Message, Source, Sum};
use crate::query::{BatchQuery, ChatOrder, ChatQuery, ContactOrder, ContactQuery, Page};

fn page<T>(all: Vec<T>, offset: u64, limit: u32) -> Vec<T> {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    all.into_iter().skip(offset).take(limit as usize).collect()
}

impl Model {
    /// [`crate::Reading::batch`].
    pub fn batch(&self, key: BatchKey) -> Option<Batch> {
        match key {
            BatchKey::Mo(number) => self.message(number).and_then(of_one),
            BatchKey::Mt(number) => {
                let (batch, hidden) = self.batches.get((number as usize).checked_sub(1)?)?;
                (!hidden).then(|| Batch { sums: self.sums_of(key), ..batch.clone() })
            }
        }
    }

    fn sums_of(&self, key: BatchKey) -> Vec<(Outcome, Sum)> {
        let sum_of = |outcome: Outcome| {
            self.visible().filter(|message| message.batch == key && message.outcome == outcome).fold(
                Sum::default(),
                |sum, message| Sum {
                    messages: sum.messages + 1,
                    segments: sum.segments + u64::from(message.segments),
                    price: sum.price + message.price.millionths(),
                },
            )
        };
        let sums = Outcome::ALL.iter().map(|outcome| (*outcome, sum_of(*outcome)));
        sums.filter(|(_, sum)| sum.messages > 0).collect()
    }

    /// [`crate::Reading::batches`].
    pub fn batches(&self, query: &BatchQuery) -> Page<Batch> {
        let submissions = self.batches.iter().filter(|(_, hidden)| !hidden).map(|(batch, _)| batch.clone());
        let mo = self.visible().filter(|_| !query.submissions_only).filter_map(of_one);
        let mut found: Vec<Batch> = submissions.chain(mo).collect();
        found.retain(|batch| {
            let made = batch.created.seconds();
            query.from.is_none_or(|from| made >= from)
                && query.to.is_none_or(|to| made <= to)
                && query.bound.is_none_or(|bound| batch.first <= bound)
        });
        let total = found.len() as u64;
        let place = |batch: &Batch| (batch.created.seconds(), batch.key.pack());
        found.sort_by_key(place);
        if query.descending {
            found.reverse();
        }
        if let Some((made, key)) = query.after {
            let after = (made, key.pack());
            found.retain(|batch| if query.descending { place(batch) < after } else { place(batch) > after });
        }
        let items = page(found, query.offset, query.limit);
        let items = items.into_iter().filter_map(|batch| self.batch(batch.key)).collect();
        Page { total, items, bound: self.highest() }
    }

    fn of_peer<'a>(&'a self, peer: &'a str) -> impl Iterator<Item = &'a Message> {
        self.visible().filter(move |message| message.peer() == peer)
    }

    /// [`crate::Reading::chat`].
    pub fn chat(&self, number: Number) -> Option<Chat> {
        let row = self.chats.get((number as usize).checked_sub(1)?)?;
        let inbound = || self.of_peer(&row.peer).filter(|message| message.direction == Direction::Mo);
        let past = inbound().filter(|message| message.number > row.read_up_to).count() as u32;
        let marked = u32::from(row.marked_unread && inbound().next().is_some());
        let newest = self.of_peer(&row.peer).max_by_key(|message| (message.date, message.number));
        Some(Chat {
            number,
            peer: row.peer.clone(),
            opened: row.opened,
            status: row.status,
            muted_until: row.muted_until,
            unread: past.max(marked),
            messages: self.of_peer(&row.peer).count() as u64,
            last_inbound: inbound().map(|message| message.date).max(),
            last: newest.map(|message| message.number),
        })
    }

    /// [`crate::Reading::chat_with`].
    pub fn chat_with(&self, peer: &str) -> Option<Chat> {
        let index = self.chats.iter().position(|chat| chat.peer == peer)?;
        self.chat(index as Number + 1)
    }

    /// [`crate::Reading::unread`].
    pub fn unread(&self) -> u64 {
        let chats = (1..=self.chats_made()).filter_map(|number| self.chat(number));
        chats.filter(|chat| chat.status != ChatStatus::Deleted).map(|chat| u64::from(chat.unread)).sum()
    }

    /// [`crate::Reading::chats`].
    pub fn chats(&self, query: &ChatQuery) -> Page<Chat> {
        let mut found: Vec<Chat> = (1..=self.chats_made()).filter_map(|number| self.chat(number)).collect();
        found.retain(|chat| {
            let digits = |digits: &String| chat.peer.contains(digits) || query.peers.contains(&chat.peer);
            let text = |text: &String| self.of_peer(&chat.peer).any(|message| contains(&message.body, text));
            query.status.map_or(chat.status != ChatStatus::Deleted, |status| chat.status == status)
                && query.numbers.as_ref().is_none_or(|numbers| numbers.contains(&chat.number))
                && query.peer_contains.as_ref().is_none_or(digits)
                && query.text.as_ref().is_none_or(text)
        });
        let total = found.len() as u64;
        // The newest MO's date and number; chats without one come before all others.
        let inbound = |chat: &Chat| {
            let inbound = self.of_peer(&chat.peer).filter(|message| message.direction == Direction::Mo);
            inbound.map(|message| (message.date, message.number)).max()
        };
        match query.order {
            ChatOrder::Number => {}
            ChatOrder::Unread => found.sort_by_key(|chat| (chat.unread, chat.number)),
            ChatOrder::LastInbound => found.sort_by_key(|chat| (inbound(chat), chat.number)),
        }
        if query.descending {
            found.reverse();
        }
        Page { total, items: page(found, query.offset, query.limit), bound: self.highest() }
    }

    /// [`crate::People::contacts`].
    pub fn contacts(&self, query: &ContactQuery) -> Page<Contact> {
        let mut found: Vec<Contact> = self.contacts.values().cloned().collect();
        found.retain(|contact| {
            let named = |part: &Option<String>| part.clone().unwrap_or_default();
            let texts = [
                contact.phone.clone(),
                format!("{} {}", named(&contact.first_name), named(&contact.last_name)),
                named(&contact.company),
                named(&contact.email),
            ];
            let contains = |wanted: &String| {
                let wanted = wanted.to_ascii_lowercase();
                texts.iter().any(|text| text.to_ascii_lowercase().contains(&wanted))
            };
            query.numbers.as_ref().is_none_or(|numbers| numbers.contains(&contact.number))
                && query.text.as_ref().is_none_or(contains)
                && query.favorite.is_none_or(|favorite| contact.favorite == favorite)
                && query.blocked.is_none_or(|blocked| contact.blocked == blocked)
        });
        let folded = |name: &Option<String>| name.as_deref().unwrap_or_default().to_ascii_lowercase();
        // They come by number, and a stable sort keeps that among equal names.
        match query.order {
            ContactOrder::Number => {}
            ContactOrder::FirstName => found.sort_by_cached_key(|contact| folded(&contact.first_name)),
            ContactOrder::LastName => found.sort_by_cached_key(|contact| folded(&contact.last_name)),
        }
        let total = found.len() as u64;
        if query.descending {
            found.reverse();
        }
        Page { total, items: page(found, query.offset, query.limit), bound: 0 }
    }

    /// [`crate::People::contacts_by_phone`] of one phone.
    pub fn contact_of(&self, phone: &str) -> Option<&Contact> {
        self.contacts.values().find(|contact| contact.phone == phone)
    }
}

/// An MO as a batch of one; parts that are missing make none.
fn of_one(message: &Message) -> Option<Batch> {
    if message.direction != Direction::Mo || message.outcome == Outcome::Incomplete {
        return None;
    }
    let sum = Sum { messages: 1, segments: u64::from(message.segments), price: message.price.millionths() };
    Some(Batch {
        key: message.batch,
        created: message.created,
        text: message.body.clone(),
        sender: message.sender.clone(),
        reference: message.reference.clone(),
        source: Source::Api,
        templated: false,
        flash: message.flash,
        coding: message.coding,
        priority: message.priority,
        extra: BatchExtra::default(),
        sums: vec![(message.outcome, sum)],
        first: message.number,
    })
}
