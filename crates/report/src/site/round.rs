//! One round of the site: its reports composed in every language, then written as files.

use instrument::{Diagnostic, Lang, RoundId, Severity, Survey};

use super::appendix::appendix;
use super::furniture::Furniture;
use super::method::{CURVE_FILE, method};
use super::page::{Alternate, Frame, ReportPage, figure_html};
use super::quality::quality;
use super::{RoundInput, Site, codebook, corrections, language_folder, metadata, units};
use crate::chart::{Chart, ResponseCurve};
use crate::figures::{Evenness, Figures};
use crate::finding::encode_findings;
use crate::ledger::Ledger;
use crate::prose::{self, Document, chart_mark};
use crate::published::Published;
use crate::together;
use crate::words::Words;

/// A round whose reports are composed.
pub(super) struct Composed<'a> {
    pub(super) figures: Figures<'a>,
    pub(super) input: &'a RoundInput<'a>,
    /// The reports in the order of the survey's languages.
    pub(super) reports: Vec<(&'static Words, Document)>,
    /// What all of them state.
    pub(super) ledger: Ledger,
}

/// Composes the reports of a round. Returns `None` beside the diagnostics where nothing can be said.
pub(super) fn compose<'a>(
    survey: &Survey,
    input: &'a RoundInput<'a>,
) -> (Option<Composed<'a>>, Vec<Diagnostic>) {
    let round = input.data.provenance.round;
    let mut figures =
        match Figures::new(input.plan, input.data, input.previous.as_ref(), &input.known) {
            Ok(figures) => figures,
            Err(error) => {
                let file = format!("rounds/{round}/plan.yaml");
                let wrong = diagnostic(error.code(), Severity::Error, &file, error.to_string());
                return (None, vec![Diagnostic { hint: error.hint(), ..wrong }]);
            }
        };
    if let Some(frame) = input.frame {
        figures.lay_out(frame);
        if let Some(boundaries) = input.boundaries {
            figures.draw_boundaries(frame, boundaries);
        }
    }
    figures.coded = &input.coded;
    let mut diagnostics = languages(survey, input);
    let mut reports = vec![];
    let mut ledger = Ledger::default();
    let written = survey.languages.iter();
    let written = written.filter_map(|lang| Some((input.reports.get(lang)?, Words::of(*lang)?)));
    let composed = together::each(written.collect(), |(report, words)| {
        (words, prose::compose(report, words, &figures))
    });
    for (words, (document, mut found)) in composed {
        diagnostics.append(&mut found);
        ledger.absorb(document.ledger.clone());
        reports.push((words, document));
    }
    let broken = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if !broken {
        diagnostics.extend(differences(input, &reports, &ledger));
        diagnostics.extend(unstated(input, &ledger));
        diagnostics.extend(corrections::check(
            input.plan,
            &ledger,
            &format!("rounds/{round}/plan.yaml"),
        ));
    }
    (Some(Composed { figures, input, reports, ledger }), diagnostics)
}

/// Says which languages lack a report, and which reports are in a language that Runde lacks.
fn languages(survey: &Survey, input: &RoundInput<'_>) -> Vec<Diagnostic> {
    let round = input.data.provenance.round;
    let missing = survey.languages.iter().filter(|lang| !input.reports.contains_key(lang));
    let mut diagnostics: Vec<Diagnostic> = missing
        .map(|lang| {
            let file = format!("rounds/{round}/report.{lang}.md");
            let message = format!("the report of {round} is not there in `{lang}`");
            diagnostic("RR0702", Severity::Warning, &file, message)
        })
        .collect();
    for (lang, report) in &input.reports {
        if Words::of(*lang).is_none() || !survey.languages.contains(lang) {
            let message = format!("Runde cannot publish a report in `{lang}`");
            let wrong = diagnostic("RR0703", Severity::Error, &report.file, message);
            let hint = "reports are in nb, nn or en, of those that survey.yaml names".to_owned();
            diagnostics.push(Diagnostic { hint: Some(hint), ..wrong });
        }
    }
    diagnostics
}

/// Warns where one language states what another does not.
fn differences(
    input: &RoundInput<'_>,
    reports: &[(&'static Words, Document)],
    all: &Ledger,
) -> Vec<Diagnostic> {
    let mut diagnostics = vec![];
    for (words, document) in reports {
        let Some(report) = input.reports.get(&words.lang) else { continue };
        for key in document.ledger.lacks(all) {
            let message = format!("the report does not state {key}, which another language does");
            let warning = diagnostic("RR0704", Severity::Warning, &report.file, message);
            let hint = Some("all languages state the same figures".to_owned());
            diagnostics.push(Diagnostic { hint, ..warning });
        }
    }
    diagnostics
}

/// Warns of figures that were published before and that the report does not state.
fn unstated(input: &RoundInput<'_>, ledger: &Ledger) -> Vec<Diagnostic> {
    let findings = ledger.findings(&[]);
    let stated = |published: &&crate::Published| {
        let key = published.key();
        let found = findings.iter().find(|finding| {
            let name = (&finding.id, &finding.option, finding.round);
            finding.group.is_empty() && name == (&key.id, &key.option, key.round)
        });
        found.is_none_or(|finding| {
            published.unit == crate::PublishedUnit::Rank && finding.rank.is_none()
        })
    };
    let round = input.data.provenance.round;
    let of_round = input.published.iter().filter(|published| published.round == round);
    of_round
        .filter(stated)
        .map(|published| {
            let message = format!("no report of {round} states {}", published.key());
            diagnostic("RR0705", Severity::Warning, "published.csv", message)
        })
        .collect()
}

pub(super) fn diagnostic(
    code: &'static str,
    severity: Severity,
    file: &str,
    message: String,
) -> Diagnostic {
    Diagnostic { code, severity, file: file.to_owned(), span: None, message, hint: None }
}

impl Composed<'_> {
    /// Returns which round it is.
    pub(super) fn id(&self) -> RoundId {
        self.figures.now.data.provenance.round
    }

    /// Returns whether any of its answers, or of the round before, are simulated.
    pub(super) fn simulated(&self) -> bool {
        let samples = [Some(&self.figures.now), self.figures.before.as_ref()];
        samples.into_iter().flatten().any(|sample| sample.data.provenance.simulated)
    }

    /// Returns the report in a language, or else in the first that there is.
    pub(super) fn report(&self, lang: Lang) -> Option<&(&'static Words, Document)> {
        let exact = self.reports.iter().find(|(words, _)| words.lang == lang);
        exact.or(self.reports.first())
    }

    /// Returns the files of the round, and what it states.
    pub(super) fn write(&self, survey: &Survey) -> Site {
        let mut site = Site::default();
        let round = self.id();
        let of_round = self.input.published.iter().filter(|published| published.round == round);
        let published: Vec<_> = of_round.cloned().collect();
        let findings = self.ledger.findings(&published);
        site.files.insert(format!("{round}/findings.json"), encode_findings(&findings));
        site.files.insert(format!("{round}/about.json"), self.about());
        site.findings.insert(round, findings);
        if let Some(curve) = ResponseCurve::of(self.figures.now.data, self.figures.plan) {
            site.files.insert(format!("{round}/{CURVE_FILE}"), curve.csv(self.simulated()));
        }
        codebook::write(self, survey, &mut site);
        units::write(self, survey, &mut site);
        // A single unit has no evenness; nothing else keeps it from being told.
        let evenness = self.figures.evenness().ok().flatten();
        let pages = together::each(self.reports.iter().collect(), |(words, document)| {
            self.of_language((survey, words), document, &published, evenness.as_ref())
        });
        site.files.extend(pages.into_iter().flatten());
        site
    }

    /// Returns the report in a language and what lies beside it.
    fn of_language(
        &self,
        (survey, words): (&Survey, &'static Words),
        document: &Document,
        published: &[Published],
        evenness: Option<&Evenness>,
    ) -> Vec<(String, Vec<u8>)> {
        let folder = format!("{}/{}", self.id(), language_folder(survey, words.lang));
        let data = |(place, chart): (usize, &Chart)| {
            (format!("{folder}figure-{}.csv", place + 1), chart.csv(self.simulated()))
        };
        let mut files: Vec<_> = document.charts.iter().enumerate().map(data).collect();
        let cards = super::cards::page(self, (survey, words), document, published);
        files.push((format!("{folder}{}", super::CARDS), cards.into_bytes()));
        let page = self.page(survey, words, document, evenness);
        files.push((format!("{folder}index.html"), page.into_bytes()));
        files
    }

    /// What `findings.json` has no place for.
    fn about(&self) -> Vec<u8> {
        let from = &self.figures.now.data.provenance;
        let notice = |lang: Lang| {
            let furniture = Furniture::of(lang);
            format!("{}. {}", furniture.simulated, furniture.simulated_means)
        };
        let simulated = self.simulated();
        let about = serde_json::json!({
            "survey": from.survey.as_str(),
            "round": from.round.year(),
            "simulated": simulated,
            "notice": simulated.then(|| {
                let all = [Lang::NB, Lang::NN, Lang::EN].map(|lang| (lang.to_string(), notice(lang)));
                all.into_iter().collect::<std::collections::BTreeMap<_, _>>()
            }),
            "estimator": match self.figures.plan.estimator {
                instrument::Estimator::Unweighted => "unweighted",
                instrument::Estimator::Weighted => "weighted",
            },
            "data": self.figures.now.hash().to_string(),
            "data_before": self.figures.before.as_ref().map(|before| before.hash().to_string()),
            "instrument": from.instrument.to_string(),
            "sample": from.sample.to_string(),
            "responses": from.responses.to_string(),
            "frozen_at": from.frozen_at.to_string(),
            "findings": "findings.json",
        });
        let text = serde_json::to_string_pretty(&about).expect("texts and numbers become JSON");
        format!("{text}\n").into_bytes()
    }

    fn page(
        &self,
        survey: &Survey,
        words: &'static Words,
        document: &Document,
        evenness: Option<&Evenness>,
    ) -> String {
        let furniture = Furniture::of(words.lang);
        let frame = self.frame(survey, words, &document.title);
        let in_place = |html: &str| self.with_charts(html, survey, words, document);
        let sections = document
            .sections
            .iter()
            .map(|section| prose::Section { html: in_place(&section.html), ..section.clone() });
        let page = ReportPage {
            lead: in_place(&document.lead),
            sections: sections.collect(),
            method: method(&self.figures, &document.ledger, words, furniture),
            quality: quality((self, document), evenness, words, furniture),
            appendix: appendix(&self.figures, &document.ledger, words, furniture),
            round: self.id().to_string(),
            embargo: self.figures.plan.embargo.map(|day| words.date(day)),
            findings: format!("{}findings.json", frame.up_to_round),
            about: format!("{}about.json", frame.up_to_round),
            corrections: corrections::entries(&self.figures, &self.ledger, words),
            codebook: codebook::FILE,
            units: units::exist(self).then(|| format!("{}/index.html", units::FOLDER)),
            downloads: self
                .input
                .downloads
                .iter()
                .filter_map(|file| file.link(words.lang, &frame.up_to_round))
                .collect(),
            lang: words.lang,
            credits: survey.credits.get(words.lang).to_owned(),
            f: furniture,
            frame,
        };
        page.html()
    }

    pub(super) fn frame(&self, survey: &Survey, words: &Words, title: &str) -> Frame {
        let own = language_folder(survey, words.lang);
        let up_to_round = if own.is_empty() { "" } else { "../" };
        let alternates = self.reports.iter().map(|(other, _)| Alternate {
            lang: other.lang.to_string(),
            name: other.name,
            href: format!("{up_to_round}{}index.html", language_folder(survey, other.lang)),
            current: other.lang == words.lang,
        });
        let up = format!("../{up_to_round}");
        Frame {
            lang: words.lang.to_string(),
            title: title.to_owned(),
            survey: survey.title.get(words.lang).to_owned(),
            owner: survey.owner.get(words.lang).to_owned(),
            style: format!("{up}{}", super::style_file()),
            feed: format!("{up}{own}{}", metadata::FEED),
            dataset: Some(format!("{up_to_round}{}", metadata::DATASET)),
            home: Some(format!("{up}{own}index.html")),
            simulated: self.simulated(),
            alternates: alternates.collect(),
            up_to_round: up_to_round.to_owned(),
        }
    }

    /// Puts the charts where their marks stand.
    fn with_charts(
        &self,
        html: &str,
        survey: &Survey,
        words: &'static Words,
        document: &Document,
    ) -> String {
        let mut html = html.to_owned();
        for (place, chart) in document.charts.iter().enumerate() {
            let mark = chart_mark(place);
            if html.contains(&mark) {
                let figure = figure_html(self, survey, words, (place + 1, chart));
                html = html.replace(&mark, &figure);
            }
        }
        html
    }
}
