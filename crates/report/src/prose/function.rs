//! The functions of the report language: one place for name, arguments and meaning.

/// A function that a report can call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Share,
    Number,
    Change,
    Top,
    Most,
    Mean,
    Median,
    ResponseRate,
    Answered,
    Invited,
    Base,
    Label,
    Option,
    Round,
    PreviousRound,
    Fact,
    Bars,
    Ranking,
    Changes,
}

/// How a function is called.
pub(super) struct Definition {
    /// Its name.
    pub(super) name: &'static str,
    /// The arguments that it needs, in order.
    pub(super) required: &'static [&'static str],
    /// The arguments that it can do without, after the others.
    pub(super) optional: &'static [&'static str],
    /// What it says.
    pub(super) meaning: &'static str,
}

const fn definition(
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    meaning: &'static str,
) -> Definition {
    Definition { name, required, optional, meaning }
}

impl Function {
    /// Every function, in the order of the guide.
    pub(super) const ALL: [Function; 19] = [
        Function::Share,
        Function::Number,
        Function::Change,
        Function::Top,
        Function::Most,
        Function::Mean,
        Function::Median,
        Function::ResponseRate,
        Function::Answered,
        Function::Invited,
        Function::Base,
        Function::Label,
        Function::Option,
        Function::Round,
        Function::PreviousRound,
        Function::Fact,
        Function::Bars,
        Function::Ranking,
        Function::Changes,
    ];

    /// Returns the function with this name.
    pub(super) fn named(name: &str) -> Option<Function> {
        Function::ALL.into_iter().find(|function| function.definition().name == name)
    }

    /// Returns how it is called.
    pub(super) fn definition(self) -> Definition {
        match self {
            Function::Share => definition(
                "share",
                &["variable", "options"],
                &[],
                "the percentage that gave one of the options",
            ),
            Function::Number => definition(
                "number",
                &["variable", "options"],
                &[],
                "how many units gave one of the options",
            ),
            Function::Change => definition(
                "change",
                &["variable", "options", "since"],
                &[],
                "what became of a share since the round before",
            ),
            Function::Top => {
                definition("top", &["variable", "n"], &[], "the options that most units named")
            }
            Function::Most => {
                definition("most", &["variable"], &[], "the option that most units chose")
            }
            Function::Mean => definition("mean", &["variable"], &[], "the mean of a number"),
            Function::Median => definition("median", &["variable"], &[], "the median of a number"),
            Function::ResponseRate => definition(
                "response_rate",
                &[],
                &["round"],
                "the percentage of the invited units that answered",
            ),
            Function::Answered => {
                definition("answered", &[], &["round"], "how many units answered")
            }
            Function::Invited => {
                definition("invited", &[], &["round"], "how many units were invited")
            }
            Function::Base => {
                definition("base", &["variable"], &[], "how many units answered a question")
            }
            Function::Label => definition("label", &["variable"], &[], "the text of a question"),
            Function::Option => {
                definition("option", &["variable", "option"], &[], "the text of an option")
            }
            Function::Round => definition("round", &[], &[], "the year of the round"),
            Function::PreviousRound => {
                definition("previous_round", &[], &[], "the year of the round before")
            }
            Function::Fact => definition("fact", &["text"], &[], "a fact of the world, as written"),
            Function::Bars => definition(
                "bars",
                &["variable"],
                &["title"],
                "a chart of the options of a question, or of all rows of a grid",
            ),
            Function::Ranking => definition(
                "ranking",
                &["variables"],
                &["options", "title"],
                "a chart of options, or of questions, from the most to the least often chosen",
            ),
            Function::Changes => definition(
                "changes",
                &["shares", "since"],
                &["title"],
                "a chart of shares in this round and the one before",
            ),
        }
    }
}

impl Definition {
    /// Returns how to call it and what it says, for a hint.
    pub(super) fn usage(&self) -> String {
        let optional = self.optional.iter().map(|name| format!("{name}: …"));
        let all: Vec<String> =
            self.required.iter().map(|name| (*name).to_owned()).chain(optional).collect();
        format!("`{}({})` is {}", self.name, all.join(", "), self.meaning)
    }
}
