//! The open data of a round: the files that lie in `ROUND/data` beside its report.
//!
//! What others may see is decided twice and in the same way: unit by unit by `formats`, which leaves
//! out every variable that is not open, and in tables by `report`, which states no figure below the
//! disclosure limits.

use std::collections::BTreeMap;

use anyhow::{Context, anyhow};
use dataset::DataSet;
use formats::{About, Audience, Cube, Dimension, Role};
use instrument::{Lang, Licence, Survey, Text};
use report::{
    Download, DownloadKind, OpenCell, OpenGroupCell, OpenGroupTable, OpenTable, RoundInput,
};

use crate::folder::{Folder, Round};

/// The files of a round's open data, and how its page tells of them.
#[derive(Debug, Default)]
pub struct Package {
    /// The files by their path below the folder of the round.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What the page leads to.
    pub downloads: Vec<Download>,
}

/// Where the files lie below the folder of the round.
const FOLDER: &str = "data";

/// Makes the open data of a round; none where the survey names no licence, since data that nobody
/// may use are not open.
pub fn package(folder: &Folder, round: &Round, told: &RoundInput<'_>) -> anyhow::Result<Package> {
    let survey = &folder.survey;
    let Some(licence) = survey.licence else { return Ok(Package::default()) };
    let data = told.data;
    let about = about(survey, data, licence);
    let cubes: Vec<Cube> =
        report::open_tables(told).iter().map(|table| cube(table, survey, data)).collect();
    let by_group: Vec<Cube> = report::open_group_tables(told)
        .iter()
        .map(|table| group_cube(table, survey, data))
        .collect();
    let mut files = answers(data)?;
    files.insert("questionnaire.json".to_owned(), questionnaire(round));
    files.extend(tables([(&cubes, ""), (&by_group, BY_GROUP)], survey, data)?);
    files.insert("LICENSE.txt".to_owned(), formats::write_licence(&about).into_bytes());
    for (name, lang) in [("LESMEG.md", Lang::NB), ("README.md", Lang::EN)] {
        files.insert(name.to_owned(), formats::write_readme(&about, lang).into_bytes());
    }
    let checksums = formats::write_checksums(&files).into_bytes();
    files.insert("SHA256SUMS".to_owned(), checksums);
    let downloads = downloads(&files, &survey.languages);
    let below = |(name, bytes)| (format!("{FOLDER}/{name}"), bytes);
    Ok(Package { files: files.into_iter().map(below).collect(), downloads })
}

/// The answers that are open unit by unit, and what they mean.
fn answers(data: &DataSet) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut csv = vec![];
    formats::write_csv(data, Audience::Public, &mut csv).context("the open answers as CSV")?;
    let parquet =
        formats::write_parquet(data, Audience::Public).context("the open answers as Parquet")?;
    let codebook = formats::write_codebook(data, Audience::Public).into_bytes();
    let files = [("answers.csv", csv), ("answers.parquet", parquet), ("codebook.json", codebook)];
    Ok(files.map(|(name, bytes)| (name.to_owned(), bytes)).into())
}

fn questionnaire(round: &Round) -> Vec<u8> {
    formats::write_questionnaire(&round.instrument, Audience::Public).into_bytes()
}

/// Tables of the whole country and by groups, each with its folder, in every form: as many threads as
/// there are languages write JSON-stat while this one writes CSV.
fn tables(
    [whole, by_group]: [(&Vec<Cube>, &str); 2],
    survey: &Survey,
    data: &DataSet,
) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let in_language = |lang: Lang| {
        let title = survey.title.get(lang);
        let mut files = json_stat(whole.0, title, (lang, whole.1));
        files.extend(json_stat(by_group.0, title, (lang, by_group.1)));
        files
    };
    std::thread::scope(|scope| {
        let languages = survey.languages.iter();
        let writing: Vec<_> =
            languages.map(|lang| scope.spawn(move || in_language(*lang))).collect();
        let mut files = BTreeMap::from([
            ("tables.csv".to_owned(), tables_csv(whole.0, survey, data)?),
            ("tables_by_group.csv".to_owned(), tables_csv(by_group.0, survey, data)?),
        ]);
        for written in writing {
            let written = written.join();
            files.extend(written.map_err(|_| anyhow!("writing JSON-stat stopped midway"))?);
        }
        Ok(files)
    })
}

fn tables_csv(cubes: &[Cube], survey: &Survey, data: &DataSet) -> anyhow::Result<Vec<u8>> {
    let lang = survey.languages.first().copied().unwrap_or(Lang::NB);
    let simulated = data.provenance.simulated.to_string();
    formats::write_tables_csv(cubes, lang, &[("simulated", &simulated)])
        .context("the tables as CSV")
}

/// The folder of the tables by groups, below that of their language.
const BY_GROUP: &str = "groups/";

/// A file for each table in a language, and the list of them.
fn json_stat(
    cubes: &[Cube],
    title: &str,
    (lang, folder): (Lang, &str),
) -> BTreeMap<String, Vec<u8>> {
    let place = |name: &str| format!("tables/{lang}/{folder}{name}.json");
    let mut files: BTreeMap<String, Vec<u8>> = cubes
        .iter()
        .map(|cube| (place(&cube.name), formats::write_json_stat(cube, lang).into_bytes()))
        .collect();
    let items: Vec<(String, String)> = cubes
        .iter()
        .map(|cube| (format!("{}.json", cube.name), cube.title.get(lang).to_owned()))
        .collect();
    let list = formats::write_json_stat_collection(title, &items);
    files.insert(place("index"), list.into_bytes());
    files
}

fn about<'a>(survey: &'a Survey, data: &DataSet, licence: Licence) -> About<'a> {
    let counts = data.dispositions();
    About {
        title: &survey.title,
        owner: &survey.owner,
        credits: &survey.credits,
        round: data.provenance.round,
        licence,
        simulated: data.provenance.simulated,
        counts: (counts.invited(), counts.answered()),
        data: data.hash(),
    }
}

/// Returns what the page tells of the files, in the order in which a reader wants them.
fn downloads(files: &BTreeMap<String, Vec<u8>>, languages: &[Lang]) -> Vec<Download> {
    let mut all = vec![
        (DownloadKind::Readme, "LESMEG.md".to_owned(), Some(Lang::NB)),
        (DownloadKind::Readme, "LESMEG.md".to_owned(), Some(Lang::NN)),
        (DownloadKind::Readme, "README.md".to_owned(), Some(Lang::EN)),
        (DownloadKind::AnswersCsv, "answers.csv".to_owned(), None),
        (DownloadKind::AnswersParquet, "answers.parquet".to_owned(), None),
        (DownloadKind::Codebook, "codebook.json".to_owned(), None),
        (DownloadKind::TablesCsv, "tables.csv".to_owned(), None),
    ];
    all.extend(languages.iter().map(|lang| {
        (DownloadKind::TablesJsonStat, format!("tables/{lang}/index.json"), Some(*lang))
    }));
    all.push((DownloadKind::GroupTablesCsv, "tables_by_group.csv".to_owned(), None));
    all.extend(languages.iter().map(|lang| {
        let list = format!("tables/{lang}/{BY_GROUP}index.json");
        (DownloadKind::GroupTablesJsonStat, list, Some(*lang))
    }));
    all.extend([
        (DownloadKind::Questionnaire, "questionnaire.json".to_owned(), None),
        (DownloadKind::Licence, "LICENSE.txt".to_owned(), None),
        (DownloadKind::Checksums, "SHA256SUMS".to_owned(), None),
    ]);
    let download = |(kind, name, lang): (DownloadKind, String, Option<Lang>)| Download {
        kind,
        bytes: files.get(&name).map_or(0, Vec::len),
        file: format!("{FOLDER}/{name}"),
        lang,
    };
    all.into_iter().map(download).collect()
}

/// The measures of each cell, named as in `findings.json`.
const MEASURES: [(&str, [&str; 3]); 7] = [
    ("value", ["Uvektet verdi", "Uvekta verdi", "Unweighted value"]),
    ("value_weighted", ["Vektet verdi", "Vekta verdi", "Weighted value"]),
    ("se", ["Standardfeil", "Standardfeil", "Standard error"]),
    (
        "ci_low",
        [
            "Nedre ende av 95 % konfidensintervall",
            "Nedre ende av 95 % konfidensintervall",
            "Lower end of the 95% confidence interval",
        ],
    ),
    (
        "ci_high",
        [
            "Øvre ende av 95 % konfidensintervall",
            "Øvre ende av 95 % konfidensintervall",
            "Upper end of the 95% confidence interval",
        ],
    ),
    ("base", ["Antall svar", "Tal på svar", "Number of answers"]),
    ("count", ["Antall som ga svaret", "Tal på dei som gav svaret", "Number who gave the answer"]),
];

/// Shapes a table for other programs: round, row, answer, measure.
fn cube(table: &OpenTable, survey: &Survey, data: &DataSet) -> Cube {
    let dimensions = vec![
        variables(&table.rows),
        dimension("answer", ["Svar", "Svar", "Answer"], table.answers.clone()),
    ];
    let values = table.cells.iter().flat_map(|cell| values(cell.as_ref())).collect();
    Cube { values, ..empty_cube(table.question.as_str(), &table.title, dimensions, (survey, data)) }
}

/// Shapes a table by groups of units: round, row, group, answer, measure.
fn group_cube(table: &OpenGroupTable, survey: &Survey, data: &DataSet) -> Cube {
    let dimensions = vec![
        variables(&table.rows),
        dimension("group", ["Gruppe", "Gruppe", "Group"], table.groups.clone()),
        dimension("answer", ["Svar", "Svar", "Answer"], table.answers.clone()),
    ];
    let of_cell = |cell: &OpenGroupCell| match cell {
        OpenGroupCell::Shown(cell) => values(Some(cell)),
        OpenGroupCell::Hidden | OpenGroupCell::Impossible => values(None),
    };
    let impossible = |(place, cell): (usize, &OpenGroupCell)| {
        let places = place * MEASURES.len()..(place + 1) * MEASURES.len();
        (*cell == OpenGroupCell::Impossible).then_some(places)
    };
    Cube {
        values: table.cells.iter().flat_map(of_cell).collect(),
        impossible: table.cells.iter().enumerate().filter_map(impossible).flatten().collect(),
        ..empty_cube(table.question.as_str(), &table.title, dimensions, (survey, data))
    }
}

/// Returns what all tables have around their values; the round stands before their own dimensions and
/// the measures after.
fn empty_cube(
    name: &str,
    title: &Text,
    dimensions: Vec<Dimension>,
    (survey, data): (&Survey, &DataSet),
) -> Cube {
    let round = data.provenance.round.to_string();
    let rounds = vec![(round.clone(), in_languages([&round; 3]))];
    let measures = MEASURES.map(|(code, words)| (code.to_owned(), in_languages(words)));
    let rounds = dimension("round", ["Runde", "Runde", "Round"], rounds);
    let measures = dimension("measure", ["Mål", "Mål", "Measure"], measures.into());
    Cube {
        name: name.to_owned(),
        title: title.clone(),
        source: survey.owner.clone(),
        updated: data.provenance.frozen_at.to_string(),
        notes: if data.provenance.simulated { vec![simulated()] } else { vec![] },
        dimensions: [Dimension { role: Role::Time, ..rounds }]
            .into_iter()
            .chain(dimensions)
            .chain([Dimension { role: Role::Metric, ..measures }])
            .collect(),
        values: vec![],
        impossible: vec![],
    }
}

fn variables(rows: &[(String, Text)]) -> Dimension {
    dimension("variable", ["Variabel", "Variabel", "Variable"], rows.to_vec())
}

fn dimension(name: &'static str, title: [&str; 3], categories: Vec<(String, Text)>) -> Dimension {
    Dimension { name, title: in_languages(title), role: Role::Classification, categories }
}

/// Returns the measures of a cell, in the order of [`MEASURES`]; nothing where it is not published.
fn values(cell: Option<&OpenCell>) -> [Option<f64>; MEASURES.len()] {
    let Some(cell) = cell else { return [None; MEASURES.len()] };
    let (low, high) = cell.interval.unzip();
    let base = Some(cell.base as f64);
    let count = cell.count.map(|count| count as f64);
    [Some(cell.value), cell.value_weighted, cell.se, low, high, base, count]
}

fn simulated() -> Text {
    in_languages([
        "Simulerte svar: trukket tilfeldig av et dataprogram. De sier ingenting om virkelige \
         kommuner og bydeler.",
        "Simulerte svar: trekte tilfeldig av eit dataprogram. Dei seier ingenting om verkelege \
         kommunar og bydelar.",
        "Simulated answers, drawn at random by a computer program. They say nothing about real \
         municipalities and districts.",
    ])
}

fn in_languages([nb, nn, en]: [&str; 3]) -> Text {
    let all = [(Lang::NB, nb), (Lang::NN, nn), (Lang::EN, en)];
    Text::new(all.map(|(lang, text)| (lang, text.to_owned())).into())
}
