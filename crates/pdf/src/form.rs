//! The questionnaire as a form to print: boxes to tick and lines to write on.

use instrument::expression::in_words;
use instrument::{Instrument, Kind, Lang, Question, Row, Section, Survey};
use jiff::civil::Date;

use crate::Source;
use crate::markup::{PrintWords, text, words};
use crate::page::Head;

/// Typesets a questionnaire in a language. The conditions that decide what is asked stand in words.
pub fn form_source(instrument: &Instrument, survey: &Survey, lang: Lang, date: Date) -> Source {
    let words = words(lang.as_str());
    let title = format!("{} {}", survey.title.get(lang), instrument.round);
    let head = Head {
        lang: lang.as_str(),
        title: &title,
        subtitle: words.form,
        owner: survey.owner.get(lang),
        notice: "",
        date,
        chapters: true,
    };
    let mut markup = head.markup(words);
    for section in &instrument.sections {
        markup.push_str(&written_section(instrument, survey, section, lang));
    }
    Source { text: markup, drawings: vec![], date }
}

fn written_section(
    instrument: &Instrument,
    survey: &Survey,
    section: &Section,
    lang: Lang,
) -> String {
    let words = words(lang.as_str());
    let role = survey.role_title(&section.role, lang);
    let mut markup = format!(
        "\n#heading(level: 1)[{}]\n#sources[{}]\n",
        text(&section.title.plain(lang)),
        text(&format!("{} {role}", words.answered_by))
    );
    if let Some(intro) = &section.intro {
        markup.push_str(&paragraph(&intro.plain(lang)));
    }
    if let Some(condition) = &section.show_if {
        markup.push_str(&asked_when(&in_words(&condition.source, instrument, lang), words));
    }
    for page in &section.pages {
        if let Some(title) = &page.title {
            markup.push_str(&format!("\n#heading(level: 2)[{}]\n", text(&title.plain(lang))));
        }
        let questions = instrument.questions[page.questions.clone()].iter();
        for question in questions.filter(|question| question.is_first_of_rows()) {
            markup.push_str(&written_question(instrument, question, lang));
        }
    }
    markup
}

fn written_question(instrument: &Instrument, question: &Question, lang: Lang) -> String {
    let words = words(lang.as_str());
    let asked = text(&question.text.plain(lang));
    let mut inner = match question.kind {
        Kind::Note => format!("#par[{asked}]\n"),
        _ => format!("#par(strong[{asked}])\n"),
    };
    for beside in [&question.help, &question.instruction].into_iter().flatten() {
        let said = text(&beside.plain(lang));
        inner.push_str(&format!("#par(text(size: 8.5pt, fill: quiet)[{said}])\n"));
    }
    if let Some(condition) = &question.show_if {
        inner.push_str(&asked_when(&in_words(&condition.source, instrument, lang), words));
    }
    for (said, condition) in offered(question, lang) {
        inner.push_str(&offered_when(&said, &in_words(condition, instrument, lang), words));
    }
    inner.push_str(&answer(&question.kind, lang, words));
    for (_, said) in &question.missing {
        inner.push_str(&format!("#par[{BOX} {}]\n", text(&said.plain(lang))));
    }
    let breakable = matches!(question.kind, Kind::Grid { .. });
    format!("\n#block(breakable: {breakable}, above: 1.6em)[{inner}]\n")
}

/// Returns the options and rows that are offered to some only, each with its condition.
fn offered(question: &Question, lang: Lang) -> Vec<(String, &str)> {
    let (listing, kind) = (&question.listing, &question.kind);
    let options = kind.options().iter().map(|option| &option.text).zip(&listing.options);
    let rows = kind.rows().iter().map(|row| &row.text).zip(&listing.rows);
    let conditional = options.chain(rows).filter_map(|(text, condition)| {
        condition.as_ref().map(|condition| (text.plain(lang), condition.source.as_str()))
    });
    conditional.collect()
}

fn answer(kind: &Kind, lang: Lang, words: &PrintWords) -> String {
    match kind {
        Kind::SelectOne { listed: true, .. } => format!("#par[{}]\n", line("8cm")),
        Kind::SelectOne { listed: false, .. } => boxes(kind, words.one, lang),
        Kind::Consent { .. } => boxes(kind, "", lang),
        Kind::SelectMultiple { .. } => boxes(kind, words.several, lang),
        Kind::Grid { .. } => grid(kind, lang, words),
        Kind::Range { min, max, low, high } => {
            let numbers: Vec<String> = (*min..=*max).map(|n| format!("{BOX} {n}")).collect();
            format!(
                "#par[{} #h(0.8em) {} #h(0.8em) {}]\n",
                text(&low.plain(lang)),
                numbers.join(" #h(0.6em) "),
                text(&high.plain(lang))
            )
        }
        Kind::Integer { unit, .. } | Kind::Decimal { unit, .. } => {
            let unit = unit.as_ref().map(|unit| text(&unit.plain(lang))).unwrap_or_default();
            format!("#par[{} {unit}]\n", line("4cm"))
        }
        Kind::Rank { rows, .. } | Kind::Distribution { rows, .. } => {
            let unit = kind.unit().map(|unit| text(&unit.plain(lang))).unwrap_or_default();
            let row = |row: &Row| {
                format!("#par[{} {unit} #h(0.6em) {}]\n", line("2cm"), text(&row.text.plain(lang)))
            };
            rows.iter().map(row).collect()
        }
        Kind::Year { .. } => format!("#par[{}]\n", line("2.5cm")),
        Kind::File(rule) => {
            let types: Vec<&str> = rule.types.iter().map(|kind| kind.title()).collect();
            let most = rule.most / instrument::MEGABYTE;
            let said = format!("{} {} ({most} MB)", words.hand_over, types.join(", "));
            format!("#par(text(size: 8.5pt, fill: quiet)[{}])\n", text(&said))
        }
        Kind::Shaped(_) => format!("#par[{}]\n", line("8cm")),
        Kind::Text { .. } => format!("#par[{}]\n", line("100%")),
        Kind::Multiline { .. } => format!("#par[{}]\n", line("100%")).repeat(4),
        // On paper the questions of a row stand once, to be answered on as many sheets as there are rows.
        Kind::Repeat { each, .. } => {
            let said = format!("{} {}", words.for_each, each.plain(lang));
            format!("#par(text(size: 8.5pt, fill: quiet)[{}])\n", text(&said))
        }
        // On paper nothing is calculated; the reader sees that it will be.
        Kind::Calculate { .. } => {
            format!("#par(text(size: 8.5pt, fill: quiet)[{}])\n", text(words.calculated))
        }
        Kind::Note => String::new(),
    }
}

/// A box to tick. It is drawn, so that no font must have it; the mark itself says nothing to a screen
/// reader, which meets the text of the option.
const BOX: &str = "#box(width: 9pt, height: 9pt, baseline: 1pt, stroke: 0.8pt + ink)";

fn line(width: &str) -> String {
    format!("#box(width: {width}, height: 14pt, stroke: (bottom: 0.6pt + ink))")
}

fn boxes(kind: &Kind, instruction: &str, lang: Lang) -> String {
    let mut markup = match instruction {
        "" => String::new(),
        _ => format!("#par(text(size: 8.5pt, fill: quiet)[{}])\n", text(instruction)),
    };
    for option in kind.options() {
        let specify = option
            .specify
            .as_ref()
            .map(|label| format!(" {} {}", text(&format!("{}:", label.plain(lang))), line("6cm")));
        markup.push_str(&format!(
            "#par(hanging-indent: 1.4em)[{BOX} #h(0.3em) {}{}]\n",
            text(&option.text.plain(lang)),
            specify.unwrap_or_default()
        ));
    }
    markup
}

fn grid(kind: &Kind, lang: Lang, words: &PrintWords) -> String {
    let options = kind.options();
    let heads: Vec<String> =
        options.iter().map(|option| format!("[{}]", text(&option.text.plain(lang)))).collect();
    let rows: Vec<String> = kind
        .rows()
        .iter()
        .map(|row| {
            let ticks = options.iter().map(|_| format!("[{BOX}]")).collect::<Vec<_>>();
            format!("[{}], {}", text(&row.text.plain(lang)), ticks.join(", "))
        })
        .collect();
    format!(
        "#par(text(size: 8.5pt, fill: quiet)[{}])\n#text(size: 8pt, table(columns: (2fr, {}), align: \
         (left, {}), stroke: lines-under(1), table.header([], {}), {}))\n",
        text(if matches!(kind, Kind::Grid { several: true, .. }) {
            words.several
        } else {
            words.scale
        }),
        vec!["1fr"; options.len()].join(", "),
        vec!["center"; options.len()].join(", "),
        heads.join(", "),
        rows.join(", ")
    )
}

fn paragraph(words: &str) -> String {
    format!("#par[{}]\n", text(words))
}

fn offered_when(said: &str, condition: &str, words: &PrintWords) -> String {
    format!(
        "#par(text(size: 8.5pt, fill: quiet)[«{}» {} {}])\n",
        text(said),
        text(words.offered_when),
        text(condition)
    )
}

fn asked_when(condition: &str, words: &PrintWords) -> String {
    format!(
        "#par(text(size: 8.5pt, fill: quiet)[{} {}])\n",
        text(words.asked_when),
        text(condition)
    )
}
