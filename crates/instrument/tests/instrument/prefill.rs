//! What the fields of a question are filled in with for those who ask for it.

use instrument::expression::{Case, UnitAttributes};
use instrument::lineage::{Change, Doubt, Setting, differences};
use instrument::path::path;
use instrument::{Instrument, Item, Prefilled, VariableKind};

use crate::sample::{alesund, answers, rounds};

fn two_rounds() -> (Instrument, Instrument) {
    let [before, now] = <[Instrument; 2]>::try_from(rounds("prefill")).expect("two rounds");
    (now, before)
}

/// Returns what a question is filled in with, each field as `name=value`.
fn filled(now: &Instrument, unit: &UnitAttributes, written: &str, question: &str) -> Vec<String> {
    let mut answers = answers(now, written);
    let path = path(now, unit, &mut answers);
    let case = Case::new(unit, &answers, &path.questions);
    let proposals = now.proposals(now.question(question).unwrap(), &case);
    let write = |(variable, value): &(usize, instrument::Value)| {
        format!("{}={}", now.variables[*variable].name, value.encode())
    };
    proposals.iter().map(write).collect()
}

#[test]
fn fields_are_filled_in_from_the_frame_and_the_last_round() {
    let (now, before) = two_rounds();
    assert!(now.looks_back());
    for (last, question, expected) in [
        ("", "innbyggere", "innbyggere=59198"),
        ("avtale=nei", "avtale", "avtale=nei"),
        // "Don't know" is asked anew, and so is what nobody answered.
        ("avtale=vet_ikke", "avtale", ""),
        ("", "avtale", ""),
        // Two options of then are one now.
        ("kanaler=epost skjema telefon", "bestilling", "bestilling=nett telefon"),
        ("kanaler=skjema", "bestilling", "bestilling=nett"),
        ("byra=Tolk og ord AS", "byra", "byra=Tolk og ord AS"),
    ] {
        let unit = alesund().with_last(answers(&before, last));
        assert_eq!(filled(&now, &unit, "", question).join("; "), expected, "{last}");
    }
    let unit = alesund().with_last(answers(&before, "avtale=nei"));
    assert!(filled(&now, &unit, "avtale=ja", "avtale").is_empty(), "nothing is overwritten");
    let nothing = UnitAttributes::new([]);
    assert!(filled(&now, &nothing, "", "innbyggere").is_empty(), "what is not known is not told");
}

#[test]
fn what_cannot_be_an_answer_is_not_filled_in() {
    use crate::sample::{UNIT, plain_survey, right};
    let read = |fields: &str| {
        let text = format!(
            "round: 2025\nsections:\n- {{ id: del, role: informant, title: Del, pages: [{{ \
             questions: [ {{ id: q, {fields} }} ] }}] }}\n"
        );
        right(instrument::read::questionnaire("q.yaml", &text, &plain_survey(), UNIT, None))
    };
    for (fields, expected) in [
        ("kind: integer, text: Tall?, max: 100, prefill: unit.population", ""),
        ("kind: integer, text: Tall?, prefill: unit.population / 1000", "q=59"),
        ("kind: decimal, text: Tall?, prefill: unit.population / 1000", "q=59.198"),
        ("kind: text, text: Hva?, max_length: 3, prefill: unit.id", ""),
        ("kind: text, text: Hva?, prefill: unit.id", "q=1508"),
        ("kind: organisation_number, text: Hvilket?, prefill: unit.id", ""),
        (
            "kind: select_one, text: Hva?, options: { a: A, b: { text: B, show_if: 'unit.population \
             < 5' } }, prefill: 'unit.population < 10 ? \"a\" : \"b\"'",
            "",
        ),
    ] {
        assert_eq!(filled(&read(fields), &alesund(), "", "q").join("; "), expected, "{fields}");
    }
}

#[test]
fn what_became_of_it_stands_beside_the_answer() {
    let (now, before) = two_rounds();
    let question = now.question("bestilling").unwrap();
    let variable = question.prefill_variable().unwrap();
    assert_eq!(now.variables[variable].name, "bestilling.prefill");
    assert_eq!(now.variables[variable].item, Item::Prefill);
    assert_eq!(now.variables[variable].kind, VariableKind::Category);
    assert!(!question.answer_fields().contains(&variable), "it is no answer to the question");
    assert!(question.fields().contains(&variable), "it is kept with the answer");
    for state in Prefilled::ALL {
        let text = state.value().encode();
        let read = now.decode(&now.variables[variable], &text).unwrap();
        assert_eq!(Prefilled::of(Some(&read)), Some(state));
    }
    // An answer that was shown on the way is not taken for an option of the question.
    let mut answers = answers(&now, "avtale=ja; avtale.prefill=confirmed");
    path(&now, &alesund(), &mut answers);
    let held = answers.get(now.variable("avtale.prefill").unwrap());
    assert_eq!(Prefilled::of(held), Some(Prefilled::Confirmed));

    let found = differences(&now, &[&before]);
    let byra = found.iter().find(|d| d.now.is_some_and(|q| q.id.as_str() == "byra")).unwrap();
    assert_eq!(byra.doubts.iter().copied().collect::<Vec<_>>(), [Doubt::Prefill]);
    let setting = |change: &Change<'_>| {
        matches!(change, Change::Setting { setting: Setting::Prefill, before: None, .. })
    };
    assert!(byra.changes.iter().any(setting), "{:?}", byra.changes);
}
