//! Reads where a question comes from, and holds it against the last round.

use std::collections::BTreeMap;

use super::reader::Reader;
use super::yaml::{Entry, Node};
use crate::expression::same_expression;
use crate::lineage::{Asked, continued, same_kind};
use crate::rules::{self, Rule};
use crate::spelling::suggest;
use crate::{Choice, Code, Comparable, Instrument, Kind, Lang, Question, RoundId, Trend};

pub(crate) const FIELDS: &[&str] = &["since", "comparable", "was", "options", "note"];

/// Reads the field `trend` of a question with these options.
pub(super) fn trend(
    reader: &mut Reader<'_>,
    node: &Node,
    round: Option<RoundId>,
    options: &[Choice],
) -> Option<Trend> {
    let fields = reader.fields(node, "`trend`", FIELDS)?;
    let since = reader.required(fields, "since", |reader, node| {
        let since: RoundId = reader.name(node)?;
        if round.is_none_or(|round| since < round) {
            return Some(since);
        }
        let message = format!("{since} is not before this round");
        let hint = Some("a question that is new in this round has no `trend`".to_owned());
        reader.report(rules::WRONG_SINCE, node.span.clone(), message, hint)
    });
    let comparable = reader.required(fields, "comparable", comparable);
    let was = reader.optional(fields, "was", Reader::name);
    let mapped =
        reader.optional(fields, "options", |reader, node| option_map(reader, node, options));
    let note = reader.optional(fields, "note", Reader::text);
    if comparable == Some(Comparable::WithNote) && fields.get("note").is_none() {
        let message = "a comparison with a note needs the field `note`";
        return reader.report(rules::MISSING_NOTE, fields.head(), message, None);
    }
    let options = mapped.unwrap_or_default();
    Some(Trend { since: since?, comparable: comparable?, was, options, note })
}

fn comparable(reader: &mut Reader<'_>, node: &Node) -> Option<Comparable> {
    let words =
        [("yes", Comparable::Yes), ("no", Comparable::No), ("with_note", Comparable::WithNote)];
    reader.word(node, &words)
}

/// Reads which of last round's options each new option stands for.
fn option_map(
    reader: &mut Reader<'_>,
    node: &Node,
    options: &[Choice],
) -> Option<Vec<(Code, Vec<Code>)>> {
    let entries = reader.entries(node)?;
    let pairs: Vec<_> = entries
        .iter()
        .map(|entry| {
            let code = new_option(reader, entry, options);
            let old = reader.list(&entry.value, Reader::name);
            Some((code?, old?))
        })
        .collect();
    pairs.into_iter().collect()
}

fn new_option(reader: &mut Reader<'_>, entry: &Entry, options: &[Choice]) -> Option<Code> {
    let code: Code = reader.key(entry)?;
    let codes = options.iter().map(|option| option.code.as_str());
    if codes.clone().any(|known| known == code.as_str()) {
        return Some(code);
    }
    let message = format!("the question has no option `{code}`");
    let hint = suggest(code.as_str(), codes);
    reader.report(rules::UNKNOWN_NEW_OPTION, entry.key_span.clone(), message, hint)
}

/// Holds the questions of a round, each with its place, against the last round.
pub(super) fn check<'n>(
    reader: &mut Reader<'_>,
    round: RoundId,
    questions: impl Iterator<Item = (&'n Question, &'n Node)>,
    before: &'n Instrument,
) {
    let lang = before.languages.first().copied().unwrap_or(Lang::NB);
    let questions: Vec<(&Question, &Node)> = questions.collect();
    let names = questions.iter().filter_map(|(question, _)| {
        let last = continued(question, question.trend.as_ref()?, before)?;
        Some((last.id.as_str(), question.id.as_str()))
    });
    let names: BTreeMap<&str, &str> = names.collect();
    let mut continued_by: BTreeMap<&str, &Question> = BTreeMap::new();
    for (question, node) in questions {
        let now = Asked { question, round, lang };
        let mut lineage = Lineage { reader, now, node, before, names: &names };
        let Some(trend) = &question.trend else {
            lineage.check_unmarked();
            continue;
        };
        let Some(last) = lineage.find(trend) else { continue };
        if let Some(other) = continued_by.insert(last.id.as_str(), question) {
            let message =
                format!("`{}` and `{}` both continue `{}`", other.id, question.id, last.id);
            lineage.report(rules::SHARED_PREDECESSOR, &["trend", "was"], message, None);
        }
        lineage.check_since(trend, last);
        lineage.check_options(trend, last);
        if trend.comparable == Comparable::Yes {
            lineage.check_comparable(trend, last);
        }
    }
}

/// One question beside the round before it.
struct Lineage<'r, 'f, 'n> {
    reader: &'r mut Reader<'f>,
    now: Asked<'n>,
    node: &'n Node,
    before: &'n Instrument,
    /// This round's names of the last round's questions.
    names: &'r BTreeMap<&'n str, &'n str>,
}

impl<'n> Lineage<'_, '_, 'n> {
    fn check_unmarked(&mut self) {
        let (id, round) = (&self.now.question.id, self.before.round);
        let asked = self.before.question(id.as_str()).is_some_and(|last| last.kind != Kind::Note);
        let unreadable = self.node.get("trend").is_some();
        if asked && self.now.question.kind != Kind::Note && !unreadable {
            let message =
                format!("the round of {round} asked `{id}` too, but here it counts as new");
            let hint =
                format!("say how it compares: `trend: {{ since: {round}, comparable: yes }}`");
            self.report(rules::UNMARKED_PREDECESSOR, &["id"], message, Some(hint));
        }
    }

    fn find(&mut self, trend: &Trend) -> Option<&'n Question> {
        let last = continued(self.now.question, trend, self.before);
        if last.is_none() {
            let id = trend.was.as_ref().unwrap_or(&self.now.question.id);
            let known = self.before.questions.iter().map(|question| question.id.as_str());
            let hint = match crate::spelling::closest(id.as_str(), known) {
                Some(near) => format!("did you mean `was: {near}`?"),
                None => "a question that has another name now says `was: its_old_name`".to_owned(),
            };
            let message = format!("the round of {} has no question `{id}`", self.before.round);
            self.report(rules::UNKNOWN_PREDECESSOR, &["trend", "was"], message, Some(hint));
        }
        last
    }

    fn check_since(&mut self, trend: &Trend, last: &Question) {
        let since = last.trend.as_ref().map_or(self.before.round, |trend| trend.since);
        if trend.since != since {
            let message = format!(
                "`{}` is said to be asked since {}, but the round of {} says since {since}",
                self.now.question.id, trend.since, self.before.round
            );
            let hint = Some(format!("write `since: {since}`"));
            self.report(rules::WRONG_SINCE, &["trend", "since"], message, hint);
        }
    }

    fn check_options(&mut self, trend: &Trend, last: &Question) {
        for (code, old) in &trend.options {
            for unknown in old.iter().filter(|old| last.option(old.as_str()).is_none()) {
                let known = last.kind.options().iter().map(|option| option.code.as_str());
                let message =
                    format!("`{}` of {} has no option `{unknown}`", last.id, self.before.round);
                let path = ["trend", "options", code.as_str()];
                let hint = suggest(unknown.as_str(), known);
                self.report(rules::UNKNOWN_PREDECESSOR_OPTION, &path, message, hint);
            }
        }
    }

    fn check_comparable(&mut self, trend: &Trend, last: &Question) {
        let id = &self.now.question.id;
        let path = ["trend", "comparable"];
        if !same_kind(self.now.question, last) {
            let message =
                format!("`{id}` is called comparable, but was a question of another kind");
            let hint = Some("write `comparable: no`".to_owned());
            return self.report(rules::OTHER_KIND, &path, message, hint);
        }
        let different = different_options(self.now.question, trend, last);
        if !different.is_empty() {
            let message = format!(
                "`{id}` is called comparable, but these options are not in both rounds: {}",
                different.join(", ")
            );
            let hint =
                "`options` under `trend` says which old options a new one stands for".to_owned();
            self.report(rules::OTHER_OPTIONS, &path, message, Some(hint));
        }
        if !self.now.same_words(Asked::new(last, self.before)) {
            let message = format!("`{id}` is called comparable, but its words have changed");
            let hint =
                "say so to the reader with `comparable: with_note`, or keep the words".to_owned();
            self.report(rules::OTHER_TEXT, &path, message, Some(hint));
        }
        let [old, new] = [last, self.now.question].map(|q| q.formula_source().unwrap_or_default());
        if !same_expression(old, new, |name| self.names.get(name).unwrap_or(&name)) {
            let message = format!("`{id}` is called comparable, but its expression was `{old}`");
            let hint = "say so to the reader with `comparable: with_note`".to_owned();
            self.report(rules::OTHER_FORMULA, &path, message, Some(hint));
        }
    }

    /// Reports at the deepest part of the question that is written.
    fn report(
        &mut self,
        rule: &'static Rule,
        path: &[&str],
        message: String,
        hint: Option<String>,
    ) {
        let mut span = self.node.head();
        let mut node = self.node;
        for key in path {
            let Some(entry) = node.entry(key) else { break };
            span = entry.key_span.start..entry.value.head().end;
            node = &entry.value;
        }
        self.reader.report::<()>(rule, span, message, hint);
    }
}

/// The options that are in one round only and that the lineage does not explain.
fn different_options(now: &Question, trend: &Trend, last: &Question) -> Vec<String> {
    let explained_new = |code: &Code| trend.options.iter().any(|(new, _)| new == code);
    let explained_old = |code: &Code| trend.options.iter().any(|(_, old)| old.contains(code));
    let new = now.kind.options().iter().map(|option| &option.code);
    let new = new.filter(|code| last.option(code.as_str()).is_none() && !explained_new(code));
    let old = last.kind.options().iter().map(|option| &option.code);
    let old = old.filter(|code| now.option(code.as_str()).is_none() && !explained_old(code));
    new.chain(old).map(|code| format!("`{code}`")).collect()
}
