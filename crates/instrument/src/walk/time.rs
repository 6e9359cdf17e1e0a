//! How long a question takes.

use crate::{Kind, Lang, Question};

/// Words read in a second: 240 a minute, as adults read plain prose to themselves (Brysbaert 2019,
/// "How many words do we read per minute?", Journal of Memory and Language 109).
const WORDS_A_SECOND: f64 = 4.0;

/// Returns about how many seconds a question takes: its words in `lang` (text, help, options and
/// rows) read at 240 a minute, and then answering it. To choose one option or a step of a range
/// takes 3 seconds, a row of a grid 3, a multiple choice and a row of several 6, a number 20, since it must be looked
/// up, a line of text 15, several lines 45, and
/// to find a file 60. These are a rule of thumb for telling long from
/// short, not a measurement.
pub fn seconds(question: &Question, lang: Lang) -> f64 {
    let count = |text: &crate::Text| text.get(lang).split_whitespace().count();
    let options = question.kind.options().iter().map(|option| count(&option.text));
    let rows = question.kind.rows().iter().map(|row| count(&row.text));
    let words = count(&question.text)
        + question.help.as_ref().map_or(0, count)
        + options.sum::<usize>()
        + rows.sum::<usize>();
    words as f64 / WORDS_A_SECOND + answering(&question.kind)
}

fn answering(kind: &Kind) -> f64 {
    match kind {
        Kind::SelectOne { .. } | Kind::Range { .. } | Kind::Repeat { .. } => 3.0,
        Kind::SelectMultiple { .. } => 6.0,
        Kind::Grid { rows, several: false, .. } => 3.0 * rows.len() as f64,
        Kind::Grid { rows, several: true, .. } => 6.0 * rows.len() as f64,
        Kind::Rank { rows, .. } => 4.0 * rows.len() as f64,
        Kind::Distribution { rows, .. } => 12.0 * rows.len() as f64,
        Kind::Integer { .. } | Kind::Decimal { .. } => 20.0,
        Kind::Text { .. } => 15.0,
        Kind::Year { .. } => 10.0,
        Kind::Shaped(_) => 15.0,
        Kind::Consent { .. } => 3.0,
        // It must be found first.
        Kind::File(_) => 60.0,
        Kind::Multiline { .. } => 45.0,
        Kind::Calculate { .. } | Kind::Note => 0.0,
    }
}
