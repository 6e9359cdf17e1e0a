//! The words around what readers of the published pages say, once for each language.

/// What readers are asked, and what staff see of it.
pub(crate) struct Readers {
    pub(crate) question: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) promise: &'static str,
    pub(crate) thanks: &'static str,
    pub(crate) used: &'static str,
    pub(crate) back: &'static str,
    /// The heading for staff, and those of the table.
    pub(crate) heading: &'static str,
    pub(crate) head: [&'static str; 4],
    pub(crate) nobody: &'static str,
}

pub(super) const NB: Readers = Readers {
    question: "Fant du det du lette etter?",
    yes: "Ja",
    no: "Nei",
    promise: "Vi teller svarene for hver side og dag. Vi lagrer ingenting om hvem du er.",
    thanks: "Takk for svaret",
    used: "Det hjelper oss å gjøre rapportene bedre.",
    back: "Tilbake til siden",
    heading: "Fant leserne det de lette etter?",
    head: ["Side", "Ja", "Nei", "Andel ja"],
    nobody: "Ingen lesere har svart ennå. De blir spurt nederst på hver publisert side.",
};

pub(super) const NN: Readers = Readers {
    question: "Fann du det du leita etter?",
    yes: "Ja",
    no: "Nei",
    promise: "Vi tel svara for kvar side og dag. Vi lagrar ingenting om kven du er.",
    thanks: "Takk for svaret",
    used: "Det hjelper oss å gjere rapportane betre.",
    back: "Tilbake til sida",
    heading: "Fann lesarane det dei leita etter?",
    head: ["Side", "Ja", "Nei", "Del ja"],
    nobody: "Ingen lesarar har svart enno. Dei blir spurde nedst på kvar publisert side.",
};

pub(super) const EN: Readers = Readers {
    question: "Did you find what you came for?",
    yes: "Yes",
    no: "No",
    promise: "We count the answers to each page by day. We keep nothing about who you are.",
    thanks: "Thank you for your answer",
    used: "It helps us make the reports better.",
    back: "Back to the page",
    heading: "Did readers find what they came for?",
    head: ["Page", "Yes", "No", "Share of yes"],
    nobody: "No reader has answered yet. They are asked at the foot of every published page.",
};
