//! What became of questions between two rounds.

use instrument::lineage::{Difference, Doubt, Fate, differences, predecessor};
use instrument::{Code, Comparable, Instrument, read};

use crate::sample::{UNIT, plain_survey, rounds};

fn two_rounds() -> (Instrument, Instrument) {
    let [before, now] = <[Instrument; 2]>::try_from(rounds("lineage")).expect("two rounds");
    (now, before)
}

/// Returns each question's name, what became of it, and why that is doubtful.
fn found(now: &Instrument, earlier: &[&Instrument]) -> Vec<(String, Fate, Vec<Doubt>)> {
    let subject =
        |difference: &Difference<'_>| difference.now.or(difference.before).unwrap().id.to_string();
    let found = differences(now, earlier);
    found.into_iter().map(|d| (subject(&d), d.fate, d.doubts.into_iter().collect())).collect()
}

#[test]
fn each_question_stays_changes_comes_or_goes() {
    let (now, before) = two_rounds();
    let expected = [
        // The year in its text follows the round.
        ("tolk", Fate::Kept),
        ("tolk_kvalitet", Fate::Changed),
        ("fjerntolking", Fate::Added),
        ("merknad", Fate::Removed),
    ];
    let expected = expected.map(|(id, fate)| (id.to_owned(), fate, vec![]));
    assert_eq!(found(&now, &[&before]), expected);
}

/// Reads a questionnaire of one page of questions.
fn round(year: u16, questions: &str, before: Option<&Instrument>) -> Instrument {
    let text = format!(
        "round: {year}\nsections:\n- {{ id: del, role: informant, title: Del, pages: [{{ \
         questions: [ {questions} ] }}] }}\n"
    );
    let file = format!("rounds/{year}/questionnaire.yaml");
    let (value, said) = read::questionnaire(&file, &text, &plain_survey(), UNIT, before);
    value.unwrap_or_else(|| panic!("{said:?}"))
}

#[test]
fn what_is_called_comparable_is_held_against_the_files() {
    const TREND: &str = "trend: { since: 2023, comparable: yes }";
    const JA_NEI: &str = "options: { ja: Ja, nei: Nei }";
    let now = |question: &str| format!("{{ {question}, {TREND} }}");
    for (before, later, doubts) in [
        ("id: q, kind: integer, text: Tall?", "id: q, kind: integer, text: Tall?", vec![]),
        (
            "id: q, kind: integer, text: Tall?",
            "id: q, kind: integer, text: Tal?",
            vec![Doubt::Words],
        ),
        (
            "id: q, kind: integer, text: Tall?",
            "id: q, kind: integer, text: Tall?, help: Regn med alle.",
            vec![Doubt::Help],
        ),
        (
            "id: q, kind: integer, text: Tall?, max: 9",
            "id: q, kind: integer, text: Tall?, max: 10",
            vec![Doubt::Bounds],
        ),
        (
            "id: q, kind: integer, text: År?, min: 1990",
            "id: q, kind: integer, text: År?, min: 1990",
            vec![],
        ),
        // The highest year is the round's own.
        (
            "id: q, kind: integer, text: År?, max: 2023",
            "id: q, kind: integer, text: År?, max: 2025",
            vec![],
        ),
        (
            "id: q, kind: integer, text: Tall?",
            "id: q, kind: integer, text: Tall?, show_if: unit.sami_area",
            vec![Doubt::Filter],
        ),
    ] {
        let before = round(2023, &format!("{{ {before} }}"), None);
        let later = round(2025, &now(later), Some(&before));
        assert_eq!(found(&later, &[&before])[0].2, doubts, "{later:?}");
    }
    let before =
        round(2023, &format!("{{ id: q, kind: select_one, text: Tolk?, {JA_NEI} }}"), None);
    let options = "options: { ja: Ja, nei: Nei, kanskje: Kanskje }";
    let later = now(&format!("id: q, kind: select_one, text: Tolk?, {options}"));
    let later = round(2025, &later, Some(&before));
    assert_eq!(found(&later, &[&before])[0].2, [Doubt::Options]);
    let unmarked = format!("{{ id: q, kind: select_one, text: Tolk?, {JA_NEI} }}");
    let unmarked = round(2025, &unmarked, Some(&before));
    assert_eq!(
        found(&unmarked, &[&before])[0],
        ("q".to_owned(), Fate::Added, vec![Doubt::Unmarked])
    );
}

#[test]
fn a_filter_that_follows_a_renamed_question_is_the_same() {
    let gate = |id: &str, more: &str| format!("{{ id: {id}, kind: integer, text: Tall?{more} }}");
    let then = |of: &str, more: &str| {
        format!("{{ id: q, kind: integer, text: Mer?, show_if: '{of}  >0'{more} }}")
    };
    let before = round(2023, &format!("{}, {}", gate("old", ""), then("old", "")), None);
    let trend = ", trend: { since: 2023, comparable: yes }";
    let was = ", trend: { since: 2023, comparable: yes, was: old }";
    let now = format!("{}, {}", gate("new", was), then("new ", trend));
    let now = round(2025, &now, Some(&before));
    let fates: Vec<Fate> = found(&now, &[&before]).into_iter().map(|(_, fate, _)| fate).collect();
    // The first has another name; of the second nothing but the name in its filter.
    assert_eq!(fates, [Fate::Changed, Fate::Kept]);
}

#[test]
fn lineage_is_followed_through_the_rounds_between() {
    let question = |id: &str, text: &str, trend: &str| {
        format!("{{ id: {id}, kind: integer, text: {text}{trend} }}")
    };
    let first = round(2021, &question("a", "Tall?", ""), None);
    let trend = ", trend: { since: 2021, comparable: with_note, note: Ny, was: a }";
    let second = round(2023, &question("b", "Tal?", trend), Some(&first));
    let trend = ", trend: { since: 2021, comparable: yes, was: b }";
    let third = round(2025, &question("c", "Tal?", trend), Some(&second));
    let found = differences(&third, &[&second, &first]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].before.unwrap().id.as_str(), "a");
    // The least that is said on the way is what holds for the whole.
    assert_eq!(found[0].comparable, Some(Comparable::WithNote));
}

#[test]
fn a_variable_finds_its_predecessor_and_its_options() {
    let (now, before) = two_rounds();
    let quality = now.variable("tolk_kvalitet").unwrap();
    let last = predecessor(&now, &before, quality).unwrap();
    assert_eq!(before.variables[last.variable].name, "kvalitet");
    assert_eq!(last.trend.comparable, Comparable::WithNote);
    let options = |code: &str| -> Vec<String> {
        let code = Code::new(code).unwrap();
        last.options(&code).iter().map(Code::to_string).collect()
    };
    assert_eq!(options("god"), ["svaert_god", "god"]);
    assert_eq!(options("darlig"), ["darlig"]);
    assert_eq!(options("noytral"), [""; 0]);
    let new = now.variable("fjerntolking").unwrap();
    assert_eq!(predecessor(&now, &before, new), None);
}
