//! Finds conditions that can never hold or never fail, and what nobody is asked because of them.

use super::reader::Reader;
use super::yaml::{Content, Node};
use crate::expression::{
    Attribute, AttributeKind, Case, Checked, Ground, Outcomes, Part, UnitAttributes, UnitName,
    UnitNames, outcomes,
};
use crate::rules::{self, Rule};
use crate::{Answers, Check, Condition, Instrument, Level, Question, Variable};

/// A questionnaire whose conditions have been read, with its places in the file.
pub(super) struct Reach<'a, 'n> {
    pub(super) questions: &'a [Question],
    pub(super) nodes: &'a [&'n Node],
    pub(super) variables: &'a [Variable],
    pub(super) unit: &'a UnitNames,
    /// The last round's questionnaire.
    pub(super) last: Option<&'a Instrument>,
    /// Each section's place, first question and condition.
    pub(super) sections: Vec<(&'n Node, usize, Option<&'a Condition>)>,
}

impl Reach<'_, '_> {
    /// Reports every condition whose outcome is certain before anyone has answered.
    pub(super) fn check(&self, reader: &mut Reader<'_>) {
        let mut never_asked: Vec<bool> = vec![];
        let ends = self.sections.iter().skip(1).map(|(_, first, _)| *first);
        let ends = ends.chain([self.questions.len()]);
        for ((node, first, show_if), end) in self.sections.iter().zip(ends) {
            let section = *show_if;
            let closed = section.is_some_and(|show_if| {
                self.is_certain(reader, node, show_if, &never_asked) == Some(false)
            });
            for index in *first..end {
                reader.muted = !self.questions[index].is_first_of_rows();
                let never = closed || self.is_never_asked(reader, index, section, &never_asked);
                if !never {
                    self.check_listing(reader, index, section, &never_asked);
                }
                self.check_checks(reader, index);
                never_asked.push(never);
            }
            reader.muted = false;
            if !closed {
                self.check_empty(reader, node, *first..end, section);
            }
        }
    }

    fn outcomes(&self, conditions: &[&Checked], never_asked: &[bool]) -> Option<Outcomes> {
        let Reach { questions, variables, unit, last, .. } = *self;
        outcomes(conditions, &Ground { questions, variables, unit, last, never_asked })
    }

    /// Reports a condition that can never hold or never fail by itself; returns what it always
    /// comes to.
    fn is_certain(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        show_if: &Condition,
        never_asked: &[bool],
    ) -> Option<bool> {
        let span = show_if_span(node);
        match self.outcomes(&[&show_if.checked], &[]) {
            Some(Outcomes { can_hold: false, .. }) => {
                let message = "the condition can never hold".to_owned();
                report(reader, rules::NEVER_HOLDS, span, message, NEVER_HINT);
                return Some(false);
            }
            Some(Outcomes { can_fail: false, .. }) => {
                let message = "the condition holds whatever is answered".to_owned();
                let hint = "leave it out; whether there is an answer is `answered(q)`";
                report(reader, rules::ALWAYS_HOLDS, span, message, hint);
                return Some(true);
            }
            Some(_) | None => {}
        }
        let rests_on = self.outcomes(&[&show_if.checked], never_asked)?;
        if rests_on.can_hold {
            return None;
        }
        let message = "the condition rests on a question that nobody is asked".to_owned();
        report(reader, rules::NOBODY_ASKED, span, message, "mend that question's condition first");
        Some(false)
    }

    fn is_never_asked(
        &self,
        reader: &mut Reader<'_>,
        index: usize,
        section: Option<&Condition>,
        never_asked: &[bool],
    ) -> bool {
        let Some(own) = &self.questions[index].show_if else { return false };
        let node = self.nodes[index];
        if let Some(certain) = self.is_certain(reader, node, own, never_asked) {
            return !certain;
        }
        let Some(section) = section else { return false };
        let both = self.outcomes(&[&section.checked, &own.checked], never_asked);
        if both.is_none_or(|both| both.can_hold) {
            return false;
        }
        let message =
            format!("the condition shuts out all for whom the section is: `{}`", section.source);
        let hint = "the question must be in another section, or one of the two is wrong";
        report(reader, rules::CONTRADICTION, show_if_span(node), message, hint);
        true
    }

    /// Reports options and rows that are offered to nobody, or whose condition leaves nobody out.
    fn check_listing(
        &self,
        reader: &mut Reader<'_>,
        index: usize,
        section: Option<&Condition>,
        never_asked: &[bool],
    ) {
        let question = &self.questions[index];
        let codes = question.kind.options().iter().map(|option| &option.code);
        let options = ("options", codes.zip(&question.listing.options).collect::<Vec<_>>());
        let codes = question.kind.rows().iter().map(|row| &row.code);
        let rows = ("rows", codes.zip(&question.listing.rows).collect());
        for (field, listed) in [options, rows] {
            for (code, condition) in listed {
                let list = self.nodes[index].get(field);
                let node = list.and_then(|list| list.get(code.as_str()));
                let (Some(condition), Some(node)) = (condition, node) else { continue };
                if self.is_certain(reader, node, condition, never_asked).is_some() {
                    continue;
                }
                let around = [section, question.show_if.as_ref(), Some(condition)];
                let all: Vec<&Checked> = around.into_iter().flatten().map(|c| &c.checked).collect();
                if self.outcomes(&all, never_asked).is_some_and(|outcomes| !outcomes.can_hold) {
                    let message = format!("nobody who is asked the question is offered `{code}`");
                    let hint = "the condition shuts out all whom the question is for";
                    report(reader, rules::CONTRADICTION, show_if_span(node), message, hint);
                }
            }
        }
    }

    /// Reports checks that never fire, and those that no answer passes.
    fn check_checks(&self, reader: &mut Reader<'_>, index: usize) {
        let checks = &self.questions[index].checks;
        let Some(Content::Sequence(nodes)) = self.nodes[index].get("checks").map(|n| &n.content)
        else {
            return;
        };
        for (Check { when, level, .. }, node) in checks.iter().zip(nodes) {
            let span = node.get("when").map_or(node.head(), |when| when.span.clone());
            let id = &self.questions[index].id;
            match (self.outcomes(&[&when.checked], &[]), level) {
                (Some(Outcomes { can_hold: false, .. }), _) => {
                    let message = "the check can never fire".to_owned();
                    report(reader, rules::IDLE_CHECK, span, message, NEVER_HINT);
                }
                (Some(Outcomes { can_fail: false, .. }), Level::Error) => {
                    let message = format!("the check refuses every answer to `{id}`");
                    let hint = "`when` says when something is wrong, not when it is right";
                    report(reader, rules::REFUSES_ALL, span, message, hint);
                }
                (Some(Outcomes { can_fail: false, .. }), Level::Warning) => {
                    let message = format!("the check fires at every answer to `{id}`");
                    let hint = "`when` says when something is wrong; what all must read is `help`";
                    report(reader, rules::ALWAYS_HOLDS, span, message, hint);
                }
                (Some(_) | None, _) => {}
            }
        }
    }

    /// Reports a section that some units see without a question in it.
    fn check_empty(
        &self,
        reader: &mut Reader<'_>,
        node: &Node,
        questions: std::ops::Range<usize>,
        section: Option<&Condition>,
    ) {
        let asked = self.questions[questions].iter();
        let asked = asked.filter(|q| q.kind.is_answered() && q.row.is_none());
        let conditions: Option<Vec<&Condition>> = asked.map(|q| q.show_if.as_ref()).collect();
        // A question without a condition is asked of all who see the section.
        let Some(conditions) = conditions.filter(|conditions| !conditions.is_empty()) else {
            return;
        };
        for name in self.unit.iter().filter(|name| name.kind == AttributeKind::Text) {
            for value in name.values {
                let shown = section.is_none_or(|section| holds(section, name, value) == Some(true));
                if shown && conditions.iter().all(|own| holds(own, name, value) == Some(false)) {
                    let message = format!(
                        "the section has no question for units whose `{}` is \"{value}\"",
                        name.name
                    );
                    let hint = format!(
                        "show it to the others: `show_if: unit.{} != \"{value}\"`",
                        name.name
                    );
                    let span = node.get("id").map_or(node.head(), |id| id.span.clone());
                    reader.report::<()>(rules::EMPTY_SECTION, span, message, Some(hint));
                }
            }
        }
    }
}

/// Whether a condition that looks at nothing but this attribute holds for units with this value;
/// `None` where it looks at something else.
fn holds(condition: &Condition, name: &UnitName, value: &str) -> Option<bool> {
    let alone = condition.checked.parts().iter().all(|part| match part {
        Part::Attribute(attribute) => *attribute == name.name,
        Part::Number(_) | Part::Word(_) => true,
        Part::Answer { .. } | Part::Last(_) | Part::Today => false,
    });
    let unit = UnitAttributes::new([(name.name, Attribute::Text(value.to_owned()))]);
    let answers = Answers::blank(0);
    alone.then(|| condition.checked.holds(&Case::new(&unit, &answers, &[])))
}

const NEVER_HINT: &str = "look at its bounds, and at `&&` where `||` is meant";

fn show_if_span(node: &Node) -> std::ops::Range<usize> {
    node.get("show_if").map_or(node.head(), |show_if| show_if.span.clone())
}

fn report(
    reader: &mut Reader<'_>,
    rule: &'static Rule,
    span: std::ops::Range<usize>,
    message: String,
    hint: &str,
) {
    reader.report::<()>(rule, span, message, Some(hint.to_owned()));
}
