//! Typst's markup: how texts and content are written so that none of them is taken for code.

/// Returns a text as an expression of markup. Line breaks and runs of spaces become one space; hard
/// spaces stay.
pub(crate) fn text(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("#({})", string(&single_spaced(text))) }
}

/// Returns a text as a string of Typst's code.
pub(crate) fn string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn single_spaced(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for letter in text.chars() {
        let space = matches!(letter, ' ' | '\n' | '\t' | '\r');
        if !space {
            single.push(letter);
        } else if !single.ends_with(' ') {
            single.push(' ');
        }
    }
    single
}

/// The words that the printer itself adds, by language.
#[derive(Debug)]
pub(crate) struct PrintWords {
    pub(crate) page: &'static str,
    pub(crate) of: &'static str,
    pub(crate) figure: &'static str,
    pub(crate) table: &'static str,
    pub(crate) one: &'static str,
    pub(crate) several: &'static str,
    pub(crate) asked_when: &'static str,
    pub(crate) answered_by: &'static str,
    pub(crate) scale: &'static str,
    pub(crate) calculated: &'static str,
    /// What stands before the types of file that can be handed over.
    pub(crate) hand_over: &'static str,
    /// What stands before the name of the rows of a list.
    pub(crate) for_each: &'static str,
    pub(crate) offered_when: &'static str,
    pub(crate) form: &'static str,
}

/// Returns the words of a language; bokmål where the printer does not have it.
pub(crate) fn words(lang: &str) -> &'static PrintWords {
    match lang {
        "en" => &EN,
        "nn" => &NN,
        _ => &NB,
    }
}

const NB: PrintWords = PrintWords {
    page: "Side",
    of: "av",
    figure: "Figur",
    table: "Tabell",
    one: "Sett ett kryss",
    several: "Sett ett eller flere kryss",
    asked_when: "Besvares når",
    answered_by: "Besvares av",
    scale: "Sett ett kryss på hver linje",
    calculated: "Regnes ut av svarene",
    hand_over: "Leveres som fil:",
    for_each: "Svar på spørsmålene under for hver rad:",
    offered_when: "gjelder når",
    form: "Spørreskjema",
};

const NN: PrintWords = PrintWords {
    page: "Side",
    of: "av",
    figure: "Figur",
    table: "Tabell",
    one: "Set eitt kryss",
    several: "Set eitt eller fleire kryss",
    asked_when: "Skal svarast på når",
    answered_by: "Skal svarast på av",
    scale: "Set eitt kryss på kvar linje",
    calculated: "Blir rekna ut av svara",
    hand_over: "Blir levert som fil:",
    for_each: "Svar på spørsmåla under for kvar rad:",
    offered_when: "gjeld når",
    form: "Spørjeskjema",
};

const EN: PrintWords = PrintWords {
    page: "Page",
    of: "of",
    figure: "Figure",
    table: "Table",
    one: "Tick one box",
    several: "Tick one or more boxes",
    asked_when: "To be answered when",
    answered_by: "To be answered by",
    scale: "Tick one box in each row",
    calculated: "Calculated from the answers",
    hand_over: "To be handed over as a file:",
    for_each: "Answer the questions below for each row:",
    offered_when: "is offered when",
    form: "Questionnaire",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_code() {
        assert_eq!(
            text("a #b \"c\" \\ $x$\n  d\u{a0}e"),
            "#(\"a #b \\\"c\\\" \\\\ $x$ d\u{a0}e\")"
        );
        assert_eq!(text(""), "");
    }
}
