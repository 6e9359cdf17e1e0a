//! What must hold of any bytes that come from outside. The fuzz targets of `fuzz/` call the same
//! functions as the property tests, so that what one finds the other keeps.

use instrument::expression::{AttributeKind, UnitName, in_words, parse};
use instrument::{Diagnostic, Instrument, Lang, Sources, Survey, markup, read, render};

const FILE: &str = "rounds/2025/questionnaire.yaml";

const UNIT: &[UnitName] = &[
    UnitName { name: "kind", kind: AttributeKind::Text, values: &["municipality", "district"] },
    UnitName { name: "population", kind: AttributeKind::Number, values: &[] },
];

const SURVEY: &str = "survey: prove\ntitle: Prøve\nowner: Runde\nlanguages: [nb]\n\
    roles: [{ id: informant, title: Den som svarer }]\n\
    size_classes: [{ id: alle, from: 0, title: Alle }]\ncredits: Ingen\n";

/// A questionnaire with a question of several kinds, for answers and expressions.
const QUESTIONS: &str = "round: 2025\nsections:\n- id: del\n  role: informant\n  title: Del\n  pages:\n  - questions:\n\
    \x20   - { id: en, kind: select_one, text: En?, options: { ja: Ja, nei: Nei } }\n\
    \x20   - { id: flere, kind: select_multiple, text: Flere?, options: { a: A, b: B } }\n\
    \x20   - { id: rader, kind: grid, text: Rader?, rows: { x: X, y: Y }, options: { ja: Ja, nei: Nei } }\n\
    \x20   - { id: tall, kind: integer, text: Tall?, min: 0, max: 9 }\n\
    \x20   - { id: ord, kind: text, text: Ord? }\n\
    \x20   - { id: dag, kind: date, text: Dag? }\n";

fn survey() -> Survey {
    read::survey("survey.yaml", SURVEY).0.expect("the survey is right")
}

fn questions() -> Instrument {
    read::questionnaire(FILE, QUESTIONS, &survey(), UNIT, None).0.expect("the questions are right")
}

/// Every diagnostic points into its file, and can be shown.
fn shown(text: &str, said: &[Diagnostic]) {
    for span in said.iter().filter_map(|diagnostic| diagnostic.span.clone()) {
        assert!(text.get(span.clone()).is_some(), "{span:?} is a place in {text:?}");
    }
    let sources = Sources::from([(FILE.to_owned(), text.to_owned())]);
    render(said, &sources, true);
}

pub(crate) fn read_survey(text: &str) {
    shown(text, &read::survey(FILE, text).1);
}

pub(crate) fn read_plan(text: &str) {
    shown(text, &read::plan(FILE, text, &survey()).1);
}

pub(crate) fn read_questionnaire(text: &str) {
    let (instrument, said) = read::questionnaire(FILE, text, &survey(), UNIT, None);
    shown(text, &said);
    if let Some(instrument) = instrument {
        // What was read can be read again as the round before.
        shown(text, &read::questionnaire(FILE, text, &survey(), UNIT, Some(&instrument)).1);
    }
}

/// A list that is accepted offers its options, and each is found by what it is called.
pub(crate) fn read_list(text: &str) {
    let (list, said) = read::list(FILE, text, &[Lang::NB, Lang::NN, Lang::EN]);
    shown(text, &said);
    let Some(list) = list else { return };
    let texts: Vec<String> =
        list.options.iter().map(|option| option.text.get(Lang::NB).to_owned()).collect();
    let survey = Survey { lists: [("lists/a.csv".to_owned(), list)].into(), ..survey() };
    let file = format!(
        "{QUESTIONS}    - {{ id: siste, kind: select_one, text: Sist?, options_from: lists/a.csv }}\n"
    );
    let (instrument, said) = read::questionnaire(FILE, &file, &survey, UNIT, None);
    shown(&file, &said);
    let Some(instrument) = instrument else { return };
    let variable = instrument.variable("siste").expect("the question has a variable");
    for text in texts {
        let found = instrument.read_input(&instrument.variables[variable], &[&text]);
        assert!(matches!(found, Ok(Some(_))), "{text:?} is on the list");
    }
}

/// What is an expression is checked as a condition of a questionnaire, and said in words.
pub(crate) fn read_expression(source: &str) {
    match parse(source) {
        Ok(expression) => assert!(source.get(expression.span).is_some()),
        Err(error) => assert!(source.get(error.span).is_some()),
    }
    let instrument = questions();
    for lang in [Lang::NB, Lang::EN] {
        in_words(source, &instrument, lang);
    }
    let quoted = source.replace(['\n', '\r'], " ").replace('\'', "''");
    let text = format!(
        "{QUESTIONS}    - {{ id: siste, kind: integer, text: Sist?, show_if: '{quoted}' }}\n"
    );
    shown(&text, &read::questionnaire(FILE, &text, &survey(), UNIT, None).1);
}

/// The characters of a text are those that were written, whatever its markup.
pub(crate) fn read_text(text: &str) {
    markup::blocks(text);
    markup::terms(text);
    let quoted = text.replace(['\n', '\r'], " ").replace('\'', "''");
    let file = format!("{QUESTIONS}    - {{ id: siste, kind: note, text: '{quoted}' }}\n");
    shown(&file, &read::questionnaire(FILE, &file, &survey(), UNIT, None).1);
}

/// What is accepted from a form is read back from the store as the same value.
pub(crate) fn read_answer(written: &str) {
    let instrument = questions();
    for variable in &instrument.variables {
        let input: Vec<&str> = written.split('\u{1f}').collect();
        if let Ok(Some(value)) = instrument.read_input(variable, &input) {
            assert_eq!(instrument.decode(variable, &value.encode()), Ok(value));
        }
    }
}
