//! The file of a profile, before it is laid over its base.

use std::time::Duration;

use serde::Deserialize;

use super::builtin::MAGIC;
use super::link::LinkOverlay;
use super::rule::everything;
use super::{Credential, LinkProfile, MAX_QUEUE, Profile, ProfileError, ReplyRule, Rule};
use crate::simulator::behaviour::{Behaviour, Overlay};
use crate::simulator::message_id::IdForm;
use crate::simulator::mo::ScriptEntry;
use crate::simulator::pattern::Pattern;

/// A profile as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) base: Option<String>,
    rate: Option<u32>,
    pending: Option<usize>,
    remember: Option<usize>,
    answered_ids: Option<IdForm>,
    magic_numbers: Option<bool>,
    #[serde(default)]
    behaviour: Overlay,
    #[serde(default)]
    rules: Vec<FileRule>,
    #[serde(default)]
    replies: Vec<ReplyRule>,
    #[serde(default)]
    script: Vec<ScriptEntry>,
    #[serde(default)]
    binds: Vec<Credential>,
    #[serde(default)]
    link: LinkOverlay,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRule {
    #[serde(default = "everything")]
    recipient: Pattern,
    #[serde(default = "everything")]
    sender: Pattern,
    behaviour: Overlay,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptFile {
    #[serde(default)]
    script: Vec<ScriptEntry>,
}

pub(super) fn read_script(text: &str) -> Result<Vec<ScriptEntry>, ProfileError> {
    let file: ScriptFile = toml::from_str(text).map_err(Box::new)?;
    check_script(&file.script)?;
    Ok(file.script)
}

impl File {
    pub(super) fn read(text: &str) -> Result<Self, ProfileError> {
        Ok(toml::from_str(text).map_err(Box::new)?)
    }

    /// The profile that this file makes of its base. Rules are laid over the behaviour that results, whichever
    /// of the two files has them.
    pub(super) fn over(self, base: Option<Self>) -> Result<Profile, ProfileError> {
        let fallback = Profile::default();
        let mut files = vec![self];
        files.extend(base);
        let behaviour =
            files.iter().rev().fold(Behaviour::default(), |behaviour, file| file.behaviour.over(&behaviour));
        let link = files.iter().rev().fold(LinkProfile::default(), |link, file| file.link.over(&link));
        let first = |pick: &dyn Fn(&Self) -> Option<usize>| files.iter().find_map(pick);
        let mut profile = Profile {
            rate: files.iter().find_map(|file| file.rate).unwrap_or(fallback.rate),
            pending: first(&|file| file.pending).unwrap_or(fallback.pending),
            remember: first(&|file| file.remember).unwrap_or(fallback.remember),
            answered_ids: files.iter().find_map(|file| file.answered_ids).unwrap_or(fallback.answered_ids),
            link,
            behaviour,
            ..fallback
        };
        let magic = files.iter().find_map(|file| file.magic_numbers).unwrap_or(true);
        for file in files {
            let behaviour = profile.behaviour.clone();
            profile.add(file, &behaviour);
        }
        if magic {
            let behaviour = flawless(&profile.behaviour);
            // Their answers go before the others, which often fit everybody.
            let others = std::mem::take(&mut profile.replies);
            profile.add(Self::read(MAGIC)?, &behaviour);
            profile.replies.extend(others);
        }
        check(&profile)?;
        Ok(profile)
    }
}

impl Profile {
    /// Appends the lists of a file, its rules laid over `behaviour`.
    fn add(&mut self, file: File, behaviour: &Behaviour) {
        self.rules.extend(file.rules.into_iter().map(|rule| Rule {
            recipient: rule.recipient,
            sender: rule.sender,
            behaviour: rule.behaviour.over(behaviour),
        }));
        self.replies.extend(file.replies);
        self.script.extend(file.script);
        self.binds.extend(file.binds);
    }
}

/// What the magic numbers change: a carrier without faults, as slow as the profile's. So each of them does
/// what it is for in every profile, and nothing else.
fn flawless(behaviour: &Behaviour) -> Behaviour {
    Behaviour {
        answer_after: behaviour.answer_after,
        final_after: behaviour.final_after,
        intermediate_after: behaviour.intermediate_after,
        again_after: behaviour.again_after,
        ..Behaviour::default()
    }
}

fn check(profile: &Profile) -> Result<(), ProfileError> {
    let range = |key, value: usize, least: usize, most: usize| {
        if (least..=most).contains(&value) {
            return Ok(());
        }
        let wide = |number| u64::try_from(number).unwrap_or(u64::MAX);
        Err(ProfileError::Range { key, value: wide(value), least: wide(least), most: wide(most) })
    };
    range("pending", profile.pending, 1, MAX_QUEUE)?;
    range("remember", profile.remember, 1, MAX_QUEUE)?;
    range("link.connections", profile.link.connections, 1, 100_000)?;
    range("link.window", profile.link.window, 1, 100_000)?;
    range("link.deliver_window", profile.link.deliver_window, 1, 100_000)?;
    if profile.replies.iter().any(|reply| reply.answers.is_empty()) {
        return Err(ProfileError::Answers);
    }
    check_script(&profile.script)
}

fn check_script(script: &[ScriptEntry]) -> Result<(), ProfileError> {
    let restless =
        |entry: &ScriptEntry| entry.every.is_some_and(|every| every.shortest() < Duration::from_millis(1));
    if script.iter().any(restless) { Err(ProfileError::Every) } else { Ok(()) }
}
