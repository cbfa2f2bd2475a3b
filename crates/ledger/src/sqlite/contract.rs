//! The trait over the engine: which calls read, which go through the writer.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use sms::{AccountId, BatchKey, Direction, Micros, Money, Number, Outcome, OutcomeSet};

use super::transaction::Transaction;
use super::{
    Sqlite, accounts, chats, check, contacts, documents, events, hooks, idempotency, import, mo_parts,
    opt_outs, outbox, queue, receipts, replies, seen, steps, submit, take_in, unrouted,
};
use crate::change::{
    Accepted, ChatMark, Hide, Idempotency, ImportRow, Imported, NewAccount, NewKey, NewProgram, Remembered,
    Step, Submission,
};
use crate::check::CheckReport;
use crate::error::Result;
use crate::hooks::{HookCounts, HookState, HookTries, HookTry, HookWork};
use crate::inbound::{MoPart, Origin, OwedReply, PartFate, Segments, TakeIn, TakenIn, Unrouted};
use crate::model::{Account, Batch, Chat, Contact, Key, Message, Program, Sent, Sum};
use crate::outbound::{
    Attempt, Backlog, CarrierId, Due, Event, Lease, OpenLease, Place, ReceiptRecord, Receipted, Straight,
    Unmatched,
};
use crate::people::{Document, OptOut, Slice};
use crate::query::{BatchQuery, ChatQuery, ContactQuery, MessagePage, MessageQuery, Page};
use crate::row::{RowEncoder, Scan, Scanned};
use crate::traits::Ledger;

/// Keys that are looked up on the caller's thread: some tenths of a millisecond at most.
const FEW: usize = 16;

#[async_trait]
impl Ledger for Sqlite {
    async fn create_account(&self, new: NewAccount) -> Result<Account> {
        self.writer.run(move |t| accounts::create(t, &new)).await
    }

    async fn accounts(&self) -> Result<Vec<Account>> {
        self.read(|engine| engine.with_connection(accounts::all)).await
    }

    async fn account(&self, account: AccountId) -> Result<Account> {
        self.look(|engine| engine.with_connection(|conn| accounts::one(conn, account)))
    }

    async fn set_disabled(&self, account: AccountId, disabled: bool) -> Result<()> {
        self.writer.run(move |t| accounts::set_disabled(t, account, disabled)).await
    }

    async fn fund(&self, account: AccountId, amount: Money) -> Result<Money> {
        self.writer.run(move |t| accounts::fund(t, account, amount)).await
    }

    async fn create_key(&self, account: AccountId, new: NewKey) -> Result<Key> {
        self.writer.run(move |t| accounts::create_key(t, account, new)).await
    }

    async fn keys(&self, account: AccountId) -> Result<Vec<Key>> {
        self.read(move |engine| engine.with_connection(|conn| accounts::keys(conn, account))).await
    }

    async fn key_by_hash(&self, hash: [u8; 32]) -> Result<Option<Key>> {
        self.look(|engine| engine.with_connection(|conn| accounts::key_by_hash(conn, &hash)))
    }

    async fn revoke_key(&self, account: AccountId, key: u32) -> Result<()> {
        self.writer.run(move |t| accounts::revoke_key(t, account, key)).await
    }

    async fn create_program(&self, account: AccountId, new: NewProgram) -> Result<Program> {
        self.writer.run(move |t| accounts::create_program(t, account, new)).await
    }

    async fn programs(&self, account: AccountId) -> Result<Vec<Program>> {
        self.read(move |engine| engine.with_connection(|conn| accounts::programs(conn, account))).await
    }

    async fn accept(&self, account: AccountId, submission: Submission) -> Result<Accepted> {
        let weight = submission.messages.len();
        let early = submit::refuses_early(&submission);
        let accept = move |t: &mut Transaction<'_>| submit::accept(t, account, submission);
        let accepted = if early {
            self.writer.write_early(weight, accept).await?
        } else {
            self.writer.write(weight, accept).await?
        };
        if !accepted.repeated {
            self.writer.tally().accepted(accepted.count);
        }
        Ok(accepted)
    }

    async fn accept_straight(
        &self,
        account: AccountId,
        submission: Submission,
        straight: Straight,
    ) -> Result<Accepted> {
        let weight = submission.messages.len();
        let early = submit::refuses_early(&submission);
        let Straight { carriers, leased } = straight;
        let accept =
            move |t: &mut Transaction<'_>| submit::accept_straight(t, account, submission, &carriers);
        let then = move |(accepted, leases): &mut (Accepted, Vec<Lease>)| {
            leased(accepted.first, std::mem::take(leases));
        };
        let (accepted, _) = self.writer.write_then(early, weight, accept, then).await?;
        if !accepted.repeated {
            self.writer.tally().accepted(accepted.count);
        }
        Ok(accepted)
    }

    async fn remembered(
        &self,
        account: AccountId,
        idempotency: Idempotency,
        at: Micros,
    ) -> Result<Option<Remembered>> {
        self.look(|engine| {
            engine.with_connection(|conn| idempotency::remembered(conn, account, &idempotency, at))
        })
    }

    async fn take_in(&self, account: AccountId, take: TakeIn) -> Result<Option<TakenIn>> {
        let now = self.engine.now();
        self.writer.write_early(1, move |t| take_in::take_in(t, account, take, now)).await
    }

    async fn take_in_once(
        &self,
        account: AccountId,
        take: TakeIn,
        idempotency: Idempotency,
    ) -> Result<TakenIn> {
        let now = self.engine.now();
        self.writer.write(1, move |t| take_in::take_in_once(t, account, take, &idempotency, now)).await
    }

    async fn advance(&self, account: AccountId, steps: Vec<Step>) -> Result<()> {
        let weight = steps.len();
        self.writer.write(weight, move |t| steps::advance(t, account, steps)).await
    }

    async fn hide(&self, account: AccountId, what: Hide) -> Result<u64> {
        let now = self.engine.now();
        let batch = match what {
            Hide::Messages(numbers) => {
                let weight = numbers.len();
                let hide = move |t: &mut Transaction<'_>| steps::hide(t, account, &numbers, now);
                return self.writer.write(weight, hide).await;
            }
            Hide::Batch(batch) => batch,
        };
        loop {
            let (numbers, count) = self.read(move |engine| engine.batch_numbers(account, batch)).await?;
            let weight = numbers.len();
            let hide =
                move |t: &mut Transaction<'_>| steps::hide_batch(t, account, batch, &numbers, count, now);
            // Rows that an import added meanwhile belong to it, too.
            if let Some(hidden) = self.writer.write(weight, hide).await? {
                return Ok(hidden);
            }
        }
    }

    async fn cancel(&self, account: AccountId, batch: Number, at: Micros) -> Result<u64> {
        let (numbers, _) = self.read(move |engine| engine.batch_numbers(account, batch)).await?;
        let weight = numbers.len();
        self.writer.write(weight, move |t| steps::cancel(t, account, &numbers, at)).await
    }

    async fn import(&self, account: AccountId, rows: Vec<ImportRow>) -> Result<Imported> {
        let now = self.engine.now();
        self.writer.write_when_idle(move |t| import::import(t, account, rows, now)).await
    }

    async fn open_chat(&self, account: AccountId, peer: String) -> Result<Number> {
        let now = self.engine.now();
        self.writer.write(1, move |t| chats::open(t, account, &peer, now)).await
    }

    async fn mark_chats(
        &self,
        account: AccountId,
        chats: Option<Vec<Number>>,
        mark: ChatMark,
    ) -> Result<u64> {
        self.writer.write(1, move |t| chats::mark(t, account, chats, mark)).await
    }

    async fn put_contact(&self, account: AccountId, contact: Contact) -> Result<Number> {
        self.writer.write(1, move |t| contacts::put(t, account, &contact)).await
    }

    async fn remove_contact(&self, account: AccountId, contact: Number) -> Result<()> {
        self.writer.write(1, move |t| contacts::remove(t, account, contact)).await
    }

    async fn due_accounts(&self, now: u32) -> Result<Vec<AccountId>> {
        self.read(move |engine| engine.in_transaction(|conn| queue::due_accounts(conn, now))).await
    }

    async fn due_after(
        &self,
        account: AccountId,
        after: Option<Place>,
        now: u32,
        limit: u32,
    ) -> Result<Vec<Due>> {
        self.read(move |engine| {
            engine.in_transaction(|conn| queue::due(conn, &engine.networks.get(), account, after, now, limit))
        })
        .await
    }

    async fn backlog(&self, now: u32) -> Result<Backlog> {
        self.read(move |engine| engine.in_transaction(|conn| queue::backlog(conn, now))).await
    }

    async fn silent_accounts(&self, outcomes: OutcomeSet, until: u32) -> Result<Vec<AccountId>> {
        self.read(move |engine| engine.with_connection(|conn| queue::silent_accounts(conn, outcomes, until)))
            .await
    }

    async fn lease(&self, account: AccountId, leases: Vec<Lease>, at: Micros) -> Result<Vec<Lease>> {
        let weight = leases.len();
        self.writer.write_early(weight, move |t| outbox::lease(t, account, leases, at)).await
    }

    async fn record_attempts(&self, account: AccountId, attempts: Vec<Attempt>) -> Result<()> {
        let weight = attempts.len();
        self.writer.write_early(weight, move |t| outbox::record(t, account, attempts)).await
    }

    async fn open_leases(&self) -> Result<Vec<OpenLease>> {
        self.read(|engine| engine.with_connection(queue::open_leases)).await
    }

    async fn receipts(&self, receipts: Vec<ReceiptRecord>) -> Result<Vec<Receipted>> {
        let weight = receipts.len();
        self.writer.write_early(weight, move |t| receipts::receive_all(t, &receipts)).await
    }

    async fn carrier_ids(&self, account: AccountId, numbers: Vec<Number>) -> Result<Vec<CarrierId>> {
        self.read(move |engine| engine.with_connection(|conn| receipts::ids_of(conn, account, &numbers)))
            .await
    }

    async fn forget_requests(&self, before: Micros) -> Result<u64> {
        self.writer.run(move |t| idempotency::forget(t, before)).await
    }

    async fn unmatched(&self, slice: Slice) -> Result<Page<Unmatched>> {
        self.read(move |engine| engine.in_transaction(|conn| receipts::unmatched(conn, &slice))).await
    }

    async fn expire_unmatched(&self, before: Micros) -> Result<u64> {
        self.writer.run(move |t| receipts::expire(t, before)).await
    }

    async fn forget_carrier_ids(&self, before: Micros) -> Result<u64> {
        self.writer.run(move |t| receipts::forget_ids(t, before)).await
    }

    async fn mo_part(&self, part: MoPart) -> Result<PartFate> {
        self.writer.run(move |t| mo_parts::keep(t, &part)).await
    }

    async fn stale_mo_parts(
        &self,
        before: Micros,
        whole_before: Micros,
        limit: u32,
    ) -> Result<Vec<Segments>> {
        self.read(move |engine| {
            engine.in_transaction(|conn| mo_parts::stale(conn, before, whole_before, limit))
        })
        .await
    }

    async fn keep_unrouted(&self, message: Unrouted, origin: Origin) -> Result<Option<u64>> {
        let now = self.engine.now();
        self.writer.run(move |t| take_in::keep_unrouted(t, &message, &origin, now)).await
    }

    async fn unrouted(&self, slice: Slice) -> Result<Page<Unrouted>> {
        self.read(move |engine| engine.in_transaction(|conn| unrouted::page(conn, &slice))).await
    }

    async fn last_sent_to(
        &self,
        peer: String,
        sender: String,
        among: Option<Vec<AccountId>>,
    ) -> Result<Option<AccountId>> {
        self.read(move |engine| engine.last_sent_to(&peer, &sender, among.as_deref())).await
    }

    async fn owed_replies(&self, limit: u32) -> Result<Vec<OwedReply>> {
        self.read(move |engine| engine.with_connection(|conn| replies::owed(conn, limit))).await
    }

    async fn settle_reply(&self, account: AccountId, number: Number) -> Result<()> {
        self.writer.write(1, move |t| replies::settle(t, account, number)).await
    }

    async fn forget_intake(&self, before: Micros) -> Result<u64> {
        let forget = move |t: &mut Transaction<'_>| {
            Ok(seen::forget(t.conn, before)? + replies::forget(t.conn, before)?)
        };
        self.writer.run(forget).await
    }

    async fn set_wants_events(&self, account: AccountId, wanted: bool) -> Result<()> {
        self.writer.write(1, move |t| events::set_wanted(t, account, wanted)).await
    }

    async fn events(&self, account: AccountId, after: u64, limit: u32) -> Result<Vec<Event>> {
        self.read(move |engine| engine.with_connection(|conn| events::after(conn, account, after, limit)))
            .await
    }

    async fn forget_events(&self, account: AccountId, up_to: u64) -> Result<()> {
        self.writer.write(1, move |t| events::forget(t, account, up_to)).await
    }

    async fn event_heads(&self) -> Result<Vec<(AccountId, u64)>> {
        self.read(|engine| engine.with_connection(events::heads)).await
    }

    async fn begin_hook(&self, account: AccountId, hook: Number, position: u64) -> Result<()> {
        self.writer.write(1, move |t| hooks::begin(t, account, hook, position)).await
    }

    async fn hook_state(&self, account: AccountId, hook: Number) -> Result<Option<HookState>> {
        self.read(move |engine| engine.with_connection(|conn| hooks::state(conn, account, hook))).await
    }

    async fn record_hook(&self, account: AccountId, hook: Number, work: HookWork) -> Result<()> {
        let weight = 1 + work.kept.len() + work.ended.len();
        self.writer.write(weight, move |t| hooks::record(t, account, hook, &work)).await
    }

    async fn hook_tries(
        &self,
        account: AccountId,
        hook: Number,
        which: HookTries,
        limit: u32,
    ) -> Result<Vec<HookTry>> {
        self.read(move |engine| {
            engine.with_connection(|conn| hooks::tries(conn, account, hook, which, limit))
        })
        .await
    }

    async fn hook_busy(&self, account: AccountId, hook: Number, numbers: Vec<Number>) -> Result<Vec<Number>> {
        self.read(move |engine| engine.in_transaction(|conn| hooks::busy(conn, account, hook, &numbers)))
            .await
    }

    async fn hook_counts(&self, account: AccountId, hook: Number) -> Result<HookCounts> {
        self.read(move |engine| engine.with_connection(|conn| hooks::counts(conn, account, hook))).await
    }

    async fn revive_hook_tries(
        &self,
        account: AccountId,
        hook: Number,
        sequence: Option<u64>,
        now: Micros,
    ) -> Result<u64> {
        self.writer.write(1, move |t| hooks::revive(t, account, hook, sequence, now)).await
    }

    async fn forget_hook(&self, account: AccountId, hook: Number) -> Result<()> {
        self.writer.write(1, move |t| hooks::forget(t, account, hook)).await
    }

    async fn expire_hook_tries(&self, before: Micros) -> Result<u64> {
        self.writer.run(move |t| hooks::expire(t, before)).await
    }

    async fn put_document(&self, account: AccountId, kind: String, document: Document) -> Result<Number> {
        self.writer.write(1, move |t| documents::put(t, account, &kind, &document)).await
    }

    async fn remove_document(&self, account: AccountId, kind: String, number: Number) -> Result<()> {
        self.writer.write(1, move |t| documents::remove(t, account, &kind, number)).await
    }

    async fn document(&self, account: AccountId, kind: String, number: Number) -> Result<Option<Document>> {
        self.read(move |engine| engine.with_connection(|conn| documents::one(conn, account, &kind, number)))
            .await
    }

    async fn document_by_name(
        &self,
        account: AccountId,
        kind: String,
        name: String,
    ) -> Result<Option<Document>> {
        self.read(move |engine| {
            engine.with_connection(|conn| documents::by_name(conn, account, &kind, &name))
        })
        .await
    }

    async fn documents_by_name(
        &self,
        account: AccountId,
        kind: String,
        names: Vec<String>,
    ) -> Result<HashMap<String, Document>> {
        self.read(move |engine| {
            engine.in_transaction(|conn| documents::of_names(conn, account, &kind, &names))
        })
        .await
    }

    async fn documents(&self, account: AccountId, kind: String, slice: Slice) -> Result<Page<Document>> {
        self.read(move |engine| engine.in_transaction(|conn| documents::page(conn, account, &kind, &slice)))
            .await
    }

    async fn set_members(
        &self,
        account: AccountId,
        list: Number,
        contacts: Vec<Number>,
        in_it: bool,
    ) -> Result<()> {
        let weight = contacts.len();
        self.writer.write(weight, move |t| documents::set_members(t, account, list, &contacts, in_it)).await
    }

    async fn members(&self, account: AccountId, list: Number, slice: Slice) -> Result<Page<Number>> {
        self.read(move |engine| engine.in_transaction(|conn| documents::members(conn, account, list, &slice)))
            .await
    }

    async fn member_counts(&self, account: AccountId, lists: Vec<Number>) -> Result<HashMap<Number, u64>> {
        self.read(move |engine| engine.in_transaction(|conn| documents::member_counts(conn, account, &lists)))
            .await
    }

    async fn lists_of(
        &self,
        account: AccountId,
        contacts: Vec<Number>,
    ) -> Result<HashMap<Number, Vec<Number>>> {
        self.read(move |engine| engine.in_transaction(|conn| documents::lists_of(conn, account, &contacts)))
            .await
    }

    async fn opt_out(&self, account: AccountId, opt_out: OptOut) -> Result<Number> {
        self.writer.write(1, move |t| opt_outs::add(t, account, &opt_out)).await
    }

    async fn lift_opt_out(&self, account: AccountId, phone: String, at: Micros) -> Result<()> {
        self.writer.write(1, move |t| opt_outs::lift(t, account, &phone, at)).await
    }

    async fn opt_outs(&self, account: AccountId, slice: Slice) -> Result<Page<OptOut>> {
        self.read(move |engine| engine.in_transaction(|conn| opt_outs::page(conn, account, &slice))).await
    }

    async fn opt_out_of_number(&self, account: AccountId, number: Number) -> Result<Option<OptOut>> {
        self.read(move |engine| engine.with_connection(|conn| opt_outs::of_number(conn, account, number)))
            .await
    }

    async fn opt_out_of_message(&self, account: AccountId, message: Number) -> Result<Option<OptOut>> {
        self.read(move |engine| engine.with_connection(|conn| opt_outs::of_message(conn, account, message)))
            .await
    }

    async fn opted_out(&self, account: AccountId, phones: Vec<String>) -> Result<HashMap<String, OptOut>> {
        if phones.len() <= FEW {
            return self
                .look(|engine| engine.with_connection(|conn| opt_outs::among(conn, account, &phones)));
        }
        self.read(move |engine| engine.with_connection(|conn| opt_outs::among(conn, account, &phones))).await
    }

    async fn messages(&self, account: AccountId, query: MessageQuery) -> Result<MessagePage> {
        self.read(move |engine| engine.messages(account, &query)).await
    }

    async fn numbers(&self, account: AccountId, query: MessageQuery) -> Result<Vec<Number>> {
        self.read(move |engine| engine.numbers(account, &query)).await
    }

    async fn message(&self, account: AccountId, number: Number) -> Result<Option<Message>> {
        self.read(move |engine| engine.message(account, number)).await
    }

    async fn batches(&self, account: AccountId, query: BatchQuery) -> Result<Page<Batch>> {
        self.read(move |engine| engine.batches(account, &query)).await
    }

    async fn batch(&self, account: AccountId, key: BatchKey) -> Result<Option<Batch>> {
        self.read(move |engine| engine.batch(account, key)).await
    }

    async fn batches_by_key(
        &self,
        account: AccountId,
        keys: Vec<BatchKey>,
    ) -> Result<HashMap<BatchKey, Batch>> {
        self.read(move |engine| engine.batches_by_key(account, &keys)).await
    }

    async fn chats(&self, account: AccountId, query: ChatQuery) -> Result<Page<Chat>> {
        self.read(move |engine| engine.chats(account, &query)).await
    }

    async fn chat(&self, account: AccountId, number: Number) -> Result<Option<Chat>> {
        self.read(move |engine| engine.chat(account, number)).await
    }

    async fn unread(&self, account: AccountId) -> Result<u64> {
        self.read(move |engine| engine.unread(account)).await
    }

    async fn chat_with(&self, account: AccountId, peer: String) -> Result<Option<Chat>> {
        self.read(move |engine| engine.chat_with(account, &peer)).await
    }

    async fn contacts(&self, account: AccountId, query: ContactQuery) -> Result<Page<Contact>> {
        self.read(move |engine| engine.in_transaction(|conn| contacts::page(conn, account, &query))).await
    }

    async fn contacts_by_phone(
        &self,
        account: AccountId,
        phones: Vec<String>,
    ) -> Result<HashMap<String, Contact>> {
        self.read(move |engine| engine.in_transaction(|conn| contacts::by_phone(conn, account, &phones)))
            .await
    }

    async fn blocked(&self, account: AccountId, phones: Vec<String>) -> Result<HashSet<String>> {
        if phones.len() <= FEW {
            return self
                .look(|engine| engine.in_transaction(|conn| contacts::blocked(conn, account, &phones)));
        }
        self.read(move |engine| engine.in_transaction(|conn| contacts::blocked(conn, account, &phones))).await
    }

    async fn answered(&self, account: AccountId, replies: Vec<Number>) -> Result<HashMap<Number, Sent>> {
        self.read(move |engine| engine.answered(account, &replies)).await
    }

    async fn sums(&self, account: AccountId, query: MessageQuery) -> Result<Vec<(Direction, Outcome, Sum)>> {
        self.read(move |engine| engine.sums(account, &query)).await
    }

    async fn highest(&self, account: AccountId) -> Result<Number> {
        self.read(move |engine| engine.with_connection(|conn| accounts::highest(conn, account))).await
    }

    async fn scan(&self, account: AccountId, scan: Scan, encoder: Arc<dyn RowEncoder>) -> Result<Scanned> {
        self.read(move |engine| engine.scan(account, &scan, encoder.as_ref())).await
    }

    async fn check(&self, progress: Box<dyn Fn(u64) + Send>) -> Result<CheckReport> {
        self.read(move |engine| check::check(engine, progress.as_ref())).await
    }
}
