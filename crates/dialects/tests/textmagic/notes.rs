//! Notes about contacts.

use http::Method;
use serde_json::Value;

use super::people::{done, linked, put, put_json};
use super::world::{MARIA, NOWHERE, With, World, request};

#[tokio::test]
async fn one_is_written_read_and_rewritten() {
    let world = World::filled().await;
    assert_eq!(
        linked(&world.post_json("/contacts/1/notes", r#"{"note":"calls at nine"}"#).await, "notes"),
        1
    );
    world.pass(60);
    assert_eq!(linked(&world.post("/contacts/1/notes", "note=%3Cb%3E").await, "notes"), 2);
    let note = world.read("/notes/1").await;
    let keys: Vec<_> = note.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(keys, ["id", "createdAt", "note", "user"]);
    assert_eq!(
        (&note["note"], &note["createdAt"]),
        (&"calls at nine".into(), &"2024-06-15T12:00:06+0000".into())
    );
    assert_eq!(note["user"], world.read("/user").await);
    assert_eq!(world.ids("/contacts/1/notes").await, [2, 1]);
    assert_eq!(world.ids("/contacts/1/notes?page=2&limit=1").await, [1]);
    assert_eq!(linked(&put(&world, "/notes/1", "note=at+ten").await, "notes"), 1);
    let changed = world.read("/notes/1").await;
    assert_eq!((&changed["note"], &changed["createdAt"]), (&"at ten".into(), &note["createdAt"]));
    assert_eq!(
        world.read("/contacts/1").await["notes"],
        Value::Array(vec![changed, world.read("/notes/2").await])
    );
    for bad in [r#"{"note":""}"#, "{}", r#"{"note":" "}"#, r#"{"note":{}}"#] {
        assert_eq!(world.post_json("/contacts/1/notes", bad).await.blamed(), ["note"], "{bad}");
        assert_eq!(put_json(&world, "/notes/1", bad).await.blamed(), ["note"], "{bad}");
    }
}

#[tokio::test]
async fn they_are_deleted() {
    let world = World::filled().await;
    world.post("/contacts", &format!("phone={MARIA}&lists=1")).await;
    for (contact, note) in [(1, "a"), (1, "b"), (1, "c"), (2, "d"), (2, "e")] {
        world.post(&format!("/contacts/{contact}/notes"), &format!("note={note}")).await;
    }
    done(&world.delete("/notes/1").await);
    world.delete("/notes/1").await.refusal(404);
    world.get("/notes/1").await.refusal(404);
    put(&world, "/notes/1", "note=x").await.refusal(404);
    done(&world.post("/contacts/1/notes/delete", "ids=2,4").await);
    assert_eq!(
        (world.ids("/contacts/1/notes").await, world.ids("/contacts/2/notes").await),
        (vec![3], vec![5, 4])
    );
    done(&world.post_json("/contacts/2/notes/delete", r#"{"all":true}"#).await);
    assert!(world.ids("/contacts/2/notes").await.is_empty());
    world.post("/contacts/2/notes/delete", "").await.refusal(400);
    world.delete("/contacts/1").await;
    world.get("/notes/3").await.refusal(404);
    for path in [format!("/contacts/{NOWHERE}/notes"), "/contacts/1/notes".to_owned()] {
        world.get(&path).await.refusal(404);
        world.post(&path, "note=x").await.refusal(404);
        world.post(&format!("{path}/delete"), "all=1").await.refusal(404);
    }
}

#[tokio::test]
async fn others_see_none_of_them() {
    let world = World::filled().await;
    world.post("/contacts/1/notes", "note=x").await;
    for (method, path) in
        [(Method::GET, "/notes/1"), (Method::DELETE, "/notes/1"), (Method::GET, "/contacts/1/notes")]
    {
        world.raw(request(method, path).by(&world.bob)).await.refusal(404);
    }
    assert_eq!(world.read("/notes/1").await["note"], "x");
}
