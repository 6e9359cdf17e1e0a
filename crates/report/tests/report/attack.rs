//! An attack on the publication: whoever knows the frame and reads every table that is published
//! solves for what is hidden, by linear programming. No hidden count may come out.

use std::collections::{BTreeMap, BTreeSet};

use dataset::{DataSet, UnitRow};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};

use crate::{WORLD, texts};

/// The question whose tables are attacked: by county, kind and size.
const QUESTION: &str = "veiledning.lov";

/// What the attacker reads of one row of a published file.
struct Read {
    group: Option<Group>,
    option: String,
    count: f64,
    base: f64,
}

/// A group of units, as the labels of tables name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group(String);

fn groups_of(unit: &UnitRow) -> [Group; 3] {
    let size = match unit.size.as_str() {
        "under_5000" => "Under 5\u{a0}000",
        "fra_5000" => "5\u{a0}000–19\u{a0}999",
        _ => "20\u{a0}000 og flere",
    };
    let kind = if unit.kind.as_str() == "district" { "Bydelene" } else { "Kommunene" };
    [size, unit.county.as_str(), kind].map(|name| Group(name.to_owned()))
}

/// Reads every published file of figures in bokmål.
fn published(known: &BTreeSet<Group>) -> Vec<Read> {
    let site = WORLD.publish(&texts()).unwrap();
    let mut read = vec![];
    for (path, bytes) in &site.files {
        if !(path.starts_with("2023/figure-") && path.ends_with(".csv")) {
            continue;
        }
        for row in csv::Reader::from_reader(bytes.as_slice()).records() {
            let row = row.unwrap();
            if row[0] != *QUESTION.replace('.', "_") || row[1].contains('+') {
                continue;
            }
            let group = row[3].split(": ").next().map(|name| Group(name.to_owned()));
            let base: f64 = row[8].parse().unwrap();
            let share: f64 = row[4].parse().unwrap();
            read.push(Read {
                group: group.filter(|group| known.contains(group)),
                option: row[1].to_owned(),
                count: (share * base / 100.0).round(),
                base,
            });
        }
    }
    read
}

/// Everything that is true: which the attacker does not know.
struct Truth {
    counts: BTreeMap<(Group, String), usize>,
    bases: BTreeMap<Group, usize>,
}

fn truth(data: &DataSet) -> Truth {
    let (variable, column) = data.variable(QUESTION).unwrap();
    let dataset::Column::Category(cells) = column else { unreachable!("a scale") };
    let mut truth = Truth { counts: BTreeMap::new(), bases: BTreeMap::new() };
    for (unit, cell) in data.units.iter().zip(cells) {
        let option = match cell {
            dataset::Cell::Valid(option) => {
                Some(variable.options[usize::from(*option)].code.as_str())
            }
            dataset::Cell::Missing(dataset::Missing::DontKnow) => Some("vet_ikke"),
            dataset::Cell::Missing(_) => None,
        };
        let Some(option) = option else { continue };
        for group in groups_of(unit) {
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
}

/// The classes of units that the frame can tell apart, with how many units each has.
fn classes(data: &DataSet) -> BTreeMap<[Group; 3], usize> {
    let mut classes = BTreeMap::new();
    for unit in &data.units {
        *classes.entry(groups_of(unit)).or_default() += 1;
    }
    classes
}

/// Solves for the least or the most that a count can be.
fn extreme(
    direction: OptimizationDirection,
    wanted: &(Group, String),
    classes: &BTreeMap<[Group; 3], usize>,
    read: &[Read],
) -> f64 {
    let data = &WORLD.now;
    let options: Vec<String> =
        data.variable(QUESTION).unwrap().0.options.iter().map(|o| o.code.to_string()).collect();
    let mut problem = Problem::new(direction);
    let mut variables: BTreeMap<(&[Group; 3], &str), Variable> = BTreeMap::new();
    for (class, units) in classes {
        for option in &options {
            let counted = class.contains(&wanted.0) && *option == wanted.1;
            let weight = f64::from(u8::from(counted));
            let variable = problem.add_var(weight, (0.0, *units as f64));
            variables.insert((class, option), variable);
        }
        // No more answered than were invited.
        let all = options.iter().map(|option| (variables[&(class, option.as_str())], 1.0));
        problem.add_constraint(all.collect::<Vec<_>>(), ComparisonOp::Le, *units as f64);
    }
    let sum = |group: Option<&Group>, option: Option<&str>| {
        let mut sum = LinearExpr::empty();
        for ((class, of), variable) in &variables {
            let inside = group.is_none_or(|group| class.contains(group));
            if inside && option.is_none_or(|option| option == *of) {
                sum.add(*variable, 1.0);
            }
        }
        sum
    };
    let mut bases: BTreeMap<Option<&Group>, f64> = BTreeMap::new();
    for row in read {
        let group = row.group.as_ref();
        problem.add_constraint(sum(group, Some(&row.option)), ComparisonOp::Eq, row.count);
        bases.insert(group, row.base);
    }
    for (group, base) in bases {
        problem.add_constraint(sum(group, None), ComparisonOp::Eq, base);
    }
    problem.solve().unwrap().into_solution().unwrap().objective()
}

/// Returns the sensitive counts that the attacker can work out.
fn worked_out(truth: &Truth, read: &[Read]) -> Vec<(Group, String)> {
    let classes = classes(&WORLD.now);
    let known = |place: &(Group, String)| {
        let [least, most] = [OptimizationDirection::Minimize, OptimizationDirection::Maximize]
            .map(|direction| extreme(direction, place, &classes, read));
        let count = truth.counts[place] as f64;
        assert!(least <= count + 1e-6 && count <= most + 1e-6, "{place:?} is {count}");
        most - least < 0.5
    };
    truth.sensitive().into_iter().filter(known).collect()
}

#[test]
fn nothing_that_is_hidden_can_be_worked_out() {
    let truth = truth(&WORLD.now);
    let groups: BTreeSet<Group> = truth.bases.keys().cloned().collect();
    let read = published(&groups);
    // The attack has something to attack, and something to go by.
    assert!(truth.sensitive().len() >= 10, "{:?}", truth.sensitive().len());
    assert!(read.iter().filter(|row| row.group.is_some()).count() >= 10);
    for place in truth.sensitive() {
        let shown =
            read.iter().any(|row| row.group.as_ref() == Some(&place.0) && row.option == place.1);
        assert!(!shown, "{place:?} is printed");
    }
    assert_eq!(worked_out(&truth, &read), []);
}

/// Where only what is too small is hidden, and nothing beside it, the same attack finds it.
#[test]
fn without_company_what_is_hidden_comes_out() {
    let truth = truth(&WORLD.now);
    let groups: BTreeSet<Group> = truth.bases.keys().cloned().collect();
    let mut read = published(&groups);
    let sensitive = truth.sensitive();
    for ((group, option), count) in &truth.counts {
        if !sensitive.contains(&(group.clone(), option.clone())) {
            read.push(Read {
                group: Some(group.clone()),
                option: option.clone(),
                count: *count as f64,
                base: truth.bases[group] as f64,
            });
        }
    }
    assert!(!worked_out(&truth, &read).is_empty());
}
