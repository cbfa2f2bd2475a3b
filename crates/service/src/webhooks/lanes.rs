//! Keeping a lane for every target, and telling lanes that there is news.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ledger::Result;
use sms::{AccountId, Number};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinSet;

use super::breaker::Breakers;
use super::lane::Lane;
use super::target::{Target, Wants};
use super::{Lanes, OF_BATCHES, Shared, Webhooks};

/// How long a lane rests after the ledger failed it.
const AFTER_A_FAULT: Duration = Duration::from_secs(5);
/// The longest a lane sleeps without looking.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// A lane with what others may know of it while it works.
pub(super) struct Slot {
    target: RwLock<Arc<Target>>,
    gone: AtomicBool,
    pub(super) wake: Notify,
    pub(super) position: AtomicU64,
    /// Events before that position that are to be told again.
    pub(super) waiting: AtomicU64,
    breakers: Arc<Breakers>,
    pub(super) lane: Mutex<Lane>,
}

impl Slot {
    fn new(shared: Arc<Shared>, account: AccountId, target: Target) -> Self {
        let breakers = Arc::<Breakers>::default();
        Self {
            lane: Mutex::new(Lane::new(shared, account, target.number, Arc::clone(&breakers))),
            breakers,
            target: RwLock::new(Arc::new(target)),
            gone: AtomicBool::new(false),
            wake: Notify::new(),
            position: AtomicU64::new(0),
            waiting: AtomicU64::new(0),
        }
    }

    pub(super) fn target(&self) -> Arc<Target> {
        Arc::clone(&self.target.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::SeqCst)
    }

    fn set_target(&self, target: Target) {
        let mut known = self.target.write().unwrap_or_else(PoisonError::into_inner);
        if **known != target {
            *known = Arc::new(target);
            // Whoever changed it wants to see whether it works now.
            self.breakers.reset();
        }
    }

    fn is_told(&self) -> bool {
        self.target().disabled.is_none()
    }
}

impl Webhooks {
    /// Looks for changed targets and for news; wakes the lanes concerned. New lanes work in `tasks`, if there
    /// are any.
    pub(super) async fn look(&self, mut tasks: Option<&mut JoinSet<()>>) -> Result<()> {
        let heads: HashMap<AccountId, u64> =
            self.shared.service.ledger.event_heads().await?.into_iter().collect();
        let mut lanes = self.slots.lock().await;
        let changes = self.shared.service.bell().changes();
        let changed = lanes.follows != Some(changes);
        let mut follows = Some(changes);
        for account in heads.keys().copied() {
            if changed || !lanes.heads.contains_key(&account) {
                let followed = self.follow(&mut lanes, account, tasks.as_deref_mut()).await;
                if let Err(error) = followed {
                    // One account's trouble is not the others'; it is looked at again with the next look.
                    tracing::warn!(%error, %account, "webhooks: the targets could not be read");
                    follows = None;
                }
            }
        }
        lanes.follows = follows;
        for ((account, _), slot) in &lanes.slots {
            if changed || lanes.heads.get(account) != heads.get(account) {
                slot.wake.notify_one();
            }
        }
        self.count(&lanes, &heads);
        lanes.heads = heads;
        Ok(())
    }

    /// Brings an account's lanes in line with its targets.
    async fn follow(
        &self,
        lanes: &mut Lanes,
        account: AccountId,
        mut tasks: Option<&mut JoinSet<()>>,
    ) -> Result<()> {
        let mut targets = self.shared.service.webhooks(account).await?;
        targets.extend(self.of_batches());
        lanes.slots.retain(|(owner, hook), slot| {
            let kept = *owner != account || targets.iter().any(|target| target.number == *hook);
            if !kept {
                slot.gone.store(true, Ordering::SeqCst);
                slot.wake.notify_one();
            }
            kept
        });
        for target in targets {
            let key: (AccountId, Number) = (account, target.number);
            if let Some(slot) = lanes.slots.get(&key) {
                slot.set_target(target);
                continue;
            }
            let slot = Arc::new(Slot::new(Arc::clone(&self.shared), account, target));
            if let Some(tasks) = tasks.as_deref_mut() {
                tasks.spawn(work(Arc::clone(&self.shared), Arc::clone(&slot)));
            }
            lanes.slots.insert(key, slot);
        }
        Ok(())
    }

    /// What stands for the addresses that batches name for themselves, where any shape speaks to those.
    fn of_batches(&self) -> Option<Target> {
        let shape = self.shared.shapes.values().find(|shape| shape.reports_batches())?;
        let wants = Wants { mt: true, ..Wants::default() };
        Some(Target { number: OF_BATCHES, ..Target::new(shape.id(), "", wants) })
    }

    fn count(&self, lanes: &Lanes, heads: &HashMap<AccountId, u64>) {
        let (mut backlog, mut targets) = (0, 0);
        for ((account, hook), slot) in &lanes.slots {
            if slot.is_told() {
                backlog += slot.waiting.load(Ordering::Relaxed);
            }
            if *hook != OF_BATCHES && slot.is_told() {
                let head = heads.get(account).copied().unwrap_or_default();
                let position = slot.position.load(Ordering::Relaxed);
                // A lane that has not looked yet does not know how far it came.
                backlog += if position == 0 { 0 } else { head.saturating_sub(position) };
                targets += 1;
            }
        }
        self.shared.backlog.store(backlog, Ordering::Relaxed);
        self.shared.targets.store(targets, Ordering::Relaxed);
    }
}

/// Works a lane until its target is gone or the process stops.
async fn work(shared: Arc<Shared>, slot: Arc<Slot>) {
    loop {
        let turn = slot.lane.lock().await.turn(&slot).await;
        if slot.is_gone() || shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        let rest = match turn {
            Ok(None) => LONGEST_SLEEP,
            Ok(Some(next)) => {
                let micros = next.get().saturating_sub(shared.service.now().get()).max(0);
                Duration::from_micros(micros.unsigned_abs()).min(LONGEST_SLEEP)
            }
            Err(error) => {
                tracing::warn!(%error, target = ?slot.target(), "webhooks: the ledger failed a lane");
                tokio::time::sleep(AFTER_A_FAULT).await;
                continue;
            }
        };
        tokio::select! {
            () = slot.wake.notified() => {}
            () = tokio::time::sleep(rest) => {}
        }
    }
}
