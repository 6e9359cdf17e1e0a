//! What has happened in a case, as a person would tell it.

use instrument::{Instrument, Lang};
use store::AuditLine;

use crate::answer::Names;
use crate::ui::Ui;

/// A line of a history, in words.
pub(super) struct HistoryLine {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) what: String,
}

/// Returns a line of the history in words.
pub(super) fn line(
    instrument: &Instrument,
    line: &AuditLine,
    names: &Names,
    (lang, ui): (Lang, &Ui),
) -> HistoryLine {
    let action = action(&line.action, ui);
    let detail = match line.action.as_str() {
        // Who was erased is told by nobody any more; a few letters tell two of them apart.
        "erased" => (ui.staff.informant)(&line.detail.chars().take(5).collect::<String>()),
        _ => detail(instrument, &line.detail, lang, ui),
    };
    let about = line.about.as_ref().map(|contact| names.contact(contact));
    let said: Vec<String> = [detail, about.unwrap_or_default()].into();
    let said = said.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
    let what = if said.is_empty() { action } else { format!("{action}: {said}") };
    HistoryLine { when: ui.time(line.at), who: names.of(&line.by), what }
}

/// Returns the words for what was done; the store's own where a newer version has written it.
fn action(action: &str, ui: &Ui) -> String {
    let words = &ui.staff;
    match action {
        "answered" => words.action_answered,
        "handed_in" => words.action_handed_in,
        "opened_section" => words.action_opened,
        "assigned" => words.action_assigned,
        "link_issued" => words.action_link,
        "link_revoked" => words.action_revoked,
        "signed" => words.action_signed,
        "reopened" => words.action_reopened,
        "taken_back" => ui.hands.action_taken_back,
        "returned" => ui.hands.action_returned,
        "erased" => ui.hands.action_erased,
        "link_opened" => ui.hands.action_opened_link,
        "renamed" => ui.hands.action_renamed,
        "letter_asked" => ui.hands.action_letter_asked,
        "letter_sent" => ui.hands.action_letter_sent,
        "letter_dropped" => ui.hands.action_letter_dropped,
        "letter_refused" => ui.hands.action_letter_refused,
        "letter_given_up" => ui.hands.action_letter_given_up,
        other => other,
    }
    .to_owned()
}

/// Returns what it was done to: the words for a kind of link, or a section by its title.
fn detail(instrument: &Instrument, detail: &str, lang: Lang, ui: &Ui) -> String {
    let words = &ui.hands;
    let kind = match detail {
        "coordinator" => Some(ui.staff.for_coordinator),
        "delegate" => Some(ui.staff.for_delegate),
        "hand_over" => Some(words.letter_hand_over),
        "reminder" => Some(words.letter_reminder),
        "returned" => Some(words.letter_returned),
        "receipt" => Some(words.letter_receipt),
        _ => None,
    };
    if let Some(kind) = kind {
        return kind.to_owned();
    }
    let (section, rest) = match detail.split_once(": ") {
        Some((section, rest)) => (section, Some(rest)),
        None => (detail, None),
    };
    let title = instrument.section(section).map(|index| &instrument.sections[index].title);
    let section = title.map_or(section, |title| title.get(lang));
    match rest {
        Some(rest) if !rest.is_empty() => format!("{section}: {}", asked(instrument, rest, lang)),
        Some(_) | None => section.to_owned(),
    }
}

/// Returns the questions that the variables of a list belong to, each once; what the questionnaire does
/// not know any more by its name.
fn asked(instrument: &Instrument, variables: &str, lang: Lang) -> String {
    let mut questions: Vec<String> = vec![];
    for name in variables.split(", ") {
        let question = instrument.variable(name).map(|index| {
            let question = instrument.question_of(&instrument.variables[index]);
            question.text.plain(lang)
        });
        let question = question.unwrap_or_else(|| name.to_owned());
        if !questions.contains(&question) {
            questions.push(question);
        }
    }
    questions.join(" · ")
}
