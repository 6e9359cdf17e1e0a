//! The charts and tables of a report.

use super::Problem;
use super::arguments::Call;
use super::evaluate::{Evaluator, no_options, problem};
use super::function::Drawing;
use super::lexicon;
use crate::chart::{Bar, Chart, ChartKind, Pair, ScaleStep, StackedRow};
use crate::figures::{Figure, FigureError};

impl<'a> Evaluator<'a> {
    /// Draws a chart or makes a table.
    pub(super) fn drawn(&mut self, call: &Call<'_>, drawing: Drawing) -> Result<Chart, Problem> {
        let (kind, question) = match drawing {
            Drawing::Bars => self.bars(call)?,
            Drawing::Diverging => self.diverging(call)?,
            Drawing::Ranking => self.ranking(call)?,
            Drawing::Changes => self.changes(call)?,
            Drawing::Groups => self.groups(call)?,
            Drawing::Multiples => self.multiples(call)?,
            Drawing::Map => self.map(call)?,
            Drawing::Table => self.table(call)?,
        };
        self.chart(call, kind, question)
    }

    /// Draws a question by its options, or a grid by its rows.
    fn bars(&mut self, call: &Call<'_>) -> Result<(ChartKind, String), Problem> {
        let name = call.text("variable")?;
        let rows = self.grid_rows(&name);
        let kind = if rows.is_empty() {
            let figures = self.options_of(&name).map_err(|error| problem(call, &error))?;
            ChartKind::Bars(figures)
        } else {
            self.stacked(&rows).map_err(|error| problem(call, &error))?
        };
        let first = rows.first().unwrap_or(&name);
        let question =
            self.figures.now.data.variable(first).map(|(variable, _)| &variable.question_text);
        let question = question.map_or("", |text| text.get(self.words.lang)).to_owned();
        Ok((kind, question))
    }

    /// Returns the rows of a grid by name; none where the question is no grid.
    pub(super) fn grid_rows(&self, question: &str) -> Vec<String> {
        let variables = self.figures.now.data.variables.iter();
        variables
            .filter(|variable| variable.question.as_str() == question && variable.name != question)
            .filter(|variable| variable.kind == instrument::VariableKind::Category)
            .map(|variable| variable.name.clone())
            .collect()
    }

    pub(super) fn options_of(&mut self, name: &str) -> Result<Vec<Bar>, FigureError> {
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

    fn stacked(&mut self, rows: &[String]) -> Result<ChartKind, FigureError> {
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
    fn ranking(&mut self, call: &Call<'_>) -> Result<(ChartKind, String), Problem> {
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
        Ok((ChartKind::Bars(bars), question))
    }

    /// Draws shares in two rounds.
    fn changes(&mut self, call: &Call<'_>) -> Result<(ChartKind, String), Problem> {
        let since = call.round("since")?;
        let mut pairs = vec![];
        for (variable, codes, label) in call.shares("shares")? {
            let change = self.figures.change(&variable, &codes, since);
            let change = change.map_err(|error| problem(call, &error))?;
            self.ledger.state_change(&change);
            let label = match label {
                Some(label) => checked_label(call, label)?,
                None => self.share_label(&change.after),
            };
            pairs.push(Pair { label, change });
        }
        Ok((ChartKind::Changes(pairs), String::new()))
    }

    /// What a share is called where its question is not told: the question and the option.
    fn share_label(&self, figure: &Figure) -> String {
        let question = self.known(&figure.variable).map(|name| self.labels.variable(name));
        let options = self.labels.options(&figure.variable, &figure.codes);
        format!("{} {options}", question.unwrap_or_default())
    }

    /// Gives a chart its title, which says what it shows: a claim of the team's that is tested where
    /// it holds words of quantity or change.
    fn chart(&self, call: &Call<'_>, kind: ChartKind, question: String) -> Result<Chart, Problem> {
        let claims = call.claims("claim")?;
        for claim in &claims {
            self.holds(call, claim)?;
        }
        let Some(title) = call.optional_text("title")? else {
            return Ok(Chart { title: question.clone(), question, kind });
        };
        let title = free_of_digits(call, ("title", "title"), title)?;
        if let Some(found) = lexicon::find(&title, self.words.lang).first() {
            let word = &title[found.place.clone()];
            if claims.is_empty() {
                let message = format!("the title says `{word}`, which no claim bears out");
                return Err(Problem::new("RR0901", call.span_of("title"), message).hint(
                    "add `claim: \"share('question', 'option') > 50 percent\"` or the like",
                ));
            }
            self.same_way(call, ("title", &title), &claims)?;
        }
        Ok(Chart { title, question, kind })
    }
}

fn checked_label(call: &Call<'_>, label: String) -> Result<String, Problem> {
    free_of_digits(call, ("label", "shares"), label)
}

/// What a chart is called is prose: it can hold no digit.
fn free_of_digits(
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
