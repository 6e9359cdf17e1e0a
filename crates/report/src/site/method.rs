//! What the method section says of a round.

use std::collections::BTreeMap;

use dataset::{DataSet, UnitRow};
use frame::{Dispositions, UnitKind};
use instrument::{Estimator, Plan, ShareBase};

use super::furniture::Furniture;
use crate::chart::{Layout, ResponseCurve, Table};
use crate::figures::{Figure, Figures, Sample};
use crate::labels::{Labels, hard_spaces};
use crate::ledger::{Key, Ledger};
use crate::words::Words;

/// What the method section says of a round, in one language.
pub(super) struct Method {
    pub(super) invited: String,
    pub(super) answered: String,
    pub(super) rate: String,
    pub(super) kinds: String,
    pub(super) opens: String,
    pub(super) closes: String,
    pub(super) reminders: String,
    pub(super) sections: usize,
    pub(super) partial: String,
    pub(super) curve: Option<Curve>,
    pub(super) response: Vec<ResponseTable>,
    pub(super) valid_only: bool,
    pub(super) weighted: bool,
    pub(super) cells: String,
    pub(super) cell_count: String,
    pub(super) smallest_cell: String,
    /// The figure that weighting moves the most, and by how many percentage points.
    pub(super) largest_shift: Option<Shift>,
    pub(super) level: String,
    pub(super) same_within: String,
    pub(super) overlap: String,
    pub(super) previous: Option<String>,
    pub(super) smallest_base: String,
    pub(super) smallest_group: String,
    pub(super) national_published: bool,
    pub(super) notes: Vec<Note>,
    pub(super) provenance: Vec<Provenance>,
}

/// How the answers came in, day by day.
pub(super) struct Curve {
    pub(super) title: String,
    pub(super) wide: String,
    pub(super) narrow: String,
    pub(super) table: Table,
}

/// The file of the response curve, in the folder of the round.
pub(super) const CURVE_FILE: &str = "response.csv";

/// Response by groups of units.
pub(super) struct ResponseTable {
    pub(super) title: &'static str,
    pub(super) head: &'static str,
    pub(super) rows: Vec<ResponseRow>,
}

/// Response of one group.
pub(super) struct ResponseRow {
    pub(super) name: String,
    pub(super) invited: String,
    pub(super) answered: String,
    pub(super) rate: String,
    /// The length of its bar, of 100.
    pub(super) bar: i64,
}

/// How far weighting moves a figure.
pub(super) struct Shift {
    /// The question and the answer.
    pub(super) figure: String,
    pub(super) points: String,
    pub(super) unweighted: String,
    pub(super) weighted: String,
    pub(super) anchor: String,
}

/// What a reader must know to compare a question with the round before.
pub(super) struct Note {
    pub(super) anchor: String,
    pub(super) question: String,
    pub(super) text: String,
}

/// Where the figures of a round come from.
pub(super) struct Provenance {
    pub(super) round: String,
    pub(super) data: String,
    pub(super) instrument: String,
    pub(super) sample: String,
    pub(super) responses: String,
    pub(super) frozen_at: String,
}

/// Gathers what the method section says.
pub(super) fn method(
    figures: &Figures<'_>,
    ledger: &Ledger,
    words: &Words,
    furniture: &'static Furniture,
) -> Method {
    let (plan, data) = (figures.plan, figures.now.data);
    let counts = data.dispositions();
    let before = figures.before.as_ref();
    Method {
        invited: words.count(counts.invited()),
        answered: words.count(counts.answered()),
        rate: rate(&counts, words),
        kinds: kinds(data, words, furniture),
        opens: words.date(plan.opens),
        closes: words.date(plan.closes),
        reminders: enumerate(plan.reminders.iter().map(|day| words.date(*day)), words),
        sections: plan.answered.sections,
        partial: words.count(counts.partial),
        curve: ResponseCurve::of(data, plan).map(|curve| drawn(&curve, words)),
        response: response(data, words, furniture),
        valid_only: matches!(plan.base, ShareBase::Valid),
        weighted: matches!(plan.estimator, Estimator::Weighted),
        cells: enumerate(
            plan.weighting.cells.iter().map(|name| furniture.cell(name).to_owned()),
            words,
        ),
        cell_count: words.count(figures.now.cells.invited.len()),
        smallest_cell: words.count(plan.weighting.smallest_cell),
        largest_shift: largest_shift(figures, ledger, words),
        level: words.percent_sign(plan.change.level * 100.0),
        same_within: points(plan, words),
        overlap: words.count(figures.links.len()),
        previous: before.map(|before| before.data.provenance.round.to_string()),
        smallest_base: words.count(plan.disclosure.smallest_base),
        smallest_group: words.count(plan.disclosure.smallest_cell),
        national_published: plan.disclosure.publish_national,
        notes: notes(figures, ledger, words),
        provenance: [Some(&figures.now), before].into_iter().flatten().map(provenance).collect(),
    }
}

fn drawn(curve: &ResponseCurve, words: &Words) -> Curve {
    let draw = |layout| curve.draw(layout, "response-curve", words);
    Curve {
        title: curve.title(words),
        wide: draw(Layout::Wide),
        narrow: draw(Layout::Narrow),
        table: curve.table(words),
    }
}

fn rate(counts: &Dispositions, words: &Words) -> String {
    counts.response_rate().map(|rate| words.percent_sign(rate * 100.0)).unwrap_or_default()
}

/// Returns "356 kommuner og 15 bydeler".
fn kinds(data: &DataSet, words: &Words, furniture: &Furniture) -> String {
    let kinds = [
        (UnitKind::Municipality, furniture.municipalities),
        (UnitKind::District, furniture.districts),
    ];
    let said = kinds.iter().filter_map(|(kind, name)| {
        let count = data.units.iter().filter(|unit| unit.kind == *kind).count();
        (count > 0).then(|| format!("{}\u{a0}{name}", words.count(count)))
    });
    enumerate(said, words)
}

pub(super) fn enumerate(parts: impl Iterator<Item = String>, words: &Words) -> String {
    let parts: Vec<String> = parts.collect();
    let all = parts.len();
    parts.iter().enumerate().map(|(place, part)| words.joint(place, all) + part).collect()
}

fn response(data: &DataSet, words: &Words, furniture: &'static Furniture) -> Vec<ResponseTable> {
    let size = |unit: &UnitRow| {
        let class = data.size_classes.iter().position(|(code, _)| *code == unit.size);
        let place = class.unwrap_or(data.size_classes.len());
        let name =
            class.map_or(unit.size.as_str(), |place| data.size_classes[place].1.get(words.lang));
        (place.to_string(), hard_spaces(name))
    };
    let kind = |unit: &UnitRow| match unit.kind {
        UnitKind::Municipality => ("0".to_owned(), capital(furniture.municipalities)),
        UnitKind::District => ("1".to_owned(), capital(furniture.districts)),
    };
    let county = |unit: &UnitRow| (unit.county_id.clone(), unit.county.clone());
    let table = |title, head, rows| ResponseTable { title, head, rows };
    vec![
        table(furniture.by_size, furniture.size, groups(data, words, size)),
        table(furniture.by_county, furniture.county, groups(data, words, county)),
        table(furniture.by_kind, furniture.kind, groups(data, words, kind)),
    ]
}

/// Counts the units by groups, in the order of their sort keys.
fn groups(
    data: &DataSet,
    words: &Words,
    group: impl Fn(&UnitRow) -> (String, String),
) -> Vec<ResponseRow> {
    let mut groups: BTreeMap<(String, String), Dispositions> = BTreeMap::new();
    for unit in &data.units {
        let counts = groups.entry(group(unit)).or_default();
        let one: Dispositions = [unit.disposition].into_iter().collect();
        *counts = sum(counts, &one);
    }
    let row = |((_, name), counts): ((String, String), Dispositions)| ResponseRow {
        name,
        invited: words.count(counts.invited()),
        answered: words.count(counts.answered()),
        rate: rate(&counts, words),
        bar: (counts.response_rate().unwrap_or_default() * 100.0).round() as i64,
    };
    groups.into_iter().map(row).collect()
}

fn sum(one: &Dispositions, other: &Dispositions) -> Dispositions {
    Dispositions {
        complete: one.complete + other.complete,
        partial: one.partial + other.partial,
        break_off: one.break_off + other.break_off,
        refusal: one.refusal + other.refusal,
        non_contact: one.non_contact + other.non_contact,
    }
}

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn largest_shift(figures: &Figures<'_>, ledger: &Ledger, words: &Words) -> Option<Shift> {
    let mut largest: Option<(f64, f64, &Key, &Figure)> = None;
    for (key, stated) in ledger.figures().filter(|(_, stated)| !stated.figure.codes.is_empty()) {
        let Some(weighted) = stated.figure.weighted else { continue };
        let points = weighted.value - stated.figure.unweighted.value;
        if largest.is_none_or(|(most, ..)| points.abs() > most.abs()) {
            largest = Some((points, weighted.value, key, &stated.figure));
        }
    }
    let (points, weighted, key, figure) = largest?;
    let labels = Labels::new(figures.now.data, words.lang);
    let (variable, _) = figures.now.variable(&figure.variable).ok()?;
    let label = variable.label.get(words.lang);
    Some(Shift {
        figure: format!("{label} – {} ({})", labels.counted(figure), figure.round),
        points: words.decimal(points.abs(), 1),
        unweighted: words.decimal(figure.unweighted.value, 1),
        weighted: words.decimal(weighted, 1),
        anchor: key.anchor(),
    })
}

fn points(plan: &Plan, words: &Words) -> String {
    let points = plan.change.same_within;
    words.decimal(points, usize::from(points.fract() != 0.0))
}

fn notes(figures: &Figures<'_>, ledger: &Ledger, words: &Words) -> Vec<Note> {
    let mut notes: BTreeMap<String, Note> = BTreeMap::new();
    for (key, change) in ledger.changes() {
        let Some(text) = &change.note else { continue };
        let Ok((variable, _)) = figures.now.variable(&change.after.variable) else { continue };
        notes.entry(key.id.clone()).or_insert_with(|| Note {
            anchor: note_anchor(&variable.name),
            question: variable.label.get(words.lang).to_owned(),
            text: text.get(words.lang).to_owned(),
        });
    }
    notes.into_values().collect()
}

/// Returns the address of the note on comparing a variable.
pub(crate) fn note_anchor(variable: &str) -> String {
    format!("n-{}", variable.replace('.', "_"))
}

fn provenance(sample: &Sample<'_>) -> Provenance {
    let from = &sample.data.provenance;
    Provenance {
        round: from.round.to_string(),
        data: sample.hash().to_string(),
        instrument: from.instrument.to_string(),
        sample: from.sample.to_string(),
        responses: from.responses.to_string(),
        frozen_at: from.frozen_at.to_string(),
    }
}
