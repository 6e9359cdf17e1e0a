//! Bokmål.

use instrument::Notation;

use super::{Scene, Texts, Words};

fn part(scene: &Scene<'_>) -> String {
    match scene.only() {
        Some(section) => format!("delen «{section}»"),
        None => format!("{} deler av undersøkelsen", scene.sections.len()),
    }
}

fn these(scene: &Scene<'_>) -> &'static str {
    if scene.only().is_some() { "denne delen" } else { "disse delene" }
}

const PERSONAL: &str = "Lenken er personlig. Den som har den, kan se og endre svarene. Ikke send \
    den videre.";

pub(super) const NB: Words = Words {
    lang: "nb",
    receipt_file: "kvittering",
    greeting: |name| format!("Hei {name}!"),
    says: |who| format!("Melding fra {who}:"),
    due: |who, day| format!("{who} ber om at du er ferdig innen {day}."),
    open_until: |day| format!("Undersøkelsen er åpen til og med {day}."),
    date: |date| Notation::NB.day(date),
    hand_over: Texts {
        subject: |s| format!("{} ber deg svare på {} for {}", s.writer, part(s), s.unit),
        lead: |s| {
            let (writer, these) = (s.writer, these(s));
            format!("{writer} ber deg svare på {these} av {} for {}:", s.survey, s.unit)
        },
        press: Some("Åpne undersøkelsen"),
        notes: &[
            PERSONAL,
            "Svarene lagres underveis. Du kan ta pause og fortsette med den samme lenken.",
            "Er dette ikke ditt fagområde? Åpne lenken og gi delen tilbake, eller svar på denne \
             e-posten.",
        ],
    },
    reminder: Texts {
        subject: |s| format!("Påminnelse: {} for {} er ikke levert", part(s), s.unit),
        lead: |s| {
            let (writer, these) = (s.writer, these(s));
            format!("{writer} minner om at {these} av {} for {} ikke er levert:", s.survey, s.unit)
        },
        press: Some("Åpne undersøkelsen"),
        notes: &[PERSONAL],
    },
    returned: Texts {
        subject: |s| format!("{} har gitt tilbake {} for {}", s.writer, part(s), s.unit),
        lead: |s| {
            let (writer, these) = (s.writer, these(s));
            format!("{writer} har gitt tilbake {these} av {} for {}:", s.survey, s.unit)
        },
        press: Some("Åpne svaret"),
        notes: &["Du kan svare selv, eller be en annen om det."],
    },
    receipt: Texts {
        subject: |s| format!("Kvittering: {}, {}", s.survey, s.unit),
        lead: |s| {
            format!(
                "Svaret fra {} på {} er signert og sendt inn. Under følger en kopi av alle svarene.",
                s.unit, s.survey
            )
        },
        press: None,
        notes: &["Ta vare på denne e-posten, for eksempel i arkivet."],
    },
};
