//! An attack on the publication: whoever knows the frame and reads everything that is published, in
//! every language, with every table that `runde table` prints beside it, solves for what is hidden by
//! linear programming. No hidden count may come out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use dataset::{Cell, Column, DataSet, Missing, UnitRow};
use instrument::Lang;
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};
use report::{
    OpenGroupCell, RoundInput, TableCell, TableRequest, open_group_tables, open_tables, table,
};

use crate::{World, fixture, texts};

/// The question whose figures are attacked.
const QUESTION: &str = "veiledning.lov";

/// Asked of those alone who have no guidelines.
const FOLLOW_UP: &str = "tolk_hvorfor";

/// What divides the units.
const ATTRIBUTES: [&str; 5] = ["size", "county", "centrality", "kind", "kostra_group"];

/// A group of units: the place of what divides them among [`ATTRIBUTES`], and its code.
type Group = (usize, String);

/// What the attacker knows of a unit.
type Class = [Group; 5];

/// A count that the attacker has read.
#[derive(Clone, Debug)]
struct Read {
    /// Where it stands.
    source: &'static str,
    /// `None` for the whole country.
    group: Option<Group>,
    option: String,
    count: f64,
    base: f64,
}

fn class(unit: &UnitRow) -> Class {
    [
        unit.size.to_string(),
        unit.county_id.clone(),
        unit.centrality.to_string(),
        unit.kind.as_str().to_owned(),
        unit.kostra_group.to_string(),
    ]
    .map({
        let mut place = 0..;
        move |code| (place.next().unwrap(), code)
    })
}

/// The world of the tests, where the units are of several KOSTRA groups, and a question hangs on one with
/// small counts.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    let mut world = World::new();
    for (place, unit) in world.now.units.iter_mut().enumerate() {
        unit.kostra_group = if place < 15 { 13 } else { 1 + (place * 7 % 11) as u8 };
    }
    let (tolk, Column::Category(answers)) = world.now.variable("tolk").unwrap() else {
        unreachable!("a category")
    };
    let no = tolk.option("nei").unwrap() as u16;
    let of_no = |(place, cell): (usize, &Cell<u16>)| match cell {
        Cell::Valid(option) if *option == no => Cell::Valid((place % 2) as u16),
        Cell::Valid(_) => Cell::Missing(Missing::NotAsked),
        Cell::Missing(Missing::DontKnow) => Cell::Missing(Missing::NotAsked),
        Cell::Missing(missing) => Cell::Missing(*missing),
    };
    let cells = answers.iter().enumerate().map(of_no).collect();
    let text = fixture::text("Hvorfor ikke?", "Kvifor ikkje?", "Why not?");
    let options = [("tid", text.clone()), ("penger", text.clone())];
    let mut follow_up = fixture::variable(FOLLOW_UP, &text, &text, &options);
    follow_up.filter = Some("tolk == \"nei\"".to_owned());
    world.now.variables.push(follow_up);
    world.now.columns.push(Column::Category(cells));
    world
});

/// The reports, each with tables of the question by something else.
fn reports() -> Vec<(Lang, String)> {
    let divided = [["county", "kind"], ["size", "kostra_group"], ["centrality", "county"]];
    let text = |((lang, text), by): ((Lang, &str), [&str; 2])| {
        let tables = by.map(|by| {
            format!(
                "\n\n{{{{ table(\"{QUESTION}\", by: \"{by}\", title: \"{QUESTION}, {by}\") }}}}\n"
            )
        });
        (lang, format!("{text}{}", tables.concat()))
    };
    texts().into_iter().zip(divided).map(text).collect()
}

fn round() -> RoundInput<'static> {
    RoundInput {
        plan: &WORLD.plan,
        data: &WORLD.now,
        previous: None,
        reports: Default::default(),
        instrument: None,
        frame: None,
        published: vec![],
        coded: vec![],
        downloads: vec![],
        known: Default::default(),
        boundaries: None,
    }
}

/// Prints a table as `runde table` does.
fn printed(question: &str, by: &'static str, lang: Lang) -> Vec<report::TableRow> {
    let questions = [question.to_owned()];
    let request = TableRequest {
        questions: &questions,
        by: Some(by),
        trend: false,
        estimator: None,
        of_population: false,
        lang,
    };
    table(&round(), &request).unwrap().remove(0).rows
}

/// What groups are called in a language: report and tables call them the same.
fn names(lang: Lang) -> BTreeMap<String, Group> {
    let mut names = BTreeMap::new();
    for (place, by) in ATTRIBUTES.into_iter().enumerate() {
        for label in printed(QUESTION, by, lang).into_iter().filter_map(|row| row.group) {
            names.insert(label.text, (place, label.code));
        }
    }
    names
}

fn of_tables() -> Vec<Read> {
    let mut read = vec![];
    for (place, by) in ATTRIBUTES.into_iter().enumerate() {
        for lang in [Lang::NB, Lang::NN, Lang::EN] {
            for row in printed(QUESTION, by, lang) {
                let TableCell::Shown(shown) = row.cell else { continue };
                let base = shown.n as f64;
                let group = row.group.map(|label| (place, label.code));
                let (option, count) = (row.option.unwrap().code, shown.value * base / 100.0);
                read.push(Read { source: "runde table", group, option, count, base });
            }
        }
    }
    read
}

fn of_reports(files: &BTreeMap<String, Vec<u8>>) -> Vec<Read> {
    let mut read = vec![];
    for (folder, lang) in [("2023/", Lang::NB), ("2023/nn/", Lang::NN), ("2023/en/", Lang::EN)] {
        let names = names(lang);
        let figures = format!("{folder}figure-");
        for (_, bytes) in
            files.iter().filter(|(path, _)| path.starts_with(&figures) && path.ends_with(".csv"))
        {
            for row in csv::Reader::from_reader(bytes.as_slice()).records() {
                let row = row.unwrap();
                if row[0] != *QUESTION.replace('.', "_") || row[1].contains('+') {
                    continue;
                }
                let group = row[3].split(": ").next().and_then(|name| names.get(name)).cloned();
                let [share, base]: [f64; 2] = [4, 8].map(|place| row[place].parse().unwrap());
                let (option, count) = (row[1].to_owned(), share * base / 100.0);
                read.push(Read { source: "report", group, option, count, base });
            }
        }
    }
    read
}

fn of_open_data() -> Vec<Read> {
    let tables = open_tables(&round());
    let table = tables.iter().find(|table| table.question.as_str() == "veiledning").unwrap();
    let place = table.rows.iter().position(|(name, _)| *name == QUESTION.replace('.', "_"));
    let of_row = table.cells.chunks(table.answers.len()).nth(place.unwrap()).unwrap();
    let cell = |((option, _), cell): (&(String, instrument::Text), &Option<report::OpenCell>)| {
        let cell = cell.as_ref()?;
        let (option, count) = (option.clone(), cell.count? as f64);
        Some(Read { source: "open data", group: None, option, count, base: cell.base as f64 })
    };
    table.answers.iter().zip(of_row).filter_map(cell).collect()
}

fn of_open_groups() -> Vec<Read> {
    let tables = open_group_tables(&round());
    let table = tables.iter().find(|table| table.question.as_str() == "veiledning").unwrap();
    let place = table.rows.iter().position(|(name, _)| *name == QUESTION.replace('.', "_"));
    let of_row = table.groups.len() * table.answers.len();
    let cells = table.cells.chunks(of_row).nth(place.unwrap()).unwrap();
    let mut read = vec![];
    for (group, cells) in table.groups.iter().zip(cells.chunks(table.answers.len())) {
        let (attribute, code) = group.0.split_once('=').unwrap();
        let place = ATTRIBUTES.iter().position(|known| *known == attribute).unwrap();
        for ((option, _), cell) in table.answers.iter().zip(cells) {
            let OpenGroupCell::Shown(cell) = cell else { continue };
            let (count, base) = (cell.count.unwrap() as f64, cell.base as f64);
            let group = Some((place, code.to_owned()));
            read.push(Read { source: "open groups", group, option: option.clone(), count, base });
        }
    }
    read
}

/// Everything that there is to read.
static PUBLISHED: LazyLock<Vec<Read>> = LazyLock::new(|| {
    let reports = reports();
    let texts: Vec<(Lang, &str)> =
        reports.iter().map(|(lang, text)| (*lang, text.as_str())).collect();
    let files = WORLD.publish(&texts).unwrap().files;
    let open_data = [of_open_data(), of_open_groups()].concat();
    // The pages of units tell of open answers alone, which need not be worked out.
    assert!(!files.keys().any(|file| file.contains("/units/")));
    [of_reports(&files), of_tables(), open_data].concat()
});

/// Everything that is true: which the attacker does not know.
struct Truth {
    counts: BTreeMap<(Group, String), usize>,
    bases: BTreeMap<Group, usize>,
    classes: BTreeMap<Class, usize>,
}

fn truth(data: &DataSet) -> Truth {
    let (variable, Column::Category(cells)) = data.variable(QUESTION).unwrap() else {
        unreachable!("a scale")
    };
    let mut truth =
        Truth { counts: BTreeMap::new(), bases: BTreeMap::new(), classes: BTreeMap::new() };
    for (unit, cell) in data.units.iter().zip(cells) {
        let class = class(unit);
        *truth.classes.entry(class.clone()).or_default() += 1;
        let option = match cell {
            Cell::Valid(option) => variable.options[usize::from(*option)].code.as_str(),
            Cell::Missing(Missing::DontKnow) => "vet_ikke",
            Cell::Missing(_) => continue,
        };
        for group in class {
            *truth.counts.entry((group.clone(), option.to_owned())).or_default() += 1;
            *truth.bases.entry(group).or_default() += 1;
        }
    }
    truth
}

impl Truth {
    /// The counts that the limits protect: of fewer than three, or of a group of fewer than ten.
    fn sensitive(&self) -> Vec<(Group, String)> {
        let small = |((group, _), count): &(&(Group, String), &usize)| {
            **count < 3 || self.bases[group] < 10
        };
        self.counts.iter().filter(small).map(|(place, _)| place.clone()).collect()
    }

    /// Whatever is not too small by itself: what would be shown if nothing were hidden in company.
    fn shown_without_company(&self) -> Vec<Read> {
        let sensitive: BTreeSet<(Group, String)> = self.sensitive().into_iter().collect();
        let large = self.counts.iter().filter(|(place, _)| !sensitive.contains(place));
        large
            .map(|((group, option), count)| Read {
                source: "a table without company",
                group: Some(group.clone()),
                option: option.clone(),
                count: *count as f64,
                base: self.bases[group] as f64,
            })
            .collect()
    }
}

/// What is known of the sums over classes, each once however often it was read.
fn sums(read: &[Read]) -> BTreeMap<(Option<Group>, Option<String>), f64> {
    let mut sums = BTreeMap::new();
    for row in read {
        let places = [(Some(row.option.clone()), row.count.round()), (None, row.base)];
        for (option, count) in places {
            let before = sums.insert((row.group.clone(), option), count);
            // All that is published says the same.
            assert!(before.is_none_or(|before| before == count), "{before:?}: {row:?}");
        }
    }
    sums
}

/// Solves for the least or the most that a count can be.
fn extreme(
    direction: OptimizationDirection,
    wanted: &(Group, String),
    truth: &Truth,
    sums: &BTreeMap<(Option<Group>, Option<String>), f64>,
) -> f64 {
    let options = &WORLD.now.variable(QUESTION).unwrap().0.options;
    let mut problem = Problem::new(direction);
    let mut variables: Vec<(&Class, &str, Variable)> = vec![];
    for (class, units) in &truth.classes {
        let of_class = options.iter().map(|option| {
            let counted = class.contains(&wanted.0) && option.code.as_str() == wanted.1;
            let weight = f64::from(u8::from(counted));
            (class, option.code.as_str(), problem.add_var(weight, (0.0, *units as f64)))
        });
        let of_class: Vec<_> = of_class.collect();
        // No more answered than were invited.
        let all: Vec<_> = of_class.iter().map(|(_, _, variable)| (*variable, 1.0)).collect();
        problem.add_constraint(all, ComparisonOp::Le, *units as f64);
        variables.extend(of_class);
    }
    for ((group, option), count) in sums {
        let mut sum = LinearExpr::empty();
        for (class, of, variable) in &variables {
            let inside = group.as_ref().is_none_or(|group| class.contains(group));
            if inside && option.as_ref().is_none_or(|option| option == of) {
                sum.add(*variable, 1.0);
            }
        }
        problem.add_constraint(sum, ComparisonOp::Eq, *count);
    }
    problem.solve().unwrap().into_solution().unwrap().objective()
}

/// Whether the attacker can work out a count.
fn is_worked_out(
    place: &(Group, String),
    truth: &Truth,
    sums: &BTreeMap<(Option<Group>, Option<String>), f64>,
) -> bool {
    let [least, most] = [OptimizationDirection::Minimize, OptimizationDirection::Maximize]
        .map(|direction| extreme(direction, place, truth, sums));
    let count = truth.counts[place] as f64;
    assert!(least <= count + 1e-6 && count <= most + 1e-6, "{place:?} is {count}");
    most - least < 0.5
}

#[test]
fn nothing_that_is_hidden_can_be_worked_out() {
    let truth = truth(&WORLD.now);
    let read = &*PUBLISHED;
    let sensitive = truth.sensitive();
    // The attack has something to attack, and something to go by in every place.
    assert!(sensitive.len() >= 20, "{:?}", sensitive.len());
    for source in ["report", "runde table", "open data", "open groups"] {
        assert!(read.iter().filter(|row| row.source == source).count() >= 5, "{source}");
    }
    let sums = sums(read);
    for place in sensitive {
        let (group, option) = &place;
        assert!(!sums.contains_key(&(Some(group.clone()), Some(option.clone()))), "{place:?}");
        assert!(!is_worked_out(&place, &truth, &sums), "{place:?} can be worked out");
    }
}

/// Where only what is too small is hidden, and nothing beside it, the same attack finds it.
#[test]
fn without_company_what_is_hidden_comes_out() {
    let truth = truth(&WORLD.now);
    let sums = sums(&[PUBLISHED.clone(), truth.shown_without_company()].concat());
    assert!(truth.sensitive().iter().any(|place| is_worked_out(place, &truth, &sums)));
}

/// What the report shows of a group, the tables show, and what one hides, the other hides.
#[test]
fn report_and_tables_hide_the_same_cells() {
    let read = &*PUBLISHED;
    let places = |source: &str, by: usize| -> BTreeSet<(String, String)> {
        let of_source = read.iter().filter(|row| row.source == source);
        of_source
            .filter_map(|row| Some((row.group.clone()?, row.option.clone())))
            .filter(|((attribute, _), _)| *attribute == by)
            .map(|((_, code), option)| (code, option))
            .collect()
    };
    for (by, attribute) in ATTRIBUTES.into_iter().enumerate() {
        assert!(!places("report", by).is_empty(), "{attribute}");
        assert_eq!(places("report", by), places("runde table", by), "{attribute}");
        assert_eq!(places("open groups", by), places("runde table", by), "{attribute}");
    }
}

/// How many were asked a question tells what they answered to the one that it hangs on.
#[test]
fn a_base_does_not_tell_what_the_question_before_it_hides() {
    let mut hidden = 0;
    for by in ATTRIBUTES {
        let follow_up = printed(FOLLOW_UP, by, Lang::NB);
        for row in printed("tolk", by, Lang::NB) {
            let said_no = row.option.as_ref().unwrap().code == "nei";
            if row.group.is_none() || !said_no || row.cell != TableCell::Withheld {
                continue;
            }
            hidden += 1;
            let of_group = follow_up.iter().filter(|follow_up| follow_up.group == row.group);
            for follow_up in of_group {
                assert!(!matches!(follow_up.cell, TableCell::Shown(_)), "{by}: {follow_up:?}");
            }
        }
    }
    assert!(hidden > 0);
}
