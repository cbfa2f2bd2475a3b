//! Templates: kept, changed, found, removed.

use http::Method;
use serde_json::json;

use super::world::{With, World, request};

async fn put(world: &World, path: &str, form: &str) -> super::world::Reply {
    world.raw(request(Method::PUT, path).by(&world.alice).form(form)).await
}

#[tokio::test]
async fn from_creation_to_deletion() {
    let world = World::empty().await;
    let made = world.post("/templates", "name=Reminder&content=Hello+%7BFirst+name%7D!").await;
    assert_eq!((made.status, made.text.as_str()), (201, r#"{"id":1,"href":"/api/v2/templates/1"}"#));
    assert_eq!(
        world.get("/templates/1").await.text,
        concat!(
            r#"{"id":1,"name":"Reminder","content":"Hello {First name}!","#,
            r#""lastModified":"2024-06-15T12:00:00+0000"}"#
        )
    );
    world.pass(60);
    let changed = put(&world, "/templates/1", "name=Other").await;
    assert_eq!((changed.status, changed.text), (201, made.text));
    let template = world.read("/templates/1").await;
    assert_eq!((&template["name"], &template["content"]), (&"Other".into(), &"Hello {First name}!".into()));
    assert_eq!(template["lastModified"], "2024-06-15T12:01:00+0000");
    let reply = world.delete("/templates/1").await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    world.delete("/templates/1").await.refusal(404);
    world.get("/templates/1").await.refusal(404);
    put(&world, "/templates/1", "name=x&content=y").await.refusal(404);
}

#[tokio::test]
async fn what_is_no_template() {
    let world = World::empty().await;
    assert_eq!(world.post("/templates", "").await.blamed(), ["name", "content"]);
    assert_eq!(world.post("/templates", "name=x&content=++").await.blamed(), ["content"]);
    assert_eq!(world.post("/templates", "name=&content=x").await.blamed(), ["name"]);
    let long = format!("name={}&content=x", "n".repeat(256));
    assert_eq!(world.post("/templates", &long).await.blamed(), ["name"]);
    assert_eq!(world.read("/templates").await["resources"], json!([]));
}

#[tokio::test]
async fn lists_searches_and_deletion_of_many() {
    let world = World::empty().await;
    for (name, content) in [("Alpha", "one"), ("Beta", "two"), ("Alphabet", "three")] {
        world.post_json("/templates", &json!({"name": name, "content": content}).to_string()).await;
    }
    assert_eq!(world.ids("/templates").await, [3, 2, 1]);
    assert_eq!(world.ids("/templates?page=2&limit=2").await, [1]);
    assert_eq!(world.ids("/templates/search?name=alpha").await, [3, 1]);
    assert_eq!(world.ids("/templates/search?name=alpha&content=THREE").await, [3]);
    assert_eq!(world.ids("/templates/search?ids=1,2&name=bet").await, [2]);
    world.get("/templates/search?ids=x").await.refusal(400);
    let bobs = request(Method::GET, "/templates/1").by(&world.bob);
    world.raw(bobs).await.refusal(404);
    assert_eq!(world.post("/templates/delete", "").await.blamed(), ["ids"]);
    assert_eq!(world.post("/templates/delete", "ids=2,2000000000").await.status, 204);
    assert_eq!(world.ids("/templates").await, [3, 1]);
    assert_eq!(world.post_json("/templates/delete", r#"{"all":1}"#).await.status, 204);
    assert_eq!(world.ids("/templates").await, [0_u64; 0]);
}
