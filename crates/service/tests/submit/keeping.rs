//! What an account keeps for its sending: settings, senders, templates, lists, opt-outs.

use service::account_settings::AccountSettings;
use service::lists::{List, ListQuery, Orphans};
use service::opt_outs::OptOutSource;
use service::people::Slice;
use service::plan::{Policy, SubmitRequest, UnregisteredSender};
use service::senders::{SenderRefused, SenderStatus};
use service::templates::TemplateQuery;
use sms::{Country, Outcome};

use super::world::{World, to};

const ADA: &str = "46701740605";
const BEA: &str = "46701740606";

fn all() -> Slice {
    Slice { limit: 100, ..Slice::default() }
}

#[tokio::test]
async fn settings_hold_at_once() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    assert_eq!(service.settings(account).await.expect("read"), AccountSettings::default());
    let denied = world.submit(to(&["070-174 06 05"], "Hi")).await;
    assert_eq!(world.outcomes(denied.batch).await, [Outcome::DeniedRecipient]);
    let settings = AccountSettings {
        default_country: Country::parse("SE"),
        default_sender: Some("House".to_owned()),
        ..AccountSettings::default()
    };
    service.put_settings(account, &settings).await.expect("kept");
    let sent = world.submit(to(&["070-174 06 05"], "Hi")).await;
    let message = &world.messages(sent.batch).await[0];
    assert_eq!((message.recipient.as_str(), message.shown_sender()), (ADA, "House"));
    assert_eq!(message.sender, None);
    let wrong = AccountSettings { timezone: "Mars/Base".to_owned(), ..settings.clone() };
    assert!(service.put_settings(account, &wrong).await.is_err());
    assert_eq!(service.settings(account).await.expect("read"), settings);
}

#[tokio::test]
async fn senders_are_registered() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let settings = AccountSettings { registers_senders: true, ..AccountSettings::default() };
    service.put_settings(account, &settings).await.expect("kept");
    let policy = Policy { unregistered: UnregisteredSender::Deny, ..Policy::default() };
    let request = SubmitRequest { sender: Some("Acme".to_owned()), ..to(&[ADA], "Hi") };
    let send = async || {
        let answer = world.try_submit(request.clone(), &policy, None).await.expect("accepted");
        world.outcomes(answer.batch).await
    };
    assert_eq!(send().await, [Outcome::DeniedSender]);
    let known = service.register_sender(account, " Acme ", "us").await.expect("registered");
    assert_eq!((known.sender.as_str(), known.status), ("Acme", SenderStatus::Active));
    assert_eq!(service.register_sender(account, "Acme", "again").await.expect("as before"), known);
    assert_eq!(send().await, [Outcome::Queued]);
    service.set_sender_status(account, known.number, SenderStatus::Rejected).await.expect("set");
    assert_eq!(send().await, [Outcome::DeniedSender]);
    service.remove_sender(account, known.number).await.expect("removed");
    assert!(service.sender(account, "Acme").await.expect("read").is_none());
    let reviewed = AccountSettings { reviews_senders: true, ..settings };
    service.put_settings(account, &reviewed).await.expect("kept");
    let pending = service.register_sender(account, "+46 70-174 06 05", "").await.expect("registered");
    assert_eq!((pending.sender.as_str(), pending.status), (ADA, SenderStatus::Pending));
    service.register_sender(account, "1234", "").await.expect("registered");
    let senders = service.senders(account).await.expect("read");
    assert_eq!(senders.iter().map(|sender| sender.sender.as_str()).collect::<Vec<_>>(), ["1234", ADA]);
    let wrong = service.register_sender(account, "Twelve chars", "").await;
    assert!(matches!(wrong, Err(SenderRefused::Sender(_))));
}

#[tokio::test]
async fn templates_are_found() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let first = service.put_template(account, 0, "Greeting", "Hello {x}").await.expect("kept");
    let second = service.put_template(account, 0, "Greeting", "Good bye").await.expect("names may repeat");
    let found = async |query| {
        let page = service.templates(account, TemplateQuery { slice: all(), ..query }).await.expect("read");
        page.items.iter().map(|template| template.number).collect::<Vec<_>>()
    };
    assert_eq!(found(TemplateQuery::default()).await, [first, second]);
    let content = TemplateQuery { content: Some("BYE".to_owned()), ..TemplateQuery::default() };
    assert_eq!(found(content).await, [second]);
    let numbers = TemplateQuery { numbers: Some(vec![first, 77]), ..TemplateQuery::default() };
    assert_eq!(found(numbers).await, [first]);
    world.pass(5);
    service.put_template(account, first, "Greeting", "Hi").await.expect("rewritten");
    let template = service.template(account, first).await.expect("read").expect("there");
    assert_eq!((template.content.as_str(), template.modified.seconds()), ("Hi", world.now()));
    assert!(service.put_template(account, 0, "", "x").await.is_err());
    service.remove_template(account, first).await.expect("removed");
    assert!(service.remove_template(account, first).await.is_err());
}

#[tokio::test]
async fn lists_have_members() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let (ada, bea) = (world.contact(ADA, Some("Ada")).await, world.contact(BEA, None).await);
    let list = |name: &str| List { name: name.to_owned(), ..List::default() };
    let friends = service.put_list(account, list("Friends")).await.expect("kept");
    let others = service.put_list(account, list("Others")).await.expect("kept");
    service.add_members(account, friends, vec![ada, bea, 99]).await.expect("in");
    service.add_members(account, others, vec![bea]).await.expect("in");
    assert_eq!(service.member_count(account, friends).await.expect("read"), 2);
    let members =
        service.list_members(account, friends, Slice { descending: true, ..all() }).await.expect("read");
    assert_eq!(members.items.iter().map(|contact| contact.number).collect::<Vec<_>>(), [bea, ada]);
    let lists = service.lists_of(account, bea).await.expect("read");
    assert_eq!(lists.iter().map(|list| list.number).collect::<Vec<_>>(), [friends, others]);
    let query = ListQuery { text: Some("fri".to_owned()), slice: all(), ..ListQuery::default() };
    assert_eq!(service.lists(account, query).await.expect("read").total, 1);
    // Who stands in no list any more goes with it, if that is wanted.
    service.remove_list(account, friends, Orphans::Remove).await.expect("removed");
    let left = service.contacts(account, service::query::ContactQuery { limit: 9, ..Default::default() });
    let left: Vec<_> = left.await.expect("read").items.iter().map(|contact| contact.number).collect();
    assert_eq!(left, [bea]);
    service.remove_members(account, others, vec![bea], Orphans::Keep).await.expect("out");
    assert_eq!(service.member_count(account, others).await.expect("read"), 0);
    assert!(service.add_members(account, friends, vec![bea]).await.is_err());
}

#[tokio::test]
async fn opt_outs_keep_their_proof() {
    let world = World::new().await;
    let (service, account) = (&world.service, world.account);
    let stop = service.opt_out(account, "+46 70 174 06 05", OptOutSource::Message(7)).await.expect("kept");
    assert_eq!((stop.phone.as_str(), stop.source.as_str(), stop.message), (ADA, "stop", Some(7)));
    assert_eq!(service.opt_out(account, ADA, OptOutSource::Api).await.expect("as before"), stop);
    assert_eq!(service.opt_out_of(account, ADA).await.expect("read"), Some(stop.clone()));
    assert_eq!(service.opt_out_of_number(account, stop.number).await.expect("read"), Some(stop));
    assert_eq!(service.opt_outs(account, all()).await.expect("read").total, 1);
    assert!(service.opt_out(account, "nobody", OptOutSource::Api).await.is_err());
    service.lift_opt_out(account, ADA).await.expect("lifted");
    assert!(service.lift_opt_out(account, ADA).await.is_err());
    assert_eq!(service.opt_outs(account, all()).await.expect("read").total, 0);
}
