//! Nynorsk.

use instrument::Notation;

use super::{Scene, Texts, Words};

fn part(scene: &Scene<'_>) -> String {
    match scene.only() {
        Some(section) => format!("delen «{section}»"),
        None => format!("{} delar av undersøkinga", scene.sections.len()),
    }
}

fn these(scene: &Scene<'_>) -> &'static str {
    if scene.only().is_some() { "denne delen" } else { "desse delane" }
}

const PERSONAL: &str = "Lenkja er personleg. Den som har henne, kan sjå og endre svara. Ikkje send \
    henne vidare.";

pub(super) const NN: Words = Words {
    lang: "nn",
    receipt_file: "kvittering",
    greeting: |name| format!("Hei {name}!"),
    says: |who| format!("Melding frå {who}:"),
    due: |who, day| format!("{who} ber om at du er ferdig innan {day}."),
    open_until: |day| format!("Undersøkinga er open til og med {day}."),
    date: |date| Notation::NN.day(date),
    hand_over: Texts {
        subject: |s| format!("{} ber deg svare på {} for {}", s.writer, part(s), s.unit),
        lead: |s| {
            let (writer, these) = (s.writer, these(s));
            format!("{writer} ber deg svare på {these} av {} for {}:", s.survey, s.unit)
        },
        press: Some("Opne undersøkinga"),
        notes: &[
            PERSONAL,
            "Svara blir lagra undervegs. Du kan ta pause og halde fram med den same lenkja.",
            "Er ikkje dette fagområdet ditt? Opne lenkja og gi delen tilbake, eller svar på denne \
             e-posten.",
        ],
    },
    reminder: Texts {
        subject: |s| format!("Påminning: {} for {} er ikkje levert", part(s), s.unit),
        lead: |s| {
            let (writer, these) = (s.writer, these(s));
            format!("{writer} minner om at {these} av {} for {} ikkje er levert:", s.survey, s.unit)
        },
        press: Some("Opne undersøkinga"),
        notes: &[PERSONAL],
    },
    returned: Texts {
        subject: |s| format!("{} har gitt tilbake {} for {}", s.writer, part(s), s.unit),
        lead: |s| {
            let (writer, these) = (s.writer, these(s));
            format!("{writer} har gitt tilbake {these} av {} for {}:", s.survey, s.unit)
        },
        press: Some("Opne svaret"),
        notes: &["Du kan svare sjølv, eller be ein annan om det."],
    },
    receipt: Texts {
        subject: |s| format!("Kvittering: {}, {}", s.survey, s.unit),
        lead: |s| {
            format!(
                "Svaret frå {} på {} er signert og sendt inn. Under følgjer ein kopi av alle svara.",
                s.unit, s.survey
            )
        },
        press: None,
        notes: &["Ta vare på denne e-posten, til dømes i arkivet."],
    },
};
