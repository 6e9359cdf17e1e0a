//! Options that are offered to some cases only: who drew another takes one that is.

use instrument::expression;
use instrument::{Choice, Code, Question, Value};

use super::draw::Case;

/// Puts an option that is offered to the case in the place of each that was drawn and is not.
pub fn fit(question: &Question, case: &mut Case<'_>) {
    if question.listing.options.is_empty() {
        return;
    }
    let known = expression::Case::new(&case.attributes, &case.answers, &case.path.questions);
    let options = question.kind.options().iter().enumerate();
    let offered = options.filter(|(place, _)| question.offers_option(*place, &known));
    let offered: Vec<&Choice> = offered.map(|(_, option)| option).collect();
    let Some(fewest) = question.kind.fewest_choices() else { return };
    for variable in question.variables.clone() {
        let fitted = match case.answers.get(variable) {
            Some(Value::Code(code)) => {
                choose(&offered, std::slice::from_ref(code), 1).pop().map(Value::Code)
            }
            Some(Value::Codes(codes)) => {
                let codes = choose(&offered, codes, fewest);
                (!codes.is_empty()).then_some(Value::Codes(codes))
            }
            Some(other) => Some(other.clone()),
            None => None,
        };
        case.answers.set(variable, fitted);
    }
}

/// Returns the codes that are offered of those that were drawn and, where these are too few, the
/// first substantive ones beside them; in the order of the questionnaire.
fn choose(offered: &[&Choice], drawn: &[Code], fewest: usize) -> Vec<Code> {
    let mut chosen: Vec<bool> = offered.iter().map(|option| drawn.contains(&option.code)).collect();
    let alone = |option: &Choice| option.exclusive || option.missing.is_some();
    let kept_alone = offered.iter().zip(&chosen).any(|(option, chosen)| *chosen && alone(option));
    for (place, option) in offered.iter().enumerate() {
        let count = chosen.iter().filter(|chosen| **chosen).count();
        if !kept_alone && count < fewest && !alone(option) {
            chosen[place] = true;
        }
    }
    let chosen = offered.iter().zip(chosen).filter(|(_, chosen)| *chosen);
    chosen.map(|(option, _)| option.code.clone()).collect()
}

#[cfg(test)]
mod tests {
    use instrument::Text;

    use super::*;

    #[test]
    fn what_is_not_offered_is_exchanged() {
        let code = |code: &str| Code::new(code).unwrap();
        let option = |name: &str, exclusive| Choice {
            code: code(name),
            text: Text::default(),
            missing: None,
            exclusive,
            specify: None,
        };
        let all =
            [option("a", false), option("b", false), option("c", false), option("none", true)];
        let codes = |text: &str| text.split_whitespace().map(code).collect::<Vec<_>>();
        for (offered, drawn, fewest, expected) in [
            ("a b c none", "c", 1, "c"),
            ("a b", "c", 1, "a"),
            ("a b none", "b c", 2, "a b"),
            ("b c none", "none", 2, "none"),
            ("none", "c", 1, ""),
        ] {
            let offered = codes(offered);
            let offered: Vec<&Choice> =
                all.iter().filter(|option| offered.contains(&option.code)).collect();
            assert_eq!(choose(&offered, &codes(drawn), fewest), codes(expected), "{drawn}");
        }
    }
}
