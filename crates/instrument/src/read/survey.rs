//! Reads `survey.yaml`.

use std::collections::BTreeSet;

use super::reader::Reader;
use super::yaml::Node;
use crate::rules;
use crate::survey::{Role, SizeClass};
use crate::{Diagnostic, Lang, Survey, Text};

const FIELDS: &[&str] =
    &["survey", "title", "owner", "languages", "roles", "size_classes", "credits"];

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
    Some(Survey {
        id: id?,
        title: title?,
        owner: owner?,
        languages,
        roles: roles?,
        size_classes: size_classes?,
        credits: credits?,
    })
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
        let fields = reader.fields(node, "a role", &["id", "title"])?;
        let id = reader.required(fields, "id", |reader, node| reader.new_name(node, &mut seen));
        let title = reader.required(fields, "title", Reader::text);
        Some(Role { id: id?, title: title? })
    })
}

fn size_classes(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<SizeClass>> {
    let mut seen = BTreeSet::new();
    let classes = reader.list(node, |reader, node| {
        let fields = reader.fields(node, "a size class", &["id", "from", "title"])?;
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
