//! What drawn informants find out about a questionnaire.

use instrument::expression::{Attribute, UnitAttributes};
use instrument::walk::{DeadEnd, Start, Walks, seconds, walk};
use instrument::{Instrument, Lang, RoleId, read};

use crate::sample::{UNIT, plain_survey, rounds};

/// Returns a stream of random numbers: splitmix64, by Steele, Lea and Flood (2014).
pub(crate) fn splitmix(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

pub(crate) fn units() -> [Start; 2] {
    ["municipality", "district"].map(|kind| Start {
        kind,
        attributes: UnitAttributes::new([
            ("kind", Attribute::Text(kind.to_owned())),
            ("population", Attribute::Number(1000.0)),
        ]),
    })
}

fn walks(instrument: &Instrument) -> Walks {
    walk(instrument, &units(), 400, &mut splitmix(1))
}

fn example(survey: &str) -> Instrument {
    let [instrument] = <[Instrument; 1]>::try_from(rounds(survey)).expect("one round");
    instrument
}

/// Reads a questionnaire of one page. What is said of it does not matter.
fn page(questions: &[&str]) -> Instrument {
    let text = format!(
        "round: 2025\nsections:\n- {{ id: del, role: informant, title: Del, pages: [{{ questions: [\
         {} ] }}] }}\n",
        questions.join(", ")
    );
    let file = "rounds/2025/questionnaire.yaml";
    let (instrument, said) = read::questionnaire(file, &text, &plain_survey(), UNIT, None);
    instrument.unwrap_or_else(|| panic!("{said:?}"))
}

/// Returns the way into a question as `variable=value`; `None` where nobody was asked.
fn way(instrument: &Instrument, walks: &Walks, question: &str) -> Option<String> {
    let index = instrument.questions.iter().position(|q| q.id.as_str() == question).unwrap();
    let answers = walks.ways[index].as_ref()?.answers.iter();
    let steps: Vec<String> = answers
        .map(|(variable, value)| {
            format!("{}={}", instrument.variables[*variable].name, value.encode())
        })
        .collect();
    Some(steps.join("; "))
}

#[test]
fn the_way_in_has_no_answer_too_many() {
    let routing = example("routing");
    let walks = walks(&routing);
    assert_eq!(way(&routing, &walks, "tolk").unwrap(), "");
    assert_eq!(way(&routing, &walks, "sprak").unwrap(), "tolk=ja");
    assert_eq!(way(&routing, &walks, "ukrainsk_tilgang").unwrap(), "tolk=ja; sprak=ukrainsk");
    let why = way(&routing, &walks, "hvorfor_ikke").unwrap();
    assert!(["tolk=nei", "tolk=vet_ikke"].contains(&why.as_str()), "{why}");
    assert_eq!((walks.informants, walks.finished), (400, 400));
}

#[test]
fn narrow_ways_are_found_and_closed_ones_are_told() {
    let instrument = page(&[
        "{ id: år, kind: integer, text: År?, min: 0, max: 100000 }",
        "{ id: ord, kind: text, text: Ord? }",
        "{ id: smal, kind: integer, text: Smal?, show_if: år == 1997 && ord == 'tolk' }",
        "{ id: stengt, kind: integer, text: Stengt?, show_if: smal > 5 && smal < 3 }",
    ]);
    let walks = walks(&instrument);
    assert_eq!(way(&instrument, &walks, "smal").unwrap(), "år=1997; ord=tolk");
    assert_eq!(way(&instrument, &walks, "stengt"), None);
}

#[test]
fn a_way_leads_through_calculations_and_what_is_offered() {
    let calculate = example("calculate");
    let why = way(&calculate, &walks(&calculate), "grunn").unwrap();
    assert!(why.starts_with("bosatte=") && why.contains("; enslige="), "{why}");
    let offered = example("offered");
    let together = way(&offered, &walks(&offered), "samlet").unwrap();
    let ways = ["norsk", "bolig", "arbeid", "helse"]
        .map(|service| format!("tjenester={service}; hvor_godt.{service}=godt"));
    assert!(ways.contains(&together), "{together}");
}

#[test]
fn lengths_are_counted_by_role_and_kind() {
    let instrument = example("unit_kinds");
    let walks = walks(&instrument);
    let found: Vec<_> = walks
        .lengths
        .iter()
        .map(|length| {
            let role = length.role.as_ref().map(RoleId::as_str);
            (role, length.kind, length.median, length.longest)
        })
        .collect();
    // Each kind of unit has its own section of one question, by the same role.
    let expected = [
        (Some("informant"), "district", 1.0, 1),
        (Some("informant"), "municipality", 1.0, 1),
        (None, "district", 1.0, 1),
        (None, "municipality", 1.0, 1),
    ];
    assert_eq!(found, expected);
    let kinds: Vec<Vec<&str>> = walks
        .ways
        .iter()
        .map(|way| way.as_ref().unwrap().kinds.iter().copied().collect())
        .collect();
    assert_eq!(kinds, [["municipality"], ["district"]]);
}

#[test]
fn checks_that_can_be_met_are_met() {
    for survey in [
        "calculate",
        "checks",
        "grid",
        "grid_several",
        "numbers",
        "offered",
        "range",
        "reasons",
        "select_multiple",
        "select_one",
    ] {
        let walks = walks(&example(survey));
        assert_eq!((walks.finished, &walks.dead_ends[..]), (400, &[][..]), "{survey}");
    }
}

#[test]
fn a_question_that_takes_no_answer_is_a_dead_end() {
    let never = "checks: [{ when: tall * tall >= 0, level: error, message: Nei. }]";
    let instrument = page(&[
        "{ id: først, kind: integer, text: Først? }",
        &format!("{{ id: tall, kind: integer, text: Tall?, min: 0, required: true, {never} }}"),
    ]);
    let walks = walks(&instrument);
    assert_eq!(walks.finished, 0);
    assert_eq!(walks.dead_ends, [DeadEnd { question: 1, check: Some(0), informants: 400 }]);
    // Where it may be left blank, everybody comes through.
    let blank = page(&[&format!("{{ id: tall, kind: integer, text: Tall?, min: 0, {never} }}")]);
    assert_eq!(self::walks(&blank).finished, 400);
}

#[test]
fn a_section_without_a_question_is_told_by_kind() {
    let kind = "show_if: 'unit.kind == \"district\"'";
    let instrument = page(&[&format!("{{ id: q, kind: integer, text: Tall?, {kind} }}")]);
    let empty = walks(&instrument).empty_sections;
    let found: Vec<_> = empty.iter().map(|e| (e.section, e.kind, e.informants)).collect();
    // Every second informant belongs to a municipality.
    assert_eq!(found, [(0, "municipality", 200)]);
}

#[test]
fn the_same_chance_finds_the_same() {
    let instrument = example("select_multiple");
    let [one, again] = [1, 1].map(|seed| walk(&instrument, &units(), 50, &mut splitmix(seed)));
    assert_eq!(one, again);
    assert_eq!(walk(&instrument, &[], 50, &mut splitmix(1)).informants, 0);
}

#[test]
fn seconds_are_words_and_answering() {
    let instrument = page(&[
        // Four words and two options of one word each, 6 / 4 s; choosing takes 3 s.
        "{ id: a, kind: select_one, text: En to tre fire, options: { ja: Ja, nei: Nei } }",
        // Two words and two of help, 4 / 4 s; a number takes 20 s.
        "{ id: b, kind: integer, text: En to, help: Tre fire }",
        // Three words, two rows and two options of a word, 7 / 4 s; two rows take 6 s.
        "{ id: c, kind: grid, text: En to tre, rows: { x: X, y: Y }, options: { ja: Ja, nei: Nei } }",
    ]);
    let found: Vec<f64> = instrument.questions.iter().map(|q| seconds(q, Lang::NB)).collect();
    assert_eq!(found, [4.5, 21.0, 7.75]);
}
