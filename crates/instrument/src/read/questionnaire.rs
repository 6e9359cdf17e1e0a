//! Reads `questionnaire.yaml`: the questions first, then what looks at them.

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::Conditions;
use super::fields;
use super::options::Scales;
use super::question::Questions;
use super::reach::Reach;
use super::reader::{InRows, Reader};
use super::rows::{Names, outer_name, text_in_row, trend_in_row};
use super::yaml::{Content, Node};
use super::{pipes, terms, trend};
use crate::expression::{Part, Piped, Scope, UnitNames};
use crate::rules;
use crate::spelling::suggest;
use crate::{
    Calculation, Check, Condition, Diagnostic, Filling, Formula, Instrument, Kind, Lang, Level,
    Listing, Page, Question, QuestionId, RoleId, RoundId, RowOf, Section, SectionId, Survey,
    Variable,
};

/// Reads the `questionnaire.yaml` of a round. `before` is the last round's questionnaire, which
/// the lineage of the questions is checked against. The value is there only where there is no
/// error.
pub fn questionnaire(
    file: &str,
    text: &str,
    survey: &Survey,
    unit: &UnitNames,
    before: Option<&Instrument>,
) -> (Option<Instrument>, Vec<Diagnostic>) {
    let (mut reader, node) = Reader::open(file, text);
    reader.languages.clone_from(&survey.languages);
    let instrument = node.as_ref().and_then(|node| {
        let fields = reader.fields(node, "a questionnaire", fields::QUESTIONNAIRE)?;
        let round = reader.required(fields, "round", |reader, node| round(reader, node, file));
        let scales = Scales::read(&mut reader, fields.get("scales"), &survey.lists);
        let terms = reader.optional(fields, "terms", terms::read).unwrap_or_default();
        // The lineage is checked even where the year in the file is wrong.
        let year = round.or_else(|| folder_round(file));
        let mut draft = Draft::new(survey, Questions { round: year, scales, ids: BTreeSet::new() });
        let sections = reader.required(fields, "sections", |reader, node| {
            reader.list(node, |reader, node| draft.section(reader, node))
        });
        let variables = draft.number_variables();
        let conditions = draft.read_conditions(&mut reader, &variables, unit, before);
        draft.check_reach(&mut reader, &variables, unit, (&conditions, before));
        draft.common.scales.report_unused(&mut reader);
        let pipes = draft.read_pipes(&mut reader, &variables, unit, before);
        terms::check(&mut reader, &terms, fields.get("terms"));
        if let (Some(round), Some(before)) = (year, before) {
            let questions = draft.questions.iter().zip(draft.nodes.iter().copied());
            let questions = questions.filter(|(question, _)| question.is_first_of_rows());
            trend::check(&mut reader, round, questions, before);
        }
        let hash = draft.common.scales.hash(text);
        let sections = sections?.into_iter().zip(conditions);
        Some(Instrument {
            survey: survey.id.clone(),
            round: round?,
            languages: survey.languages.clone(),
            sections: sections.map(|(section, show_if)| Section { show_if, ..section }).collect(),
            questions: draft.questions,
            variables,
            terms,
            pipes,
            hash,
        })
    });
    reader.close(instrument)
}

/// The round of the folder `rounds/YEAR`.
fn folder_round(file: &str) -> Option<RoundId> {
    file.rsplit('/').nth(1)?.parse().ok()
}

/// Reads the round, which must be that of the folder `rounds/YEAR`.
fn round(reader: &mut Reader<'_>, node: &Node, file: &str) -> Option<RoundId> {
    let round: RoundId = reader.name(node)?;
    match folder_round(file) {
        Some(folder) if folder != round => {
            let message = format!("this is the folder of the round {folder}, not of {round}");
            reader.report(rules::WRONG_ROUND, node.span.clone(), message, None)
        }
        _ => Some(round),
    }
}

/// What a question has that looks at other questions.
struct Conditional {
    show_if: Option<Condition>,
    listing: Listing,
    formula: Option<Formula>,
    calculation: Option<Calculation>,
    checks: Vec<Check>,
    prefill: Option<Filling>,
}

/// A questionnaire of which the conditions have not been read.
struct Draft<'s, 'n> {
    survey: &'s Survey,
    common: Questions<'n>,
    /// The questions that could be read, each with its place.
    questions: Vec<Question>,
    nodes: Vec<&'n Node>,
    unreadable: BTreeSet<String>,
    /// Each section's place and first question.
    sections: Vec<(&'n Node, usize)>,
    /// The first question of each page.
    pages: Vec<usize>,
    section_ids: BTreeSet<SectionId>,
}

impl<'s, 'n> Draft<'s, 'n> {
    fn new(survey: &'s Survey, common: Questions<'n>) -> Draft<'s, 'n> {
        Draft {
            survey,
            common,
            questions: vec![],
            nodes: vec![],
            unreadable: BTreeSet::new(),
            sections: vec![],
            pages: vec![],
            section_ids: BTreeSet::new(),
        }
    }

    fn section(&mut self, reader: &mut Reader<'_>, node: &'n Node) -> Option<Section> {
        reader.looking_back = self.questions.len();
        self.sections.push((node, self.questions.len()));
        let fields = reader.fields(node, "a section", fields::SECTION)?;
        let id = reader
            .required(fields, "id", |reader, node| reader.new_name(node, &mut self.section_ids));
        let role = reader.required(fields, "role", |reader, node| self.role(reader, node));
        let title = reader.required(fields, "title", Reader::text);
        let intro = reader.optional(fields, "intro", Reader::text);
        let pages = reader.required(fields, "pages", |reader, node| {
            reader.list(node, |reader, node| self.page(reader, node))
        });
        let (id, role, title, pages) = (id?, role?, title?, pages?);
        Some(Section { id, role, title, intro, show_if: None, pages })
    }

    fn role(&self, reader: &mut Reader<'_>, node: &Node) -> Option<RoleId> {
        let role: RoleId = reader.name(node)?;
        let roles = self.survey.roles.iter().map(|role| role.id.as_str());
        if roles.clone().any(|known| known == role.as_str()) {
            return Some(role);
        }
        let message = format!("the survey has no role `{role}`");
        let hint = suggest(role.as_str(), roles);
        reader.report(rules::UNKNOWN_ROLE, node.span.clone(), message, hint)
    }

    /// The role of a section whose file has been read.
    fn known_role(&self, section: &Node) -> Option<&'s RoleId> {
        let Content::Scalar(name) = &section.get("role")?.content else { return None };
        self.survey.roles.iter().map(|role| &role.id).find(|role| role.as_str() == name)
    }

    fn page(&mut self, reader: &mut Reader<'_>, node: &'n Node) -> Option<Page> {
        reader.looking_back = self.questions.len();
        let fields = reader.fields(node, "a page", fields::PAGE)?;
        let title = reader.optional(fields, "title", Reader::text);
        let first = self.questions.len();
        self.pages.push(first);
        reader.required(fields, "questions", |reader, node| {
            reader.list(node, |reader, node| self.question(reader, node))
        })?;
        Some(Page { title, questions: first..self.questions.len() })
    }

    fn question(&mut self, reader: &mut Reader<'_>, node: &'n Node) -> Option<()> {
        let section = self.sections.len() - 1;
        reader.looking_back = self.questions.len();
        let Some(question) = self.common.question(reader, node, section) else {
            if let Some(Content::Scalar(id)) = node.get("id").map(|id| &id.content) {
                self.unreadable.insert(id.clone());
            }
            return None;
        };
        self.questions.push(question);
        self.nodes.push(node);
        self.rows(reader, node)
    }

    /// Reads the questions of each row, where the last question is a list: they stand after it, those
    /// of the first row first.
    fn rows(&mut self, reader: &mut Reader<'_>, node: &'n Node) -> Option<()> {
        let repeat = self.questions.len() - 1;
        let head = &self.questions[repeat];
        let Kind::Repeat { max, .. } = head.kind else { return Some(()) };
        let (id, section) = (head.id.clone(), head.section);
        reader.looking_back = repeat + 1;
        // Within a row, names are the row's own, but no other question's.
        let outside = self.common.ids.clone();
        let mut before = 0;
        let read = reader.list(node.get("questions")?, |reader, node| {
            reader.in_rows = Some(InRows { repeat, before });
            before += 1;
            let question = self.common.question(reader, node, section)?;
            if matches!(question.kind, Kind::Repeat { .. }) {
                let message = "a list has no list inside";
                return reader.report(rules::NESTED_REPEAT, node.head(), message, None);
            }
            Some((question, node))
        });
        reader.in_rows = None;
        self.common.ids = outside;
        let read = read?;
        if !read.is_empty() && read.iter().all(|(_, node)| node.get("show_if").is_some()) {
            let place = node.entry("questions").map_or(node.head(), |entry| entry.key_span.clone());
            let message = format!("every question in a row of `{id}` hangs on a condition");
            return reader.report(rules::EMPTY_ROW, place, message, None);
        }
        for row in 0..max as usize {
            let name = |question: &Question| outer_name(id.as_str(), row, question.id.as_str());
            let names = read.iter().map(|(question, _)| (question.id.to_string(), name(question)));
            let names: Names = names.collect();
            for (question, node) in &read {
                let name = name(question);
                let place = node.get("id").map_or(node.head(), |id| id.span.clone());
                let Ok(own) = name.parse::<QuestionId>() else {
                    let message = format!("its column `{name}` would have too long a name");
                    return reader.report(rules::INVALID_NAME, place, message, None);
                };
                if !self.common.ids.insert(own.clone()) {
                    let message = format!("the name `{name}` is used twice");
                    return reader.report(rules::DUPLICATE_NAME, place, message, None);
                }
                let trend = trend_in_row((&self.questions[repeat], row), question);
                let of = RowOf { repeat, row, name: question.id.clone() };
                let mut question = Question { id: own, row: Some(of), trend, ..question.clone() };
                for text in question.texts_mut() {
                    *text = text_in_row(text, &names);
                }
                self.questions.push(question);
                self.nodes.push(node);
            }
        }
        Some(())
    }

    /// Reports a reason that nobody is asked for, where every check could be read.
    fn check_reason(&self, reader: &mut Reader<'_>, node: &Node, checks: &[Check]) {
        let written = match node.get("checks").map(|checks| &checks.content) {
            Some(Content::Sequence(checks)) => checks.len(),
            Some(Content::Null | Content::Scalar(_) | Content::Mapping(_)) | None => 0,
        };
        let warns = checks.iter().any(|check| check.level == Level::Warning);
        if let (Some(entry), false, true) = (node.entry("reason"), warns, checks.len() == written) {
            let message = "nothing warns, so that nobody is asked for the reason";
            let hint = Some("the reason confirms a check of `level: warning`".to_owned());
            reader.report::<()>(rules::IDLE_REASON, entry.key_span.clone(), message, hint);
        }
    }

    /// Reports options that look at an answer on their own page: a page is shown before it is answered.
    fn check_page(
        &self,
        reader: &mut Reader<'_>,
        index: usize,
        options: Option<&Node>,
        conditions: &[Option<Condition>],
    ) {
        let first = self.pages.iter().rev().find(|first| **first <= index).copied();
        let codes = self.questions[index].kind.options().iter().map(|option| &option.code);
        for (code, condition) in codes.zip(conditions) {
            let parts = condition.iter().flat_map(|condition| condition.checked.parts());
            let same_page = parts.into_iter().find_map(|part| match part {
                Part::Answer { question, .. } => {
                    first.filter(|first| question >= *first).map(|_| question)
                }
                Part::Last(_)
                | Part::Today
                | Part::Attribute(_)
                | Part::Number(_)
                | Part::Word(_) => None,
            });
            let node = options.and_then(|options| options.get(code.as_str())?.get("show_if"));
            if let (Some(question), Some(node)) = (same_page, node) {
                let id = &self.questions[question].id;
                let message = format!("`{code}` looks at `{id}`, which stands on the same page");
                reader.report::<()>(rules::SAME_PAGE, node.span.clone(), message, None);
            }
        }
    }

    /// Gives every question the range of its variables, and returns them all.
    fn number_variables(&mut self) -> Vec<Variable> {
        let mut variables: Vec<Variable> = vec![];
        for (index, question) in self.questions.iter_mut().enumerate() {
            let first = variables.len();
            variables.extend(question.make_variables(index));
            question.variables = first..variables.len();
        }
        variables
    }

    /// Reads what texts pipe, once every question is known.
    fn read_pipes(
        &self,
        reader: &mut Reader<'_>,
        variables: &[Variable],
        unit: &UnitNames,
        last: Option<&Instrument>,
    ) -> BTreeMap<(Lang, String), Piped> {
        let scope = Scope { last, beyond: true, ..Scope::of(&self.questions, variables, unit) };
        pipes::read(reader, &scope, self.survey, &self.unreadable)
    }

    /// Looks for conditions whose outcome is certain, given those of the sections.
    fn check_reach(
        &self,
        reader: &mut Reader<'_>,
        variables: &[Variable],
        unit: &UnitNames,
        (conditions, last): (&[Option<Condition>], Option<&Instrument>),
    ) {
        let sections = self.sections.iter().zip(conditions);
        let sections = sections.map(|((node, first), show_if)| (*node, *first, show_if.as_ref()));
        let sections = sections.collect();
        let (questions, nodes) = (&self.questions, &self.nodes);
        Reach { questions, nodes, variables, unit, last, sections }.check(reader);
    }

    /// Reads the conditions and checks of the questions, and returns those of the sections.
    fn read_conditions(
        &mut self,
        reader: &mut Reader<'_>,
        variables: &[Variable],
        unit: &UnitNames,
        last: Option<&Instrument>,
    ) -> Vec<Option<Condition>> {
        let conditions = Conditions {
            questions: &self.questions,
            variables,
            unit,
            last,
            roles: &self.survey.roles,
            unreadable: &self.unreadable,
        };
        // A role that could not be read has been reported.
        let roles: Vec<Option<&RoleId>> =
            self.sections.iter().map(|(node, _)| self.known_role(node)).collect();
        let sections = self.sections.iter().zip(&roles);
        let sections = sections
            .map(|((node, first), role)| {
                conditions.show_if(reader, node, &conditions.scope(*first, *role))
            })
            .collect();
        let read = |(index, node): (usize, &&Node)| {
            let role = roles[self.questions[index].section];
            reader.muted = !self.questions[index].is_first_of_rows();
            let before = conditions.scope(index, role).in_row_of(&self.questions[index]);
            let show_if = conditions.show_if(reader, node, &before);
            let kind = &self.questions[index].kind;
            let sums = matches!(kind, Kind::Distribution { .. });
            let formula = sums.then(|| conditions.formula(reader, node, &before)).flatten();
            let calculated = matches!(kind, Kind::Calculate { .. });
            let calculation =
                calculated.then(|| conditions.calculation(reader, node, index, &before)).flatten();
            let list = |field: &str| node.get(field);
            let (options, rows) = (kind.options().iter(), kind.rows().iter());
            let options = options.map(|option| &option.code);
            let options = conditions.listed(reader, list("options"), options, &before);
            let rows = rows.map(|row| &row.code);
            let rows = conditions.listed(reader, list("rows"), rows, &before);
            self.check_page(reader, index, list("options"), &options);
            let order = self.questions[index].listing.order;
            let listing = Listing { order, options, rows };
            let checks = conditions.checks(reader, node, index, role);
            self.check_reason(reader, node, &checks);
            let prefill = conditions.prefill(reader, node, index, &before);
            reader.muted = false;
            Conditional { show_if, listing, formula, calculation, checks, prefill }
        };
        let questions: Vec<_> = self.nodes.iter().enumerate().map(read).collect();
        let questions = self.questions.iter_mut().zip(questions);
        for (question, read) in questions {
            question.show_if = read.show_if;
            question.listing = read.listing;
            question.formula = read.formula;
            question.calculation = read.calculation;
            question.checks = read.checks;
            if let (Some(prefill), Some(from)) = (&mut question.prefill, read.prefill) {
                prefill.from = from;
            }
        }
        sections
    }
}
