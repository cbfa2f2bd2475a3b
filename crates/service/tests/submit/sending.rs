//! One submission: what is committed, and what is answered when it comes again.

use std::time::Instant;

use service::contact_values::Values;
use service::lists::List;
use service::opt_outs::OptOutSource;
use service::people::Slice;
use service::plan::{
    Field, Marks, Policy, Recipient, RequestKey, SubmitError, SubmitRefusal, SubmitRequest, Templating, Text,
    When,
};
use sms::Outcome;

use super::world::{World, many, money, to};
use crate::support::BEGINNING;

const ADA: &str = "46701740605";
const BEA: &str = "46701740606";

fn key(word: &str, body: &str) -> Option<RequestKey> {
    Some(RequestKey::new(word, &[b"POST /send", body.as_bytes()]).expect("a key"))
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_recipients_are_one_commit() {
    let world = World::new().await;
    world.charge("0.0416").await;
    let request = SubmitRequest { recipients: many(10_000), ..to(&[], "Hello there") };
    let started = Instant::now();
    let plan =
        world.service.preview(world.account, request.clone(), &Policy::default()).await.expect("a plan");
    println!("planned 10,000 recipients in {:?}", started.elapsed());
    let started = Instant::now();
    let answer = world.submit(request).await;
    println!("took in 10,000 recipients in {:?}", started.elapsed());
    assert_eq!((answer.batch, answer.first, answer.count, answer.repeated), (1, 1, 10_000, false));
    assert_eq!(answer.summary, plan.summary);
    assert_eq!(answer.summary.price, money("416"));
    let total = world.batch(answer.batch).await.total();
    assert_eq!((total.messages, total.segments, total.price), (10_000, 10_000, 416_000_000));
    assert_eq!(world.due().await, 10_000);
    world.sound().await;
}

#[tokio::test]
async fn large_submissions_have_a_record() {
    let world = World::new().await;
    let asked = |count, when| SubmitRequest {
        recipients: many(count),
        large: Some(1000),
        when,
        ..to(&[], "Hello there")
    };
    assert_eq!(world.submit(asked(1000, When::Now)).await.large, None);
    let key = RequestKey::new("large", &[b"the same"]);
    let first = world.try_submit(asked(1001, When::Now), &Policy::default(), key).await.expect("accepted");
    let again = world.try_submit(asked(1001, When::Now), &Policy::default(), key).await.expect("repeated");
    assert_eq!((first.large, first.schedule), (Some(1), None));
    assert_eq!(
        (again.large, again.schedule, again.batch, again.repeated),
        (Some(1), None, first.batch, true)
    );
    let record = world.service.large_submission(world.account, 1).await.expect("read").expect("there");
    assert_eq!((record.number, record.batch, record.messages), (1, first.batch, 1001));
    // What is sent later has a schedule instead.
    let later = world.submit(asked(1001, When::At { second: BEGINNING + 60, zone: None })).await;
    assert_eq!((later.large, later.schedule), (None, Some(1)));
    let page = world.service.large_submissions(world.account, Slice { limit: 9, ..Slice::default() }).await;
    assert_eq!(page.expect("read").items, [record]);
}

#[tokio::test]
async fn refused_recipients_are_messages_and_are_not_sent() {
    let world = World::new().await;
    world.charge("0.05").await;
    world.service.opt_out(world.account, BEA, OptOutSource::Api).await.expect("opted out");
    let answer = world.submit(to(&[ADA, BEA, "0612345678", ADA], "Hi")).await;
    let wanted = [Outcome::Queued, Outcome::DeniedOptOut, Outcome::DeniedRecipient];
    assert_eq!(world.outcomes(answer.batch).await, wanted);
    let counts = answer.summary.counts;
    assert_eq!(
        (counts.total, counts.sendable, counts.opted_out, counts.invalid, counts.duplicated),
        (3, 1, 1, 1, 1)
    );
    assert_eq!(world.batch(answer.batch).await.total().price, 50_000);
    assert_eq!(world.due().await, 1);
    world.service.lift_opt_out(world.account, "+46 701740606").await.expect("lifted");
    let answer = world.submit(to(&[BEA], "Hi")).await;
    assert_eq!(world.outcomes(answer.batch).await, [Outcome::Queued]);
    world.sound().await;
}

#[tokio::test]
async fn contacts_lists_and_templates() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let ada = world.contact(ADA, Some("Ada")).await;
    let bea = world.contact(BEA, None).await;
    let city = Values::from([("City".to_owned(), "Lund".to_owned())]);
    service.put_contact_values(account, bea, &city).await.expect("values");
    let list = List { name: "Friends".to_owned(), ..List::default() };
    let list = service.put_list(account, list).await.expect("a list");
    service.add_members(account, list, vec![ada, bea]).await.expect("members");
    let template =
        service.put_template(account, 0, "greeting", "Hi {First}{City}").await.expect("a template");
    let words = vec![("First".into(), Field::FirstName)];
    let templating = Templating { marks: Marks::Braces, words: words.into(), contact_values: true };
    let policy = Policy { templating: Some(templating), ..Policy::default() };
    let request = SubmitRequest {
        text: Text::Template(template),
        recipients: vec![Recipient::of("33612345678"), Recipient::of(ADA)],
        contacts: vec![bea],
        lists: vec![list],
        ..SubmitRequest::default()
    };
    let answer = world.try_submit(request.clone(), &policy, None).await.expect("accepted");
    let messages = world.messages(answer.batch).await;
    let bodies: Vec<_> = messages.iter().map(|message| message.body.as_str()).collect();
    // A number is looked up among the contacts too.
    assert_eq!(bodies, ["Hi ", "Hi Ada", "Hi Lund"]);
    assert_eq!(answer.summary.counts.duplicated, 2);
    let batch = world.batch(answer.batch).await;
    assert_eq!((batch.text.as_str(), batch.templated), ("Hi {First}{City}", true));
    let kept = list.to_string();
    assert_eq!(batch.extra.list.as_ref(), Some(&kept));
    let alone = SubmitRequest { recipients: Vec::new(), contacts: Vec::new(), ..request.clone() };
    let answer = world.try_submit(alone, &policy, None).await.expect("accepted");
    assert!(world.messages(answer.batch).await.iter().all(|m| m.list.as_ref() == Some(&kept)));

    let with = |change: fn(&mut SubmitRequest)| {
        let mut request = request.clone();
        change(&mut request);
        request
    };
    let missing = |request| world.refusal(request, &policy);
    assert_eq!(missing(with(|r| r.text = Text::Template(9))).await, SubmitRefusal::Template(9));
    assert_eq!(missing(with(|r| r.contacts = vec![9])).await, SubmitRefusal::Contact(9));
    assert_eq!(missing(with(|r| r.lists = vec![9])).await, SubmitRefusal::List(9));
    assert_eq!(missing(with(|r| r.program = 99)).await, SubmitRefusal::Program(99));
    assert_eq!(missing(with(|r| r.text = Text::Plain(" \n".to_owned()))).await, SubmitRefusal::EmptyText);
    assert_eq!(missing(SubmitRequest { ..to(&[], "x") }).await, SubmitRefusal::NoRecipients);
    let few = Policy { most_recipients: 2, ..policy.clone() };
    assert_eq!(world.refusal(request.clone(), &few).await, SubmitRefusal::TooManyRecipients { most: 2 });
    service.remove_members(account, list, vec![ada, bea], service::lists::Orphans::Keep).await.expect("out");
    let empty = SubmitRequest { lists: vec![list], ..to(&[], "x") };
    assert_eq!(world.refusal(empty, &policy).await, SubmitRefusal::NoRecipients);
    world.sound().await;
}

#[tokio::test]
async fn a_request_that_comes_again_has_the_first_answer() {
    let world = World::new().await;
    let policy = Policy { late: Some(300), ..Policy::default() };
    let request = SubmitRequest {
        when: When::At { second: BEGINNING + 60, zone: Some("Europe/Paris".to_owned()) },
        ..to(&[ADA, BEA], "Hi")
    };
    let first = world.try_submit(request.clone(), &policy, key("k1", "body")).await.expect("accepted");
    assert!(!first.repeated && first.schedule == Some(1));
    // What has changed since does not matter.
    world.service.opt_out(world.account, BEA, OptOutSource::Api).await.expect("opted out");
    world.pass(7200);
    let again = world.try_submit(request.clone(), &policy, key("k1", "body")).await.expect("answered");
    assert_eq!(again, service::submit::SubmitAnswer { repeated: true, ..first.clone() });
    let other = world.try_submit(request.clone(), &policy, key("k1", "other")).await;
    assert!(matches!(other, Err(SubmitError::Refused(SubmitRefusal::KeyReused))));
    let late = world.try_submit(request, &policy, key("k2", "body")).await;
    assert!(matches!(late, Err(SubmitError::Refused(SubmitRefusal::Past))));
    // A refused request leaves its key free.
    let now = world.try_submit(to(&[ADA], "Hi"), &policy, key("k2", "body")).await.expect("accepted");
    assert_eq!((now.batch, now.repeated), (2, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_requests_at_once_are_one() {
    let world = World::prepaid("10").await;
    let mut pending = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (service, account) = (world.service.clone(), world.account);
        pending.spawn(async move {
            service.submit(account, to(&[ADA], "Hi"), &Policy::default(), key("same", "body")).await
        });
    }
    let answers: Vec<_> =
        pending.join_all().await.into_iter().map(|answer| answer.expect("accepted")).collect();
    assert_eq!(answers.iter().filter(|answer| !answer.repeated).count(), 1);
    assert!(answers.iter().all(|answer| answer.first == 1 && answer.balance == Some(money("9.95"))));
    assert!(answers.iter().all(|answer| answer.summary == answers[0].summary));
    assert_eq!(world.balance().await, money("9.95"));
    world.sound().await;
}

#[tokio::test]
async fn chats_are_opened_with_those_who_are_written_to() {
    let world = World::new().await;
    let request = SubmitRequest { open_chats: true, ..to(&[ADA, "12"], "Hi") };
    world.submit(request).await;
    assert!(world.service.chat_with(world.account, ADA).await.expect("read").is_some());
    assert!(world.service.chat_with(world.account, "12").await.expect("read").is_none());
}
