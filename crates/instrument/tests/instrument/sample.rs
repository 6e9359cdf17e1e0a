//! What the tests share: the names of a unit's attributes, and reading what must be right.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use instrument::expression::{Attribute, AttributeKind, UnitAttributes, UnitName};
use instrument::{Answers, Diagnostic, Instrument, Lang, OptionList, Survey, read, rules};

/// Some of the attributes that the frame has.
pub(crate) const UNIT: &[UnitName] = &[
    UnitName { name: "id", kind: AttributeKind::Text, values: &[] },
    UnitName { name: "kind", kind: AttributeKind::Text, values: &["municipality", "district"] },
    UnitName { name: "name", kind: AttributeKind::Text, values: &[] },
    UnitName { name: "centrality", kind: AttributeKind::Number, values: &[] },
    UnitName { name: "population", kind: AttributeKind::Number, values: &[] },
    UnitName { name: "sami_area", kind: AttributeKind::Flag, values: &[] },
];

/// Returns Ålesund in 2025, of which it is not known whether it lies in a Sámi area.
pub(crate) fn alesund() -> UnitAttributes {
    UnitAttributes::new([
        ("id", Attribute::Text("1508".into())),
        ("kind", Attribute::Text("municipality".into())),
        ("population", Attribute::Number(59198.0)),
    ])
}

/// Returns the folder of the example surveys.
pub(crate) fn surveys() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../surveys")
}

/// Returns a survey in one language, so that texts can be written without it.
pub(crate) fn plain_survey() -> Survey {
    let text = "survey: prove\ntitle: Prøve\nowner: Runde\nlanguages: [nb]\n\
                roles: [{ id: informant, title: Den som svarer }]\n\
                size_classes: [{ id: alle, from: 0, title: Alle }]\ncredits: Ingen\n";
    right(read::survey("survey.yaml", text))
}

/// Returns a value that must have been read without a diagnostic other than one of a missing
/// translation, which a survey may be about.
fn right_or_untranslated<T>((value, mut diagnostics): (Option<T>, Vec<Diagnostic>)) -> T {
    diagnostics.retain(|diagnostic| diagnostic.code != rules::MISSING_TRANSLATION.code);
    right((value, diagnostics))
}

/// Returns the names of the tiny surveys, one for each feature.
pub(crate) fn tiny_surveys() -> Vec<String> {
    let entries = fs::read_dir(surveys()).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.is_dir());
    let names = folders.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
    let mut tiny: Vec<String> = names.filter(|name| name != "kommuneundersokelsen").collect();
    tiny.sort();
    tiny
}

/// Returns a value that must have been read without a single diagnostic.
pub(crate) fn right<T>((value, diagnostics): (Option<T>, Vec<Diagnostic>)) -> T {
    assert_eq!(diagnostics, []);
    value.expect("what has no error has a value")
}

/// Returns the rounds of an example survey, each read beside the one before it.
pub(crate) fn rounds(survey: &str) -> Vec<Instrument> {
    let folder = surveys().join(survey);
    let text = fs::read_to_string(folder.join("survey.yaml")).unwrap();
    let mut survey = right(read::survey("survey.yaml", &text));
    survey.lists = lists(&folder, &survey.languages);
    let mut years: Vec<_> =
        fs::read_dir(folder.join("rounds")).unwrap().map(|entry| entry.unwrap().path()).collect();
    years.sort();
    let mut rounds: Vec<Instrument> = vec![];
    for year in years {
        let text = fs::read_to_string(year.join("questionnaire.yaml")).unwrap();
        let file = format!("rounds/{}/questionnaire.yaml", year.file_name().unwrap().display());
        let before = rounds.last();
        let read = read::questionnaire(&file, &text, &survey, UNIT, before);
        rounds.push(right_or_untranslated(read));
        let plan = fs::read_to_string(year.join("plan.yaml")).unwrap();
        right(read::plan("plan.yaml", &plan, &survey));
    }
    rounds
}

/// Returns the lists of options of a survey's folder.
fn lists(folder: &Path, languages: &[Lang]) -> BTreeMap<String, OptionList> {
    let Ok(files) = fs::read_dir(folder.join("lists")) else { return BTreeMap::new() };
    let files = files.map(|file| file.unwrap().path());
    let list = |path: PathBuf| {
        let file = format!("lists/{}", path.file_name().unwrap().display());
        let text = fs::read_to_string(&path).unwrap();
        let list = right(read::list(&file, &text, languages));
        (file, list)
    };
    files.map(list).collect()
}

/// Returns answers written as `name=value`, separated by `; `.
pub(crate) fn answers(instrument: &Instrument, written: &str) -> Answers {
    let mut answers = Answers::none(instrument);
    for answer in written.split("; ").filter(|answer| !answer.is_empty()) {
        let (name, value) = answer.split_once('=').expect("an answer is written name=value");
        let variable = instrument.variable(name).expect("an answer is to a variable");
        let value = instrument.decode(&instrument.variables[variable], value).unwrap();
        answers.set(variable, Some(value));
    }
    answers
}
