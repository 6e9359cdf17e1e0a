//! The standing texts of the pages of topics.

use instrument::{Lang, RoundId};

/// The standing texts of the pages of topics, in one language.
pub(super) struct TopicWords {
    pub(super) kicker: &'static str,
    pub(super) lead: &'static str,
    pub(super) reports: &'static str,
    pub(super) report: &'static str,
    pub(super) all: &'static str,
    pub(super) answer: &'static str,
    pub(super) change: &'static str,
    pub(super) not_stated: &'static str,
    /// The title of the chart; `{before}` and `{after}` are filled in.
    changed: &'static str,
}

const NB: TopicWords = TopicWords {
    kicker: "Tema",
    lead: "Alle tall om dette temaet som står i rapportene, runde for runde. Hvert tall fører til raden sin \
        i rapporten. Kolonnen til høyre sier hva testen viser fra forrige runde til denne.",
    reports: "Les mer i rapportene",
    report: "Rapporten for",
    all: "Alle temaer",
    answer: "Svar",
    change: "Endring",
    not_stated: "ikke i rapporten",
    changed: "Fra {before} til {after}",
};

const NN: TopicWords = TopicWords {
    kicker: "Tema",
    lead: "Alle tal om dette temaet som står i rapportane, runde for runde. Kvart tal fører til rada si i \
        rapporten. Kolonnen til høgre seier kva testen viser frå førre runde til denne.",
    reports: "Les meir i rapportane",
    report: "Rapporten for",
    all: "Alle tema",
    answer: "Svar",
    change: "Endring",
    not_stated: "ikkje i rapporten",
    changed: "Frå {before} til {after}",
};

const EN: TopicWords = TopicWords {
    kicker: "Topic",
    lead: "Every figure of this topic that the reports state, round by round. Each leads to its row in the \
        report. The column to the right says what the test shows from the round before to this one.",
    reports: "Read more in the reports",
    report: "The report of",
    all: "All topics",
    answer: "Answer",
    change: "Change",
    not_stated: "not in the report",
    changed: "From {before} to {after}",
};

impl TopicWords {
    pub(super) fn of(lang: Lang) -> &'static TopicWords {
        if lang == Lang::EN {
            &EN
        } else if lang == Lang::NN {
            &NN
        } else {
            &NB
        }
    }

    /// Returns the title of a chart of change.
    pub(super) fn changed(&self, before: RoundId, after: RoundId) -> String {
        self.changed.replace("{before}", &before.to_string()).replace("{after}", &after.to_string())
    }
}
