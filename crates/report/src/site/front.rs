//! The front of the site: the list of all reports, in every language.

use instrument::Lang;

use super::furniture::Furniture;
use super::page::{Alternate, FieldEntry, Frame, FrontPage, ReportEntry};
use super::round::Composed;
use super::{PublicationInput, RoundInField, Site, language_folder, topics};
use crate::words::Words;

/// Writes the list of all reports in every language that Runde has words in.
pub(super) fn write(input: &PublicationInput<'_>, rounds: &[Composed<'_>], site: &mut Site) {
    for words in input.survey.languages.iter().filter_map(|lang| Words::of(*lang)) {
        let page = page(input, rounds, words).html();
        let folder = language_folder(input.survey, words.lang);
        site.files.insert(format!("{folder}index.html"), page.into_bytes());
    }
}

fn page(input: &PublicationInput<'_>, rounds: &[Composed<'_>], words: &Words) -> FrontPage {
    let survey = input.survey;
    let up = if language_folder(survey, words.lang).is_empty() { "" } else { "../" };
    let alternates =
        survey.languages.iter().filter_map(|lang| Words::of(*lang)).map(|other| Alternate {
            lang: other.lang.to_string(),
            name: other.name,
            href: format!("{up}{}index.html", language_folder(survey, other.lang)),
            current: other.lang == words.lang,
        });
    let simulated = rounds.iter().any(Composed::simulated)
        || input.in_field.iter().any(|round| round.simulated);
    let mut in_field: Vec<&RoundInField<'_>> = input.in_field.iter().collect();
    in_field.sort_by_key(|round| std::cmp::Reverse(round.round));
    let report = |round: &Composed<'_>| entry(round, input, words.lang, up, words);
    FrontPage {
        frame: Frame {
            lang: words.lang.to_string(),
            title: survey.title.get(words.lang).to_owned(),
            survey: survey.title.get(words.lang).to_owned(),
            owner: survey.owner.get(words.lang).to_owned(),
            style: format!("{up}{}", super::style_file()),
            feed: super::metadata::FEED.to_owned(),
            dataset: None,
            home: None,
            simulated,
            alternates: alternates.collect(),
            up_to_round: String::new(),
        },
        f: Furniture::of(words.lang),
        in_field: in_field.into_iter().map(|round| field(round, words)).collect(),
        reports: rounds.iter().filter_map(report).collect(),
        topics: topics::links(rounds, words.lang),
        credits: survey.credits.get(words.lang).to_owned(),
    }
}

fn entry(
    round: &Composed<'_>,
    input: &PublicationInput<'_>,
    lang: Lang,
    up: &str,
    words: &Words,
) -> Option<ReportEntry> {
    let (written_in, document) = round.report(lang)?;
    let counts = round.figures.now.data.dispositions();
    let folder = language_folder(input.survey, written_in.lang);
    Some(ReportEntry {
        round: round.id().to_string(),
        title: document.title.clone(),
        introduction: document.introduction.clone(),
        href: format!("{up}{}/{folder}index.html", round.id()),
        lang: (written_in.lang != lang).then(|| written_in.lang.to_string()),
        answered: words.count(counts.answered()),
        invited: words.count(counts.invited()),
        rate: words.percent_sign(counts.response_rate().unwrap_or_default() * 100.0),
        simulated: round.simulated(),
    })
}

fn field(round: &RoundInField<'_>, words: &Words) -> FieldEntry {
    let response = round.response.map(|counts| {
        let rate = words.percent_sign(counts.response_rate().unwrap_or_default() * 100.0);
        (words.count(counts.answered()), words.count(counts.invited()), rate)
    });
    FieldEntry {
        round: round.round.to_string(),
        opens: words.date(round.plan.opens),
        closes: words.date(round.plan.closes),
        response,
        simulated: round.simulated,
    }
}
