//! One text, sent through one API and followed through the others: asked for over HTTP like a customer's
//! program does, while it happens.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use dialects::kit::story::{Part, Scene, Story, Verdict};
use dialects::kit::{Content, Example, Login};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;

use super::super::output;
use super::lines::curl;
use crate::failure::Failure;

/// How long what is missing may take to come: a delivery takes some seconds, a busy machine longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long to wait before the same is asked again.
const PAUSE: Duration = Duration::from_millis(200);
/// The longest answer that is read, in octets.
const LONGEST: usize = 1 << 20;

/// Where and how the story is told.
pub(super) struct Telling<'a> {
    /// The server's address, as a URL.
    pub(super) address: &'a str,
    /// Where the simulated SMSC listens.
    pub(super) smsc: std::net::SocketAddr,
    /// One JSON object a line, for machines.
    pub(super) json: bool,
}

/// Who asks.
struct Caller(Client<HttpConnector, Full<Bytes>>);

impl Telling<'_> {
    /// Plays the story to its end, printing each request and what came back. Fails at the first step that does
    /// not show what it should.
    pub(super) async fn play(&self, scene: Scene) -> Result<(), Failure> {
        if !self.json {
            let text = format!(
                "One text, sent through one API and followed through the others, as it happens. The carrier is a\n\
                 simulated SMSC behind a real SMPP link to {}; the handset answers.\n",
                self.smsc
            );
            output::print(text.as_bytes())?;
        }
        let caller = Caller(Client::builder(TokioExecutor::new()).build(HttpConnector::new()));
        let mut story = Story::new(&dialects::all(), scene);
        let mut told = Told::default();
        while let Some(asked) = story.request() {
            let step = Step {
                dialect: asked.dialect,
                part: asked.part,
                opens: asked.opens,
                curl: curl(self.address, &story.scene().username, &story.scene().secret, asked.example),
            };
            if told.is_new(&step) {
                self.ask(&step)?;
            }
            let (status, body) = caller.call(self.address, story.scene(), asked.example).await?;
            match story.answer(status, &body) {
                Verdict::Shown(shown) => self.say(&step, &shown, true)?,
                Verdict::Missing(_) if told.since.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
                Verdict::Missing(what) | Verdict::Failed(what) => {
                    self.say(&step, &what, false)?;
                    let (dialect, part) = (step.dialect, step.part.words());
                    return Err(Failure::failed(format!("it is not so that {dialect} {part}: {what}")));
                }
            }
        }
        if self.json { Ok(()) } else { output::print(b"\n") }
    }

    /// Prints a request, before it is known what it brings.
    fn ask(&self, step: &Step) -> Result<(), Failure> {
        if self.json {
            return Ok(());
        }
        let title = match step.opens {
            true => format!("\n# {} {}\n", step.dialect, step.part.words()),
            false => String::new(),
        };
        output::print(format!("{title}{}\n", step.curl).as_bytes())
    }

    /// Prints what came back.
    fn say(&self, step: &Step, said: &str, well: bool) -> Result<(), Failure> {
        if self.json {
            return output::print_json(&json!({
                "dialect": step.dialect, "does": step.part.words(), "curl": step.curl, "well": well, "answer": said,
            }));
        }
        let mark = if well { "=>" } else { "=> NOT AS IT SHOULD BE:" };
        output::print(format!("   {mark} {said}\n").as_bytes())
    }
}

/// A request of the story.
struct Step {
    dialect: &'static str,
    part: Part,
    opens: bool,
    curl: String,
}

/// What is being asked, and since when.
struct Told {
    curl: String,
    since: Instant,
}

impl Default for Told {
    fn default() -> Self {
        Self { curl: String::new(), since: Instant::now() }
    }
}

impl Told {
    /// Whether it was not asked before.
    fn is_new(&mut self, step: &Step) -> bool {
        let new = self.curl != step.curl;
        if new {
            *self = Self { curl: step.curl.clone(), since: Instant::now() };
        }
        new
    }
}

impl Caller {
    /// Sends a request; gives the answer's status and body.
    async fn call(&self, address: &str, scene: &Scene, example: &Example) -> Result<(u16, Bytes), Failure> {
        let trouble =
            |error: &dyn std::fmt::Display| Failure::failed(format!("{address} cannot be asked: {error}"));
        let request = request(address, scene, example).map_err(|error| trouble(&error))?;
        let answer = self.0.request(request).await.map_err(|error| trouble(&error))?;
        let status = answer.status().as_u16();
        let body = Limited::new(answer.into_body(), LONGEST).collect().await;
        Ok((status, body.map_err(|error| trouble(&error))?.to_bytes()))
    }
}

/// A request as hyper sends it.
fn request(address: &str, scene: &Scene, example: &Example) -> http::Result<Request<Full<Bytes>>> {
    let mut request = Request::builder().uri(format!("{address}{}", example.target));
    match &example.login {
        Login::Basic => {
            let login = STANDARD.encode(format!("{}:{}", scene.username, scene.secret));
            request = request.header(AUTHORIZATION, format!("Basic {login}"));
        }
        Login::Headers(headers) => {
            for (name, value) in headers {
                request = request.header(*name, value);
            }
        }
    }
    match &example.content {
        None => request.body(Full::default()),
        Some(Content { media_type, body }) => {
            let request = request.method(Method::POST).header(CONTENT_TYPE, *media_type);
            request.body(Full::new(Bytes::from(body.clone())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_those_of_the_printed_lines() {
        let scene = Scene::new("demo", "s1", 1, 0);
        let login = Login::Headers(vec![("X-Key", "k".to_owned())]);
        let example = Example { shows: "all", login, target: "/a?b=c".to_owned(), content: None };
        let get = request("http://127.0.0.1:1", &scene, &example).expect("sound");
        assert_eq!(
            (get.method(), get.uri().to_string()),
            (&Method::GET, "http://127.0.0.1:1/a?b=c".to_owned())
        );
        assert_eq!(get.headers()["X-Key"], "k");
        let example = Example { login: Login::Basic, ..example }.posting("text/plain", "x".to_owned());
        let post = request("http://127.0.0.1:1", &scene, &example).expect("sound");
        assert_eq!(
            (post.method(), &post.headers()[CONTENT_TYPE]),
            (&Method::POST, &"text/plain".parse().expect("sound"))
        );
        assert_eq!(post.headers()[AUTHORIZATION], "Basic ZGVtbzpzMQ==");
    }
}
