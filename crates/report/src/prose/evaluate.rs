//! Evaluates the calls of a report: what each says, or draws.

use instrument::expression::parse;

use super::Problem;
use super::arguments::{Call, bind};
use super::function::Function;
use crate::chart::{Bar, Chart, ChartKind, Pair, ScaleStep, StackedRow};
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
    Drawn(Chart),
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
}

/// Evaluates the expressions of one report, and keeps account of what they state.
pub(super) struct Evaluator<'a> {
    figures: &'a Figures<'a>,
    words: &'a Words,
    labels: Labels<'a>,
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
            Function::Bars => return self.bars(call).map(Outcome::Drawn),
            Function::Ranking => return self.ranking(call).map(Outcome::Drawn),
            Function::Changes => return self.changes(call).map(Outcome::Drawn),
            Function::Top => return self.top(call).map(Outcome::Said),
            Function::Change => return self.change(call).map(Outcome::Said),
            Function::Share => self.share(call).map(|share| self.figure(&share)),
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
        };
        piece.map(|piece| Outcome::Said(vec![piece]))
    }

    fn share(&self, call: &Call<'_>) -> Result<Figure, Problem> {
        let share = self.figures.share(&call.text("variable")?, &call.codes("options")?);
        share.map_err(|error| problem(call, &error))
    }

    fn mean(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let mean = self.figures.mean(&call.text("variable")?);
        mean.map(|mean| self.figure(&mean)).map_err(|error| problem(call, &error))
    }

    fn median(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let median = self.figures.median(&call.text("variable")?);
        median.map(|median| self.figure(&median)).map_err(|error| problem(call, &error))
    }

    fn figure(&mut self, figure: &Figure) -> Piece {
        Piece {
            text: self.words.figure(figure),
            anchor: Some(self.ledger.state(figure)),
            key: Some(self.words.short_figure(figure)),
            is_figure: true,
        }
    }

    /// Says how many: the row of the share stands behind it.
    fn count(&mut self, figure: &Figure, count: usize) -> Piece {
        let anchor = Some(self.ledger.state(figure));
        Piece { text: self.words.count(count), anchor, key: None, is_figure: true }
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
            vec![Piece { text: self.words.change(&change), anchor, key, is_figure: false }];
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
        Ok(Piece { text: self.words.count(base), anchor, key: None, is_figure: true })
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

    /// Draws a question by its options, or a grid by its rows.
    fn bars(&mut self, call: &Call<'_>) -> Result<Chart, Problem> {
        let name = call.text("variable")?;
        let data = self.figures.now.data;
        let rows: Vec<&str> = data
            .variables
            .iter()
            .filter(|variable| variable.question.as_str() == name && variable.name != name)
            .filter(|variable| variable.kind == instrument::VariableKind::Category)
            .map(|variable| variable.name.as_str())
            .collect();
        let kind = if rows.is_empty() {
            let figures = self.options_of(&name).map_err(|error| problem(call, &error))?;
            ChartKind::Bars(figures)
        } else {
            self.stacked(&rows).map_err(|error| problem(call, &error))?
        };
        let first = rows.first().copied().unwrap_or(&name);
        let question = data.variable(first).map(|(variable, _)| &variable.question_text);
        let question = question.map_or("", |text| text.get(self.words.lang)).to_owned();
        self.chart(call, kind, question)
    }

    fn options_of(&mut self, name: &str) -> Result<Vec<Bar>, FigureError> {
        let (variable, _) = self.figures.publishable(name)?;
        let mut bars = vec![];
        for option in &variable.options {
            let figure = self.figures.share(name, std::slice::from_ref(&option.code))?;
            self.ledger.state(&figure);
            let label = option.text.get(self.words.lang).to_owned();
            bars.push(Bar { label, figure, missing: option.missing.is_some() });
        }
        if bars.is_empty() {
            // A number or a text: the estimate says what it holds.
            self.figures.share(name, &[])?;
        }
        Ok(bars)
    }

    fn stacked(&mut self, rows: &[&str]) -> Result<ChartKind, FigureError> {
        let mut scale: Vec<ScaleStep> = vec![];
        let mut stacked = vec![];
        for name in rows {
            let bars = self.options_of(name)?;
            if scale.is_empty() {
                let step = |bar: &Bar| ScaleStep { label: bar.label.clone(), missing: bar.missing };
                scale = bars.iter().map(step).collect();
            }
            let label = self.labels.variable(self.known(name)?).to_owned();
            let figures = bars.into_iter().map(|bar| bar.figure).collect();
            stacked.push(StackedRow { label, figures });
        }
        Ok(ChartKind::Stacked { scale, rows: stacked })
    }

    /// Returns a variable's name as the codebook keeps it.
    fn known(&self, name: &str) -> Result<&'a str, FigureError> {
        self.figures.now.variable(name).map(|(variable, _)| variable.name.as_str())
    }

    /// Draws options, or questions, from the most to the least often chosen.
    fn ranking(&mut self, call: &Call<'_>) -> Result<Chart, Problem> {
        let (names, codes) = (call.texts("variables")?, call.optional_codes("options")?);
        let over_list = call.is_list("variables");
        let ranking = match names.as_slice() {
            [name] if !over_list => self.figures.ranking(name),
            _ => self.figures.ranking_over(&names, &codes),
        };
        let ranking = ranking.map_err(|error| problem(call, &error))?;
        let Some(first) = ranking.first() else { return Err(no_options(call)) };
        let (variable, _) = self
            .figures
            .now
            .variable(&first.figure.variable)
            .map_err(|error| problem(call, &error))?;
        let mut question = variable.question_text.get(self.words.lang).to_owned();
        if over_list {
            let options = self.labels.options(&variable.name, &codes);
            question = format!("{question} {}", self.words.quoted(&options));
        }
        let mut bars = vec![];
        for ranked in &ranking {
            self.ledger.state_ranked(ranked);
            let figure = ranked.figure.clone();
            let label = if over_list {
                let known = self.known(&figure.variable).map_err(|e| problem(call, &e))?;
                self.labels.variable(known).to_owned()
            } else {
                self.labels.options(&figure.variable, &figure.codes)
            };
            bars.push(Bar { label, figure, missing: false });
        }
        self.chart(call, ChartKind::Bars(bars), question)
    }

    /// Draws shares in two rounds.
    fn changes(&mut self, call: &Call<'_>) -> Result<Chart, Problem> {
        let since = call.round("since")?;
        let mut pairs = vec![];
        for (variable, codes, label) in call.shares("shares")? {
            let change = self.figures.change(&variable, &codes, since);
            let change = change.map_err(|error| problem(call, &error))?;
            self.ledger.state_change(&change);
            let label = match label {
                Some(label) => self.free_of_digits(call, ("label", "shares"), label)?,
                None => self.share_label(&change.after),
            };
            pairs.push(Pair { label, change });
        }
        self.chart(call, ChartKind::Changes(pairs), String::new())
    }

    /// What a share is called where its question is not told: the question and the option.
    fn share_label(&self, figure: &Figure) -> String {
        let question = self.known(&figure.variable).map(|name| self.labels.variable(name));
        let options = self.labels.options(&figure.variable, &figure.codes);
        format!("{} {options}", question.unwrap_or_default())
    }

    fn chart(&self, call: &Call<'_>, kind: ChartKind, question: String) -> Result<Chart, Problem> {
        let title = match call.optional_text("title")? {
            Some(title) => self.free_of_digits(call, ("title", "title"), title)?,
            None => question.clone(),
        };
        Ok(Chart { title, question, kind })
    }

    /// What a chart is called is prose: it can hold no digit.
    fn free_of_digits(
        &self,
        call: &Call<'_>,
        (what, argument): (&str, &str),
        text: String,
    ) -> Result<String, Problem> {
        if !text.contains(char::is_numeric) {
            return Ok(text);
        }
        let message = format!("the {what} in a chart holds a digit that no expression produced");
        Err(Problem::new("RR0104", call.span_of(argument), message)
            .hint("say it in words; the chart shows the figures"))
    }
}

/// Returns the address of a question's wording on the page.
pub(crate) fn question_anchor(variable: &str) -> String {
    format!("q-{}", variable.replace('.', "_"))
}

fn plain(text: String) -> Piece {
    Piece { text, ..Piece::default() }
}

fn no_options(call: &Call<'_>) -> Problem {
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
    let candidates: &[&str] = match error {
        _ if about_options => &["options", "option", "shares"],
        FigureError::Round { .. } => &["since", "round"],
        _ => &["variable", "variables", "shares"],
    };
    let spans = candidates.iter().map(|name| call.span_of(name));
    let span = spans.min_by_key(std::ops::Range::len).unwrap_or(call.span.clone());
    Problem::figure(error, span)
}
