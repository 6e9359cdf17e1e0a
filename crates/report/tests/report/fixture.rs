//! Two small rounds of an invented survey, built in code: 371 units of which 215 answered in 2023
//! and 224 in 2021, so that the figures can be counted by hand.

use dataset::{
    Cell, CodebookOption, CodebookVariable, Column, DataSet, Lineage, Missing, Provenance, UnitRow,
};
use frame::{Disposition, Frame, Unit, UnitId, UnitKind};
use instrument::{
    Answered, ChangeRule, Code, Comparable, Disclosure, Estimator, Hash, Lang, Plan, Release,
    RoundId, ShareBase, SizeClass, Survey, Text, VariableKind, Weighting,
};
use report::CodedText;

/// How many units there are in the frame.
pub(crate) const INVITED: usize = 371;

pub(crate) fn text(nb: &str, nn: &str, en: &str) -> Text {
    let all = [(Lang::NB, nb), (Lang::NN, nn), (Lang::EN, en)];
    Text::new(all.map(|(lang, text)| (lang, text.to_owned())).to_vec())
}

fn same(word: &str) -> Text {
    text(word, word, word)
}

pub(crate) fn survey() -> Survey {
    let class = |code: &str, from, nb: &str, nn: &str, en: &str| SizeClass {
        code: Code::new(code).unwrap(),
        title: text(nb, nn, en),
        from,
    };
    Survey {
        lists: std::collections::BTreeMap::new(),
        id: "proveundersokelsen".parse().unwrap(),
        title: text("Prøveundersøkelsen", "Prøveundersøkinga", "The trial survey"),
        owner: text("Prøvedirektoratet", "Prøvedirektoratet", "The trial directorate"),
        languages: vec![Lang::NB, Lang::NN, Lang::EN],
        roles: vec![],
        plurals: vec![],
        size_classes: vec![
            class("under_5000", 0, "Under 5 000", "Under 5 000", "Under 5,000"),
            class("fra_5000", 5_000, "5 000–19 999", "5 000–19 999", "5,000–19,999"),
            class("fra_20000", 20_000, "20 000 og flere", "20 000 og fleire", "20,000 and more"),
        ],
        credits: text(
            "Folketall fra SSB.",
            "Folketal frå SSB.",
            "Population from Statistics Norway.",
        ),
        licence: None,
        address: None,
    }
}

pub(crate) fn plan(round: i16) -> Plan {
    let day = |month, day| jiff::civil::date(round, month, day);
    Plan {
        opens: day(10, 2),
        closes: day(12, 1),
        reminders: vec![day(10, 16), day(11, 6)],
        answered: Answered { sections: 1 },
        base: ShareBase::Answered,
        estimator: Estimator::Unweighted,
        weighting: Weighting { cells: vec!["size".into(), "centrality".into()], smallest_cell: 5 },
        change: ChangeRule { level: 0.05, same_within: 7.0 },
        disclosure: Disclosure { smallest_base: 10, smallest_cell: 3, publish_national: true },
        embargo: Some(jiff::civil::date(round + 1, 11, 29)),
        corrections: vec![],
    }
}

/// A draw of chance that is the same on every machine.
fn chance(seed: usize) -> u64 {
    let mut state = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x51_7c_c1);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

const COUNTIES: [(&str, &str); 11] = [
    ("03", "Oslo"),
    ("11", "Rogaland"),
    ("15", "Møre og Romsdal"),
    ("18", "Nordland"),
    ("30", "Viken"),
    ("34", "Innlandet"),
    ("38", "Vestfold og Telemark"),
    ("42", "Agder"),
    ("46", "Vestland"),
    ("50", "Trøndelag"),
    ("54", "Troms og Finnmark"),
];

fn unit(place: usize, answered: bool, survey: &Survey) -> UnitRow {
    let district = place < 15;
    let county = if district { COUNTIES[0] } else { COUNTIES[1 + place % 10] };
    let population =
        if district { 45_000 } else { 900 + (chance(place) % 60_000) * (place as u64 % 3) / 2 };
    let size = survey.size_class(population).unwrap();
    UnitRow {
        id: UnitId::new(format!("{:04}", 300 + place)).unwrap(),
        name: format!("Enhet {place}"),
        kind: if district { UnitKind::District } else { UnitKind::Municipality },
        county_id: county.0.into(),
        county: county.1.into(),
        population,
        size: survey.size_classes[size].code.clone(),
        centrality: if district { 1 } else { (1 + place % 6) as u8 },
        kostra_group: 13,
        disposition: match (answered, place % 9) {
            (true, 0) => Disposition::Partial,
            (true, _) => Disposition::Complete,
            (false, _) => Disposition::NonContact,
        },
    }
}

/// The frame of a round: units stand in rows from south to north, county by county; districts have
/// no point of their own and lie where unit 0315 does.
pub(crate) fn frame(data: &DataSet) -> Frame {
    let unit = |(place, row): (usize, &UnitRow)| {
        let district = row.kind == UnitKind::District;
        let county = COUNTIES.iter().position(|county| county.0 == row.county_id).unwrap();
        let along = (place / 10) as f64;
        Unit {
            id: row.id.clone(),
            name: row.name.clone(),
            kind: row.kind,
            parent: district.then(|| UnitId::new("0315".to_owned()).unwrap()),
            county_id: row.county_id.clone(),
            county: row.county.clone(),
            population: row.population,
            centrality: row.centrality,
            kostra_group: row.kostra_group,
            language_form: "nøytral".into(),
            sami_area: false,
            point: (!district).then_some((5.0 + along * 0.3, 58.0 + county as f64 + along * 0.02)),
        }
    };
    Frame {
        round: data.provenance.round,
        units: data.units.iter().enumerate().map(unit).collect(),
        hash: data.provenance.sample,
    }
}

/// Counts those who answered by day: most in the first days, and after each reminder.
fn days(year: u16, answered: usize) -> Vec<(jiff::civil::Date, usize)> {
    let plan = plan(year as i16);
    let mut left = answered;
    let mut days = vec![];
    for day in plan.opens.series(jiff::Span::new().days(1)).take_while(|day| *day <= plan.closes) {
        let last = plan.reminders.iter().filter(|reminder| **reminder <= day).max();
        let since = day.since(*last.unwrap_or(&plan.opens)).unwrap().get_days() as usize;
        let new = if day == plan.closes { left } else { left.min(answered / 12 / (1 + since)) };
        left -= new;
        if new > 0 {
            days.push((day, new));
        }
    }
    days
}

/// Builds a round column by column.
pub(crate) struct Round {
    data: DataSet,
    respondents: Vec<usize>,
}

impl Round {
    pub(crate) fn new(year: u16, answered: usize, seed: usize) -> Round {
        let survey = survey();
        // Larger units answer more often; the same units tend to answer in both rounds.
        let mut order: Vec<usize> = (0..INVITED).collect();
        order.sort_by_key(|place| {
            chance(*place) % 700 + chance(*place + seed) % 400 + (*place as u64 % 3) * 120
        });
        let mut respondents = order[..answered].to_vec();
        respondents.sort_unstable();
        let units = (0..INVITED)
            .map(|place| unit(place, respondents.binary_search(&place).is_ok(), &survey));
        let data = DataSet {
            provenance: Provenance {
                survey: survey.id.clone(),
                round: RoundId::new(year).unwrap(),
                instrument: Hash::of("questionnaire"),
                sample: Hash::of("frame"),
                responses: Hash::of(format!("answers {year}")),
                frozen_at: "2023-12-02T09:00:00Z".parse().unwrap(),
                simulated: true,
            },
            units: units.collect(),
            size_classes: survey
                .size_classes
                .iter()
                .map(|class| (class.code.clone(), class.title.clone()))
                .collect(),
            answered_on: days(year, answered),
            variables: vec![],
            columns: vec![],
        };
        Round { data, respondents }
    }

    /// Adds a variable with one option; `counts` says how many gave each option, the rest left it
    /// blank.
    pub(crate) fn category(self, variable: CodebookVariable, counts: &[usize]) -> Round {
        let mut answers: Vec<u16> = vec![];
        for (option, count) in counts.iter().enumerate() {
            answers.extend(std::iter::repeat_n(option as u16, *count));
        }
        let order = self.shuffled(variable.name.len());
        let mut cells = self.empty();
        for (unit, option) in order.into_iter().zip(answers) {
            cells[unit] = match variable.options[usize::from(option)].missing {
                Some(missing) => Cell::Missing(missing),
                None => Cell::Valid(option),
            };
        }
        self.add(variable, Column::Category(cells))
    }

    /// Adds a variable with several options; all of those who answered are in its base.
    pub(crate) fn categories(self, variable: CodebookVariable, counts: &[usize]) -> Round {
        let mut chosen: Vec<Vec<u16>> = vec![vec![]; INVITED];
        for (option, count) in counts.iter().enumerate() {
            for unit in self.shuffled(option * 31 + 7).into_iter().take(*count) {
                chosen[unit].push(option as u16);
            }
        }
        let mut cells = self.empty();
        for unit in &self.respondents {
            cells[*unit] = Cell::Valid(chosen[*unit].clone());
        }
        self.add(variable, Column::Categories(cells))
    }

    /// Adds a number: 1, 2, 3 … in the order of the units.
    pub(crate) fn integer(self, variable: CodebookVariable) -> Round {
        let mut cells = self.empty();
        for (place, unit) in self.respondents.iter().enumerate() {
            cells[*unit] = Cell::Valid(place as i64 + 1);
        }
        self.add(variable, Column::Integer(cells))
    }

    /// Adds an open answer that the first units of those who answered gave.
    pub(crate) fn text(self, variable: CodebookVariable, texts: &[&str]) -> Round {
        let mut cells = self.empty();
        for (unit, text) in self.respondents.iter().zip(texts) {
            cells[*unit] = Cell::Valid((*text).to_owned());
        }
        let release = Release::Internal;
        let kind = VariableKind::Text;
        self.add(CodebookVariable { kind, release, ..variable }, Column::Text(cells))
    }

    pub(crate) fn finish(self) -> DataSet {
        self.data
    }

    fn add(mut self, variable: CodebookVariable, column: Column) -> Round {
        self.data.variables.push(variable);
        self.data.columns.push(column);
        self
    }

    fn empty<T: Clone>(&self) -> Vec<Cell<T>> {
        let mut cells = vec![Cell::Missing(Missing::NoResponse); INVITED];
        for unit in &self.respondents {
            cells[*unit] = Cell::Missing(Missing::NotAnswered);
        }
        cells
    }

    fn shuffled(&self, seed: usize) -> Vec<usize> {
        let mut order = self.respondents.clone();
        // Half of the order is the unit's own, so that units resemble themselves from round to round.
        order.sort_by_key(|unit| chance(unit * 7 + seed) % 1000 + chance(unit * 13 + seed) % 400);
        order
    }
}

/// Describes a variable that is new in its round.
pub(crate) fn variable(
    name: &str,
    question: &Text,
    label: &Text,
    options: &[(&str, Text)],
) -> CodebookVariable {
    let stem = name.split('.').next().unwrap();
    CodebookVariable {
        name: name.into(),
        question: stem.parse().unwrap(),
        section: "prove".parse().unwrap(),
        kind: VariableKind::Category,
        question_text: question.clone(),
        label: label.clone(),
        options: options.iter().map(|(code, text)| option(code, text)).collect(),
        unit: None,
        formula: None,
        filter: None,
        lineage: None,
        release: Release::Tables,
    }
}

fn option(code: &str, text: &Text) -> CodebookOption {
    CodebookOption {
        code: Code::new(code).unwrap(),
        text: text.clone(),
        missing: (code == "vet_ikke").then_some(Missing::DontKnow),
    }
}

fn since(comparable: Comparable, was: &str) -> Option<Lineage> {
    let since = RoundId::new(2021).unwrap();
    Some(Lineage { since, comparable, was: was.into(), options: vec![], note: None })
}

fn yes_no() -> Vec<(&'static str, Text)> {
    vec![
        ("ja", text("Ja", "Ja", "Yes")),
        ("nei", text("Nei", "Nei", "No")),
        ("vet_ikke", text("Vet ikke", "Veit ikkje", "Don’t know")),
    ]
}

fn yes_no_question(
    name: &str,
    question: &Text,
    comparable: Option<Comparable>,
) -> CodebookVariable {
    let lineage = comparable.and_then(|comparable| since(comparable, name));
    CodebookVariable { lineage, ..variable(name, question, question, &yes_no()) }
}

fn interpreter(comparable: Option<Comparable>) -> CodebookVariable {
    let question = text(
        "Har dere retningslinjer for bestilling og bruk av tolk?",
        "Har de retningslinjer for bestilling og bruk av tolk?",
        "Do you have guidelines for booking and using interpreters?",
    );
    yes_no_question("tolk", &question, comparable)
}

fn diversity(comparable: Option<Comparable>) -> CodebookVariable {
    let question = text(
        "Har dere en plan for etnisk mangfold blant de ansatte?",
        "Har de ein plan for etnisk mangfald blant dei tilsette?",
        "Do you have a plan for ethnic diversity among your staff?",
    );
    yes_no_question("mangfold", &question, comparable)
}

fn society(comparable: Option<Comparable>) -> CodebookVariable {
    let question = text(
        "Omtaler samfunnsplanen innvandrere?",
        "Omtaler samfunnsplanen innvandrarar?",
        "Does your social plan mention immigrants?",
    );
    let mut variable = yes_no_question("samfunn", &question, comparable);
    if let Some(lineage) = &mut variable.lineage {
        lineage.note = Some(text(
            "I 2021 sto det «planen» i stedet for «samfunnsplanen».",
            "I 2021 stod det «planen» i staden for «samfunnsplanen».",
            "In 2021 it said “the plan” instead of “the social plan”.",
        ));
    }
    variable
}

fn volunteers(comparable: Option<Comparable>) -> CodebookVariable {
    let question = text(
        "Samarbeider dere fast med frivillige?",
        "Samarbeider de fast med frivillige?",
        "Do you work with volunteers on a regular basis?",
    );
    yes_no_question("frivillige", &question, comparable)
}

fn challenges() -> CodebookVariable {
    let question = text(
        "Hva gjør det vanskelig å bosette flere?",
        "Kva gjer det vanskeleg å busetje fleire?",
        "What makes it hard to settle more refugees?",
    );
    let options = [
        ("bolig", text("Å skaffe boliger", "Å skaffe bustader", "Finding housing")),
        (
            "helse",
            text(
                "Oppfølging av personer med dårlig psykisk helse",
                "Oppfølging av personar med dårleg psykisk helse",
                "Following up people with poor mental health",
            ),
        ),
        ("nav", text("NAV har for få tiltak", "NAV har for få tiltak", "NAV has too few measures")),
        (
            "skole",
            text("Plass i skole og barnehage", "Plass i skule og barnehage", "Places at school"),
        ),
        ("penger", text("Økonomien", "Økonomien", "Money")),
        ("ingen", text("Ingen av delene", "Ingen av delane", "None of these")),
    ];
    let kind = VariableKind::Categories;
    CodebookVariable { kind, ..variable("utfordringer", &question, &question, &options) }
}

fn guides() -> [CodebookVariable; 3] {
    let question = text(
        "Hvordan vurderer dere veiledningen om …?",
        "Korleis vurderer de rettleiinga om …?",
        "How do you rate the guidance on …?",
    );
    let scale = [
        ("svaert_god", text("Svært god", "Svært god", "Very good")),
        ("god", text("God", "God", "Good")),
        ("noytral", text("Verken god eller dårlig", "Verken god eller dårleg", "Neither")),
        ("darlig", text("Dårlig", "Dårleg", "Poor")),
        ("svaert_darlig", text("Svært dårlig", "Svært dårleg", "Very poor")),
        ("vet_ikke", text("Vet ikke", "Veit ikkje", "Don’t know")),
    ];
    [
        ("veiledning.lov", text("Loven", "Lova", "The act")),
        (
            "veiledning.kap_6a",
            text(
                "Det midlertidige kapittelet",
                "Det mellombelse kapittelet",
                "The temporary chapter",
            ),
        ),
        (
            "veiledning.tilskudd",
            text(
                "Tilskudd som kommunen må søke om",
                "Tilskot som kommunen må søkje om",
                "Grants to apply for",
            ),
        ),
    ]
    .map(|(name, label)| variable(name, &question, &label, &scale))
}

fn number() -> CodebookVariable {
    let question =
        text("Hvor mange bosatte dere?", "Kor mange busette de?", "How many did you settle?");
    let kind = VariableKind::Integer;
    CodebookVariable { kind, ..variable("bosatte", &question, &question, &[]) }
}

/// The round of 2021: 224 units answered.
pub(crate) fn before() -> DataSet {
    Round::new(2021, 224, 11)
        .category(interpreter(None), &[57, 150, 13])
        .category(diversity(None), &[77, 130, 13])
        .category(society(None), &[134, 70, 16])
        .category(volunteers(None), &[100, 90, 10])
        .category(yes_no_question("endret", &same("Endret?"), None), &[100, 100, 10])
        .finish()
}

/// The round of 2023: 215 units answered.
pub(crate) fn now() -> DataSet {
    // 139 of 215 are 64.65 percent; 57 of 220 in 2021 were 25.9.
    now_where(&[139, 60, 16], &[168, 137, 96, 96, 61, 6])
}

/// The same with other answers about interpreters and challenges.
pub(crate) fn now_where(interpreters: &[usize], difficult: &[usize]) -> DataSet {
    let [act, chapter, grants] = guides();
    let internal = CodebookVariable {
        release: Release::Internal,
        ..yes_no_question("hemmelig", &same("Hemmelig?"), None)
    };
    Round::new(2023, 215, 500)
        .category(interpreter(Some(Comparable::Yes)), interpreters)
        .category(diversity(Some(Comparable::Yes)), &[42, 150, 20])
        .category(society(Some(Comparable::WithNote)), &[131, 70, 10])
        .category(volunteers(Some(Comparable::Yes)), &[113, 87, 10])
        .category(yes_no_question("endret", &same("Endret?"), Some(Comparable::No)), &[90, 100, 10])
        .category(internal, &[100, 100, 10])
        // Nine answered: under the limit of ten.
        .category(yes_no_question("sjelden", &same("Sjelden?"), None), &[5, 4, 0])
        .categories(challenges(), difficult)
        .category(act, &[62, 96, 32, 3, 1, 17])
        .category(chapter, &[41, 88, 49, 6, 2, 25])
        .category(grants, &[28, 71, 58, 24, 8, 20])
        .integer(number())
        .text(open(), &TEXTS)
        .finish()
}

/// What the first four who answered in 2023 wrote; the third names itself.
const TEXTS: [&str; 4] = [
    "Det er langt mellom tolkene, og de få vi har, er opptatt.",
    "Vi har fått god hjelp & gode råd.",
    "Her i Oslo har vi det travelt.",
    "Fjernløysingar gjer det enklare.",
];

fn open() -> CodebookVariable {
    let question = text("Hva er vanskelig?", "Kva er vanskeleg?", "What is hard?");
    variable("utdyp", &question, &question, &[])
}

/// How the open answers of 2023 are coded: the first, second and fourth are approved, the third and
/// one that is not there are approved too, and one is not.
pub(crate) fn coded() -> Vec<CodedText> {
    let data = now();
    let answered = data.units.iter().filter(|unit| unit.disposition.answered());
    let units: Vec<UnitId> = answered.take(5).map(|unit| unit.id.clone()).collect();
    let coded = |place: usize, code: &str, lang, approved| CodedText {
        variable: "utdyp".to_owned(),
        unit: units[place].clone(),
        code: Code::new(code).unwrap(),
        lang,
        approved,
    };
    vec![
        coded(0, "mangel", Lang::NB, true),
        coded(1, "ros", Lang::NB, false),
        coded(2, "navn", Lang::NB, true),
        coded(3, "mangel", Lang::NN, true),
        coded(4, "tomt", Lang::NB, true),
    ]
}

/// The units are the same in both rounds.
pub(crate) fn overlap() -> Vec<(usize, usize)> {
    (0..INVITED).map(|unit| (unit, unit)).collect()
}
