//! The one trait every engine implements.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_trait::async_trait;
use sms::{AccountId, BatchKey, Micros, Money, Number, OutcomeSet};

use crate::change::{
    Accepted, ChatMark, Hide, Idempotency, ImportRow, Imported, NewAccount, NewKey, NewProgram, Received,
    Remembered, Step, Submission,
};
use crate::error::{LedgerError, Result};
use crate::hooks::{HookCounts, HookState, HookTries, HookTry, HookWork};
use crate::inbound::{MoPart, Origin, OwedReply, PartFate, Segments, TakeIn, TakenIn, Unrouted};
use crate::model::{Account, Batch, Chat, Contact, Key, Message, Program, Sent};
use crate::outbound::{
    Attempt, Backlog, CarrierId, Due, Event, Lease, OpenLease, Place, ReceiptFate, ReceiptRecord, Receipted,
    Straight, Unmatched,
};
use crate::people::{Document, OptOut, Slice};
use crate::query::{BatchQuery, ChatQuery, ContactQuery, MessagePage, MessageQuery, Page};
use crate::row::{RowEncoder, Scan, Scanned};

/// The ledger. Every write names one account, is one transaction of that account, and is on disk when it
/// returns. Every read is of one moment and sees every write that returned before it began.
#[async_trait]
pub trait Ledger: Send + Sync + 'static {
    // --- accounts, keys, programs: rare, so they may touch what is shared by the store ---

    /// Makes an account with its default program.
    async fn create_account(&self, new: NewAccount) -> Result<Account>;
    /// Every account, by number.
    async fn accounts(&self) -> Result<Vec<Account>>;
    /// One account.
    async fn account(&self, account: AccountId) -> Result<Account>;
    /// Disables or enables an account.
    async fn set_disabled(&self, account: AccountId, disabled: bool) -> Result<()>;
    /// Adds to the balance; returns it.
    async fn fund(&self, account: AccountId, amount: Money) -> Result<Money>;
    /// Makes a key; [`crate::Refusal::Taken`] when any account has a key of the same secret.
    async fn create_key(&self, account: AccountId, new: NewKey) -> Result<Key>;
    /// The keys of an account.
    async fn keys(&self, account: AccountId) -> Result<Vec<Key>>;
    /// The key whose secret has this hash.
    async fn key_by_hash(&self, hash: [u8; 32]) -> Result<Option<Key>>;
    /// Revokes a key for good.
    async fn revoke_key(&self, account: AccountId, key: u32) -> Result<()>;
    /// Makes a program. Its number is unique in the store, because one vendor's ids are its host's.
    async fn create_program(&self, account: AccountId, new: NewProgram) -> Result<Program>;
    /// The programs of an account, by number.
    async fn programs(&self, account: AccountId) -> Result<Vec<Program>>;

    // --- writes ---

    /// Takes in a submission: batch, messages, chats, outbox and idempotency record in one commit.
    async fn accept(&self, account: AccountId, submission: Submission) -> Result<Accepted>;
    /// The answer to an earlier request of this idempotency key, if there was one within 24 hours before `at`;
    /// [`crate::Refusal::KeyReused`] when that was another request.
    async fn remembered(
        &self,
        account: AccountId,
        idempotency: Idempotency,
        at: Micros,
    ) -> Result<Option<Remembered>>;
    /// Takes in an MO, which opens or reopens the chat with its sender. A date before the account's newest is
    /// moved up to it; one ahead of the clock stays the message's own and moves nobody else's.
    async fn receive(&self, account: AccountId, message: Message) -> Result<Received> {
        let taken = self.take_in(account, message.into()).await?;
        // What comes from nowhere was never there before.
        taken.map(|taken| taken.received).ok_or(LedgerError::NotFound)
    }
    /// Takes in an MO with all that belongs to its commit: what it came from is used up, an opt-out made or
    /// lifted, an answer owed. `None`, and nothing is written, when it was taken in before: see
    /// [`crate::inbound::Origin`].
    async fn take_in(&self, account: AccountId, take: TakeIn) -> Result<Option<TakenIn>>;
    /// The same under an idempotency key, which shares its room with those of submissions: what came before
    /// under the key within 24 hours is answered again and not taken in twice;
    /// [`crate::Refusal::KeyReused`] when that was something else.
    async fn take_in_once(
        &self,
        account: AccountId,
        take: TakeIn,
        idempotency: Idempotency,
    ) -> Result<TakenIn>;
    /// Adds news to messages' histories; all of it or nothing.
    async fn advance(&self, account: AccountId, steps: Vec<Step>) -> Result<()>;
    /// Hides messages in every dialect; what was not sent yet is canceled. Returns how many were visible.
    async fn hide(&self, account: AccountId, what: Hide) -> Result<u64>;
    /// Cancels what is not sent yet of a batch, which stays readable. Returns how many messages that were.
    /// Like everything that ends before a carrier took it, what was paid for goes back to the balance.
    async fn cancel(&self, account: AccountId, batch: Number, at: Micros) -> Result<u64>;
    /// Brings in rows of history; idempotent by id. Such rows are never sent.
    async fn import(&self, account: AccountId, rows: Vec<ImportRow>) -> Result<Imported>;
    /// Opens a chat with a peer, or reopens it; returns its number.
    async fn open_chat(&self, account: AccountId, peer: String) -> Result<Number>;
    /// Sets a mark on chats; numbers that do not exist are passed over. `None` is every chat.
    async fn mark_chats(&self, account: AccountId, chats: Option<Vec<Number>>, mark: ChatMark)
    -> Result<u64>;
    /// Adds a contact, or changes the one with its phone; returns its number.
    async fn put_contact(&self, account: AccountId, contact: Contact) -> Result<Number>;
    /// Removes a contact.
    async fn remove_contact(&self, account: AccountId, contact: Number) -> Result<()>;

    // --- the way out and back ---

    /// Takes in a submission as [`Ledger::accept`] does, and leases in the same commit what of it is queued and
    /// due now, for the carriers that `straight` names. Whoever waits for the answer may go away; who is to
    /// attempt it is told in any case, after the commit and before the answer.
    async fn accept_straight(
        &self,
        account: AccountId,
        submission: Submission,
        straight: Straight,
    ) -> Result<Accepted>;

    /// Accounts with segments due at or before `now` (seconds) that nobody holds.
    async fn due_accounts(&self, now: u32) -> Result<Vec<AccountId>>;
    /// Segments due at or before `now` that nobody holds, by due second and number.
    async fn due(&self, account: AccountId, now: u32, limit: u32) -> Result<Vec<Due>> {
        self.due_after(account, None, now, limit).await
    }
    /// The same, of what comes after a place in the queue.
    async fn due_after(
        &self,
        account: AccountId,
        after: Option<Place>,
        now: u32,
        limit: u32,
    ) -> Result<Vec<Due>>;
    /// What is due by `now`, counted: for metrics, as it goes through the queue.
    async fn backlog(&self, now: u32) -> Result<Backlog>;
    /// Accounts with messages of these outcomes whose date is of the day of `until` (in seconds) or before.
    async fn silent_accounts(&self, outcomes: OutcomeSet, until: u32) -> Result<Vec<AccountId>>;
    /// Takes segments to be attempted; on disk when it returns. Returns those that were still to be had:
    /// what was withdrawn meanwhile is dropped from the outbox instead.
    async fn lease(&self, account: AccountId, leases: Vec<Lease>, at: Micros) -> Result<Vec<Lease>>;
    /// Records what became of attempts, with whatever receipts waited for their ids.
    async fn record_attempts(&self, account: AccountId, attempts: Vec<Attempt>) -> Result<()>;
    /// Leases that are open: at a start, the attempts that the last end of the process interrupted.
    async fn open_leases(&self) -> Result<Vec<OpenLease>>;
    /// Stores a receipt and matches it, in one transaction. It names no account; the one its id leads to is
    /// the one that is written.
    async fn receipt(&self, receipt: ReceiptRecord) -> Result<ReceiptFate> {
        let fates = self.receipts(vec![receipt]).await?;
        let fate = fates.into_iter().next().map(|receipted| receipted.fate);
        fate.ok_or_else(|| LedgerError::Corrupt("a receipt met no fate".to_owned()))
    }
    /// The same for several, in order, in one transaction: all of them or none.
    async fn receipts(&self, receipts: Vec<ReceiptRecord>) -> Result<Vec<Receipted>>;
    /// The ids that carriers gave to the segments of these messages and that are not forgotten.
    async fn carrier_ids(&self, account: AccountId, numbers: Vec<Number>) -> Result<Vec<CarrierId>>;
    /// Receipts in quarantine, oldest first.
    async fn unmatched(&self, slice: Slice) -> Result<Page<Unmatched>>;
    /// Drops receipts that came to quarantine before `before`; returns how many.
    async fn expire_unmatched(&self, before: Micros) -> Result<u64>;
    /// Forgets the ids of segments taken before `before` whose messages are final; returns how many.
    async fn forget_carrier_ids(&self, before: Micros) -> Result<u64>;
    /// Keeps one segment of an MO until its message is taken in.
    async fn mo_part(&self, part: MoPart) -> Result<PartFate>;
    /// Incomplete MO whose newest segment came before `before`, and whole ones that nobody took in though
    /// their newest came before `whole_before`. They stay until they are taken in.
    async fn stale_mo_parts(&self, before: Micros, whole_before: Micros, limit: u32)
    -> Result<Vec<Segments>>;
    /// Keeps an MO that is nobody's; its number in the store. `None`, and nothing is written, when it was
    /// taken in before.
    async fn keep_unrouted(&self, message: Unrouted, origin: Origin) -> Result<Option<u64>>;
    /// MO that are nobody's, by number. [`Ledger::take_in`] gives one to an account.
    async fn unrouted(&self, slice: Slice) -> Result<Page<Unrouted>>;
    /// The account whose message to `peer` from `sender` was submitted last, of these or of all. Every account
    /// concerned is looked into.
    async fn last_sent_to(
        &self,
        peer: String,
        sender: String,
        among: Option<Vec<AccountId>>,
    ) -> Result<Option<AccountId>>;
    /// Answers that are owed, oldest first.
    async fn owed_replies(&self, limit: u32) -> Result<Vec<OwedReply>>;
    /// Settles an answer: it was sent, or never will be.
    async fn settle_reply(&self, account: AccountId, number: Number) -> Result<()>;
    /// Forgets what was remembered of MO, and answers settled, before `before`; returns how many rows.
    async fn forget_intake(&self, before: Micros) -> Result<u64>;
    /// Forgets idempotency keys of requests before `before`, of all accounts; returns how many.
    async fn forget_requests(&self, before: Micros) -> Result<u64>;
    /// From now on keeps what happens to the account's messages as events, or no longer.
    async fn set_wants_events(&self, account: AccountId, wanted: bool) -> Result<()>;
    /// Events after a sequence number.
    async fn events(&self, account: AccountId, after: u64, limit: u32) -> Result<Vec<Event>>;
    /// Forgets events up to a sequence number.
    async fn forget_events(&self, account: AccountId, up_to: u64) -> Result<()>;
    /// Accounts whose events are kept, by number, each with the newest event's sequence number.
    async fn event_heads(&self) -> Result<Vec<(AccountId, u64)>>;

    // --- telling events to somebody outside ---

    /// Lets a hook begin after an event, unless it has begun.
    async fn begin_hook(&self, account: AccountId, hook: Number, position: u64) -> Result<()>;
    /// How far a hook has come; `None` when it has not begun.
    async fn hook_state(&self, account: AccountId, hook: Number) -> Result<Option<HookState>>;
    /// Records what came of telling events; [`crate::LedgerError::NotFound`] when the hook has not begun or
    /// was forgotten, and nothing is kept. A position never goes back.
    async fn record_hook(&self, account: AccountId, hook: Number, work: HookWork) -> Result<()>;
    /// Tries of a hook.
    async fn hook_tries(
        &self,
        account: AccountId,
        hook: Number,
        which: HookTries,
        limit: u32,
    ) -> Result<Vec<HookTry>>;
    /// Which of these messages have an event that this hook is still to be told.
    async fn hook_busy(&self, account: AccountId, hook: Number, numbers: Vec<Number>) -> Result<Vec<Number>>;
    /// How many tries a hook has.
    async fn hook_counts(&self, account: AccountId, hook: Number) -> Result<HookCounts>;
    /// Lets a hook's dead tries, or that of one event, be made anew from `now` on; returns how many.
    async fn revive_hook_tries(
        &self,
        account: AccountId,
        hook: Number,
        sequence: Option<u64>,
        now: Micros,
    ) -> Result<u64>;
    /// Drops all that is kept of a hook.
    async fn forget_hook(&self, account: AccountId, hook: Number) -> Result<()>;
    /// Drops the dead tries of every hook that were given up before `before`; returns how many.
    async fn expire_hook_tries(&self, before: Micros) -> Result<u64>;

    // --- beside the messages ---

    /// Adds a document of a kind, or changes the one of its number; returns the number.
    /// [`crate::Refusal::Taken`] when another has its name.
    async fn put_document(&self, account: AccountId, kind: String, document: Document) -> Result<Number>;
    /// Removes a document.
    async fn remove_document(&self, account: AccountId, kind: String, number: Number) -> Result<()>;
    /// One document.
    async fn document(&self, account: AccountId, kind: String, number: Number) -> Result<Option<Document>>;
    /// The document of a name.
    async fn document_by_name(
        &self,
        account: AccountId,
        kind: String,
        name: String,
    ) -> Result<Option<Document>>;
    /// The documents of these names; those that are not there are missing from the map.
    async fn documents_by_name(
        &self,
        account: AccountId,
        kind: String,
        names: Vec<String>,
    ) -> Result<HashMap<String, Document>>;
    /// A page of the documents of a kind.
    async fn documents(&self, account: AccountId, kind: String, slice: Slice) -> Result<Page<Document>>;
    /// Puts contacts into a list, or takes them out.
    async fn set_members(
        &self,
        account: AccountId,
        list: Number,
        contacts: Vec<Number>,
        in_it: bool,
    ) -> Result<()>;
    /// The contacts of a list, by number.
    async fn members(&self, account: AccountId, list: Number, slice: Slice) -> Result<Page<Number>>;
    /// How many contacts each of these lists has.
    async fn member_counts(&self, account: AccountId, lists: Vec<Number>) -> Result<HashMap<Number, u64>>;
    /// The lists each of these contacts stands in, by rising number; those in none are missing from the map.
    async fn lists_of(
        &self,
        account: AccountId,
        contacts: Vec<Number>,
    ) -> Result<HashMap<Number, Vec<Number>>>;
    /// Adds an opt-out, unless the phone has one; returns its number.
    async fn opt_out(&self, account: AccountId, opt_out: OptOut) -> Result<Number>;
    /// Lifts the opt-out of a phone; the row stays as history. [`crate::LedgerError::NotFound`] without one.
    async fn lift_opt_out(&self, account: AccountId, phone: String, at: Micros) -> Result<()>;
    /// A page of the opt-outs in force.
    async fn opt_outs(&self, account: AccountId, slice: Slice) -> Result<Page<OptOut>>;
    /// The opt-out of a number, if it is in force.
    async fn opt_out_of_number(&self, account: AccountId, number: Number) -> Result<Option<OptOut>>;
    /// The opt-out that an MO is the proof of, in force or lifted since.
    async fn opt_out_of_message(&self, account: AccountId, message: Number) -> Result<Option<OptOut>>;
    /// The opt-outs in force among these phones.
    async fn opted_out(&self, account: AccountId, phones: Vec<String>) -> Result<HashMap<String, OptOut>>;

    // --- reads ---

    /// A page of messages.
    async fn messages(&self, account: AccountId, query: MessageQuery) -> Result<MessagePage>;
    /// The numbers of all messages that match, rising; order and page are ignored.
    async fn numbers(&self, account: AccountId, query: MessageQuery) -> Result<Vec<Number>>;
    /// One visible message.
    async fn message(&self, account: AccountId, number: Number) -> Result<Option<Message>>;
    /// A page of batches, with sums.
    async fn batches(&self, account: AccountId, query: BatchQuery) -> Result<Page<Batch>>;
    /// One visible batch, with sums.
    async fn batch(&self, account: AccountId, key: BatchKey) -> Result<Option<Batch>>;
    /// Several batches at once; those hidden or unknown are missing from the map.
    async fn batches_by_key(
        &self,
        account: AccountId,
        keys: Vec<BatchKey>,
    ) -> Result<HashMap<BatchKey, Batch>>;
    /// A page of chats.
    async fn chats(&self, account: AccountId, query: ChatQuery) -> Result<Page<Chat>>;
    /// The chat of a number, whatever its status.
    async fn chat(&self, account: AccountId, number: Number) -> Result<Option<Chat>>;
    /// Unread MO over all chats but the deleted.
    async fn unread(&self, account: AccountId) -> Result<u64>;
    /// The chat with a peer, whatever its status.
    async fn chat_with(&self, account: AccountId, peer: String) -> Result<Option<Chat>>;
    /// A page of contacts.
    async fn contacts(&self, account: AccountId, query: ContactQuery) -> Result<Page<Contact>>;
    /// The contacts with these phones.
    async fn contacts_by_phone(
        &self,
        account: AccountId,
        phones: Vec<String>,
    ) -> Result<HashMap<String, Contact>>;
    /// Those of these phones whose contact is blocked.
    async fn blocked(&self, account: AccountId, phones: Vec<String>) -> Result<HashSet<String>>;
    /// For each of these MO the MT it answers: the one it names, else the newest visible one that was
    /// submitted to that peer before it. MO that answer nothing, or name what was deleted, are missing from
    /// the map.
    async fn answered(&self, account: AccountId, replies: Vec<Number>) -> Result<HashMap<Number, Sent>>;
    /// Sums of visible messages by outcome for everything that a query matches; order and page are ignored.
    async fn sums(
        &self,
        account: AccountId,
        query: MessageQuery,
    ) -> Result<Vec<(sms::Direction, sms::Outcome, crate::model::Sum)>>;
    /// The highest message number given so far.
    async fn highest(&self, account: AccountId) -> Result<Number>;
    /// Renders a stretch of visible rows by rising number, in one short read.
    async fn scan(&self, account: AccountId, scan: Scan, encoder: Arc<dyn RowEncoder>) -> Result<Scanned>;
    /// Verifies every invariant of the store; `progress` is told messages seen so far.
    async fn check(&self, progress: Box<dyn Fn(u64) + Send>) -> Result<crate::check::CheckReport>;
}
