//! Charts and tables by groups of units, and scales with two sides.

use instrument::Code;

use super::Problem;
use super::arguments::Call;
use super::evaluate::{Evaluator, problem};
use crate::boundaries::Ring;
use crate::chart::{ChartKind, DivergingRow, GroupBar, Leaning, Panel, ScaleStep};
use crate::figures::{Figure, FrameAttribute, GroupCell, GroupTable};

impl Evaluator<'_> {
    /// Draws a question, or the rows of a grid, to both sides of a line.
    pub(super) fn diverging(&mut self, call: &Call<'_>) -> Result<(ChartKind, String), Problem> {
        let (good, bad) = (call.codes("good")?, call.codes("bad")?);
        let asked = call.texts("variables")?;
        let names: Vec<String> = asked.iter().flat_map(|name| self.rows_of(name)).collect();
        let mut scale: Vec<(ScaleStep, Leaning)> = vec![];
        let mut rows = vec![];
        for name in &names {
            let bars = self.options_of(name).map_err(|error| problem(call, &error))?;
            if scale.is_empty() {
                scale = bars
                    .iter()
                    .map(|bar| {
                        let step = ScaleStep { label: bar.label.clone(), missing: bar.missing };
                        (step, leaning(&bar.figure, &good, &bad))
                    })
                    .collect();
            }
            let mut side = |codes: &[Code]| {
                let share = self.figures.share(name, codes);
                share.inspect(|share| {
                    self.ledger.state(share);
                })
            };
            let good = side(&good).map_err(|error| problem(call, &error))?;
            let bad = side(&bad).map_err(|error| problem(call, &error))?;
            let label = if names.len() > 1 { self.label_of(name) } else { String::new() };
            let figures = bars.into_iter().map(|bar| bar.figure).collect();
            rows.push(DivergingRow { label, figures, good: Some(good), bad: Some(bad) });
        }
        // Several questions have their texts beside their bars.
        let question = if asked.len() > 1 { String::new() } else { self.question_of(&names[0]) };
        Ok((ChartKind::Diverging { scale, rows }, question))
    }

    /// Draws a share for each group of units.
    pub(super) fn groups(&mut self, call: &Call<'_>) -> Result<(ChartKind, String), Problem> {
        let (name, codes) = (call.text("variable")?, call.codes("options")?);
        let national = self.figures.share(&name, &codes);
        let national = national.map_err(|error| problem(call, &error))?;
        self.ledger.state(&national);
        let groups = self.bars_of_groups(call, (&name, &codes), call.attribute("by")?)?;
        let question = self.question_and_options(&name, &codes);
        Ok((ChartKind::Groups { national, groups }, question))
    }

    /// Draws a map toned by the share of each county.
    pub(super) fn map(&mut self, call: &Call<'_>) -> Result<(ChartKind, String), Problem> {
        let (name, codes) = (call.text("variable")?, call.codes("options")?);
        match call.optional_text("on")?.as_deref() {
            None | Some("tiles") => {}
            Some("boundaries") => return self.areas(call, (&name, &codes)),
            Some(_) => return Err(call.kind("on", "\"tiles\" or \"boundaries\"")),
        }
        if self.figures.tiles.is_empty() {
            let message = "there is no map: the frame does not say where its units lie";
            return Err(Problem::new("RR0605", call.span.clone(), message)
                .hint("fill in `lon` and `lat` in the frame file, or use `groups` by county"));
        }
        let groups = self.bars_of_groups(call, (&name, &codes), FrameAttribute::County)?;
        let question = self.question_and_options(&name, &codes);
        Ok((ChartKind::Map { groups, tiles: self.figures.tiles.clone() }, question))
    }

    /// Draws each county in its boundaries, toned by its share.
    fn areas(
        &mut self,
        call: &Call<'_>,
        (name, codes): (&str, &[Code]),
    ) -> Result<(ChartKind, String), Problem> {
        let Some(areas) = self.figures.areas.clone() else {
            let message = "there are no boundaries to draw the map in";
            let round = self.figures.now.data.provenance.round;
            return Err(Problem::new("RR0606", call.span_of("on"), message)
                .hint(format!("put a GeoJSON file at frame/{round}.geojson, or leave out `on`")));
        };
        let groups = self.bars_of_groups(call, (name, codes), FrameAttribute::County)?;
        let without = |(_, rings): &(&GroupBar, &Vec<Ring>)| rings.is_empty();
        if let Some((group, _)) = groups.iter().zip(&areas).find(without) {
            let message = format!("the boundaries have no area for {}", group.label);
            return Err(Problem::new("RR0606", call.span_of("on"), message)
                .hint("every county of the frame needs a feature, or one for some of its units"));
        }
        let question = self.question_and_options(name, codes);
        Ok((ChartKind::Areas { groups, areas }, question))
    }

    /// Draws the options of a question for each group of units.
    pub(super) fn multiples(&mut self, call: &Call<'_>) -> Result<(ChartKind, String), Problem> {
        let name = call.text("variable")?;
        let table = self.by_group(call, &name, &[], call.attribute("by")?)?;
        if table.rows.len() > 4 {
            let message = "small multiples have room for four groups at most";
            return Err(Problem::new("RR0207", call.span_of("by"), message)
                .hint("use `groups` for one option, or `table`"));
        }
        let labels = table.columns.iter().map(|codes| self.labels.options(&name, codes)).collect();
        let panels = self.panels(table);
        Ok((ChartKind::Multiples { labels, panels }, self.question_of(&name)))
    }

    /// Makes a table of options by groups of units.
    pub(super) fn table(&mut self, call: &Call<'_>) -> Result<(ChartKind, String), Problem> {
        let name = call.text("variable")?;
        let wanted = call.optional_codes("options")?;
        let wanted: Vec<Vec<Code>> = wanted.into_iter().map(|code| vec![code]).collect();
        let table = self.by_group(call, &name, &wanted, call.attribute("by")?)?;
        let columns = table.columns.iter().map(|codes| self.labels.options(&name, codes)).collect();
        let rows = self.panels(table);
        Ok((ChartKind::Table { columns, rows }, self.question_of(&name)))
    }

    fn by_group(
        &mut self,
        call: &Call<'_>,
        name: &str,
        wanted: &[Vec<Code>],
        attribute: FrameAttribute,
    ) -> Result<GroupTable, Problem> {
        let table = self.figures.by_group(name, wanted, attribute);
        let table = table.map_err(|error| problem(call, &error))?;
        self.ledger.mention(name);
        for cell in table.rows.iter().flat_map(|row| &row.cells) {
            if let GroupCell::Shown(figure) = cell {
                self.ledger.state(figure);
            }
        }
        Ok(table)
    }

    fn bars_of_groups(
        &mut self,
        call: &Call<'_>,
        (name, codes): (&str, &[Code]),
        attribute: FrameAttribute,
    ) -> Result<Vec<GroupBar>, Problem> {
        let table = self.by_group(call, name, &[codes.to_vec()], attribute)?;
        let bar = |mut row: crate::figures::GroupRow| GroupBar {
            label: self.labels.group(&row.group, self.words),
            figure: row.cells.pop().unwrap_or(GroupCell::Impossible),
        };
        Ok(table.rows.into_iter().map(bar).collect())
    }

    fn panels(&self, table: GroupTable) -> Vec<Panel> {
        let rows = table.rows.into_iter();
        rows.map(|row| Panel {
            label: self.labels.group(&row.group, self.words),
            base: row.base,
            cells: row.cells,
        })
        .collect()
    }

    /// Returns the rows of a grid, or the question itself.
    fn rows_of(&self, question: &str) -> Vec<String> {
        let rows = self.grid_rows(question);
        if rows.is_empty() { vec![question.to_owned()] } else { rows }
    }

    fn label_of(&self, name: &str) -> String {
        let found = self.figures.now.variable(name);
        found.map_or(String::new(), |(variable, _)| variable.label.get(self.words.lang).to_owned())
    }

    fn question_of(&self, name: &str) -> String {
        let found = self.figures.now.variable(name);
        let text = found.map(|(variable, _)| variable.question_text.get(self.words.lang));
        text.unwrap_or_default().to_owned()
    }

    fn question_and_options(&self, name: &str, codes: &[Code]) -> String {
        let options = self.words.quoted(&self.labels.options(name, codes));
        format!("{} {options}", self.question_of(name))
    }
}

fn leaning(figure: &Figure, good: &[Code], bad: &[Code]) -> Leaning {
    if figure.codes.iter().any(|code| good.contains(code)) {
        Leaning::Good
    } else if figure.codes.iter().any(|code| bad.contains(code)) {
        Leaning::Bad
    } else {
        Leaning::Neither
    }
}
