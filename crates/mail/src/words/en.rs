//! English.

use instrument::Notation;

use super::{Scene, Texts, Words};

fn part(scene: &Scene<'_>) -> String {
    match scene.only() {
        Some(section) => format!("the section “{section}”"),
        None => format!("{} sections of the survey", scene.sections.len()),
    }
}

fn these(scene: &Scene<'_>) -> &'static str {
    if scene.only().is_some() { "this section" } else { "these sections" }
}

const PERSONAL: &str = "The link is personal. Anyone who has it can read and change the answers. \
    Please do not forward it.";

pub(super) const EN: Words = Words {
    lang: "en",
    receipt_file: "receipt",
    greeting: |name| format!("Dear {name},"),
    says: |who| format!("Message from {who}:"),
    due: |who, day| format!("{who} asks you to finish by {day}."),
    open_until: |day| format!("The survey is open until the end of {day}."),
    date: |date| Notation::EN.day(date),
    hand_over: Texts {
        subject: |s| format!("{} asks you to answer {} for {}", s.writer, part(s), s.unit),
        lead: |s| {
            let (writer, these) = (s.writer, these(s));
            format!("{writer} asks you to answer {these} of {} for {}:", s.survey, s.unit)
        },
        press: Some("Open the survey"),
        notes: &[
            PERSONAL,
            "Your answers are saved as you go. You can take a break and come back with the same \
             link.",
            "Is this not your field? Open the link and return the section, or reply to this \
             e-mail.",
        ],
    },
    reminder: Texts {
        subject: |s| format!("Reminder: {} for {} is not finished", part(s), s.unit),
        lead: |s| {
            let verb = if s.only().is_some() { "has" } else { "have" };
            let (writer, these) = (s.writer, these(s));
            format!(
                "This is a reminder from {writer}: {these} of {} for {} {verb} not been handed in:",
                s.survey, s.unit
            )
        },
        press: Some("Open the survey"),
        notes: &[PERSONAL],
    },
    returned: Texts {
        subject: |s| format!("{} has returned {} for {}", s.writer, part(s), s.unit),
        lead: |s| {
            let (writer, these) = (s.writer, these(s));
            format!("{writer} has returned {these} of {} for {}:", s.survey, s.unit)
        },
        press: Some("Open the response"),
        notes: &["You can answer it yourself, or ask somebody else."],
    },
    receipt: Texts {
        subject: |s| format!("Receipt: {}, {}", s.survey, s.unit),
        lead: |s| {
            format!(
                "The response from {} to {} has been signed and submitted. A copy of every answer \
                 follows below.",
                s.unit, s.survey
            )
        },
        press: None,
        notes: &["Please keep this e-mail for your records."],
    },
};
