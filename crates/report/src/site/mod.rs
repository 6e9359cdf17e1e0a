//! The published site: its files, from the rounds of a survey.

mod appendix;
mod cards;
mod codebook;
mod corrections;
mod download;
mod front;
mod furniture;
mod metadata;
mod method;
mod page;
mod quality;
mod round;
mod topics;
mod units;

pub(crate) use cards::CARDS;
pub use download::{Download, DownloadKind};
pub(crate) use method::note_anchor;
pub use units::held_page;

use std::collections::BTreeMap;

use dataset::DataSet;
use frame::{Dispositions, Frame};
use instrument::{Diagnostic, Hash, Instrument, Lang, Plan, RoundId, Severity, Survey};

use crate::boundaries::Boundaries;
use crate::coded::CodedText;
use crate::figures::Known;
use crate::finding::Finding;
use crate::published::Published;
use crate::together;

/// What is published.
#[derive(Clone, Debug)]
pub struct PublicationInput<'a> {
    /// The survey.
    pub survey: &'a Survey,
    /// The rounds that have a report, in any order.
    pub rounds: Vec<RoundInput<'a>>,
    /// The rounds that are still in the field; they are listed without figures from the answers.
    pub in_field: Vec<RoundInField<'a>>,
}

/// A round that has a report.
#[derive(Clone, Debug)]
pub struct RoundInput<'a> {
    /// How it is estimated.
    pub plan: &'a Plan,
    /// Its frozen data.
    pub data: &'a DataSet,
    /// The round before it, for change.
    pub previous: Option<Previous<'a>>,
    /// Its report in each language.
    pub reports: BTreeMap<Lang, ReportText>,
    /// Its questionnaire, for the headings of the sections; a data set from elsewhere has none.
    pub instrument: Option<&'a Instrument>,
    /// Its frame, for the map: the data set does not say where units lie.
    pub frame: Option<&'a Frame>,
    /// The boundaries that maps can be drawn in; of use only beside the frame.
    pub boundaries: Option<&'a Boundaries>,
    /// What was published of it before Runde; rows of other rounds' reports are passed over.
    pub published: Vec<Published>,
    /// Its open answers that have been coded; quotes come from them alone.
    pub coded: Vec<CodedText>,
    /// The files that lie beside its report, in the order in which its page lists them.
    pub downloads: Vec<Download>,
    /// What has been found of these data under this plan; nothing where nobody has looked.
    pub known: Known,
}

/// The round before.
#[derive(Clone, Debug)]
pub struct Previous<'a> {
    /// Its frozen data.
    pub data: &'a DataSet,
    /// The units that are the same in both rounds: indexes into this and into the later round's
    /// units, the earlier first.
    pub overlap: Vec<(usize, usize)>,
}

/// A report as the team wrote it.
#[derive(Clone, Debug)]
pub struct ReportText {
    /// Its file, as a path relative to the survey's folder.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// A round that is still in the field.
#[derive(Clone, Debug)]
pub struct RoundInField<'a> {
    /// The round.
    pub round: RoundId,
    /// When it opened and when it closes.
    pub plan: &'a Plan,
    /// The response so far, where it is to be shown.
    pub response: Option<Dispositions>,
    /// Whether its answers are simulated.
    pub simulated: bool,
}

/// The published site.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Its files, by path with `/` between the parts.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What each round's report states, the content of its `findings.json`.
    pub findings: BTreeMap<RoundId, Vec<Finding>>,
    /// What does not stop publication, but should be looked at.
    pub warnings: Vec<Diagnostic>,
}

/// The one style sheet of the site.
const STYLE: &str = include_str!("../../assets/report.css");

/// Makes the published site. Errs with every diagnostic of every report where one is an error.
pub fn publish(input: &PublicationInput<'_>) -> Result<Site, Vec<Diagnostic>> {
    let mut site = Site::default();
    let mut diagnostics = vec![];
    let mut published = vec![];
    let compose = |round| round::compose(input.survey, round);
    for (composed, mut found) in together::each(input.rounds.iter().collect(), compose) {
        diagnostics.append(&mut found);
        published.extend(composed);
    }
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(diagnostics);
    }
    site.warnings = diagnostics;
    published.sort_by_key(|round| std::cmp::Reverse(round.id()));
    site.files.insert(style_file(), STYLE.into());
    let write = |round: &round::Composed<'_>| round.write(input.survey);
    for of_round in together::each(published.iter().collect(), write) {
        site.files.extend(of_round.files);
        site.findings.extend(of_round.findings);
    }
    topics::write(input, &published, &mut site);
    front::write(input, &published, &mut site);
    metadata::write(input, &published, &mut site);
    Ok(site)
}

/// Returns the name of the style sheet: it changes with its content, so that it can be kept for ever.
fn style_file() -> String {
    format!("report-{}.css", Hash::of(STYLE).short())
}

/// Returns where the pages of a language lie below a folder: the first language lies in it.
fn language_folder(survey: &Survey, lang: Lang) -> String {
    let first = survey.languages.first() == Some(&lang);
    if first { String::new() } else { format!("{lang}/") }
}
