//! Freezing: what becomes of answers, kinds of missing, dispositions, and what stays outside.

use dataset::{Cell, Column, DataSet};
use frame::Disposition;
use instrument::Hash;
use store::{AccessKind, Actor, Contact, FreezeWith, StoreError, answered_at};

use crate::field::{Answer, Field, at, section, staff};

const NAME: &str = "Solveig Hemmelig";
const EMAIL: &str = "solveig.hemmelig@kommune.example";

/// What everyone does in the round, besides Kristiansund (1505), which is never heard of.
async fn answered_round() -> Field {
    let field = Field::open().await;
    let mut writing = field.writing(&staff(), "2025-10-01T08:00:00").await;
    let contact =
        Contact { name: NAME.into(), email: EMAIL.into(), language: instrument::Lang::NB };
    let solveig = writing.add_contact(&contact).await.unwrap();
    writing.commit().await.unwrap();
    for unit in ["0301", "030101", "1508", "5501"] {
        field.invite(&solveig, AccessKind::Coordinator, &field.case(unit)).await;
    }
    let solveig = Actor::Contact(solveig);
    type Page<'a> = (&'a str, &'a str, &'a [Answer<'a>], bool);
    let pages: [Page<'_>; 6] = [
        // Oslo answers both sections, and leaves `merknad` blank.
        (
            "0301",
            "bosetting",
            &[
                ("tolk", 0, Some("ja")),
                ("tolk_aar", 0, Some("2019")),
                ("tiltak", 0, Some("kurs annet")),
                ("tiltak.annet", 0, Some("Kor og korps")),
            ],
            true,
        ),
        (
            "0301",
            "oppfolging",
            &[
                ("kjennskap.nora", 0, Some("darlig")),
                ("kjennskap.imdi", 0, Some("uaktuelt")),
                ("andel", 0, Some("0.1")),
            ],
            true,
        ),
        // Gamle Oslo is a district, and not asked the second section. It had said when the
        // guidelines were made, and what else it does, before it changed its mind about both.
        (
            "030101",
            "bosetting",
            &[
                ("tolk", 0, Some("vet_ikke")),
                ("tolk_aar", 0, Some("2001")),
                ("tiltak", 0, Some("bolig")),
                ("tiltak.annet", 0, Some("Kor")),
            ],
            true,
        ),
        // Ålesund hands in the first section alone. An option that the questionnaire no longer
        // has is no answer.
        (
            "1508",
            "bosetting",
            &[("tolk", 0, Some("vil_ikke")), ("tiltak", 0, Some("fjernet"))],
            true,
        ),
        ("1508", "oppfolging", &[("andel", 0, Some("0.5"))], false),
        // Tromsø hands in nothing.
        ("5501", "bosetting", &[("tolk", 0, Some("ja"))], false),
    ];
    for (unit, of, answers, done) in pages {
        let case = field.case(unit);
        field.save_in(of, &solveig, &case, answers).await.unwrap();
        if done {
            field.hand_in(&solveig, &case, of, "2025-10-03T10:00:00").await;
        }
    }
    field
}

async fn freeze(field: &Field, time: &str) -> DataSet {
    field.store.freeze(with(field), at(time)).await.unwrap()
}

fn with(field: &Field) -> FreezeWith<'_> {
    let tiny = &field.tiny;
    FreezeWith {
        survey: &tiny.survey,
        instrument: &tiny.instrument,
        frame: &tiny.frame,
        plan: &tiny.plan,
    }
}

/// Shows a cell: its value with codes for options, or the kind of missing after a point.
fn show(data: &DataSet, unit: &str, name: &str) -> String {
    fn cell<T>(cell: &Cell<T>, value: impl Fn(&T) -> String) -> String {
        match cell {
            Cell::Valid(valid) => value(valid),
            Cell::Missing(missing) => format!(".{}", missing.as_str()),
        }
    }
    let row = data.units.iter().position(|row| row.id.as_str() == unit).unwrap();
    let (variable, column) = data.variable(name).unwrap();
    let code = |place: &u16| variable.options[usize::from(*place)].code.to_string();
    match column {
        Column::Category(cells) => cell(&cells[row], code),
        Column::Categories(cells) => {
            cell(&cells[row], |places| places.iter().map(code).collect::<Vec<_>>().join(" "))
        }
        Column::Integer(cells) => cell(&cells[row], i64::to_string),
        Column::Decimal(cells) => cell(&cells[row], f64::to_string),
        Column::Text(cells) => cell(&cells[row], String::clone),
    }
}

#[tokio::test]
async fn every_cell_holds_an_answer_or_the_reason_why_there_is_none() {
    let field = answered_round().await;
    let data = freeze(&field, "2025-12-02T08:00:00").await;
    for (unit, variable, shown) in [
        ("0301", "tolk", "ja"),
        ("0301", "tolk_aar", "2019"),
        ("0301", "tiltak", "kurs annet"),
        ("0301", "tiltak.annet", "Kor og korps"),
        ("0301", "merknad", ".not_answered"),
        ("0301", "kjennskap.nora", "darlig"),
        ("0301", "kjennskap.imdi", ".not_relevant"),
        ("0301", "andel", "0.1"),
        ("030101", "tolk", ".dont_know"),
        ("030101", "tolk_aar", ".not_asked"),
        ("030101", "tiltak", "bolig"),
        ("030101", "tiltak.annet", ".not_asked"),
        ("030101", "merknad", ".not_answered"),
        ("030101", "kjennskap.nora", ".not_asked"),
        ("1505", "tolk", ".no_response"),
        ("1505", "andel", ".no_response"),
        ("1508", "tolk", ".will_not_answer"),
        ("1508", "tiltak", ".not_answered"),
        ("1508", "andel", ".not_handed_in"),
        ("1508", "kjennskap.imdi", ".not_handed_in"),
        ("5501", "tolk", ".no_response"),
        ("5501", "kjennskap.nora", ".no_response"),
    ] {
        assert_eq!(show(&data, unit, variable), shown, "{variable} of {unit}");
    }
    // What is off the path stays in the store.
    let held = field.store.case(&field.case("030101")).await.unwrap().held.clone();
    assert_eq!(held["tolk_aar"].value.as_deref(), Some("2001"));
    assert_eq!(held["tiltak.annet"].value.as_deref(), Some("Kor"));
}

#[tokio::test]
async fn a_case_ends_by_what_was_handed_in_of_what_was_asked() {
    let mut field = answered_round().await;
    let ends = async |field: &Field| {
        let data = freeze(field, "2025-12-02T08:00:00").await;
        data.units.iter().map(|unit| unit.disposition).collect::<Vec<_>>()
    };
    use Disposition::{BreakOff, Complete, NonContact, Partial};
    // 0301 both sections, 030101 the one that districts are asked, 1505 nothing, 1508 one of
    // two, 5501 begun.
    assert_eq!(ends(&field).await, [Complete, Complete, NonContact, Partial, BreakOff]);
    // Where two sections are wanted, one of two is too little.
    field.tiny.plan.answered.sections = 2;
    assert_eq!(ends(&field).await, [Complete, Complete, NonContact, BreakOff, BreakOff]);
    let data = freeze(&field, "2025-12-02T08:00:00").await;
    assert_eq!(show(&data, "1508", "tolk"), ".no_response");
}

#[tokio::test]
async fn units_carry_their_frame_attributes() {
    let field = answered_round().await;
    let data = freeze(&field, "2025-12-02T08:00:00").await;
    let unit = &data.units[4];
    assert_eq!(
        (unit.name.as_str(), unit.county.as_str(), unit.population),
        ("Tromsø", "Troms", 78_000)
    );
    // From 70 000 on a unit of the tiny survey is large.
    let sizes: Vec<_> = data.units.iter().map(|unit| unit.size.as_str()).collect();
    assert_eq!(sizes, ["liten", "liten", "liten", "liten", "stor"]);
}

#[tokio::test]
async fn the_same_answers_have_the_same_hash() {
    let field = answered_round().await;
    let first = freeze(&field, "2025-12-02T08:00:00").await;
    let again = freeze(&field, "2025-12-02T08:00:00").await;
    assert_eq!(first.hash(), again.hash());
    assert_eq!(first.provenance.instrument, field.tiny.instrument.hash);
    assert_eq!(first.provenance.sample, field.tiny.frame.hash);
    // Later the stamp is another, and the answers are the same.
    let later = freeze(&field, "2025-12-03T08:00:00").await;
    assert_eq!(later.provenance.responses, first.provenance.responses);
    assert_eq!(later.columns, first.columns);

    field.save(&staff(), &field.case("5501"), &[("tolk", 1, Some("nei"))]).await.unwrap();
    let changed = freeze(&field, "2025-12-02T08:00:00").await;
    assert_ne!(changed.provenance.responses, first.provenance.responses);
    field.hand_in(&staff(), &field.case("5501"), "bosetting", "2025-10-04T08:00:00").await;
    let handed_in = freeze(&field, "2025-12-02T08:00:00").await;
    assert_ne!(handed_in.provenance.responses, changed.provenance.responses);
}

#[tokio::test]
async fn the_last_data_set_is_kept_once_and_read_back() {
    let field = answered_round().await;
    let round = field.tiny.instrument.round;
    assert_eq!(field.store.latest_dataset(round).await.unwrap(), None);
    let first = freeze(&field, "2025-12-02T08:00:00").await;
    let later = freeze(&field, "2025-12-03T08:00:00").await;
    let mut writing = field.writing(&staff(), "2025-12-03T08:00:00").await;
    for data in [&later, &first, &first] {
        assert_eq!(writing.keep_dataset(data).await.unwrap(), data.hash());
    }
    writing.commit().await.unwrap();
    assert_eq!(field.store.latest_dataset(round).await.unwrap(), Some(later));
}

#[tokio::test]
async fn contacts_are_in_the_store_and_never_in_a_data_set() {
    let field = answered_round().await;
    let bytes = dataset::encode(&freeze(&field, "2025-12-02T08:00:00").await);
    let answered = field.store.case(&field.case("1508")).await.unwrap();
    let Actor::Contact(solveig) = &answered.held["tolk"].by else { unreachable!() };
    field.store.close().await;
    // What PostgreSQL writes is not ours to read; that it holds the same, SQLite's file shows.
    let database = field.database.file().map(|file| std::fs::read(file).unwrap());
    for personal in [NAME, EMAIL, &solveig.to_string()] {
        let found = |bytes: &[u8]| bytes.windows(personal.len()).any(|p| p == personal.as_bytes());
        assert!(database.as_deref().is_none_or(found), "{personal} would be found");
        assert!(!found(&bytes), "{personal} is in the data set");
    }
}

#[tokio::test]
async fn simulated_answers_are_marked_for_good() {
    let field = answered_round().await;
    assert!(!freeze(&field, "2025-12-02T08:00:00").await.provenance.simulated);
    let mut writing = field.writing(&Actor::Simulation, "2025-10-05T08:00:00").await;
    writing.mark_simulated(field.tiny.instrument.round).await.unwrap();
    writing.commit().await.unwrap();
    assert!(freeze(&field, "2025-12-02T08:00:00").await.provenance.simulated);
}

#[tokio::test]
async fn a_round_is_frozen_only_with_the_files_that_it_was_opened_with() {
    let mut field = answered_round().await;
    let hash = std::mem::replace(&mut field.tiny.instrument.hash, Hash::of("another"));
    let refused = field.store.freeze(with(&field), at("2025-12-02T08:00:00")).await.unwrap_err();
    assert!(matches!(refused, StoreError::OtherParent { what: "questionnaire", .. }), "{refused}");
    field.tiny.instrument.hash = hash;
    field.tiny.frame.hash = Hash::of("another");
    let refused = field.store.freeze(with(&field), at("2025-12-02T08:00:00")).await.unwrap_err();
    assert!(matches!(refused, StoreError::OtherParent { what: "frame", .. }), "{refused}");
    field.tiny.instrument.round = instrument::RoundId::new(2019).unwrap();
    let refused = field.store.freeze(with(&field), at("2025-12-02T08:00:00")).await.unwrap_err();
    assert!(matches!(refused, StoreError::NoRound(_)), "{refused}");
}

#[tokio::test]
async fn a_case_counts_as_answered_from_the_hand_in_that_made_it_so() {
    let mut field = answered_round().await;
    let oslo = field.case("0301");
    let mut writing = field.writing(&staff(), "2025-10-09T08:00:00").await;
    writing.reopen_section(&oslo, &section("oppfolging")).await.unwrap();
    writing.commit().await.unwrap();
    field.hand_in(&staff(), &oslo, "oppfolging", "2025-10-10T08:00:00").await;
    let overview = field.store.overview(oslo.round).await.unwrap();
    let when = |field: &Field| {
        overview.iter().map(|case| answered_at(&field.tiny.plan, case)).collect::<Vec<_>>()
    };
    let day = Some(at("2025-10-03T10:00:00"));
    assert_eq!(when(&field), [day, day, None, day, None]);
    field.tiny.plan.answered.sections = 2;
    assert_eq!(when(&field), [day, None, None, None, None]);
}
