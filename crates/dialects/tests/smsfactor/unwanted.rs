//! Blacklist and unassigned numbers (reference 2.7, check 108).

use serde_json::json;
use service::opt_outs::OptOutSource;
use sms::Outcome;

use crate::fixture::{Call, Fixture, Record};
use crate::xml::Element;

#[tokio::test]
async fn the_blacklist() {
    let fixture = Fixture::empty().await;
    let body = r#"{"blacklist":{"contacts":{"gsm":[
        {"value":"33600000001","info1":"Ada"},{"value":"+33600000002"},{"value":"33600000002"},{"value":"x"}]}}}"#;
    assert_eq!(fixture.done("POST", "/blacklist", body).await["added_contacts"], 2);
    assert_eq!(fixture.done("POST", "/blacklist", body).await["added_contacts"], 0);
    // The vendor's own sample in XML has the root of a list.
    let xml = "<list><contacts><gsm>33600000003</gsm></contacts></list>";
    let call = Call::new("POST", "/blacklist").bearer(&fixture.world.key).body(xml).xml();
    assert_eq!(Element::parse(&fixture.call(call).await.body).child("added_contacts"), "1");
    let shown = fixture.get("/blacklist").await.value();
    let keys: Vec<_> = shown.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["status", "message", "list", "totalRecords", "totalDisplayRecords"]);
    assert_eq!((&shown["totalRecords"], &shown["totalDisplayRecords"]), (&json!(3), &json!(3)));
    let ada = shown["list"].as_array().expect("a list").iter().find(|it| it["destination"] == "33600000001");
    let ada = ada.expect("listed");
    let keys: Vec<_> = ada.as_object().expect("an object").keys().collect();
    let expected = [
        "id",
        "destination",
        "date",
        "info1",
        "info2",
        "info3",
        "info4",
        "user_information",
        "campaign_id",
        "batch_id",
    ];
    assert_eq!(keys, expected);
    assert_eq!(
        (&ada["info1"], &ada["info2"], &ada["date"]),
        (&json!("Ada"), &json!(""), &json!("2025-08-01 12:00:00"))
    );
    assert_eq!((&ada["user_information"], &ada["campaign_id"]), (&json!([]), &json!(null)));
    let page = fixture.get("/blacklist?start=2&length=5").await.value();
    assert_eq!((page["list"].as_array().map(Vec::len), &page["totalRecords"]), (Some(1), &json!(3)));
    let refused = fixture.done("GET", "/send?text=a&to=33600000001", "").await;
    assert_eq!((&refused["blacklisted"], &refused["sent"]), (&json!(1), &json!(0)));
    let id = ada["id"].as_str().expect("a text");
    fixture.done("DELETE", &format!("/blacklist/contact/{id}"), "[]").await;
    fixture.ask("DELETE", &format!("/blacklist/contact/{id}"), "[]").await.assert_error(-5, "gone");
    assert_eq!(fixture.done("GET", "/send?text=a&to=33600000001", "").await["sent"], 1);
    fixture.ask("POST", "/blacklist", "{}").await.assert_refuses("contacts", "nobody");
    let xml = fixture.call(Call::get("/blacklist").bearer(&fixture.world.key).xml()).await;
    let xml = Element::parse(&xml.body);
    assert_eq!(xml.children[2].child("user_information"), "");
    assert_eq!(xml.children[2].child("campaign_id"), "null");
    fixture.sound().await;
}

#[tokio::test]
async fn unassigned_numbers() {
    let fixture = Fixture::empty().await;
    let body = |numbers: &[&str]| json!({"npai": {"contacts": {"gsm": numbers}}}).to_string();
    let added = fixture.done("POST", "/npai", &body(&["33600000001", "33600000002", "33600000001"])).await;
    assert_eq!(added["added_contacts"], 2);
    assert_eq!(fixture.done("POST", "/npai", &body(&["33600000002"])).await["added_contacts"], 0);
    let shown = fixture.get("/npai").await.value();
    assert_eq!((shown["list"].as_array().map(Vec::len), &shown["totalRecords"]), (Some(2), &json!(2)));
    let sent = fixture.done("GET", "/send?text=a&to=33600000001", "").await;
    assert_eq!([&sent["npai"], &sent["invalid"], &sent["sent"]], [1, 0, 0]);
    // An entry of this list is none of the blacklist.
    let id = shown["list"][0]["id"].as_str().expect("a text");
    fixture.ask("DELETE", &format!("/blacklist/contact/{id}"), "").await.assert_error(-5, "another list's");
    let list = r#"{"list":{"contacts":{"gsm":["33600000001","33600000002","33600000003"]}}}"#;
    let list = fixture.done("POST", "/list", list).await["id"].as_str().expect("a text").to_owned();
    let clear = format!("/list/{list}/npai/clear");
    assert_eq!(fixture.done("PUT", &clear, "[]").await["removed"], 2);
    assert_eq!(fixture.done("PUT", &clear, "[]").await["removed"], 0);
    assert_eq!(fixture.get(&format!("/list/{list}")).await.value()["contacts"], "1");
    let ticket = sent["ticket"].as_str().expect("a ticket");
    let found = fixture.get(&format!("/campaign/{ticket}/npai")).await.value();
    assert_eq!(found["npai"][0]["destination"], "33600000001");
    assert_eq!(fixture.get(&format!("/campaign/{ticket}")).await.value()["campaign"][0]["npai"], "1");
    // They are moved: from now on they are people who do not want it.
    fixture.done("PUT", &format!("/campaign/{ticket}/npai"), "[]").await;
    assert_eq!(fixture.get("/blacklist").await.value()["list"][0]["destination"], "33600000001");
    let left = fixture.get("/npai").await.value();
    assert_eq!((&left["list"][0]["destination"], &left["totalRecords"]), (&json!("33600000002"), &json!(1)));
    assert_eq!(fixture.get(&format!("/campaign/{ticket}/npai")).await.value()["npai"], json!([]));
    let sent = fixture.done("GET", "/send?text=a&to=33600000001", "").await;
    assert_eq!([&sent["npai"], &sent["blacklisted"], &sent["sent"]], [0, 1, 0]);
    fixture.done("PUT", &format!("/campaign/{ticket}/npai"), "[]").await;
}

#[tokio::test]
async fn who_says_stop_names_the_campaign() {
    let to = "33612345678";
    let records = vec![
        Record::mt("2025-03-01T12:00:00Z", to, "Offer", Outcome::Delivered).batch(1),
        Record::mt("2025-03-02T12:00:00Z", "33600000001", "Other", Outcome::Delivered).batch(2),
        Record::mo("2025-03-03T12:00:00Z", to, "36000", "STOP").answers(1),
    ];
    let fixture = Fixture::with(records).await;
    let (service, account) = (&fixture.world.service, fixture.world.account);
    service.opt_out(account, to, OptOutSource::Message(3)).await.expect("opted out");
    let entry = fixture.get("/blacklist").await.value()["list"][0].clone();
    let campaign = entry["campaign_id"].as_u64().expect("a campaign");
    let stops = fixture.get(&format!("/campaign/{campaign}/blacklist")).await.value();
    let expected = json!([{
        "destination": to, "info1": null, "info2": null, "info3": null, "info4": null, "date": "2025-08-01 12:00:00",
    }]);
    assert_eq!(stops["stops"], expected);
    let campaigns = fixture.get("/campaigns?sort=id").await.value();
    let stops: Vec<_> =
        campaigns["campaigns"].as_array().expect("a list").iter().map(|it| &it["stop"]).collect();
    assert_eq!(stops, ["1", "0"]);
}
