//! Which sender a submission goes out with.

use sms::sender::Sender;

use super::policy::UnregisteredSender;
use super::refusal::SubmitRefusal;
use crate::rules::Rules;

/// The sender of all messages of a submission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SenderPlan {
    /// As given.
    pub(crate) given: Option<String>,
    /// As used on the air, where that differs; empty where the carrier's own is.
    pub(crate) used: Option<String>,
    /// Whether the messages are refused for it.
    pub(crate) denied: bool,
}

/// Decides on the sender.
pub(crate) fn sender(
    given: Option<&str>,
    unregistered: UnregisteredSender,
    rules: &Rules,
) -> Result<SenderPlan, SubmitRefusal> {
    let Some(given) = given.map(str::trim).filter(|sender| !sender.is_empty()) else {
        let used = rules.settings.default_sender.clone();
        return Ok(SenderPlan { used, ..SenderPlan::default() });
    };
    let fall_back = || {
        let used = rules.settings.default_sender.clone().or_else(|| rules.senders.first().cloned());
        SenderPlan { given: Some(given.to_owned()), used: Some(used.unwrap_or_default()), denied: false }
    };
    let sender = match (Sender::parse(given), unregistered) {
        (Ok(sender), _) => sender,
        (Err(_), UnregisteredSender::FallBack) => return Ok(fall_back()),
        (Err(error), UnregisteredSender::Deny | UnregisteredSender::Accept) => {
            return Err(SubmitRefusal::Sender(error));
        }
    };
    let settings = &rules.settings;
    let allowed = !settings.registers_senders
        || rules.sender_set.contains(sender.as_str())
        || settings.default_sender.as_deref() == Some(sender.as_str());
    let plan = SenderPlan {
        used: Some(sender.as_str().to_owned()).filter(|used| used != given),
        given: Some(given.to_owned()),
        denied: false,
    };
    Ok(match unregistered {
        _ if allowed => plan,
        UnregisteredSender::Accept => plan,
        UnregisteredSender::Deny => SenderPlan { denied: true, ..plan },
        UnregisteredSender::FallBack => fall_back(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::compose::tests::rules;
    use super::*;
    use UnregisteredSender::{Accept, Deny, FallBack};

    fn shown(given: Option<&str>, unregistered: UnregisteredSender, rules: &Rules) -> (Option<String>, bool) {
        let plan = sender(given, unregistered, rules).expect("a sender");
        (plan.used.or(plan.given), plan.denied)
    }

    #[test]
    fn any_sender_unless_they_are_registered() {
        let mut rules = rules();
        assert_eq!(shown(None, Deny, &rules), (None, false));
        assert_eq!(shown(Some("Acme"), Deny, &rules), (Some("Acme".to_owned()), false));
        assert_eq!(shown(Some("+46 70-174 06 05"), Deny, &rules), (Some("46701740605".to_owned()), false));
        rules.settings.registers_senders = true;
        assert_eq!(shown(Some("Acme"), Deny, &rules), (Some("Acme".to_owned()), true));
        assert_eq!(shown(Some("Acme"), Accept, &rules), (Some("Acme".to_owned()), false));
        // With none to fall back to, the carrier's own is used.
        assert_eq!(shown(Some("Acme"), FallBack, &rules), (Some(String::new()), false));
        rules.senders = vec!["First".to_owned()];
        rules.sender_set = rules.senders.iter().cloned().collect();
        assert_eq!(shown(Some("Acme"), FallBack, &rules), (Some("First".to_owned()), false));
        assert_eq!(shown(Some("First"), Deny, &rules), (Some("First".to_owned()), false));
        rules.settings.default_sender = Some("House".to_owned());
        assert_eq!(shown(Some("Acme"), FallBack, &rules), (Some("House".to_owned()), false));
        assert_eq!(shown(Some("House"), Deny, &rules), (Some("House".to_owned()), false));
        assert_eq!(shown(Some(" "), Deny, &rules), (Some("House".to_owned()), false));
    }

    #[test]
    fn what_can_be_no_sender() {
        let rules = rules();
        assert!(matches!(sender(Some("Twelve chars"), Deny, &rules), Err(SubmitRefusal::Sender(_))));
        assert!(matches!(sender(Some("Twelve chars"), Accept, &rules), Err(SubmitRefusal::Sender(_))));
        assert_eq!(shown(Some("Twelve chars"), FallBack, &rules), (Some(String::new()), false));
    }
}
