//! What became of questions between two rounds.

use instrument::lineage::{Fate, fates, predecessor};
use instrument::{Code, Comparable, Instrument};

use crate::sample::rounds;

fn two_rounds() -> (Instrument, Instrument) {
    let [before, now] = <[Instrument; 2]>::try_from(rounds("lineage")).expect("two rounds");
    (now, before)
}

#[test]
fn each_question_stays_changes_comes_or_goes() {
    let (now, before) = two_rounds();
    let found: Vec<(String, Fate)> =
        fates(&now, &before).into_iter().map(|(id, fate)| (id.to_string(), fate)).collect();
    let expected = [
        // The year in its text follows the round.
        ("tolk", Fate::Kept),
        ("tolk_kvalitet", Fate::Changed),
        ("fjerntolking", Fate::Added),
        ("merknad", Fate::Removed),
    ];
    assert_eq!(found, expected.map(|(id, fate)| (id.to_owned(), fate)));
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
