//! Reads `survey.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use super::fields;
use super::reader::Reader;
use super::yaml::{Entry, Node};
use crate::plural::{FORMS, Form, PluralRule};
use crate::rules;
use crate::spelling::suggest;
use crate::survey::{Licence, Role, SizeClass};
use crate::{Diagnostic, Lang, Survey, Text};

pub(crate) const FIELDS: &[&str] = &[
    "survey",
    "title",
    "owner",
    "languages",
    "roles",
    "size_classes",
    "plurals",
    "credits",
    "licence",
    "address",
];

pub(crate) const LICENCES: &[(&str, Licence)] =
    &[("CC-BY-4.0", Licence::CcBy40), ("NLOD-2.0", Licence::Nlod20)];

/// Reads `survey.yaml`. The value is there only where there is no error.
pub fn survey(file: &str, text: &str) -> (Option<Survey>, Vec<Diagnostic>) {
    let (mut reader, node) = Reader::open(file, text);
    let survey = node.as_ref().and_then(|node| read(&mut reader, node));
    reader.close(survey)
}

fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Survey> {
    let fields = reader.fields(node, "a survey", FIELDS)?;
    let id = reader.required(fields, "survey", Reader::name);
    // Without the languages, nothing can be said of the texts.
    let languages = reader.required(fields, "languages", languages)?;
    reader.languages.clone_from(&languages);
    let title = reader.required(fields, "title", Reader::text);
    let owner = reader.required(fields, "owner", Reader::text);
    let roles = reader.required(fields, "roles", roles);
    let size_classes = reader.required(fields, "size_classes", size_classes);
    let credits: Option<Text> = reader.required(fields, "credits", Reader::text);
    let licence = reader.optional(fields, "licence", |reader, node| reader.word(node, LICENCES));
    let address = reader.optional(fields, "address", address);
    let plurals = reader.optional(fields, "plurals", plurals).unwrap_or_default();
    reader.refuse_pipes();
    Some(Survey {
        id: id?,
        title: title?,
        owner: owner?,
        languages,
        roles: roles?,
        size_classes: size_classes?,
        plurals,
        credits: credits?,
        licence,
        lists: BTreeMap::new(),
        address,
    })
}

/// Reads the address of the published site.
fn address(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.scalar(node)?;
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let sound = |host: &str| !host.is_empty() && !host.contains([' ', '"', '<', '>', '?', '#']);
    if host.is_some_and(sound) {
        return Some(text.to_owned());
    }
    let message = format!("`{text}` is not the address of a site");
    let hint = Some("for instance `https://undersokelser.example.no`".to_owned());
    reader.report(rules::UNKNOWN_WORD, node.span.clone(), message, hint)
}

fn languages(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Lang>> {
    let mut seen: Vec<Lang> = vec![];
    reader.list(node, |reader, node| {
        let text = reader.scalar(node)?;
        match text.parse() {
            Ok(lang) if seen.contains(&lang) => {
                let message = format!("the language `{text}` is listed twice");
                reader.report(rules::DUPLICATE_NAME, node.span.clone(), message, None)
            }
            Ok(lang) => {
                seen.push(lang);
                Some(lang)
            }
            Err(error) => {
                let message = format!("{error}, not `{text}`");
                reader.report(rules::INVALID_NAME, node.span.clone(), message, None)
            }
        }
    })
}

fn roles(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Role>> {
    let mut seen = BTreeSet::new();
    reader.list(node, |reader, node| {
        let fields = reader.fields(node, "a role", fields::ROLE)?;
        let id = reader.required(fields, "id", |reader, node| reader.new_name(node, &mut seen));
        let title = reader.required(fields, "title", Reader::text);
        Some(Role { id: id?, title: title? })
    })
}

/// Reads when languages use which plural form.
fn plurals(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<(Lang, Vec<PluralRule>)>> {
    let languages = reader.languages.clone();
    let entries = reader.entries(node)?.iter();
    let rules: Vec<_> = entries
        .map(|entry| {
            let lang = languages.iter().find(|lang| lang.as_str() == entry.key);
            let Some(lang) = lang.copied() else {
                let message = format!("`{}` is not a language of the survey", entry.key);
                let hint = suggest(&entry.key, languages.iter().map(Lang::as_str));
                let span = entry.key_span.clone();
                return reader.report(rules::UNKNOWN_LANGUAGE, span, message, hint);
            };
            let forms = reader.entries(&entry.value)?.iter();
            let forms: Vec<_> = forms.map(|entry| plural_rule(reader, entry)).collect();
            Some((lang, forms.into_iter().collect::<Option<_>>()?))
        })
        .collect();
    rules.into_iter().collect()
}

fn plural_rule(reader: &mut Reader<'_>, entry: &Entry) -> Option<PluralRule> {
    let Some((_, form)) =
        FORMS.iter().find(|(name, form)| *name == entry.key && *form != Form::Other)
    else {
        let message = format!("`{}` is not a plural form that has a rule", entry.key);
        let hint = suggest(&entry.key, FORMS.iter().map(|(name, _)| *name).take(5));
        return reader.report(rules::PLURAL_FORMS, entry.key_span.clone(), message, hint);
    };
    let fields = reader.fields(&entry.value, "a plural form", fields::PLURAL)?;
    let mut numbers = |name| {
        let number = |reader: &mut Reader<'_>, node: &Node| {
            reader.integer(node, 0..=1_000_000).and_then(|number| u64::try_from(number).ok())
        };
        let list = |reader: &mut Reader<'_>, node| reader.list(node, number);
        reader.optional(fields, name, list).unwrap_or_default()
    };
    let [is, ends, but] = ["is", "ends", "but"].map(&mut numbers);
    Some(PluralRule { form: *form, is, ends, but })
}

fn size_classes(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<SizeClass>> {
    let mut seen = BTreeSet::new();
    let classes = reader.list(node, |reader, node| {
        let fields = reader.fields(node, "a size class", fields::SIZE_CLASS)?;
        let code = reader.required(fields, "id", |reader, node| reader.new_name(node, &mut seen));
        let from = reader.required(fields, "from", |reader, node| {
            reader.integer(node, 0..=1_000_000_000).and_then(|from| u64::try_from(from).ok())
        });
        let title = reader.required(fields, "title", Reader::text);
        Some(SizeClass { code: code?, title: title?, from: from? })
    })?;
    let rising = classes.is_sorted_by(|a, b| a.from < b.from);
    if rising && classes.first().is_some_and(|class| class.from == 0) {
        return Some(classes);
    }
    let message = "size classes rise, and the first is `from: 0`";
    reader.report(rules::SIZE_CLASSES, node.head(), message, None)
}
