//! Proposals that some cases ask for: what becomes of one follows from what was drawn.

use instrument::expression;
use instrument::{Prefilled, Question, Value};

use super::Simulation;
use super::draw::Case;

/// Of the cases to which a proposal is offered, those that ask for it.
const ASKING: f64 = 1.0 / 3.0;

/// Of those whose answer is what was proposed, those that say that it is right.
const CONFIRMING: f64 = 0.9;

/// Lets some of the cases that answered a question have asked for what can be filled in. Their
/// answers stay as they were drawn: a proposal that says otherwise has been changed. The last round's
/// answers are not known here, so that nothing is fetched from there.
pub fn fit(with: &Simulation<'_>, question: &Question, case: &mut Case<'_>) {
    let Some(variable) = question.prefill_variable() else { return };
    let drawn = |index: usize| case.answers.get(index).cloned();
    let answered: Vec<(usize, Value)> =
        question.answer_fields().filter_map(|index| Some((index, drawn(index)?))).collect();
    let mut blank = case.answers.clone();
    question.answer_fields().for_each(|index| blank.set(index, None));
    let known = expression::Case::new(&case.attributes, &blank, &case.path.questions);
    let proposals = with.round.instrument.proposals(question, &known);
    let mut stream = with.chance().passing(&["proposal", &case.character.id, question.id.as_str()]);
    let asks = stream.uniform() < ASKING;
    if !asks || answered.is_empty() || proposals.is_empty() {
        return;
    }
    let state = match (answered == proposals, stream.uniform() < CONFIRMING) {
        (false, _) => Prefilled::Changed,
        (true, true) => Prefilled::Confirmed,
        (true, false) => Prefilled::Shown,
    };
    case.answers.set(variable, Some(state.value()));
}
