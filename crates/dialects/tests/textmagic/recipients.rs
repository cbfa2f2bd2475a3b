//! Who is written to: phones in every way of writing them, contacts, lists, and what stands in braces for them.

use serde_json::json;
use service::account_settings::AccountSettings;
use service::lists::List;
use service::model::Contact;
use service::templates::Template;
use sms::{Country, Number};

use super::sending::sent;
use super::world::{JOHN, MARIA, PAUL, World};

async fn contact(world: &World, phone: &str, first: &str) -> Number {
    let contact = Contact {
        phone: phone.to_owned(),
        first_name: Some(first.to_owned()),
        last_name: Some("Doe".to_owned()),
        company: Some("Example Ltd.".to_owned()),
        email: Some("doe@example.com".to_owned()),
        created: world.now(),
        ..Contact::default()
    };
    world.service.put_contact(world.alice.account.id, contact).await.expect("kept")
}

async fn receivers(world: &World, path: &str) -> Vec<String> {
    let page = world.read(path).await;
    let all = page["resources"].as_array().expect("resources").iter();
    all.map(|message| message["receiver"].as_str().expect("a receiver").to_owned()).collect()
}

#[tokio::test]
async fn phones_contacts_and_lists_together() {
    let world = World::empty().await;
    let account = world.alice.account.id;
    let (john, maria, paul) = (
        contact(&world, JOHN, "John").await,
        contact(&world, MARIA, "Maria").await,
        contact(&world, PAUL, "Paul").await,
    );
    let list = List { name: "All".to_owned(), ..List::default() };
    let list = world.service.put_list(account, list).await.expect("kept");
    world.service.add_members(account, list, vec![john, paul]).await.expect("added");
    let form = format!("text=Hello+%7BFirst+name%7D!&phones=%2B{JOHN}&contacts={maria},+{john}&lists={list}");
    let body = sent(&world.post("/messages", &form).await);
    assert_eq!(body["type"], "session");
    assert_eq!(receivers(&world, "/sessions/1/messages").await, [PAUL, MARIA, JOHN], "each once");
    let texts = world.read("/messages/search?query=Hello+Maria!").await;
    assert_eq!(texts["resources"].as_array().map(Vec::len), Some(1));
    let alone = sent(&world.post("/messages", &format!("text=hi&contacts={paul}")).await);
    assert_eq!(alone["type"], "message");
    assert_eq!(receivers(&world, "/messages?limit=1").await, [PAUL]);
}

#[tokio::test]
async fn merge_tags_are_filled_for_each() {
    let world = World::empty().await;
    let john = contact(&world, JOHN, "John").await;
    let custom = [("DOB".to_owned(), "1983-08-31".to_owned())].into();
    world.service.put_contact_values(world.alice.account.id, john, &custom).await.expect("kept");
    let text = "{First name} {Last name}, {Company name}, {Phone}, {Email}, {DOB}, {Unheard of}";
    let body = json!({"text": text, "phones": format!("{JOHN},{MARIA}")}).to_string();
    sent(&world.post_json("/messages", &body).await);
    assert_eq!(world.read("/sessions/1").await["text"], text, "the session keeps the braces");
    let filled = format!("John Doe, Example Ltd., {JOHN}, doe@example.com, 1983-08-31, {{Unheard of}}");
    assert_eq!(world.read("/messages/1").await["text"], filled);
    assert_eq!(world.read("/messages/2").await["text"], format!(" , , {MARIA}, , , {{Unheard of}}"));
    assert_eq!(world.read("/messages/1").await["firstName"], "John");
}

#[tokio::test]
async fn templates_are_texts() {
    let world = World::empty().await;
    contact(&world, JOHN, "John").await;
    let account = world.alice.account.id;
    let template = world.service.put_template(account, 0, "hello", "Hi {First name}").await.expect("kept");
    sent(&world.post("/messages", &format!("templateId={template}&phones={JOHN}")).await);
    assert_eq!(world.read("/messages/1").await["text"], "Hi John");
    assert_eq!(world.read("/sessions/1").await["text"], "Hi {First name}");
    sent(&world.post("/messages", &format!("text=own&templateId={template}&phones={JOHN}")).await);
    assert_eq!(world.read("/messages/2").await["text"], "own", "the text is what became of the template");
    let Template { number, .. } =
        world.service.template(account, template).await.expect("read").expect("there");
    assert_eq!(number, template);
}

#[tokio::test]
async fn local_numbers() {
    let world = World::empty().await;
    let send = async |rest: &str| world.post("/messages", &format!("text=hi&phones={rest}")).await;
    sent(&send("07860021130&local=1&localCountry=GB").await);
    sent(&send("2025550123&local=True&localCountry=US").await);
    assert_eq!(receivers(&world, "/messages").await, ["12025550123", JOHN]);
    assert_eq!(send("07860021130&local=1").await.blamed(), ["localCountry"], "no country is known");
    assert_eq!(send("07860021130&local=1&localCountry=Mars").await.blamed(), ["localCountry"]);
    assert_eq!(send("07860021130").await.blamed(), ["phones"]);
    let settings = AccountSettings { default_country: Country::parse("GB"), ..AccountSettings::default() };
    world.service.put_settings(world.alice.account.id, &settings).await.expect("kept");
    sent(&send("07860021130&local=1").await);
    assert_eq!(receivers(&world, "/messages?limit=1").await, [JOHN]);
}

#[tokio::test]
async fn test_numbers_are_taken_and_never_written_to() {
    let world = World::empty().await;
    let body = sent(&world.post("/messages", "text=hi&phones=9990123456").await);
    assert_eq!(body["type"], "message");
    let message = world.read("/messages/1").await;
    assert_eq!((&message["country"], &message["price"]), (&"ZZ".into(), &0.into()));
    assert_eq!((&message["status"], &message["receiver"]), (&"e".into(), &"9990123456".into()));
}
