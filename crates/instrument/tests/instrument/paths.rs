//! Which questions a case is asked, and what is open before it is handed in.

use instrument::expression::{Attribute, UnitAttributes};
use instrument::path::{CheckMessage, open_checks, path};
use instrument::{Instrument, Lang, Level, read};

use crate::sample::{UNIT, alesund, answers, plain_survey, right, rounds};

fn the_round(survey: &str) -> Instrument {
    let [instrument] = <[Instrument; 1]>::try_from(rounds(survey)).expect("one round");
    instrument
}

/// Returns the names of the questions that are asked.
fn asked(instrument: &Instrument, written: &str) -> Vec<String> {
    let path = path(instrument, &alesund(), &mut answers(instrument, written));
    let questions = instrument.questions.iter().zip(path.questions);
    questions.filter(|(_, asked)| *asked).map(|(question, _)| question.id.to_string()).collect()
}

#[test]
fn a_question_is_asked_where_its_condition_is_known_to_hold() {
    let routing = the_round("routing");
    assert_eq!(asked(&routing, ""), ["tolk"]);
    assert_eq!(asked(&routing, "tolk=ja"), ["tolk", "sprak"]);
    assert_eq!(asked(&routing, "tolk=vet_ikke"), ["tolk", "hvorfor_ikke"]);
    assert_eq!(
        asked(&routing, "tolk=ja; sprak=arabisk ukrainsk"),
        ["tolk", "sprak", "ukrainsk_tilgang"]
    );
}

#[test]
fn an_answer_off_the_path_counts_as_unanswered_but_stays() {
    let routing = the_round("routing");
    let mut case = answers(&routing, "tolk=nei; sprak=ukrainsk");
    assert_eq!(asked(&routing, "tolk=nei; sprak=ukrainsk"), ["tolk", "hvorfor_ikke"]);
    path(&routing, &alesund(), &mut case);
    assert_eq!(case, answers(&routing, "tolk=nei; sprak=ukrainsk"));
}

#[test]
fn a_section_that_is_not_asked_asks_none_of_its_questions() {
    let instrument = the_round("unit_kinds");
    let mut none = answers(&instrument, "");
    let municipality = path(&instrument, &alesund(), &mut none);
    assert_eq!(municipality.sections, [true, false]);
    assert_eq!(municipality.questions, [true, false]);
    let district = UnitAttributes::new([("kind", Attribute::Text("district".into()))]);
    assert_eq!(path(&instrument, &district, &mut none).sections, [false, true]);
    let unknown = UnitAttributes::default();
    assert_eq!(path(&instrument, &unknown, &mut none).questions, [false, false]);
}

/// Returns what is open in the first section: question, field, level and words.
fn open(instrument: &Instrument, written: &str) -> Vec<(String, String, Level, String)> {
    let (unit, mut answers) = (alesund(), answers(instrument, written));
    let path = path(instrument, &unit, &mut answers);
    let checks = open_checks(instrument, &unit, &answers, &path, 0);
    let words = |message: CheckMessage<'_>| match message {
        CheckMessage::Written(text) => text.get(Lang::EN).to_owned(),
        CheckMessage::Required => "required".to_owned(),
        CheckMessage::Blank | CheckMessage::SamePlace(_) | CheckMessage::OtherSum { .. } => {
            panic!("the survey asks for no answer twice and has no parts that belong together")
        }
    };
    let open = |check: instrument::path::OpenCheck<'_>| {
        let question = instrument.questions[check.question].id.to_string();
        let variable = instrument.variables[check.variable].name.clone();
        (question, variable, check.level, words(check.message))
    };
    checks.into_iter().map(open).collect()
}

#[test]
fn what_must_be_mended_and_what_may_stand() {
    let checks = the_round("checks");
    let item = |question: &str, level, words: &str| {
        (question.to_owned(), question.to_owned(), level, words.to_owned())
    };
    let decided = "You have settled more than decided. Is that right?";
    let population = "The number is higher than the population.";
    let required = [item("vedtatt", Level::Error, "required")];
    assert_eq!(open(&checks, ""), required);
    assert_eq!(open(&checks, "bosatte=9"), required);
    assert_eq!(open(&checks, "vedtatt=10; bosatte=9"), []);
    let both =
        [item("bosatte", Level::Warning, decided), item("bosatte", Level::Error, population)];
    assert_eq!(open(&checks, "vedtatt=8; bosatte=9"), both[..1]);
    assert_eq!(open(&checks, "vedtatt=8; bosatte=60000"), both);
}

#[test]
fn a_required_grid_is_open_until_each_row_is_answered() {
    let grid = the_round("grid");
    let fields = |written: &str| -> Vec<String> {
        open(&grid, written).into_iter().map(|(_, variable, ..)| variable).collect()
    };
    assert_eq!(fields(""), ["veiledning.nett"]);
    assert_eq!(fields("veiledning.nett=god"), ["veiledning.telefon"]);
    assert_eq!(fields("veiledning.nett=god; veiledning.telefon=vet_ikke"), [""; 0]);
}

#[test]
fn the_text_of_an_other_is_never_required() {
    assert_eq!(open(&the_round("select_one"), "tolk=annet"), []);
}

#[test]
fn a_long_chain_of_questions_is_followed_in_one_pass() {
    let mut text = String::from(
        "round: 2025\nsections:\n- id: del\n  role: informant\n  title: Del\n  pages:\n  - questions:\n\
         \x20   - { id: q0, kind: integer, text: Tall? }\n",
    );
    for i in 1..500 {
        let before = i - 1;
        text +=
            &format!("    - {{ id: q{i}, kind: integer, text: Tall?, show_if: q{before} > 0 }}\n");
    }
    let file = "rounds/2025/questionnaire.yaml";
    let instrument = right(read::questionnaire(file, &text, &plain_survey(), UNIT, None));
    let all: Vec<String> = (0..500).map(|i| format!("q{i}={}", i % 400)).collect();
    // The answer 0 to the first question shuts out all others, whatever has been answered there.
    assert_eq!(asked(&instrument, &all.join("; ")), ["q0"]);
    // With 1 there, the chain breaks at q400, whose answer is 400 modulo 400 = 0.
    let opened = all.join("; ").replacen("q0=0", "q0=1", 1);
    assert_eq!(asked(&instrument, &opened).len(), 401);
}
