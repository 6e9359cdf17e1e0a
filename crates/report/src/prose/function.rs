//! The functions of the report language: one place for name, arguments and meaning.

/// A function that a report can call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Share,
    Number,
    Count,
    Portion,
    Net,
    Change,
    Compare,
    Top,
    Most,
    Place,
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
    Word,
    Quote,
    Draw(Drawing),
}

/// What is drawn: a chart, or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drawing {
    Bars,
    Diverging,
    Ranking,
    Changes,
    Groups,
    Multiples,
    Map,
    Table,
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
    pub(super) const ALL: [Function; 31] = [
        Function::Share,
        Function::Number,
        Function::Count,
        Function::Portion,
        Function::Net,
        Function::Change,
        Function::Compare,
        Function::Top,
        Function::Most,
        Function::Place,
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
        Function::Word,
        Function::Quote,
        Function::Draw(Drawing::Bars),
        Function::Draw(Drawing::Diverging),
        Function::Draw(Drawing::Ranking),
        Function::Draw(Drawing::Changes),
        Function::Draw(Drawing::Groups),
        Function::Draw(Drawing::Multiples),
        Function::Draw(Drawing::Map),
        Function::Draw(Drawing::Table),
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
                &["where"],
                "the percentage that gave one of the options; `where: county == \"18\"` and the like \
                 takes one group of units",
            ),
            Function::Number => definition(
                "number",
                &["variable", "options"],
                &[],
                "how many units gave one of the options",
            ),
            Function::Count => definition(
                "count",
                &["variable", "options"],
                &["one", "many"],
                "how many units gave one of the options, in words up to twelve, with the noun for one \
                 and for many",
            ),
            Function::Portion => definition(
                "portion",
                &["variable", "options"],
                &[],
                "about how large a part gave one of the options, in words",
            ),
            Function::Net => definition(
                "net",
                &["variable", "good", "bad"],
                &[],
                "by how many percentage points more gave a good answer than a bad one",
            ),
            Function::Compare => definition(
                "compare",
                &["variable", "options", "of", "with"],
                &[],
                "how a share of one group of units stands to that of another",
            ),
            Function::Place => definition(
                "place",
                &["variable", "option"],
                &[],
                "the place of an option among those named most often, as an ordinal",
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
            Function::Word => definition(
                "word",
                &["text", "claim"],
                &[],
                "words of your own, tested by one claim or a list of claims",
            ),
            Function::Quote => definition(
                "quote",
                &["variable", "code"],
                &["number"],
                "what a unit wrote, coded so and approved in `codes.csv`; `number: 2` takes the second",
            ),
            Function::Draw(Drawing::Bars) => definition(
                "bars",
                &["variable"],
                &["title", "claim"],
                "a chart of the options of a question, or of all rows of a grid",
            ),
            Function::Draw(Drawing::Ranking) => definition(
                "ranking",
                &["variables"],
                &["options", "title", "claim"],
                "a chart of options, or of questions, from the most to the least often chosen",
            ),
            Function::Draw(Drawing::Changes) => definition(
                "changes",
                &["shares", "since"],
                &["title", "claim"],
                "a chart of shares in this round and the one before",
            ),
            Function::Draw(Drawing::Diverging) => definition(
                "diverging",
                &["variables", "good", "bad"],
                &["title", "claim"],
                "a chart of a question or a grid with good answers on one side and bad on the other",
            ),
            Function::Draw(Drawing::Groups) => definition(
                "groups",
                &["variable", "options", "by"],
                &["title", "claim"],
                "a chart of a share by groups of units: by size, county, centrality or kind",
            ),
            Function::Draw(Drawing::Multiples) => definition(
                "multiples",
                &["variable", "by"],
                &["title", "claim"],
                "the same bars for each group of units",
            ),
            Function::Draw(Drawing::Map) => definition(
                "map",
                &["variable", "options"],
                &["on", "title", "claim"],
                "a map of the country with a tile for each unit, toned by its county\u{2019}s share; \
                 `on: \"boundaries\"` draws the counties in the boundaries of the survey\u{2019}s folder",
            ),
            Function::Draw(Drawing::Table) => definition(
                "table",
                &["variable", "by"],
                &["options", "title", "claim"],
                "a table of options by groups of units",
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
