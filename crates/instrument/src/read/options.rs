//! Reads options and scales.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::fields;
use super::reader::Reader;
use super::yaml::{Content, Entry, Node};
use crate::rules::{self, Rule};
use crate::spelling::suggest;
use crate::{Choice, Code, Hash, Kind, Lang, MissingKind, OptionList, Text};

/// The named lists of options of a questionnaire.
pub(crate) struct Scales<'n> {
    scales: BTreeMap<&'n str, Scale>,
    /// The lists of the survey's folder, by their files.
    lists: &'n BTreeMap<String, OptionList>,
    /// The files of the lists that questions use.
    used: BTreeSet<String>,
}

struct Scale {
    /// `None` where the scale could not be read, which has been reported.
    options: Option<Vec<Choice>>,
    span: Range<usize>,
    used: bool,
}

impl<'n> Scales<'n> {
    /// Reads the field `scales`, where there is one.
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        node: Option<&'n Node>,
        lists: &'n BTreeMap<String, OptionList>,
    ) -> Scales<'n> {
        let entries = node.and_then(|node| reader.entries(node)).unwrap_or_default();
        let scales = entries
            .iter()
            .map(|entry| {
                let options = choices(reader, &entry.value, fields::SCALE_OPTION);
                let scale = Scale { options, span: entry.key_span.clone(), used: false };
                (entry.key.as_str(), scale)
            })
            .collect();
        Scales { scales, lists, used: BTreeSet::new() }
    }

    /// Reads the options of a question: the name of a scale, or the options themselves.
    pub(crate) fn options(&mut self, reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Choice>> {
        self.listed(reader, node, fields::OPTION)
    }

    /// Reads options that stand under no condition.
    pub(crate) fn plain_options(
        &mut self,
        reader: &mut Reader<'_>,
        node: &Node,
    ) -> Option<Vec<Choice>> {
        self.listed(reader, node, fields::SCALE_OPTION)
    }

    fn listed(
        &mut self,
        reader: &mut Reader<'_>,
        node: &Node,
        known: &[&str],
    ) -> Option<Vec<Choice>> {
        let Content::Scalar(name) = &node.content else { return choices(reader, node, known) };
        if let Some(scale) = self.scales.get_mut(name.as_str()) {
            scale.used = true;
            return scale.options.clone();
        }
        let message = format!("there is no scale `{name}`");
        let hint = suggest(name, self.scales.keys().copied());
        reader.report(rules::UNKNOWN_SCALE, node.span.clone(), message, hint)
    }

    /// Reads the options of a list by its file.
    pub(crate) fn list(&mut self, reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Choice>> {
        let file = reader.scalar(node)?;
        if let Some(list) = self.lists.get(file) {
            self.used.insert(file.to_owned());
            return Some(list.options.clone());
        }
        let message = format!("there is no list `{file}` that could be read");
        let hint = suggest(file, self.lists.keys().map(String::as_str));
        let hint = hint.or(Some("a list is written in the folder `lists`".to_owned()));
        reader.report(rules::UNKNOWN_LIST, node.span.clone(), message, hint)
    }

    /// Returns the hash of a questionnaire: of its text and of the lists that it uses.
    pub(crate) fn hash(&self, text: &str) -> Hash {
        let lists = self.used.iter().filter_map(|file| Some((file, self.lists.get(file)?)));
        let lists: String = lists.map(|(file, list)| format!("\n{file} {}", list.hash)).collect();
        Hash::of(format!("{text}{lists}"))
    }

    /// Reports scales that no question uses.
    pub(crate) fn report_unused(&self, reader: &mut Reader<'_>) {
        for (name, scale) in self.scales.iter().filter(|(_, scale)| !scale.used) {
            let message = format!("no question uses the scale `{name}`");
            reader.report::<()>(rules::UNUSED_SCALE, scale.span.clone(), message, None);
        }
    }
}

fn choices(reader: &mut Reader<'_>, node: &Node, known: &[&str]) -> Option<Vec<Choice>> {
    let entries = reader.entries(node)?;
    let choices: Vec<_> = entries.iter().map(|entry| choice(reader, entry, known)).collect();
    choices.into_iter().collect()
}

/// Reads an option: its text, or fields of which one is the text. Its condition is read when every
/// question is known.
fn choice(reader: &mut Reader<'_>, entry: &Entry, known: &[&str]) -> Option<Choice> {
    let code = reader.key(entry);
    let node = &entry.value;
    if !fields::OPTION.iter().any(|field| node.get(field).is_some()) {
        let text = reader.text(node);
        return Some(Choice {
            code: code?,
            text: text?,
            missing: None,
            exclusive: false,
            specify: None,
        });
    }
    let fields = reader.fields(node, "an option", known)?;
    let text = reader.required(fields, "text", Reader::text);
    let missing = reader.optional(fields, "missing", missing_kind);
    let exclusive = reader.optional(fields, "exclusive", Reader::flag).unwrap_or(false);
    let specify = reader.optional(fields, "specify", Reader::text);
    Some(Choice { code: code?, text: text?, missing, exclusive, specify })
}

/// Reads the boxes beside a field: a text for each kind of missing.
pub(crate) fn missing_boxes(
    reader: &mut Reader<'_>,
    node: &Node,
) -> Option<Vec<(MissingKind, Text)>> {
    let entries = reader.entries(node)?;
    let read = |entry: &Entry| {
        let word =
            Node { content: Content::Scalar(entry.key.clone()), span: entry.key_span.clone() };
        let (kind, text) = (missing_kind(reader, &word), reader.text(&entry.value));
        Some((kind?, text?))
    };
    entries.iter().map(read).collect::<Vec<_>>().into_iter().collect()
}

fn missing_kind(reader: &mut Reader<'_>, node: &Node) -> Option<MissingKind> {
    let kinds = [MissingKind::DontKnow, MissingKind::NotRelevant, MissingKind::WillNotAnswer];
    reader.word(node, &kinds.map(|kind| (kind.as_str(), kind)))
}

/// Reports options that do not fit the kind of their question.
pub(crate) fn check_fit(reader: &mut Reader<'_>, kind: &Kind, node: &Node) {
    let (several, bare) = match kind {
        Kind::SelectOne { .. } => (false, false),
        Kind::Grid { several, .. } => (*several, true),
        Kind::Calculate { .. } => (false, true),
        Kind::SelectMultiple { .. } => (true, false),
        Kind::Rank { .. }
        | Kind::Distribution { .. }
        | Kind::Range { .. }
        | Kind::Integer { .. }
        | Kind::Decimal { .. }
        | Kind::Year { .. }
        | Kind::Text { .. }
        | Kind::Multiline { .. }
        | Kind::Shaped(_)
        | Kind::File(_)
        | Kind::Consent { .. }
        | Kind::Repeat { .. }
        | Kind::Note => return,
    };
    let options = kind.options();
    if !several && options.len() < 2 {
        let message = "a question with one option has nothing to choose between";
        reader.report::<()>(rules::FEW_OPTIONS, node.head(), message, None);
    }
    if options.iter().all(|option| option.missing.is_some()) {
        let message = "every option is a kind of missing, so that nothing can be answered";
        reader.report::<()>(rules::ONLY_MISSING, node.head(), message, None);
    }
    report_same(reader, rules::SAME_OPTION, options.iter().map(|o| (&o.code, &o.text)), node);
    for option in options {
        check_option(reader, option, several, bare, &place(node, option));
    }
}

fn check_option(
    reader: &mut Reader<'_>,
    option: &Choice,
    several: bool,
    bare: bool,
    span: &Range<usize>,
) {
    let code = &option.code;
    if option.exclusive && !several {
        let message = format!("`{code}` is exclusive, but only one option can be chosen anyway");
        let hint = Some("`exclusive` belongs where several can be chosen".to_owned());
        reader.report::<()>(rules::MISPLACED_EXCLUSIVE, span.clone(), message, hint);
    }
    if option.missing.is_some() && several && !option.exclusive {
        let message = format!("`{code}` is a kind of missing, but can be chosen with others");
        let hint = Some("make it stand alone: `exclusive: true`".to_owned());
        reader.report::<()>(rules::SHARED_MISSING, span.clone(), message, hint);
    }
    if option.specify.is_some() && bare {
        let message = format!("`{code}` asks for a text, but there is no place for one");
        let hint = Some("ask for it in a question of its own".to_owned());
        reader.report::<()>(rules::MISPLACED_SPECIFY, span.clone(), message, hint);
    }
}

/// Reports options or rows that an informant cannot tell apart in some language.
pub(crate) fn report_same<'a>(
    reader: &mut Reader<'_>,
    rule: &'static Rule,
    listed: impl Iterator<Item = (&'a Code, &'a Text)>,
    node: &Node,
) {
    let mut seen: BTreeMap<(Lang, &str), &Code> = BTreeMap::new();
    for (code, text) in listed {
        for (lang, written) in text.iter() {
            let other = *seen.entry((lang, written)).or_insert(code);
            if other != code {
                let message = format!("`{other}` and `{code}` read the same in {lang}");
                let span = node.entry(code.as_str()).map_or(node.head(), |e| e.key_span.clone());
                reader.report::<()>(rule, span, message, None);
                break;
            }
        }
    }
}

/// Where an option is written: at its code, or at the name of the scale.
fn place(node: &Node, option: &Choice) -> Range<usize> {
    node.entry(option.code.as_str()).map_or(node.head(), |entry| entry.key_span.clone())
}
