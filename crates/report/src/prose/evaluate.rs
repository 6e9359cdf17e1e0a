//! Evaluates the calls of a report: what each says, or draws.

use instrument::Lang;
use instrument::expression::parse;

use super::Problem;
use super::arguments::{Call, bind};
use super::function::Function;
use crate::chart::Chart;
use crate::figures::{Figure, FigureError, Figures, Ranked};
use crate::labels::Labels;
use crate::ledger::Ledger;
use crate::site::note_anchor;
use crate::words::Words;

/// The code of the one diagnostic that is a warning.
pub(super) const TIED: &str = "RR0205";

/// What became of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// It says something.
    Said(Vec<Piece>),
    /// It draws something.
    Drawn(Box<Chart>),
}

/// A piece of running text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    /// What stands in the text.
    pub(super) text: String,
    /// The address of the row that it can be walked back to.
    pub(super) anchor: Option<String>,
    /// The figure alone, for a list of main findings: "65 %".
    pub(super) key: Option<String>,
    /// Whether it is a figure, rather than words that rest on figures.
    pub(super) is_figure: bool,
    /// Its language, where it is not that of the report.
    pub(super) lang: Option<Lang>,
}

/// Evaluates the expressions of one report, and keeps account of what they state.
pub(super) struct Evaluator<'a> {
    pub(super) figures: &'a Figures<'a>,
    pub(super) words: &'a Words,
    pub(super) labels: Labels<'a>,
    /// Everything that has been stated.
    pub(super) ledger: Ledger,
    /// What does not stop publication.
    pub(super) warnings: Vec<Problem>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(figures: &'a Figures<'a>, words: &'a Words) -> Evaluator<'a> {
        let labels = Labels::new(figures.now.data, words.lang);
        Evaluator { figures, words, labels, ledger: Ledger::default(), warnings: vec![] }
    }

    /// Evaluates one expression.
    pub(super) fn evaluate(&mut self, source: &str) -> Result<Outcome, Problem> {
        let expression = parse(source).map_err(|error| Problem {
            code: "RR0103",
            span: error.span,
            message: error.message,
            hint: error.hint.map(str::to_owned),
        })?;
        self.outcome(&bind(&expression)?)
    }

    fn outcome(&mut self, call: &Call<'_>) -> Result<Outcome, Problem> {
        let piece = match call.function {
            Function::Draw(drawing) => {
                return self.drawn(call, drawing).map(Box::new).map(Outcome::Drawn);
            }
            Function::Top => return self.top(call).map(Outcome::Said),
            Function::Change => return self.change(call).map(Outcome::Said),
            Function::Share => self.share(call).map(|share| self.figure(&share)),
            Function::Count => self.in_words(call),
            Function::Portion => self.portion(call),
            Function::Net => self.net(call),
            Function::Compare => self.compare(call),
            Function::Place => self.place(call),
            Function::Word => self.word(call),
            Function::Number => self.share(call).map(|share| self.count(&share, share.count)),
            Function::Most => self.most(call),
            Function::Mean => self.mean(call),
            Function::Median => self.median(call),
            Function::ResponseRate => self.rate(call).map(|rate| self.figure(&rate)),
            Function::Answered => self.rate(call).map(|rate| self.count(&rate, rate.count)),
            Function::Invited => self.rate(call).map(|rate| self.count(&rate, rate.base)),
            Function::Base => self.base(call),
            Function::Label => self.label(call),
            Function::Option => self.option(call),
            Function::Round => Ok(plain(self.figures.now.data.provenance.round.to_string())),
            Function::PreviousRound => self.previous_round(call),
            Function::Fact => call.text("text").map(plain),
            Function::Quote => self.quote(call),
        };
        piece.map(|piece| Outcome::Said(vec![piece]))
    }

    pub(super) fn share(&self, call: &Call<'_>) -> Result<Figure, Problem> {
        let (variable, codes) = (call.text("variable")?, call.codes("options")?);
        let share = match call.optional_group("where")? {
            Some(group) => self.figures.share_in(&variable, &codes, &group),
            None => self.figures.share(&variable, &codes),
        };
        share.map_err(|error| problem(call, &error))
    }

    /// Quotes what a unit wrote, in the quotation marks of the report.
    fn quote(&self, call: &Call<'_>) -> Result<Piece, Problem> {
        let (variable, code) = (call.text("variable")?, call.code("code")?);
        let quote = self.figures.quote(&variable, &code, call.optional_count("number")?);
        let quote = quote.map_err(|error| problem(call, &error))?;
        let lang = (quote.lang != self.words.lang).then_some(quote.lang);
        Ok(Piece { text: self.words.quoted(quote.text.trim()), lang, ..Piece::default() })
    }

    fn mean(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let mean = self.figures.mean(&call.text("variable")?);
        mean.map(|mean| self.figure(&mean)).map_err(|error| problem(call, &error))
    }

    fn median(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let median = self.figures.median(&call.text("variable")?);
        median.map(|median| self.figure(&median)).map_err(|error| problem(call, &error))
    }

    pub(super) fn figure(&mut self, figure: &Figure) -> Piece {
        Piece {
            text: self.words.figure(figure),
            anchor: Some(self.ledger.state(figure)),
            key: Some(self.words.short_figure(figure)),
            is_figure: true,
            lang: None,
        }
    }

    /// Says how many: the row of the share stands behind it.
    fn count(&mut self, figure: &Figure, count: usize) -> Piece {
        let anchor = Some(self.ledger.state(figure));
        Piece { text: self.words.count(count), anchor, is_figure: true, ..Piece::default() }
    }

    fn rate(&self, call: &Call<'_>) -> Result<Figure, Problem> {
        let round = call.optional_round("round")?;
        self.figures.response_rate(round).map_err(|error| problem(call, &error))
    }

    /// Says what became of a share, and where to read what must be known to compare.
    fn change(&mut self, call: &Call<'_>) -> Result<Vec<Piece>, Problem> {
        let (variable, codes) = (call.text("variable")?, call.codes("options")?);
        let change = self.figures.change(&variable, &codes, call.round("since")?);
        let change = change.map_err(|error| problem(call, &error))?;
        let anchor = Some(self.ledger.state_change(&change));
        let key = Some(self.words.short_figure(&change.after));
        let mut pieces =
            vec![Piece { text: self.words.change(&change), anchor, key, ..Piece::default() }];
        if change.note.is_some() {
            let (text, anchor) = (self.words.see_note.to_owned(), Some(note_anchor(&variable)));
            pieces.extend([plain(" ".to_owned()), Piece { text, anchor, ..Piece::default() }]);
        }
        Ok(pieces)
    }

    fn most(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let variable = call.text("variable")?;
        let ranking = self.figures.ranking(&variable).map_err(|error| problem(call, &error))?;
        self.warn_of_tie(call, &ranking, 1);
        match ranking.first() {
            Some(first) => Ok(self.ranked_option(first)),
            None => Err(no_options(call)),
        }
    }

    fn top(&mut self, call: &Call<'_>) -> Result<Vec<Piece>, Problem> {
        let (variable, n) = (call.text("variable")?, call.count("n")?);
        let ranking = self.figures.ranking(&variable).map_err(|error| problem(call, &error))?;
        if ranking.is_empty() {
            return Err(no_options(call));
        }
        self.warn_of_tie(call, &ranking, n);
        let named = &ranking[..n.min(ranking.len())];
        let mut pieces = vec![];
        for (place, ranked) in named.iter().enumerate() {
            pieces.push(plain(self.words.joint(place, named.len())));
            pieces.push(self.ranked_option(ranked));
        }
        Ok(pieces)
    }

    fn ranked_option(&mut self, ranked: &Ranked) -> Piece {
        let text = self.labels.options(&ranked.figure.variable, &ranked.figure.codes);
        let anchor = Some(self.ledger.state_ranked(ranked));
        Piece { text: self.labels.within_sentence(&text), anchor, ..Piece::default() }
    }

    /// Warns where the ranking is cut between options that as many units named.
    fn warn_of_tie(&mut self, call: &Call<'_>, ranking: &[Ranked], n: usize) {
        let tied = n > 0 && n < ranking.len() && ranking[n - 1].rank == ranking[n].rank;
        if tied {
            let message = format!("the options at place {n} and after it are named as often");
            let hint = "name more or fewer options, so that none is left out by chance";
            self.warnings.push(Problem::new(TIED, call.span.clone(), message).hint(hint));
        }
    }

    fn base(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let variable = call.text("variable")?;
        let base = self.figures.base(&variable).map_err(|error| problem(call, &error))?;
        self.ledger.mention(&variable);
        let anchor = Some(question_anchor(&variable));
        Ok(Piece { text: self.words.count(base), anchor, is_figure: true, ..Piece::default() })
    }

    fn label(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let name = call.text("variable")?;
        let found = self.figures.now.variable(&name).map_err(|error| problem(call, &error))?;
        self.ledger.mention(&name);
        Ok(plain(found.0.label.get(self.words.lang).to_owned()))
    }

    fn option(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let (name, codes) = (call.text("variable")?, call.codes("option")?);
        let found = self.figures.now.variable(&name).map_err(|error| problem(call, &error))?;
        let known = codes.iter().all(|code| found.0.option(code.as_str()).is_some());
        if !known {
            let error = self.figures.share(&name, &codes).err();
            return Err(error.map_or_else(|| no_options(call), |error| problem(call, &error)));
        }
        self.ledger.mention(&name);
        Ok(plain(self.labels.options(&name, &codes)))
    }

    fn previous_round(&self, call: &Call<'_>) -> Result<Piece, Problem> {
        match &self.figures.before {
            Some(before) => Ok(plain(before.data.provenance.round.to_string())),
            None => {
                let message = "this is the first round: there is none before it";
                Err(Problem::new("RR0501", call.span.clone(), message))
            }
        }
    }
}

/// Returns the address of a question's wording on the page.
pub(crate) fn question_anchor(variable: &str) -> String {
    format!("q-{}", variable.replace('.', "_"))
}

pub(super) fn plain(text: String) -> Piece {
    Piece { text, ..Piece::default() }
}

pub(super) fn no_options(call: &Call<'_>) -> Problem {
    let message = "the question has no options that could be ranked";
    Problem::new("RR0305", call.span.clone(), message)
}

/// Points an error of the figures at the argument that it is about.
pub(super) fn problem(call: &Call<'_>, error: &FigureError) -> Problem {
    let about_options = matches!(
        error,
        FigureError::UnknownOption { .. }
            | FigureError::NoOption(_)
            | FigureError::NotInBase { .. }
            | FigureError::NewOption { .. }
    );
    let about_group =
        matches!(error, FigureError::HiddenGroup { .. } | FigureError::UnknownGroup { .. });
    let candidates: &[&str] = match error {
        _ if about_options => &["options", "option", "good", "shares"],
        _ if about_group => &["where", "of", "by"],
        FigureError::Uncoded { .. }
        | FigureError::NothingWritten { .. }
        | FigureError::NamesUnit { .. } => &["code"],
        FigureError::NotApproved { .. } => &["number", "code"],
        FigureError::Round { .. } => &["since", "round"],
        _ => &["variable", "variables", "shares"],
    };
    let spans = candidates.iter().map(|name| call.span_of(name));
    let span = spans.min_by_key(std::ops::Range::len).unwrap_or(call.span.clone());
    Problem::figure(error, span)
}
