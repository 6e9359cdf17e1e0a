//! A survey of two sections that every test of the store uses: one question of each kind, routing,
//! and an option for each kind of missing.

use frame::Frame;
use instrument::expression::{Scope, check, parse};
use instrument::{
    Answered, ChangeRule, Choice, Code, Condition, Disclosure, Estimator, Hash, Instrument, Kind,
    Lang, MissingKind, Page, Plan, Question, QuestionId, Release, RoleId, RoundId, Row, Section,
    SectionId, ShareBase, SizeClass, Survey, SurveyId, Text, Weighting,
};
use jiff::civil::date;

/// Five units: four municipalities and a district.
const FRAME: &str = "\
id,name,kind,parent,county_id,county,population,centrality,kostra_group,language_form,sami_area,lon,lat
0301,Oslo,municipality,,03,Oslo,0,1,13,nøytral,0,10.75,59.91
030101,Gamle Oslo,district,0301,03,Oslo,60000,1,13,nøytral,0,,
1505,Kristiansund,municipality,,15,Møre og Romsdal,24000,3,11,nøytral,0,7.73,63.11
1508,Ålesund,municipality,,15,Møre og Romsdal,58000,2,12,bokmål,0,6.15,62.47
5501,Tromsø,municipality,,55,Troms,78000,2,12,nøytral,1,18.96,69.65
";

pub(crate) struct Tiny {
    pub(crate) survey: Survey,
    pub(crate) instrument: Instrument,
    pub(crate) frame: Frame,
    pub(crate) plan: Plan,
}

impl Tiny {
    pub(crate) fn new() -> Tiny {
        let round = RoundId::new(2025).unwrap();
        let (frame, diagnostics) = frame::frame("frame/2025.csv", FRAME, round);
        assert_eq!(diagnostics, vec![]);
        Tiny { survey: survey(), instrument: instrument(), frame: frame.unwrap(), plan: plan() }
    }
}

fn text(nb: &str) -> Text {
    Text::new(vec![(Lang::NB, nb.to_owned())])
}

fn survey() -> Survey {
    let class =
        |code: &str, from| SizeClass { code: Code::new(code).unwrap(), title: text(code), from };
    Survey {
        id: SurveyId::new("tiny").unwrap(),
        title: text("En liten undersøkelse"),
        owner: text("Eieren"),
        languages: vec![Lang::NB],
        roles: vec![],
        size_classes: vec![class("liten", 0), class("stor", 70_000)],
        credits: text(""),
    }
}

fn plan() -> Plan {
    Plan {
        opens: date(2025, 10, 1),
        closes: date(2025, 12, 1),
        reminders: vec![],
        answered: Answered { sections: 1 },
        base: ShareBase::Answered,
        estimator: Estimator::Unweighted,
        weighting: Weighting { cells: vec![], smallest_cell: 5 },
        change: ChangeRule { level: 0.05, same_within: 7.0 },
        disclosure: Disclosure { smallest_base: 10, smallest_cell: 3, publish_national: true },
        embargo: None,
    }
}

fn choice(code: &str, missing: Option<MissingKind>) -> Choice {
    let code = Code::new(code).unwrap();
    Choice { text: text(code.as_str()), code, missing, exclusive: false, specify: None }
}

fn question(id: &str, section: usize, kind: Kind) -> Question {
    Question {
        id: QuestionId::new(id).unwrap(),
        section,
        kind,
        text: text(id),
        help: None,
        show_if: None,
        required: false,
        checks: vec![],
        trend: None,
        release: Release::Tables,
        variables: 0..0,
    }
}

fn instrument() -> Instrument {
    let tolk = vec![
        choice("ja", None),
        choice("nei", None),
        choice("vet_ikke", Some(MissingKind::DontKnow)),
        choice("vil_ikke", Some(MissingKind::WillNotAnswer)),
    ];
    let annet = Choice { specify: Some(text("Hva?")), ..choice("annet", None) };
    let tiltak = vec![choice("kurs", None), choice("bolig", None), annet];
    let grid = vec![
        choice("godt", None),
        choice("darlig", None),
        choice("uaktuelt", Some(MissingKind::NotRelevant)),
    ];
    let row = |code: &str| Row { code: Code::new(code).unwrap(), text: text(code) };
    let mut aar = question("tolk_aar", 0, Kind::Integer { min: None, max: None, unit: None });
    let mut questions = vec![
        question("tolk", 0, Kind::SelectOne { options: tolk }),
        question("tiltak", 0, Kind::SelectMultiple { options: tiltak, min: None, max: None }),
        question("merknad", 0, Kind::Multiline { max_length: 4000 }),
        question(
            "kjennskap",
            1,
            Kind::Grid { rows: vec![row("nora"), row("imdi")], options: grid },
        ),
        question("andel", 1, Kind::Decimal { min: None, max: None, unit: None }),
    ];
    aar.show_if = Some(condition("tolk == \"ja\"", &mut questions));
    questions.insert(1, aar);
    let variables = lay_out(&mut questions);
    let mut second = section("oppfolging", 4..6);
    second.show_if = Some(condition("unit.kind == \"municipality\"", &mut questions));
    Instrument {
        survey: SurveyId::new("tiny").unwrap(),
        round: RoundId::new(2025).unwrap(),
        languages: vec![Lang::NB],
        sections: vec![section("bosetting", 0..4), second],
        questions,
        variables,
        hash: Hash::of("questionnaire"),
    }
}

fn lay_out(questions: &mut [Question]) -> Vec<instrument::Variable> {
    let mut variables = vec![];
    for (index, question) in questions.iter_mut().enumerate() {
        let start = variables.len();
        variables.extend(question.make_variables(index));
        question.variables = start..variables.len();
    }
    variables
}

fn condition(source: &str, questions: &mut [Question]) -> Condition {
    let variables = lay_out(questions);
    let scope = Scope {
        questions,
        variables: &variables,
        unit: frame::UNIT_NAMES,
        before: questions.len(),
    };
    let (checked, problems) = check(&parse(source).unwrap(), &scope);
    assert_eq!(problems, vec![]);
    Condition { source: source.to_owned(), checked: checked.unwrap() }
}

fn section(id: &str, questions: std::ops::Range<usize>) -> Section {
    Section {
        id: SectionId::new(id).unwrap(),
        role: RoleId::new("leder").unwrap(),
        title: text(id),
        intro: None,
        show_if: None,
        pages: vec![Page { title: None, questions }],
    }
}
