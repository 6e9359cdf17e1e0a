//! Any data set at all, small, with the corners that real ones have: no units, one option, texts
//! that look like codes. The tests of `formats` draw from it too.

use std::collections::BTreeSet;

use dataset::{
    Cell, CodebookOption, CodebookVariable, Column, DataSet, Lineage, Missing, Provenance, UnitRow,
};
use instrument::{
    Code, Comparable, Hash, Lang, QuestionId, Release, RoundId, SectionId, SurveyId, Text,
    VariableKind,
};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Returns any data set that keeps the promises of [`DataSet::check`].
pub(crate) fn data_set() -> impl Strategy<Value = DataSet> {
    (provenance(), size_classes(), btree_set("[0-9]{4}", 0..5), btree_set(question_id(), 0..5))
        .prop_flat_map(|(provenance, size_classes, ids, questions)| {
            let (count, sizes) = (ids.len(), size_classes.clone());
            let units: Vec<_> = ids.into_iter().map(|id| unit(id, &sizes)).collect();
            let questions: Vec<_> = questions.into_iter().map(|id| question(id, count)).collect();
            (Just(provenance), Just(size_classes), answered_on(), units, questions)
        })
        .prop_map(|(provenance, size_classes, answered_on, units, questions)| {
            let (variables, columns) = questions.into_iter().flatten().unzip();
            DataSet { provenance, units, size_classes, answered_on, variables, columns }
        })
}

fn provenance() -> impl Strategy<Value = Provenance> {
    // Any second of the years that a time stamp can have, and nanoseconds.
    let time = (-62_135_596_800i64..253_402_207_200, 0..1_000_000_000i32);
    (any::<[u8; 3]>(), 1900..3000u16, time, any::<bool>()).prop_map(
        |(seeds, year, time, simulated)| Provenance {
            survey: SurveyId::new("undersøkelse").unwrap(),
            round: RoundId::new(year).unwrap(),
            instrument: Hash::of([seeds[0]]),
            sample: Hash::of([seeds[1]]),
            responses: Hash::of([seeds[2]]),
            frozen_at: Timestamp::new(time.0, time.1).unwrap(),
            simulated,
        },
    )
}

fn size_classes() -> impl Strategy<Value = Vec<(Code, Text)>> {
    vec(text(), 1..3).prop_map(|titles| {
        let code = |index| Code::new(format!("{index}_klasse")).unwrap();
        titles.into_iter().enumerate().map(|(index, title)| (code(index), title)).collect()
    })
}

fn answered_on() -> impl Strategy<Value = Vec<(Date, usize)>> {
    let day = (1i8..=12, 1i8..=28).prop_map(|(month, day)| jiff::civil::date(2023, month, day));
    btree_map(day, 1usize..400, 0..4).prop_map(|days| days.into_iter().collect())
}

const ENDS: [&str; 5] = ["complete", "partial", "break_off", "refusal", "non_contact"];

fn unit(id: String, sizes: &[(Code, Text)]) -> impl Strategy<Value = UnitRow> + use<> {
    let sizes: Vec<Code> = sizes.iter().map(|(code, _)| code.clone()).collect();
    let numbers = (any::<u64>(), any::<u8>(), any::<u8>());
    let words = (select(&["municipality", "district"]), select(&ENDS), select(sizes));
    ([anything(), anything(), anything()], numbers, words).prop_map(
        move |([name, county_id, county], (population, centrality, kostra_group), words)| UnitRow {
            id: id.parse().unwrap(),
            name,
            kind: words.0.parse().unwrap(),
            county_id,
            county,
            population,
            size: words.2,
            centrality,
            kostra_group,
            disposition: words.1.parse().unwrap(),
        },
    )
}

/// A question with its variables: one, several rows, or one and the text of an option.
fn question(id: String, units: usize) -> impl Strategy<Value = Vec<(CodebookVariable, Column)>> {
    let id = QuestionId::new(id).unwrap();
    (options(), 0..7usize).prop_flat_map(move |(options, shape)| {
        let one = |name: String, kind| variable(id.clone(), name, kind, options.clone(), units);
        let own = id.to_string();
        match shape {
            0 => vec![one(own, VariableKind::Integer).boxed()],
            1 => vec![one(own, VariableKind::Decimal).boxed()],
            2 => vec![one(own, VariableKind::Text).boxed()],
            3 => vec![
                one(format!("{own}.rad"), VariableKind::Category).boxed(),
                one(format!("{own}.text"), VariableKind::Category).boxed(),
            ],
            4 => vec![one(own, VariableKind::Category).boxed()],
            _ => {
                let specify = format!("{own}.{}", options[0].code);
                vec![
                    one(own, VariableKind::Categories).boxed(),
                    one(specify, VariableKind::Text).boxed(),
                ]
            }
        }
    })
}

fn variable(
    question: QuestionId,
    name: String,
    kind: VariableKind,
    options: Vec<CodebookOption>,
    units: usize,
) -> impl Strategy<Value = (CodebookVariable, Column)> {
    let options = match kind {
        VariableKind::Category | VariableKind::Categories => options,
        VariableKind::Integer | VariableKind::Decimal | VariableKind::Text => vec![],
    };
    let release = select(&[Release::Open, Release::Tables, Release::Internal]);
    let texts = (text(), text(), option::of(text()));
    let rest = (option::of(anything()), option::of(lineage()), release, option::of(anything()));
    (column(kind, &options, units), texts, rest).prop_map(move |(column, texts, rest)| {
        let variable = CodebookVariable {
            name: name.clone(),
            question: question.clone(),
            section: SectionId::new("del").unwrap(),
            kind,
            question_text: texts.0,
            label: texts.1,
            options: options.clone(),
            unit: texts.2,
            formula: rest.3,
            filter: rest.0,
            lineage: rest.1,
            release: rest.2,
        };
        (variable, column)
    })
}

fn column(
    kind: VariableKind,
    options: &[CodebookOption],
    units: usize,
) -> impl Strategy<Value = Column> + use<> {
    let substantive: Vec<u16> =
        (0..).zip(options).filter(|(_, o)| o.missing.is_none()).map(|(place, _)| place).collect();
    match kind {
        VariableKind::Category => {
            cells(select(substantive), units).prop_map(Column::Category).boxed()
        }
        VariableKind::Categories => {
            let all = substantive.len();
            cells(subsequence(substantive, 1..=all), units).prop_map(Column::Categories).boxed()
        }
        VariableKind::Integer => cells(any::<i64>(), units).prop_map(Column::Integer).boxed(),
        VariableKind::Decimal => {
            let finite = any::<f64>().prop_filter("finite", |number| number.is_finite());
            cells(finite, units).prop_map(Column::Decimal).boxed()
        }
        VariableKind::Text => cells(anything(), units).prop_map(Column::Text).boxed(),
    }
}

fn cells<T: std::fmt::Debug + Clone>(
    value: impl Strategy<Value = T>,
    units: usize,
) -> impl Strategy<Value = Vec<Cell<T>>> {
    let cell = prop_oneof![
        2 => value.prop_map(Cell::Valid),
        1 => select(&Missing::ALL).prop_map(Cell::Missing),
    ];
    vec(cell, units)
}

/// Options of which the first is substantive.
fn options() -> impl Strategy<Value = Vec<CodebookOption>> {
    let missing = option::weighted(0.3, select(&Missing::ALL));
    vec((text(), missing), 1..4).prop_map(|written| {
        let option = |(place, (text, missing)): (usize, (Text, Option<Missing>))| CodebookOption {
            code: Code::new(format!("{place}_valg")).unwrap(),
            text,
            missing: missing.filter(|_| place > 0),
        };
        written.into_iter().enumerate().map(option).collect()
    })
}

fn lineage() -> impl Strategy<Value = Lineage> {
    let comparable = select(&[Comparable::Yes, Comparable::No, Comparable::WithNote]);
    (1900..3000u16, comparable, anything(), option::of(text()), any::<bool>()).prop_map(
        |(since, comparable, was, note, joined)| {
            let code = |text: &str| Code::new(text).unwrap();
            let joined = joined.then(|| (code("ny"), vec![code("gammel"), code("eldre")]));
            Lineage {
                since: RoundId::new(since).unwrap(),
                comparable,
                was,
                options: joined.into_iter().collect(),
                note,
            }
        },
    )
}

fn text() -> impl Strategy<Value = Text> {
    let sma: Lang = "sma".parse().unwrap();
    // The order of the languages is part of a text: the first is the one to fall back on.
    let orders =
        vec![vec![], vec![Lang::NN], vec![Lang::NB, Lang::EN], vec![sma, Lang::NN, Lang::NB]];
    (select(orders), [anything(), anything(), anything()])
        .prop_map(|(languages, texts)| Text::new(languages.into_iter().zip(texts).collect()))
}

const AWKWARD: [&str; 11] =
    ["", " ", ".", "..dont_know", ".not_asked", "NA", "1", "a,b", "\"", "\r\n", "\u{feff}"];

/// Any text, and often one that files could take for something else.
fn anything() -> impl Strategy<Value = String> {
    prop_oneof![1 => any::<String>(), 1 => select(&AWKWARD).prop_map(str::to_owned)]
}

fn question_id() -> impl Strategy<Value = String> {
    let ids: BTreeSet<&str> = ["q", "tolk", "språk_2", "text", "a_b", "id"].into();
    select(ids.into_iter().map(str::to_owned).collect::<Vec<_>>())
}
