//! The open data of a round: the files that lie in `ROUND/data` beside its report.
//!
//! What others may see is decided twice and in the same way: unit by unit by `formats`, which leaves
//! out every variable that is not open, and in tables by `report`, which states no figure below the
//! disclosure limits.

use std::collections::BTreeMap;

use anyhow::Context;
use dataset::DataSet;
use formats::{About, Audience, Cube, Dimension, Role};
use instrument::{Lang, Licence, Survey, Text};
use report::{Download, DownloadKind, OpenCell, OpenTable};

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
pub fn package(folder: &Folder, round: &Round, data: &DataSet) -> anyhow::Result<Package> {
    let survey = &folder.survey;
    let Some(licence) = survey.licence else { return Ok(Package::default()) };
    let about = about(survey, data, licence);
    let cubes: Vec<Cube> = report::open_tables(&round.plan, data)
        .iter()
        .map(|table| cube(table, survey, data))
        .collect();
    let mut files = answers(data)?;
    files.insert("questionnaire.json".to_owned(), questionnaire(round));
    files.insert("tables.csv".to_owned(), tables_csv(&cubes, survey, data)?);
    for lang in &survey.languages {
        files.extend(json_stat(&cubes, survey.title.get(*lang), *lang));
    }
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

fn tables_csv(cubes: &[Cube], survey: &Survey, data: &DataSet) -> anyhow::Result<Vec<u8>> {
    let lang = survey.languages.first().copied().unwrap_or(Lang::NB);
    let simulated = data.provenance.simulated.to_string();
    formats::write_tables_csv(cubes, lang, &[("simulated", &simulated)])
        .context("the tables as CSV")
}

/// A file for each table in a language, and the list of them.
fn json_stat(cubes: &[Cube], title: &str, lang: Lang) -> BTreeMap<String, Vec<u8>> {
    let place = |name: &str| format!("tables/{lang}/{name}.json");
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
    let round = data.provenance.round.to_string();
    let rounds = vec![(round.clone(), in_languages([&round; 3]))];
    let measures = MEASURES.map(|(code, words)| (code.to_owned(), in_languages(words)));
    let dimension = |name, title, role, categories| Dimension {
        name,
        title: in_languages(title),
        role,
        categories,
    };
    let kind = Role::Classification;
    Cube {
        name: table.question.to_string(),
        title: table.title.clone(),
        source: survey.owner.clone(),
        updated: data.provenance.frozen_at.to_string(),
        notes: if data.provenance.simulated { vec![simulated()] } else { vec![] },
        dimensions: vec![
            dimension("round", ["Runde", "Runde", "Round"], Role::Time, rounds),
            dimension("variable", ["Variabel", "Variabel", "Variable"], kind, table.rows.clone()),
            dimension("answer", ["Svar", "Svar", "Answer"], kind, table.answers.clone()),
            dimension("measure", ["Mål", "Mål", "Measure"], Role::Metric, measures.into()),
        ],
        values: table.cells.iter().flat_map(|cell| values(cell.as_ref())).collect(),
    }
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
