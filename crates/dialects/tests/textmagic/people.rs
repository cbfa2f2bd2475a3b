//! What the tests of contacts, lists and their like send besides the usual, and what must not change.

use http::Method;

use super::world::{Reply, With, World, request};

/// PUT of a form as Alice.
pub(crate) async fn put(world: &World, path: &str, form: &str) -> Reply {
    world.raw(request(Method::PUT, path).by(&world.alice).form(form)).await
}

/// PUT of JSON as Alice.
pub(crate) async fn put_json(world: &World, path: &str, json: &str) -> Reply {
    world.raw(request(Method::PUT, path).by(&world.alice).json(json)).await
}

/// Something is made or changed by a POST of a form: 201 and its link; its id.
pub(crate) async fn made(world: &World, collection: &str, form: &str) -> u64 {
    let reply = world.post(&format!("/{collection}"), form).await;
    linked(&reply, collection)
}

/// The id of a link answer, whose whole shape is checked.
pub(crate) fn linked(reply: &Reply, collection: &str) -> u64 {
    assert_eq!(reply.status, 201, "{}", reply.text);
    let id = reply.json()["id"].as_u64().expect("an id");
    assert_eq!(reply.text, format!(r#"{{"id":{id},"href":"/api/v2/{collection}/{id}"}}"#));
    id
}

/// 204, and nothing else.
pub(crate) fn done(reply: &Reply) {
    assert_eq!(reply.status, 204, "{}", reply.text);
}
