//! The rules that `runde check` holds a survey folder to: one table, from which the guide's
//! catalogue is made.

use crate::Severity;

/// One rule: what a diagnostic is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable code, for instance `RQ0201`.
    pub code: &'static str,
    /// How grave it is to break it.
    pub severity: Severity,
    /// What is wrong where it is broken, in one line.
    pub title: &'static str,
}

macro_rules! rules {
    ($($name:ident $code:literal $severity:ident $title:literal)*) => {
        $(
            #[doc = $title]
            pub const $name: &Rule =
                &Rule { code: $code, severity: Severity::$severity, title: $title };
        )*
        /// Every rule, by its code.
        pub const ALL: &[&Rule] = &[$($name),*];
    };
}

rules! {
    NOT_YAML "RQ0101" Error "The file is not YAML"
    EMPTY_FILE "RQ0102" Error "The file is empty"
    TOO_LARGE "RQ0103" Error "The file is too large or too deep"
    ALIAS "RQ0104" Error "Anchors, aliases and tags of YAML are not used"
    DUPLICATE_FIELD "RQ0105" Error "A field is written twice"

    WRONG_SHAPE "RQ0201" Error "A value has the wrong shape"
    UNKNOWN_FIELD "RQ0202" Error "A field is unknown"
    MISSING_FIELD "RQ0203" Error "A field is missing or empty"
    UNKNOWN_WORD "RQ0204" Error "A word is none of those that can stand in its place"
    NOT_A_NUMBER "RQ0205" Error "A value is not a number, or is out of bounds"
    NOTHING_INSIDE "RQ0206" Error "A list is empty"
    MIN_ABOVE_MAX "RQ0207" Error "The lowest number is not below the highest"
    SIZE_CLASSES "RQ0208" Error "Size classes do not rise from 0"

    INVALID_NAME "RQ0301" Error "A name has a form that names cannot have"
    DUPLICATE_NAME "RQ0302" Error "A name is used twice"
    UNKNOWN_ROLE "RQ0303" Error "A section's role is not a role of the survey"
    UNKNOWN_SCALE "RQ0304" Error "A scale is not one of the questionnaire's"
    WRONG_ROUND "RQ0305" Error "The round is not that of its folder"
    RESERVED_NAME "RQ0306" Error "A question's name has a meaning of its own in conditions"
    UNUSED_SCALE "RQ0307" Warning "No question uses a scale"

    UNKNOWN_LANGUAGE "RQ0401" Error "A text is in a language that the survey does not have"
    MISSING_TEXT "RQ0402" Error "A text is empty or lacks the survey's first language"
    MISSING_TRANSLATION "RQ0403" Warning "A text is not translated"

    FEW_OPTIONS "RQ0501" Error "A question has nothing to choose between"
    ONLY_MISSING "RQ0502" Error "Every option is a kind of missing"
    MISPLACED_EXCLUSIVE "RQ0503" Error "An option is exclusive where only one can be chosen"
    SHARED_MISSING "RQ0504" Warning "A kind of missing can be chosen together with answers"
    MISPLACED_SPECIFY "RQ0505" Error "An option of a grid asks for a text"
    IMPOSSIBLE_CHOICE "RQ0506" Error "More options are asked for than can be chosen"
    LONG_RANGE "RQ0507" Error "A range has too many steps"

    SAME_OPTION "RQ0508" Warning "Two options read the same"
    SAME_ROW "RQ0509" Warning "Two rows of a grid read the same"
    ONE_NUMBER "RQ0510" Warning "Only one number is accepted"
    ONE_OF_SEVERAL "RQ0511" Warning "A multiple choice takes one option only"

    SYNTAX "RQ0601" Error "A condition cannot be read"
    UNKNOWN_NAME "RQ0602" Error "A condition names something that is not there"
    UNKNOWN_ATTRIBUTE "RQ0603" Error "Units have no such attribute"
    UNKNOWN_FUNCTION "RQ0604" Error "There is no such function"
    WRONG_ARGUMENTS "RQ0605" Error "A function is given something that it does not take"
    WRONG_TYPE "RQ0606" Error "An operator is given something that it does not work on"
    UNKNOWN_OPTION "RQ0607" Error "A question is compared with something that it is never answered with"
    FORWARD_REFERENCE "RQ0608" Error "A condition looks ahead"
    NOT_A_CONDITION "RQ0609" Error "An expression is neither true nor false"
    NO_ANSWER "RQ0610" Error "A condition looks at something that has no answer of its own"
    NEVER_HOLDS "RQ0611" Warning "A condition can never hold"
    ALWAYS_HOLDS "RQ0612" Warning "A condition holds whatever is answered"
    NOBODY_ASKED "RQ0613" Warning "A condition rests on a question that nobody is asked"
    CONTRADICTION "RQ0614" Warning "A question's condition contradicts its section's"
    EMPTY_SECTION "RQ0615" Warning "Some units see a section without a question"

    FOREIGN_CHECK "RQ0701" Warning "A check does not look at its own question"
    IDLE_CHECK "RQ0702" Warning "A check can never fire"
    REFUSES_ALL "RQ0703" Error "A check refuses every answer"

    INVALID_DATE "RQ0801" Error "A date is not a date"
    FIELD_PERIOD "RQ0802" Error "The round closes before it opens"
    REMINDERS "RQ0803" Error "A reminder is outside the field period or out of order"
    EARLY_EMBARGO "RQ0804" Warning "The round is published before it closes"

    UNKNOWN_PREDECESSOR "RQ0901" Error "The last round has no such question"
    UNKNOWN_PREDECESSOR_OPTION "RQ0902" Error "The last round's question has no such option"
    UNKNOWN_NEW_OPTION "RQ0903" Error "The lineage names an option that the question does not have"
    WRONG_SINCE "RQ0904" Error "The first round of a question cannot be right"
    SHARED_PREDECESSOR "RQ0905" Error "Two questions continue the same question"
    OTHER_KIND "RQ0906" Error "A question of another kind is called comparable"
    OTHER_OPTIONS "RQ0907" Warning "A question with other options is called comparable"
    OTHER_TEXT "RQ0908" Warning "A question in other words is called comparable"
    UNMARKED_PREDECESSOR "RQ0909" Warning "The last round asked the question too, but it counts as new"
    MISSING_NOTE "RQ0910" Error "A comparison with a note has no note"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_order_and_once() {
        assert!(ALL.is_sorted_by(|a, b| a.code < b.code));
    }
}
