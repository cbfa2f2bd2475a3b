//! One text that the dialects tell of together: it is sent through one of them, its history is read through
//! another, a third shows it in a conversation with its reply, a fourth exports both.
//!
//! [`Story`] is the script, without a socket or a clock: [`Story::request`] is what to ask next, and
//! [`Story::answer`] judges what came back. Which dialect plays which [`Part`], what it asks and what its answers
//! have to show is the dialect's own ([`Teller`]).

use serde_json::Value;
use sms::Number;

use super::{Dialect, Example};

/// What a dialect does in the story, in the story's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Sends the text.
    Sends,
    /// Reads every status that the text has had, up to its delivery.
    ReadsHistory,
    /// Shows the text in a conversation, with its reply.
    ShowsConversation,
    /// Exports the text and its reply.
    Exports,
}

impl Part {
    /// Every part, in order.
    pub const ALL: [Self; 4] = [Self::Sends, Self::ReadsHistory, Self::ShowsConversation, Self::Exports];

    /// What is done, said of the one who does it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Sends => "sends a text",
            Self::ReadsHistory => "reads its whole history",
            Self::ShowsConversation => "shows it in a chat, with its reply",
            Self::Exports => "exports both",
        }
    }
}

/// What the story is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// The user name of a key of the account.
    pub username: String,
    /// Its secret.
    pub secret: String,
    /// The program that what names none belongs to: the text, and its reply.
    pub program: Number,
    /// The second at which the story begins.
    pub since: u32,
    /// The number that writes, and is answered, in E.164 digits.
    pub own: String,
    /// The handset that is written to, and answers.
    pub handset: String,
    /// What is written.
    pub text: String,
    /// What is answered.
    pub reply: String,
    /// The sender's own name for the text.
    pub reference: String,
}

impl Scene {
    /// The usual one: a text of two segments with characters beyond GSM 7-bit, to a handset whose number tells
    /// the simulator to answer `Yes` in every profile with magic numbers. Nobody may have claimed the number
    /// that writes; then what is written to it belongs to whoever wrote from it.
    pub fn new(username: &str, secret: &str, program: Number, since: u32) -> Self {
        Self {
            username: username.to_owned(),
            secret: secret.to_owned(),
            program,
            since,
            own: "46737494991".to_owned(),
            handset: "46701740040".to_owned(),
            text: "Hej Zoë 👋 your parcel is on its way and comes today between 15:00 and 17:00. Will you be at home?"
                .to_owned(),
            reply: "Yes".to_owned(),
            reference: "story".to_owned(),
        }
    }
}

/// What an answer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Part of the way: what it shows, in one line, and what is asked next.
    Leads(String, Box<Example>),
    /// All that the part has to show, in one line.
    Shows(String),
    /// Something is missing that may still come: what, in one line. The same is asked again.
    Missing(String),
}

impl Reading {
    /// What an answer shows, and what is asked next.
    pub fn leads(shown: String, next: Example) -> Self {
        Self::Leads(shown, Box::new(next))
    }

    /// Something that is not there yet.
    pub fn missing(what: impl Into<String>) -> Self {
        Self::Missing(what.into())
    }
}

/// A dialect's part of the story.
pub trait Teller: Send + Sync {
    /// Which.
    fn part(&self) -> Part;

    /// The first request.
    fn opens(&self, scene: &Scene) -> Example;

    /// Judges the newest of the answers to its requests, all of which are JSON under a status of success.
    fn reads(&self, scene: &Scene, answers: &[Value]) -> Reading;
}

/// The story as far as it has been told.
pub struct Story {
    scene: Scene,
    /// Those to come, the next one last.
    tellers: Vec<(&'static str, Box<dyn Teller>)>,
    /// What is asked, and the answers of the part so far.
    asked: Option<Example>,
    answers: Vec<Value>,
}

/// What to ask next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'s> {
    /// The dialect that is asked.
    pub dialect: &'static str,
    /// What it does in the story.
    pub part: Part,
    /// Whether the part begins with it.
    pub opens: bool,
    /// The request.
    pub example: &'s Example,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It shows what it should: what, in one line. The story goes on.
    Shown(String),
    /// Something is missing that may still come: what. The same is to be asked again, a while later.
    Missing(String),
    /// What is missing will not come: what. The story is over.
    Failed(String),
}

impl Story {
    /// The story as these dialects tell it, those that have no part in it left out.
    pub fn new(dialects: &[Box<dyn Dialect>], scene: Scene) -> Self {
        let told = dialects.iter().filter_map(|dialect| Some((dialect.id(), dialect.teller()?)));
        Self::told_by(told.collect(), scene)
    }

    fn told_by(mut tellers: Vec<(&'static str, Box<dyn Teller>)>, scene: Scene) -> Self {
        tellers.sort_by_key(|(_, teller)| std::cmp::Reverse(teller.part()));
        let mut story = Self { scene, tellers, asked: None, answers: Vec::new() };
        story.open();
        story
    }

    /// What it is about.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// What to ask next; `None` where it is told to its end.
    pub fn request(&self) -> Option<Asked<'_>> {
        let (dialect, teller) = self.tellers.last()?;
        let example = self.asked.as_ref()?;
        Some(Asked { dialect, part: teller.part(), opens: self.answers.is_empty(), example })
    }

    /// Judges the answer to [`Story::request`]. A text is sent once: whatever sends is never asked again.
    pub fn answer(&mut self, status: u16, body: &[u8]) -> Verdict {
        let Some((_, teller)) = self.tellers.last() else {
            return Verdict::Failed("nothing was asked".to_owned());
        };
        let sends = self.asked.as_ref().is_some_and(|asked| asked.content.is_some());
        let answer = match document(status, body) {
            Ok(answer) => answer,
            Err(what) if sends => return Verdict::Failed(what),
            Err(what) => return Verdict::Missing(what),
        };
        self.answers.push(answer);
        match teller.reads(&self.scene, &self.answers) {
            Reading::Leads(shown, next) => {
                self.asked = Some(*next);
                Verdict::Shown(shown)
            }
            Reading::Shows(shown) => {
                self.tellers.pop();
                self.open();
                Verdict::Shown(shown)
            }
            Reading::Missing(what) => {
                self.answers.pop();
                if sends { Verdict::Failed(what) } else { Verdict::Missing(what) }
            }
        }
    }

    fn open(&mut self) {
        self.answers.clear();
        self.asked = self.tellers.last().map(|(_, teller)| teller.opens(&self.scene));
    }
}

/// Characters of a refusal that are quoted.
const QUOTED: usize = 160;

/// The answer as JSON, or why it is none.
fn document(status: u16, body: &[u8]) -> Result<Value, String> {
    if (200..300).contains(&status) {
        return serde_json::from_slice(body).map_err(|error| format!("the answer is no JSON: {error}"));
    }
    let words: String = String::from_utf8_lossy(body).chars().take(QUOTED).collect();
    Err(format!("the answer is {status}: {words}"))
}

/// A member of a document as text; nothing where it is none.
pub fn text<'v>(of: &'v Value, member: &str) -> &'v str {
    of[member].as_str().unwrap_or_default()
}

/// The items of a list; none where it is no list.
pub fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::Login;

    struct Sending;
    struct Exporting;

    fn example(target: &str) -> Example {
        Example { shows: "", login: Login::Basic, target: target.to_owned(), content: None }
    }

    impl Teller for Sending {
        fn part(&self) -> Part {
            Part::Sends
        }

        fn opens(&self, _: &Scene) -> Example {
            example("/send").posting("text/plain", String::new())
        }

        fn reads(&self, _: &Scene, answers: &[Value]) -> Reading {
            match answers.last().and_then(Value::as_bool) {
                Some(true) => Reading::Shows("sent".to_owned()),
                _ => Reading::missing("it was not sent"),
            }
        }
    }

    impl Teller for Exporting {
        fn part(&self) -> Part {
            Part::Exports
        }

        fn opens(&self, _: &Scene) -> Example {
            example("/1")
        }

        fn reads(&self, _: &Scene, answers: &[Value]) -> Reading {
            match answers {
                [Value::Number(number)] => Reading::leads(format!("page {number}"), example("/2")),
                [_, Value::String(all)] => Reading::Shows(all.clone()),
                _ => Reading::missing("no page"),
            }
        }
    }

    fn story() -> Story {
        let tellers: Vec<(&'static str, Box<dyn Teller>)> =
            vec![("second", Box::new(Exporting)), ("first", Box::new(Sending))];
        Story::told_by(tellers, Scene::new("u", "s", 1, 0))
    }

    fn asked(story: &Story) -> Option<(&'static str, &str, bool)> {
        story.request().map(|asked| (asked.dialect, asked.example.target.as_str(), asked.opens))
    }

    #[test]
    fn parts_come_in_their_order() {
        let mut story = story();
        assert_eq!(asked(&story), Some(("first", "/send", true)));
        assert_eq!(story.answer(200, b"true"), Verdict::Shown("sent".to_owned()));
        assert_eq!(asked(&story), Some(("second", "/1", true)));
        assert_eq!(story.answer(404, b"nowhere"), Verdict::Missing("the answer is 404: nowhere".to_owned()));
        assert!(matches!(story.answer(200, b"<html>"), Verdict::Missing(_)));
        assert_eq!(story.answer(200, b"true"), Verdict::Missing("no page".to_owned()));
        assert_eq!(story.answer(200, b"7"), Verdict::Shown("page 7".to_owned()));
        assert_eq!(asked(&story), Some(("second", "/2", false)));
        // What is missing behind the first request is asked for where it was missed.
        assert_eq!(story.answer(200, b"8"), Verdict::Missing("no page".to_owned()));
        assert_eq!(asked(&story), Some(("second", "/2", false)));
        assert_eq!(story.answer(200, b"\"all\""), Verdict::Shown("all".to_owned()));
        assert_eq!(asked(&story), None);
        assert!(matches!(story.answer(200, b"true"), Verdict::Failed(_)));
    }

    #[test]
    fn nothing_is_sent_twice() {
        assert_eq!(story().answer(200, b"false"), Verdict::Failed("it was not sent".to_owned()));
        assert!(matches!(story().answer(500, b""), Verdict::Failed(_)));
    }

    #[test]
    fn all_parts_are_played_once() {
        let mut parts: Vec<Part> =
            crate::all().iter().filter_map(|dialect| Some(dialect.teller()?.part())).collect();
        parts.sort();
        assert_eq!(parts, Part::ALL);
    }
}
