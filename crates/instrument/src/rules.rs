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
    /// What to do about it, for the guide's catalogue.
    pub remedy: &'static str,
}

macro_rules! rules {
    ($($name:ident $code:literal $severity:ident $title:literal $remedy:literal)*) => {
        $(
            #[doc = $title]
            pub const $name: &Rule = &Rule {
                code: $code,
                severity: Severity::$severity,
                title: $title,
                remedy: $remedy,
            };
        )*
        /// Every rule, by its code.
        pub const ALL: &[&Rule] = &[$($name),*];
    };
}

rules! {
    NOT_YAML "RQ0101" Error "The file is not YAML"
        "Mend the place that is pointed at. Most often a text holds `: ` or ` #`, or begins \
         with a sign such as `*` or `%`: put it in quotes"
    EMPTY_FILE "RQ0102" Error "The file is empty"
        "Write the file, or take it away where the folder does not need it"
    TOO_LARGE "RQ0103" Error "The file is too large or too deep"
        "Split what is too large, and take out a level where lists lie within lists; a \
         questionnaire needs about ten levels"
    ALIAS "RQ0104" Error "Anchors, aliases and tags of YAML are not used"
        "Write out what the alias stands for. Options that several questions share stand under \
         `scales`"
    DUPLICATE_FIELD "RQ0105" Error "A field is written twice"
        "Keep one of the two"

    WRONG_SHAPE "RQ0201" Error "A value has the wrong shape"
        "Write the value as the message says: fields with their values, a list, or a single value"
    UNKNOWN_FIELD "RQ0202" Error "A field is unknown"
        "Correct the name of the field, or leave it out; the hint lists the fields that there are"
    MISSING_FIELD "RQ0203" Error "A field is missing or empty"
        "Add the field, or fill it in"
    UNKNOWN_WORD "RQ0204" Error "A word is none of those that can stand in its place"
        "Use one of the words that the hint lists"
    NOT_A_NUMBER "RQ0205" Error "A value is not a number, or is out of bounds"
        "Write a number within the bounds that the message names, with a point before decimals \
         and no spaces"
    NOTHING_INSIDE "RQ0206" Error "A list is empty"
        "Fill the list, or leave out the field where it may be left out"
    MIN_ABOVE_MAX "RQ0207" Error "The lowest number is not below the highest"
        "Swap `min` and `max`, or correct one of them"
    SIZE_CLASSES "RQ0208" Error "Size classes do not rise from 0"
        "Begin with `from: 0` and let each class start above the one before"
    BAD_LIST "RQ0209" Error "A list of options cannot be read"
        "Write it as CSV with commas: the first line names `code` and the survey's languages, and each \
         line after it is an option"

    INVALID_NAME "RQ0301" Error "A name has a form that names cannot have"
        "Use lower-case letters, digits and `_`, and begin with a letter; the text that people \
         read is written elsewhere"
    DUPLICATE_NAME "RQ0302" Error "A name is used twice"
        "Give one of the two another name. Names last over rounds, so that the older question \
         keeps its own"
    UNKNOWN_ROLE "RQ0303" Error "A section's role is not a role of the survey"
        "Correct the role, or add it under `roles` in survey.yaml"
    UNKNOWN_SCALE "RQ0304" Error "A scale is not one of the questionnaire's"
        "Correct the name, or add the scale under `scales`"
    WRONG_ROUND "RQ0305" Error "The round is not that of its folder"
        "Write the year of the folder, or move the file"
    RESERVED_NAME "RQ0306" Error "A question's name has a meaning of its own in conditions"
        "Choose another name; `unit`, `last`, `today`, `role`, `true`, `false` and `in` are words of \
         the conditions"
    UNUSED_SCALE "RQ0307" Warning "No question uses a scale"
        "Take the scale out, or use it"

    UNKNOWN_LIST "RQ0308" Error "A list of options is not in the survey's folder"
        "Write the list as `lists/NAME.csv`, with the columns `code` and one for each language of the \
         survey, or correct the name"

    UNKNOWN_LANGUAGE "RQ0401" Error "A text is in a language that the survey does not have"
        "Correct the language, or add it under `languages` in survey.yaml. A comma inside `{ }` \
         ends a text that does not stand in quotes"
    MISSING_TEXT "RQ0402" Error "A text is empty or lacks the survey's first language"
        "Write the text in the survey's first language, which readers of the others fall back on"
    MISSING_TRANSLATION "RQ0403" Warning "A text is not translated"
        "Translate it before the round opens; until then readers see the first language"
    OPEN_PIPE "RQ0404" Error "A text has `{{` without `}}`"
        "Write `}}` behind what is piped into the text"
    OTHER_PIPES "RQ0405" Warning "Translations of a text do not pipe as many values"
        "Pipe the same answers in every language; the words around them may differ"
    MISPLACED_PIPE "RQ0406" Error "Something is piped into a text that no case belongs to"
        "Leave out `{{ }}`: answers and attributes can be piped into the texts of a questionnaire \
         only"
    PLURAL_FORMS "RQ0407" Error "A plural lacks a form of its language, or has one too many"
        "Write each form that the hint lists with its text. Other rules for a language stand under \
         `plurals` in survey.yaml"
    UNSAFE_MARKUP "RQ0408" Error "A text holds a picture, or a link that cannot be followed"
        "Write plain text, `*emphasis*`, `**strong**`, and links to `https://`, `http://`, `mailto:` \
         or `term:`"
    UNKNOWN_TERM "RQ0409" Error "A text links to a term that is not defined"
        "Correct the code of the term, or define it under `terms`"
    UNUSED_TERM "RQ0410" Warning "No text links to a term"
        "Link to the term where it is used, as in `[word](term:code)`, or take it out"
    HTML_IN_TEXT "RQ0411" Warning "A text holds HTML"
        "Write `*emphasis*` or `**strong**` where that is meant; tags are shown as the characters \
         that they are"

    FEW_OPTIONS "RQ0501" Error "A question has nothing to choose between"
        "Add options, or make it a `note` where there is nothing to choose"
    ONLY_MISSING "RQ0502" Error "Every option is a kind of missing"
        "Add an option that is an answer, or take away `missing` from one"
    MISPLACED_EXCLUSIVE "RQ0503" Error "An option is exclusive where only one can be chosen"
        "Leave `exclusive` out: where one option is chosen, each stands alone"
    SHARED_MISSING "RQ0504" Warning "A kind of missing can be chosen together with answers"
        "Add `exclusive: true`, so that nobody answers and says “don't know” at once"
    MISPLACED_SPECIFY "RQ0505" Error "An option asks for a text where there is no place for one"
        "Ask for the text in a question of its own, shown by a condition: a row of a grid and a \
         calculation have no field beside an option"
    IMPOSSIBLE_CHOICE "RQ0506" Error "More options are asked for than can be chosen"
        "Lower `min` or `max`, or add options"
    LONG_RANGE "RQ0507" Error "A range has too many steps"
        "Ask for the number with `kind: integer`"

    SAME_OPTION "RQ0508" Warning "Two options read the same"
        "Word them so that the informant can tell them apart, or take one out"
    SAME_ROW "RQ0509" Warning "Two rows of a grid read the same"
        "Word them so that the informant can tell them apart, or take one out"
    ONE_NUMBER "RQ0510" Warning "Only one number is accepted"
        "Widen the bounds, or leave the question out: there is nothing to answer"
    ONE_OF_SEVERAL "RQ0511" Warning "A multiple choice takes one option only"
        "Write `kind: select_one`; informants then see that one can be chosen"
    BAD_PATTERN "RQ0512" Error "A pattern is not a regular expression"
        "Correct the pattern; `\\` stands before a sign that stands for itself, and the whole stands \
         in single quotes"
    UNLIKE_EXAMPLE "RQ0513" Error "The example does not match its pattern"
        "Write an example that an informant could copy, or correct the pattern"
    SAME_PAGE "RQ0514" Warning "Whether an option is offered depends on an answer on the same page"
        "Move the question to a later page: a page is shown before it has been answered, so that its \
         options follow the answers of earlier pages"
    NESTED_REPEAT "RQ0515" Error "A list stands inside a list"
        "Ask for what lies inside in a text, or make a list of its own of it"

    UNKNOWN_FILE_TYPE "RQ0516" Error "A type of file is none that can be asked for"
        "Use the types that the hint lists. The older formats of Word and Excel, which may hold programs, \
         are not taken: ask for `docx` or `xlsx`"
    SAME_FILE_TYPE "RQ0517" Warning "A type of file is named twice"
        "Take one of the two out"
    EMPTY_ROW "RQ0518" Error "A row of a list may have no question"
        "Leave `show_if` out of one of its questions, so that each row has something to show, and a button \
         that takes it away"

    SYNTAX "RQ0601" Error "A condition cannot be read"
        "Write it in the language of conditions: `&&`, `||`, `!`, `==`, texts and codes in \
         quotes, decimals with a point"
    UNKNOWN_NAME "RQ0602" Error "A condition names something that is not there"
        "Correct the name. A code or a text stands in quotes"
    UNKNOWN_ATTRIBUTE "RQ0603" Error "Units have no such attribute"
        "Use one of the attributes of the frame; the hint lists them"
    UNKNOWN_FUNCTION "RQ0604" Error "There is no such function"
        "Use `answered`, `size`, `count`, `any`, `all`, `sum` or `date`; conditions have no other \
         functions"
    WRONG_ARGUMENTS "RQ0605" Error "A function is given something that it does not take"
        "Give the function what it takes: most take one question, and `any`, `all`, `count` and `sum` \
         what is said of each row of a grid"
    WRONG_TYPE "RQ0606" Error "An operator is given something that it does not work on"
        "Compare like with like: numbers with numbers, options with codes in quotes, a multiple \
         choice with `\"code\" in q`"
    UNKNOWN_OPTION "RQ0607" Error "A question is compared with something that it is never answered with"
        "Use a code that the question has; the hint names the nearest"
    FORWARD_REFERENCE "RQ0608" Error "A condition looks ahead"
        "Move the question that it looks at before it, or ask the other way round"
    NOT_A_CONDITION "RQ0609" Error "An expression is neither true nor false"
        "Compare it with something, so that it is true or false"
    NO_ANSWER "RQ0610" Error "A condition looks at something that has no answer of its own"
        "Name a row of the grid, as in `grid.row`, or look at all of them, as in `any(grid == \"a\")`; a \
         note has no answer to look at"
    NEVER_HOLDS "RQ0611" Warning "A condition can never hold"
        "Look at the bounds of the question and at `&&` where `||` is meant. Nobody is asked \
         what stands behind it"
    ALWAYS_HOLDS "RQ0612" Warning "A condition holds whatever is answered"
        "Leave the condition out where all are meant. Whether there is an answer is `answered(q)`"
    NOBODY_ASKED "RQ0613" Warning "A condition rests on a question that nobody is asked"
        "Mend the condition of the question that it rests on, or take both out"
    CONTRADICTION "RQ0614" Warning "A condition contradicts that of what it stands in"
        "Move the question to a section that is shown to those it is meant for, or the option or row \
         to a question that is, or correct one of the two conditions"
    EMPTY_SECTION "RQ0615" Warning "Some units see a section without a question"
        "Give the section a `show_if` that leaves out the units that it has nothing for"
    PATH_BEYOND "RQ0616" Error "What is asked depends on more than the unit and its answers"
        "Compare with a fixed day, `date(\"2025-01-31\")`, or move the comparison to a check: the \
         path of a case is the same whenever it is looked at, and whatever the last round holds"
    NO_LAST_ANSWER "RQ0617" Error "The last round has no such answer"
        "Let `trend` say which question of the last round the question continues, or leave out \
         what looks at it"
    INCOMPARABLE_LAST "RQ0618" Warning "An answer of the last round is looked at that is not comparable"
        "Look whether the two mean the same here. Options of the last round are those of its \
         own questionnaire"

    FOREIGN_CHECK "RQ0701" Warning "A check does not look at its own question"
        "Move the check to the question that it looks at; the message stands beside the \
         question it belongs to"
    IDLE_CHECK "RQ0702" Warning "A check can never fire"
        "Compare the check with the bounds of the question, which already refuse what is beyond \
         them, or take it out"
    REFUSES_ALL "RQ0703" Error "A check refuses every answer"
        "Turn the condition round: `when` says when something is wrong"
    OPEN_CALCULATION "RQ0704" Warning "A calculation is open to more people than what it rests on"
        "Give the calculation the `release` of the answer that fewest may see: what is calculated \
         tells of what it is calculated from"
    IDLE_REASON "RQ0705" Warning "A reason is asked for that nothing calls up"
        "Give the question a check of `level: warning`, which the reason confirms, or take the reason out"
    IDLE_DEMAND "RQ0706" Warning "A question that must be answered is asked to be answered too"
        "Keep `required` where the section cannot be handed in without an answer, and `asked_to_answer` \
         where one may leave it blank after having been asked once"
    MISPLACED_PREFILL "RQ0707" Error "A question is filled in with what cannot be its answer"
        "Write `prefill: last` where the last round asked the same, or an expression that is one \
         answer: a number, a text, or the code of an option. What is agreed to is never filled in"
    SAME_PREFILL "RQ0708" Warning "A question is filled in with the same for everybody"
        "Fill in what is known of the unit, such as `unit.population`, or leave it out: an answer that \
         is put into everybody's mouth pulls theirs towards it"

    INVALID_DATE "RQ0801" Error "A date is not a date"
        "Write the date as year-month-day, for instance 2025-10-01"
    FIELD_PERIOD "RQ0802" Error "The round closes before it opens"
        "Let the round close on the day it opens or later"
    REMINDERS "RQ0803" Error "A reminder is outside the field period or out of order"
        "Put reminders between the first and the last day in the field, each later than the one \
         before"
    EARLY_EMBARGO "RQ0804" Warning "The round is published before it closes"
        "Move the embargo behind the last day in the field, unless figures are meant to be \
         published while answers come in"

    UNKNOWN_PREDECESSOR "RQ0901" Error "The last round has no such question"
        "Say which question of the last round it continues with `was:`, or leave `trend` out \
         where it is new"
    UNKNOWN_PREDECESSOR_OPTION "RQ0902" Error "The last round's question has no such option"
        "Correct the code on the right: it is an option of the last round's question"
    UNKNOWN_NEW_OPTION "RQ0903" Error "The lineage names an option that the question does not have"
        "Correct the code on the left: it is an option of this round's question"
    WRONG_SINCE "RQ0904" Error "The first round of a question cannot be right"
        "Write the first round that asked the question, as the last round's questionnaire has it"
    SHARED_PREDECESSOR "RQ0905" Error "Two questions continue the same question"
        "Let one of the two continue the old question; the other is new"
    OTHER_KIND "RQ0906" Error "A question of another kind is called comparable"
        "Write `comparable: no`, or ask as before"
    OTHER_OPTIONS "RQ0907" Warning "A question with other options is called comparable"
        "Say under `trend: options` which old options a new one stands for, or write \
         `comparable: with_note` and tell the reader"
    OTHER_TEXT "RQ0908" Warning "A question in other words is called comparable"
        "Keep the words, or write `comparable: with_note` and tell the reader what changed"
    UNMARKED_PREDECESSOR "RQ0909" Warning "The last round asked the question too, but it counts as new"
        "Add a `trend` that says how the two compare, or give the new question another name"
    MISSING_NOTE "RQ0910" Error "A comparison with a note has no note"
        "Write the `note` that stands beside the figures"
    OTHER_FORMULA "RQ0911" Warning "A value that is calculated otherwise is called comparable"
        "Calculate it as before, or write `comparable: with_note` and tell the reader what changed"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_order_and_once() {
        assert!(ALL.is_sorted_by(|a, b| a.code < b.code));
    }
}
