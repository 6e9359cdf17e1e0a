//! A data set as schema.org describes it, in JSON-LD: what search engines for data read.

use instrument::{Lang, Survey};
use serde_json::{Value, json};

use super::{absolute, dataset_title, description, media_type, published};
use crate::site::round::Composed;

/// The name of the file, in the folder of its round.
pub(in crate::site) const FILE: &str = "dataset.jsonld";

pub(super) fn dataset(survey: &Survey, round: &Composed<'_>) -> String {
    let lang = survey.languages.first().copied().unwrap_or(Lang::NB);
    let id = round.id();
    let here = absolute(survey, &format!("{id}/"));
    let page = if survey.address.is_some() { here.clone() } else { "./".to_owned() };
    let distribution = round.input.downloads.iter().map(|file| {
        json!({
            "@type": "DataDownload",
            "contentUrl": match survey.address {
                Some(_) => format!("{here}{}", file.file),
                None => file.file.clone(),
            },
            "encodingFormat": media_type(&file.file),
            "inLanguage": file.lang.map(|lang| lang.to_string()),
        })
    });
    let languages = survey.languages.iter();
    let names: Vec<Value> = languages
        .map(|lang| json!({"@language": lang.as_str(), "@value": dataset_title(survey, round, *lang)}))
        .collect();
    let dataset = json!({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": page,
        "url": page,
        "name": dataset_title(survey, round, lang),
        "alternateName": names,
        "description": description(round, lang),
        "creator": {"@type": "GovernmentOrganization", "name": survey.owner.get(lang)},
        "license": survey.licence.map(instrument::Licence::address),
        "isAccessibleForFree": true,
        "inLanguage": survey.languages.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "datePublished": published(round).to_string(),
        "dateModified": round.figures.plan.corrections.iter().map(|c| c.date).max()
            .map(|date| date.to_string()),
        "temporalCoverage": format!("{}/{}", round.figures.plan.opens, round.figures.plan.closes),
        "spatialCoverage": "NO",
        "identifier": format!("sha256:{}", round.figures.now.hash()),
        "distribution": distribution.collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&without_null(dataset)).expect("texts become JSON");
    format!("{text}\n")
}

/// Leaves out what is not known.
fn without_null(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let known = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(known.map(|(name, value)| (name, without_null(value))).collect())
        }
        Value::Array(values) => values.into_iter().map(without_null).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}
