//! Freezing: from the answers of a round to its data set.

use std::collections::BTreeMap;
use std::sync::Arc;

use dataset::{Cell, CodebookVariable, Column, DataSet, Missing, Provenance, UnitRow};
use frame::{Disposition, Frame, Unit, UnitId};
use instrument::expression::{Case as Known, UnitAttributes};
use instrument::path::{Path, path};
use instrument::{
    Answers, Code, Hash, Instrument, Item, Plan, Question, RoundId, SectionId, Survey, Value,
    Variable, VariableKind,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::case::held;
use crate::field::{load_overview, round_state};
use crate::sql::{Executor, query};
use crate::{Case, CaseId, CaseOverview, SectionState, SectionStatus, Store, StoreError, Writing};

/// What a round is frozen with: the files that give its answers their meaning.
#[derive(Clone, Copy, Debug)]
pub struct FreezeWith<'a> {
    /// The survey, for its classes of population.
    pub survey: &'a Survey,
    /// The questionnaire.
    pub instrument: &'a Instrument,
    /// The units that were invited.
    pub frame: &'a Frame,
    /// What counts as answered.
    pub plan: &'a Plan,
}

/// What the answers of one case come to.
struct CaseData {
    attributes: UnitAttributes,
    answers: Answers,
    path: Path,
    /// For each section, whether it has been handed in.
    handed_in: Vec<bool>,
    disposition: Disposition,
}

impl Store {
    /// Freezes a round as it stands: returns its data set, stamped with the time `now`. Only what
    /// was handed in is in it. Contacts cannot be: nothing here reads their tables.
    pub async fn freeze(
        &self,
        with: FreezeWith<'_>,
        now: Timestamp,
    ) -> Result<DataSet, StoreError> {
        let round = with.instrument.round;
        let mut snapshot = self.readers.snapshot().await?;
        let state = round_state(&mut snapshot, round).await?.ok_or(StoreError::NoRound(round))?;
        let parents = (state.instrument, state.sample);
        if parents.0 != with.instrument.hash {
            return Err(StoreError::OtherParent { round, what: "questionnaire" });
        }
        if parents.1 != with.frame.hash {
            return Err(StoreError::OtherParent { round, what: "frame" });
        }
        let cases = cases(&mut snapshot, round).await?;
        let provenance = Provenance {
            survey: with.survey.id.clone(),
            round,
            instrument: parents.0,
            sample: parents.1,
            responses: responses_hash(&cases),
            frozen_at: now,
            simulated: state.simulated,
        };
        Ok(assemble(with, provenance, &cases))
    }

    /// Returns the data set of a round that was frozen last; `None` where it never was.
    pub async fn latest_dataset(&self, round: RoundId) -> Result<Option<DataSet>, StoreError> {
        let row = query(
            "select bytes from dataset where round = $1 order by frozen_at desc, hash limit 1",
        )
        .bind(i64::from(round.year()))
        .fetch_optional(&mut self.readers.reader().await?)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let bytes: &str = row.try_get("bytes")?;
        Ok(Some(dataset::decode(bytes.as_bytes())?))
    }
}

impl Writing {
    /// Keeps a frozen data set; keeping the same one again changes nothing.
    pub async fn keep_dataset(&mut self, data: &DataSet) -> Result<Hash, StoreError> {
        let bytes = dataset::encode(data);
        let hash = Hash::of(&bytes);
        let bytes = String::from_utf8(bytes).expect("JSON is UTF-8");
        query(
            "insert into dataset (hash, round, frozen_at, bytes) values ($1, $2, $3, $4) \
             on conflict (hash) do nothing",
        )
        .bind(hash.to_string())
        .bind(i64::from(data.provenance.round.year()))
        .bind(data.provenance.frozen_at.as_millisecond())
        .bind(bytes)
        .execute(&mut self.tx)
        .await?;
        Ok(hash)
    }
}

/// Reads every case of a round, in as many queries as one case takes.
async fn cases(
    connection: &mut impl Executor,
    round: RoundId,
) -> Result<BTreeMap<UnitId, Case>, StoreError> {
    let mut cases: BTreeMap<UnitId, Case> = BTreeMap::new();
    for overview in load_overview(connection, round).await? {
        cases.insert(overview.unit.clone(), empty_case(round, overview));
    }
    let rows = query(
        "select unit, variable, version, value, answered_by, answered_at, form, form_step \
         from answer where round = $1 order by unit, variable, version",
    )
    .bind(i64::from(round.year()))
    .fetch_all(connection)
    .await?;
    for row in &rows {
        if let Some(case) = cases.get_mut(row.try_get::<&str>("unit")?) {
            case.held.insert(row.try_get("variable")?, Arc::new(held(row)?));
        }
    }
    Ok(cases)
}

fn empty_case(round: RoundId, overview: CaseOverview) -> Case {
    Case {
        id: CaseId { round, unit: overview.unit },
        signed: overview.signed,
        held: BTreeMap::new(),
        sections: overview.sections,
        assignments: BTreeMap::new(),
        signatures: vec![],
    }
}

/// Returns the hash of all answers of all cases with their versions, and of what was handed in.
fn responses_hash(cases: &BTreeMap<UnitId, Case>) -> Hash {
    let text: String = cases.values().map(|case| format!("{}\n", case.content())).collect();
    Hash::of(text)
}

fn assemble(
    with: FreezeWith<'_>,
    provenance: Provenance,
    cases: &BTreeMap<UnitId, Case>,
) -> DataSet {
    let data: Vec<CaseData> =
        with.frame.units.iter().map(|unit| case_data(with, unit, cases.get(&unit.id))).collect();
    let units = with.frame.units.iter().zip(&data);
    let answered = units.clone().filter(|(_, case)| case.disposition.answered());
    let answered: Vec<&Case> = answered.filter_map(|(unit, _)| cases.get(&unit.id)).collect();
    let variables = &with.instrument.variables;
    DataSet {
        provenance,
        units: units.map(|(unit, case)| unit_row(with.survey, unit, case.disposition)).collect(),
        size_classes: with
            .survey
            .size_classes
            .iter()
            .map(|class| (class.code.clone(), class.title.clone()))
            .collect(),
        answered_on: answered_on(with.plan, &answered),
        variables: variables.iter().map(|v| CodebookVariable::of(with.instrument, v)).collect(),
        columns: (0..variables.len()).map(|v| column(with.instrument, v, &data)).collect(),
    }
}

fn case_data(with: FreezeWith<'_>, unit: &Unit, case: Option<&Case>) -> CaseData {
    let instrument = with.instrument;
    let mut answers =
        case.map_or_else(|| Answers::none(instrument), |case| case.answers(instrument));
    let attributes = unit.attributes();
    let path = path(instrument, &attributes, &mut answers);
    let handed_in: Vec<bool> = instrument
        .sections
        .iter()
        .map(|section| case.is_some_and(|case| case.status(&section.id) == SectionStatus::Done))
        .collect();
    let disposition = disposition(with.plan, case, &path, &handed_in);
    CaseData { attributes, answers, path, handed_in, disposition }
}

fn disposition(plan: &Plan, case: Option<&Case>, path: &Path, handed_in: &[bool]) -> Disposition {
    let asked = path.sections.iter().zip(handed_in).filter(|(asked, _)| **asked);
    let (done, open): (Vec<_>, Vec<_>) = asked.partition(|(_, done)| **done);
    match case {
        Some(_) if open.is_empty() && !done.is_empty() => Disposition::Complete,
        Some(_) if done.len() >= plan.answered.sections => Disposition::Partial,
        Some(case) if !case.sections.is_empty() => Disposition::BreakOff,
        Some(_) | None => Disposition::NonContact,
    }
}

fn unit_row(survey: &Survey, unit: &Unit, disposition: Disposition) -> UnitRow {
    let class = survey.size_class(unit.population).map(|index| &survey.size_classes[index]);
    let none = || Code::new("none").expect("a word is a code");
    UnitRow {
        id: unit.id.clone(),
        name: unit.name.clone(),
        kind: unit.kind,
        county_id: unit.county_id.clone(),
        county: unit.county.clone(),
        population: unit.population,
        size: class.map_or_else(none, |class| class.code.clone()),
        centrality: unit.centrality,
        kostra_group: unit.kostra_group,
        disposition,
    }
}

fn column(instrument: &Instrument, index: usize, cases: &[CaseData]) -> Column {
    let variable = &instrument.variables[index];
    macro_rules! cells {
        ($value:pat => $read:expr) => {
            cases
                .iter()
                .map(|case| match answer(instrument, index, case) {
                    Ok($value) => $read,
                    Ok(Value::Missing(kind)) => Cell::Missing((*kind).into()),
                    // The instrument reads every value with the variable's own kind.
                    Ok(_) => Cell::Missing(Missing::NotAnswered),
                    Err(missing) => Cell::Missing(missing),
                })
                .collect()
        };
    }
    match variable.kind {
        // Of a file the data set holds that there is one, which is the only option.
        VariableKind::Category if instrument.file_rule(variable).is_some() => {
            Column::Category(cells!(Value::File(_) => Cell::Valid(0)))
        }
        VariableKind::Category => {
            Column::Category(cells!(Value::Code(code) => category(instrument, variable, code)))
        }
        VariableKind::Categories => Column::Categories(
            cells!(Value::Codes(codes) => categories(instrument, variable, codes)),
        ),
        VariableKind::Integer => Column::Integer(cells!(Value::Integer(n) => Cell::Valid(*n))),
        VariableKind::Decimal => Column::Decimal(cells!(Value::Decimal(n) => Cell::Valid(*n))),
        VariableKind::Text => Column::Text(cells!(Value::Text(text) => Cell::Valid(text.clone()))),
    }
}

/// Returns what a case answered to a variable, or why it has no answer.
fn answer<'a>(
    instrument: &Instrument,
    index: usize,
    case: &'a CaseData,
) -> Result<&'a Value, Missing> {
    let variable = &instrument.variables[index];
    let question = instrument.question_of(variable);
    if !case.disposition.answered() {
        return Err(Missing::NoResponse);
    }
    if case.path.sections[question.section] && !case.handed_in[question.section] {
        return Err(Missing::NotHandedIn);
    }
    let left_out = case.answers.leaves_out(index);
    if !case.path.asks(instrument, index)
        || left_out
        || !specify_is_open(question, variable, &case.answers)
    {
        return Err(Missing::NotAsked);
    }
    if variable.item == Item::Reason && !may_be_warned(question, case) {
        return Err(Missing::NotAsked);
    }
    let answer = case.answers.get(index);
    // Where nothing was filled in, there is nothing to say of it.
    let otherwise = match variable.item {
        Item::Prefill => Missing::NotAsked,
        Item::Whole | Item::Row(_) | Item::Specify(_) | Item::Reason => Missing::NotAnswered,
    };
    answer.ok_or(otherwise)
}

/// Whether the reason of an answer is asked for: where a warning fires that it confirms, or may have
/// fired on the day.
fn may_be_warned(question: &Question, case: &CaseData) -> bool {
    let known = Known::new(&case.attributes, &case.answers, &case.path.questions);
    question.may_be_warned(&known)
}

/// Whether the text of an "other, specify" is asked for: where its option has been chosen. A text
/// that was written before another option was chosen is off the path. True for other variables.
fn specify_is_open(question: &Question, variable: &Variable, answers: &Answers) -> bool {
    let Item::Specify(option) = variable.item else { return true };
    let code = &question.kind.options()[option].code;
    question.has_chosen(code, answers)
}

fn category(instrument: &Instrument, variable: &Variable, code: &Code) -> Cell<u16> {
    let options = instrument.question_of(variable).options_of(&variable.item);
    match options.iter().position(|option| option.code == *code) {
        None => Cell::Missing(Missing::NotAnswered),
        Some(place) => match options[place].missing {
            Some(kind) => Cell::Missing(kind.into()),
            None => Cell::Valid(place as u16),
        },
    }
}

fn categories(instrument: &Instrument, variable: &Variable, codes: &[Code]) -> Cell<Vec<u16>> {
    let mut places = vec![];
    for code in codes {
        match category(instrument, variable, code) {
            Cell::Valid(place) => places.push(place),
            Cell::Missing(missing) => return Cell::Missing(missing),
        }
    }
    Cell::Valid(places)
}

/// Returns when each case of an overview first counted as answered: when the section that made it
/// so was handed in for the first time.
pub fn answered_at(plan: &Plan, case: &CaseOverview) -> Option<Timestamp> {
    times_of_sections(&case.sections).get(plan.answered.sections.checked_sub(1)?).copied()
}

/// Returns when the sections were handed in for the first time that are handed in now, in order.
fn times_of_sections(sections: &BTreeMap<SectionId, SectionState>) -> Vec<Timestamp> {
    let done = sections.values().filter(|state| state.status == SectionStatus::Done);
    let mut times: Vec<Timestamp> = done.filter_map(|state| state.first_done_at).collect();
    times.sort_unstable();
    times
}

/// Counts the cases that answered by the day on which they came to do so, as the calendar in Oslo has it.
fn answered_on(plan: &Plan, cases: &[&Case]) -> Vec<(Date, usize)> {
    let oslo = TimeZone::get("Europe/Oslo").expect("the time zones are compiled in");
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    for case in cases {
        let times = times_of_sections(&case.sections);
        // A case that was asked fewer sections than the plan wants has answered with its last.
        let enough = plan.answered.sections.clamp(1, times.len().max(1)) - 1;
        if let Some(at) = times.get(enough) {
            *days.entry(at.to_zoned(oslo.clone()).date()).or_default() += 1;
        }
    }
    days.into_iter().collect()
}
