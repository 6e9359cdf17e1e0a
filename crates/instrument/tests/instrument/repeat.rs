//! Lists of things with questions of their own.

use instrument::expression::{Case, in_words};
use instrument::path::{open_checks, path};
use instrument::{Diagnostic, Instrument, Lang, Value, read};

use crate::sample::{UNIT, alesund, answers, plain_survey, rounds};

fn lists() -> Instrument {
    rounds("repeat").pop().expect("one round")
}

/// Returns the names of the questions that are asked, and what is calculated of all rows.
fn asked(instrument: &Instrument, written: &str) -> (Vec<String>, Option<Value>) {
    let mut answers = answers(instrument, written);
    let path = path(instrument, &alesund(), &mut answers);
    let questions = instrument.questions.iter().zip(&path.questions);
    let asked = questions.filter(|(_, asked)| **asked).map(|(question, _)| question.id.to_string());
    let all = answers.get(instrument.variable("alle").unwrap()).cloned();
    (asked.collect(), all)
}

#[test]
fn each_row_has_columns_of_its_own() {
    let lists = lists();
    let names: Vec<&str> = lists.variables.iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(names[..3], ["tiltak", "tiltak_1_navn", "tiltak_1_hvem"]);
    assert_eq!(names.len(), 1 + 4 * 4 + 2);
    assert!(names.contains(&"tiltak_4_deltakere"));
}

#[test]
fn rows_are_asked_that_there_are() {
    let lists = lists();
    for (written, expected, all) in [
        ("", "tiltak alle", None),
        ("tiltak=0", "tiltak alle", Some(0)),
        ("tiltak=1", "tiltak tiltak_1_navn tiltak_1_hvem tiltak_1_deltakere alle", None),
        (
            // A condition in a row looks at the answers of its row.
            "tiltak=2; tiltak_1_hvem=kommune; tiltak_2_hvem=frivillig; tiltak_1_deltakere=12; \
             tiltak_2_deltakere=30; tiltak_3_deltakere=500; tiltak_3_hvem=frivillig",
            "tiltak tiltak_1_navn tiltak_1_hvem tiltak_1_deltakere tiltak_2_navn tiltak_2_hvem \
             tiltak_2_avtale tiltak_2_deltakere alle frivillige",
            // What stands in a row that was taken away counts for nothing.
            Some(42),
        ),
    ] {
        let found = asked(&lists, written);
        assert_eq!(found.0.join(" "), expected, "{written}");
        assert_eq!(found.1, all.map(Value::Integer), "{written}");
    }
}

#[test]
fn checks_look_at_their_own_row() {
    let lists = lists();
    let mut answers = answers(
        &lists,
        "tiltak=2; tiltak_1_navn=A; tiltak_2_navn=B; tiltak_1_deltakere=5; tiltak_2_deltakere=2000",
    );
    let path = path(&lists, &alesund(), &mut answers);
    let open = open_checks(&lists, &alesund(), &answers, &path, 0);
    let open: Vec<&str> =
        open.iter().map(|check| lists.questions[check.question].id.as_str()).collect();
    assert_eq!(open, ["tiltak_2_deltakere"]);
    let words = in_words("sum(tiltak.deltakere) > 10", &lists, Lang::NB);
    assert!(words.contains("Hvor mange deltar?"), "{words}");
}

/// Reads a page of questions.
fn read_page(questions: &str) -> (Option<Instrument>, Vec<Diagnostic>) {
    let text = format!(
        "round: 2025\nsections:\n- {{ id: del, role: informant, title: Del, pages: [{{ \
         questions: [ {questions} ] }}] }}\n"
    );
    read::questionnaire("q.yaml", &text, &plain_survey(), UNIT, None)
}

/// A list of two questions.
const LIST: &str = "{ id: ting, kind: repeat, text: Hva?, each: Ting, max: 3, questions: [ { id: tall, \
    kind: integer, text: Tall? }, { id: slag, kind: select_one, text: Slag?, options: { a: A, b: B } \
    } ] }";

#[test]
fn functions_go_through_the_rows() {
    let when = |condition: &str| {
        let last = format!("{{ id: q, kind: text, text: Hva?, show_if: '{condition}' }}");
        let (instrument, found) = read_page(&format!("{LIST}, {last}"));
        instrument.unwrap_or_else(|| panic!("{found:?}"))
    };
    for (condition, written, expected) in [
        ("any(ting.slag == \"a\")", "ting=2; ting_2_slag=a", Some(true)),
        ("any(ting.slag == \"a\")", "ting=1; ting_1_slag=b", Some(false)),
        ("any(ting.slag == \"a\")", "ting=2; ting_1_slag=b", None),
        ("any(ting.slag == \"a\")", "ting=0", Some(false)),
        // Nobody has said how many there are.
        ("any(ting.slag == \"a\")", "", None),
        ("all(ting.slag == \"a\")", "ting=0", Some(true)),
        (
            "all(ting.slag == \"a\" && ting.tall > 3)",
            "ting=1; ting_1_slag=a; ting_1_tall=4",
            Some(true),
        ),
        ("sum(ting.tall) > 5", "ting=3; ting_1_tall=4; ting_3_tall=2", Some(true)),
        ("sum(ting.tall) == 0", "ting=0", Some(true)),
        ("count(ting.tall > 1) == 1", "ting=2; ting_1_tall=4; ting_2_tall=1", Some(true)),
        ("count(ting) == 2", "ting=2", Some(true)),
        ("ting >= 2", "ting=2", Some(true)),
        ("all(answered(ting.tall))", "ting=2; ting_1_tall=4", Some(false)),
    ] {
        let instrument = when(condition);
        let mut answers = answers(&instrument, written);
        let path = path(&instrument, &alesund(), &mut answers);
        let unit = alesund();
        let case = Case::new(&unit, &answers, &path.questions);
        let question = instrument.question("q").unwrap();
        let outcome = question.show_if.as_ref().unwrap().checked.evaluate(&case);
        assert_eq!(outcome, expected, "{condition} of {written}");
    }
}

#[test]
fn a_list_that_must_have_rows_has_them() {
    let least = LIST.replace("max: 3", "min: 2, max: 3");
    let (instrument, found) = read_page(&least);
    let instrument = instrument.unwrap_or_else(|| panic!("{found:?}"));
    let mut answers = answers(&instrument, "");
    let path = path(&instrument, &alesund(), &mut answers);
    assert_eq!(path.questions, [true, true, true, true, true, false, false]);
    assert_eq!(answers.get(0), Some(&Value::Integer(2)));
}

#[test]
fn what_is_wrong_in_a_row_is_told_once() {
    let wrong = LIST.replace("text: Slag?", "text: Slag?, show_if: 'tal > 3'");
    let (_, found) = read_page(&wrong);
    let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["RQ0602"], "{found:?}");
    assert!(found[0].hint.as_deref().is_some_and(|hint| hint.contains("tall")), "{found:?}");
}
