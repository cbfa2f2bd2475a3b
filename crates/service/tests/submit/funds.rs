//! Prepaid accounts: nothing is sent unpaid, nothing unsent stays paid.

use service::account_settings::{AccountSettings, Holds};
use service::plan::{MissingFunds, Policy, SubmitError, SubmitRefusal, SubmitRequest, When};
use sms::{Note, Outcome};

use super::world::{World, many, money, to};

fn refuse() -> Policy {
    Policy { funds: MissingFunds::Refuse, ..Policy::default() }
}

#[tokio::test]
async fn the_price_is_taken_and_given_back() {
    let world = World::prepaid("1").await;
    let answer = world.submit(to(&["46701740605", "46701740606", "12"], &"a".repeat(161))).await;
    assert_eq!((answer.summary.price, answer.balance), (money("0.2"), Some(money("0.8"))));
    let messages = world.messages(answer.batch).await;
    let notes = |index: usize| {
        let entries = messages[index].history.iter();
        entries.filter(|entry| entry.outcome().is_none()).map(|entry| entry.word).collect::<Vec<_>>()
    };
    assert_eq!(notes(0), [service::model::Word::Note(Note::Funded)]);
    assert!(notes(2).is_empty());
    let withdrawal = world.service.withdraw(world.account, answer.batch).await.expect("withdrawn");
    assert_eq!((withdrawal.canceled, withdrawal.balance), (2, Some(money("1"))));
    let again = world.service.withdraw(world.account, answer.batch).await.expect("withdrawn");
    assert_eq!((again.canceled, again.balance), (0, Some(money("1"))));
    let wanted = [Outcome::Canceled, Outcome::Canceled, Outcome::DeniedRecipient];
    assert_eq!(world.outcomes(answer.batch).await, wanted);
    assert_eq!(world.due().await, 0);
    world.sound().await;
}

#[tokio::test]
async fn missing_funds_refuse_all_or_some() {
    let world = World::prepaid("0.12").await;
    let request = SubmitRequest { recipients: many(4), ..to(&[], "Hi") };
    let wanted = SubmitRefusal::Funds { balance: money("0.12"), price: money("0.2") };
    assert_eq!(world.refusal(request.clone(), &refuse()).await, wanted);
    let preview = world.service.preview(world.account, request.clone(), &refuse()).await.expect("a plan");
    assert_eq!((preview.summary.price, preview.summary.covered), (money("0.2"), false));
    let answer = world.submit(request).await;
    use Outcome::{DeniedFunds, Queued};
    assert_eq!(world.outcomes(answer.batch).await, [Queued, Queued, DeniedFunds, DeniedFunds]);
    assert_eq!((answer.summary.counts.funds, answer.balance), (2, Some(money("0.02"))));
    assert_eq!(world.balance().await, money("0.02"));
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn submissions_at_once_cannot_overdraw() {
    for policy in [refuse(), Policy::default()] {
        // Enough for 30 messages.
        let world = World::prepaid("1.5").await;
        let mut pending = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (service, account, policy) = (world.service.clone(), world.account, policy.clone());
            pending.spawn(async move {
                let request = SubmitRequest { recipients: many(4), ..to(&[], "Hi") };
                service.submit(account, request, &policy, None).await
            });
        }
        let mut paid = 0;
        for answer in pending.join_all().await {
            match answer {
                Ok(answer) => paid += answer.summary.counts.sendable,
                Err(SubmitError::Refused(SubmitRefusal::Funds { .. })) => {}
                Err(error) => panic!("{error}"),
            }
        }
        let left = world.balance().await;
        assert_eq!(left.millionths(), 1_500_000 - i64::from(paid) * 50_000);
        assert!(left.millionths() >= 0 && (4..=30).contains(&paid), "{paid}");
        assert_eq!(world.due().await, paid as usize);
        world.sound().await;
    }
}

#[tokio::test]
async fn what_is_held_waits_for_a_person() {
    let world = World::prepaid("1").await;
    let settings = AccountSettings { holds: Holds::Promotional, ..AccountSettings::default() };
    world.service.put_settings(world.account, &settings).await.expect("kept");
    let promotion = || SubmitRequest { promotional: true, ..to(&["46701740605", "46701740606"], "Sale") };
    let first = world.submit(promotion()).await;
    assert_eq!(world.outcomes(first.batch).await, [Outcome::Held, Outcome::Held]);
    assert_eq!((first.summary.counts.held, world.balance().await), (2, money("0.9")));
    let second = world.submit(promotion()).await;
    let later = When::At { second: world.now() + 60, zone: None };
    let third = world.submit(SubmitRequest { when: later, ..promotion() }).await;
    world.submit(to(&["46701740605"], "Your order")).await;
    assert_eq!(world.due().await, 1, "what is no promotion is not held");
    assert_eq!(world.service.release(world.account, first.batch).await.expect("released"), 2);
    assert_eq!(world.service.refuse_held(world.account, second.batch).await.expect("refused"), 2);
    assert_eq!(world.service.release(world.account, third.batch).await.expect("released"), 2);
    assert_eq!(world.outcomes(second.batch).await, [Outcome::DeniedModerator; 2]);
    assert_eq!(world.outcomes(third.batch).await, [Outcome::Scheduled; 2]);
    assert_eq!((world.due().await, world.balance().await), (3, money("0.75")));
    world.pass(60);
    assert_eq!(world.due().await, 5);
    assert!(world.service.release(world.account, 99).await.is_err());
    world.sound().await;
}
