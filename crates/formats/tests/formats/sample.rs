//! A small data set with a question of each kind and of each release class.

use dataset::{Cell, CodebookVariable, Column, DataSet, Missing, Provenance, UnitRow};
use instrument::expression::{AttributeKind, UnitName};
use instrument::{Code, Hash, Instrument, Survey, read};

const SURVEY: &str = "\
survey: liten
title: { nb: En liten undersøkelse, nn: Ei lita undersøking, en: A small survey }
owner: { nb: Eieren, nn: Eigaren, en: The owner }
languages: [nb, nn, en]
roles: [{ id: leder, title: { nb: Leder, nn: Leiar, en: Head } }]
size_classes: [{ id: alle, from: 0, title: { nb: Alle, nn: Alle, en: All } }]
credits: { nb: SSB, nn: SSB, en: Statistics Norway }
";

const UNIT: &[UnitName] =
    &[UnitName { name: "population", kind: AttributeKind::Number, values: &[] }];

pub(crate) fn sample() -> DataSet {
    let (survey, instrument) = questionnaire();
    data_set(&survey, &instrument)
}

pub(crate) fn questionnaire() -> (Survey, Instrument) {
    let (survey, said) = read::survey("survey.yaml", SURVEY);
    assert_eq!(said, vec![]);
    let survey = survey.unwrap();
    let file = include_str!("questionnaire.yaml");
    let (instrument, said) = read::questionnaire("questionnaire.yaml", file, &survey, UNIT, None);
    assert_eq!(said, vec![]);
    (survey, instrument.unwrap())
}

fn data_set(survey: &Survey, instrument: &Instrument) -> DataSet {
    let class = &survey.size_classes[0];
    let variables = instrument.variables.iter();
    let data = DataSet {
        provenance: Provenance {
            survey: survey.id.clone(),
            round: instrument.round,
            instrument: Hash::of("questionnaire"),
            sample: Hash::of("frame"),
            responses: Hash::of("answers"),
            frozen_at: "2025-12-01T12:00:00Z".parse().unwrap(),
            simulated: true,
        },
        units: vec![
            unit("0301", "Oslo", "municipality", "complete"),
            unit("030101", "Gamle Oslo", "district", "complete"),
            unit("1508", "Ålesund, \"byen\"", "municipality", "partial"),
            unit("5501", "Tromsø", "municipality", "non_contact"),
        ],
        answered_on: vec![],
        size_classes: vec![(class.code.clone(), class.title.clone())],
        variables: variables.map(|variable| CodebookVariable::of(instrument, variable)).collect(),
        columns: columns(),
    };
    assert_eq!(data.check(), Ok(()));
    data
}

fn columns() -> Vec<Column> {
    use Cell::{Missing as No, Valid};
    use Missing::{DontKnow, NoResponse, NotAnswered, NotAsked, NotHandedIn};
    let text = |text: &str| Valid(text.to_owned());
    vec![
        Column::Category(vec![Valid(0), Valid(1), No(DontKnow), No(NoResponse)]),
        Column::Integer(vec![Valid(12), No(NotAsked), No(NotAsked), No(NoResponse)]),
        Column::Categories(vec![Valid(vec![0, 1]), Valid(vec![0]), No(DontKnow), No(NoResponse)]),
        Column::Text(vec![text("Kor, korps"), No(NotAsked), No(NotAsked), No(NoResponse)]),
        Column::Category(vec![Valid(1), Valid(0), No(NotHandedIn), No(NoResponse)]),
        Column::Decimal(vec![Valid(0.1), Valid(-12.0), No(NotAnswered), No(NoResponse)]),
        Column::Text(vec![text("To\nlinjer"), text(".dont_know"), text("..."), No(NoResponse)]),
    ]
}

fn unit(id: &str, name: &str, kind: &str, disposition: &str) -> UnitRow {
    UnitRow {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        kind: kind.parse().unwrap(),
        county_id: id[..2].to_owned(),
        county: "Fylket".to_owned(),
        population: 60_000,
        size: Code::new("alle").unwrap(),
        centrality: 2,
        kostra_group: 12,
        disposition: disposition.parse().unwrap(),
    }
}
