//! What texts pipe: answers, attributes and the last round's answers, in the words of a language.

use instrument::expression::Case;
use instrument::lineage::last_answers;
use instrument::path::path;
use instrument::{Instrument, Lang, Survey, read};

use crate::expressions::QUESTIONNAIRE;
use crate::sample::{UNIT, alesund, answers, plain_survey, right};

const FILE: &str = "rounds/2025/questionnaire.yaml";

/// Returns what a note reads as at the end of a questionnaire in one language.
fn filled(note: &str, lang: Lang, written: &str) -> String {
    let survey = Survey { languages: vec![lang], ..plain_survey() };
    let text = format!("{QUESTIONNAIRE}          - {{ id: merk, kind: note, text: '{note}' }}\n");
    let instrument = right(read::questionnaire(FILE, &text, &survey, UNIT, None));
    let (unit, mut answers) = (alesund(), answers(&instrument, written));
    let path = path(&instrument, &unit, &mut answers);
    let note = instrument.question("merk").unwrap();
    let case = Case::new(&unit, &answers, &path.questions);
    instrument.fill(&note.text, lang, &case).plain()
}

#[test]
fn values_are_written_in_the_language_of_the_text() {
    let written = "tolk=ja; språk=arabisk dari annet; bosatte=12345; navn=*Å* <b>{{ x }}";
    for (pipe, lang, expected) in [
        ("bosatte", Lang::NB, "12\u{a0}345"),
        ("bosatte / 2", Lang::EN, "6,172.5"),
        ("tolk", Lang::NB, "Ja"),
        ("språk", Lang::NN, "Arabisk, Dari og Annet"),
        ("språk", Lang::EN, "Arabisk, Dari and Annet"),
        ("navn", Lang::NB, "*Å* <b>{{ x }}"),
        ("unit.population", Lang::NB, "59\u{a0}198"),
        (r#"date("2025-01-31") + 1"#, Lang::NN, "1. februar 2025"),
        (r#"bosatte > 5 ? "mange" : "få""#, Lang::NB, "mange"),
        (r#"plural(bosatte, one: "person", other: "personer")"#, Lang::NB, "personer"),
        (r#"plural(bosatte, one: "a", two: "b", other: "c")"#, "sma".parse().unwrap(), "c"),
        ("arsverk", Lang::NB, "…"),
    ] {
        let found = filled(&format!("({{{{ {pipe} }}}})"), lang, written);
        assert_eq!(found, format!("({expected})"), "{pipe} in {lang}");
    }
}

#[test]
fn a_missing_translation_tells_its_language() {
    let text = instrument::Text::new(vec![(Lang::NB, "{{ x }} og *y*".into())]);
    let survey = plain_survey();
    let instrument = right(read::questionnaire(FILE, QUESTIONNAIRE, &survey, UNIT, None));
    let (unit, none) = (alesund(), answers(&instrument, ""));
    let filled = instrument.fill(&text, Lang::EN, &Case::new(&unit, &none, &[]));
    assert_eq!((filled.lang, filled.plain()), (Lang::NB, "… og y".to_owned()));
    assert_eq!(text.plain(Lang::EN), "… og y");
}

#[test]
fn the_last_round_is_looked_at_through_the_lineage() {
    let round = |year: u16, questions: &str, before: Option<&Instrument>| {
        let text = format!(
            "round: {year}\nsections:\n- id: del\n  role: informant\n  title: Del\n  pages:\n  - questions:\n{questions}"
        );
        let file = format!("rounds/{year}/questionnaire.yaml");
        right(read::questionnaire(&file, &text, &plain_survey(), UNIT, before))
    };
    let before = round(
        2023,
        "    - { id: åpen, kind: select_one, text: Åpen?, options: { ja: Ja, nei: Nei } }\n\
         \x20   - { id: mottatt, kind: integer, text: Tall?, show_if: 'åpen == \"ja\"' }\n",
        None,
    );
    let now = round(
        2025,
        "    - { id: bosatte, kind: integer, text: Tall?, trend: { since: 2023, comparable: yes, was: mottatt },\n\
         \x20       checks: [{ when: bosatte > 20 * last.bosatte, level: warning, message: 'I 2023 var det {{ last.bosatte }} {{ plural(last.bosatte, one: \"person\", other: \"personer\") }}.' }] }\n\
         \x20   - { id: mer, kind: integer, text: 'Mer enn de {{ answered(last.bosatte) ? \"kjente\" : \"ukjente\" }}?' }\n",
        Some(&before),
    );
    let seen = |last: &str, now_written: &str| {
        let then = last_answers(&before, &alesund(), &answers(&before, last));
        let unit = alesund().with_last(then);
        let mut answers = answers(&now, now_written);
        let path = path(&now, &unit, &mut answers);
        let case = Case::new(&unit, &answers, &path.questions);
        let check = &now.questions[0].checks[0];
        let message = now.fill(&check.message, Lang::NB, &case).plain();
        let more = now.fill(&now.questions[1].text, Lang::NB, &case).plain();
        (check.when.checked.evaluate(&case), more, message)
    };
    let said = |words: &str| format!("I 2023 var det {words}.");
    let more = |words: &str| format!("Mer enn de {words}?");
    assert_eq!(
        seen("åpen=ja; mottatt=4", "bosatte=81"),
        (Some(true), more("kjente"), said("4 personer"))
    );
    assert_eq!(
        seen("åpen=ja; mottatt=1", "bosatte=20"),
        (Some(false), more("kjente"), said("1 person"))
    );
    // What was off the path then is not an answer now, and what is unknown is left open.
    assert_eq!(seen("åpen=nei; mottatt=4", "bosatte=81"), (None, more("ukjente"), said("… …")));
}
