//! What the quality section says of a round: who is missing, what was left blank, and what nobody can
//! know.

use dataset::{CodebookVariable, DataSet};
use estimate::{CategoryIndicators, Indicator};
use frame::UnitKind;
use instrument::{Lang, SectionId};

use super::furniture::Furniture;
use super::method::{capital, enumerate};
use super::round::Composed;
use crate::figures::{Evenness, FrameAttribute};
use crate::labels::{Labels, hard_spaces};
use crate::prose::{Document, question_anchor};
use crate::words::Words;

/// What the quality section says of a round, in one language.
pub(super) struct Quality {
    pub(super) evenness: Option<EvennessText>,
    pub(super) sections: Vec<SectionRow>,
    pub(super) items: Vec<ItemRow>,
    pub(super) smallest_weight: String,
    pub(super) largest_weight: String,
    pub(super) design_effect: String,
    /// How much the weights raise the variance, in percent.
    pub(super) raised: String,
    pub(super) silent: String,
    pub(super) bounds: Vec<BoundsRow>,
}

/// How evenly the units answered.
pub(super) struct EvennessText {
    pub(super) r: String,
    /// Its ends; `None` where chance alone explains the differences.
    pub(super) interval: Option<(String, String)>,
    pub(super) attributes: String,
    /// How far nonresponse can have moved a share, in percentage points.
    pub(super) largest_bias: String,
    pub(super) partial: Vec<AttributeTable>,
}

/// The indicators of one attribute of the frame.
pub(super) struct AttributeTable {
    pub(super) name: String,
    pub(super) units: String,
    pub(super) alone: String,
    pub(super) beside: String,
    pub(super) rows: Vec<CategoryRow>,
}

/// The indicators of one group.
pub(super) struct CategoryRow {
    pub(super) name: String,
    pub(super) units: String,
    pub(super) alone: String,
    pub(super) beside: String,
    pub(super) reading: &'static str,
}

/// How many handed in a section.
pub(super) struct SectionRow {
    pub(super) title: String,
    pub(super) handed_in: String,
    pub(super) rate: String,
}

/// How a question was answered.
pub(super) struct ItemRow {
    pub(super) anchor: String,
    pub(super) label: String,
    pub(super) asked: String,
    pub(super) blank: String,
    pub(super) evaded: String,
}

/// What a figure would be at least and at most if all had answered.
pub(super) struct BoundsRow {
    pub(super) anchor: String,
    pub(super) label: String,
    pub(super) answer: String,
    pub(super) published: String,
    pub(super) low: String,
    pub(super) high: String,
}

/// The 97.5 percent point of the normal distribution.
const TWO_SIDED: f64 = 1.959_963_984_540_054;

/// Gathers what the quality section says.
pub(super) fn quality(
    (round, document): (&Composed<'_>, &Document),
    evenness: Option<&Evenness>,
    words: &Words,
    furniture: &'static Furniture,
) -> Quality {
    let (figures, data) = (&round.figures, round.figures.now.data);
    let writer = Writer { round, data, words, furniture };
    let weights = figures.weights();
    let counts = data.dispositions();
    Quality {
        evenness: evenness.map(|evenness| writer.evenness(evenness)),
        sections: writer.sections(),
        items: writer.items(document),
        smallest_weight: words.decimal(weights.range.0, 2),
        largest_weight: words.decimal(weights.range.1, 2),
        design_effect: words.decimal(weights.design_effect, 2),
        raised: words.percent_sign((weights.design_effect - 1.0) * 100.0),
        silent: words.count(counts.invited() - counts.answered()),
        bounds: writer.bounds(document),
    }
}

struct Writer<'a> {
    round: &'a Composed<'a>,
    data: &'a DataSet,
    words: &'a Words,
    furniture: &'static Furniture,
}

impl Writer<'_> {
    fn evenness(&self, evenness: &Evenness) -> EvennessText {
        let names = evenness.attributes.iter().map(|attribute| self.attribute(*attribute).into());
        let whole = &evenness.whole;
        let end = |value: f64| self.words.decimal(value.clamp(0.0, 1.0), 2);
        let reach = |se: f64| TWO_SIDED * se;
        let ends = |se: f64| (end(whole.r.value - reach(se)), end(whole.r.value + reach(se)));
        EvennessText {
            r: end(whole.r.value),
            interval: whole.r.se.map(ends),
            attributes: enumerate(names, self.words),
            // The standard deviation of a variable that is 0 or 1 is at most a half.
            largest_bias: self.words.decimal(whole.coefficient_of_variation.value * 50.0, 1),
            partial: evenness
                .partial
                .iter()
                .map(|(attribute, partial)| AttributeTable {
                    name: capital(self.attribute(*attribute)),
                    units: self.words.count(self.data.units.len()),
                    alone: self.indicator(&partial.unconditional),
                    beside: self.beside(evenness, *attribute, &partial.conditional),
                    rows: partial
                        .categories
                        .iter()
                        .map(|category| self.category(evenness, *attribute, category))
                        .collect(),
                })
                .collect(),
        }
    }

    fn category(
        &self,
        evenness: &Evenness,
        attribute: FrameAttribute,
        category: &CategoryIndicators,
    ) -> CategoryRow {
        let reach = TWO_SIDED * category.unconditional_se;
        let (low, high) = (category.unconditional - reach, category.unconditional + reach);
        let number = |value: f64| self.words.decimal(value, 3);
        CategoryRow {
            name: group_name(self.data, attribute, &category.name, self.words.lang),
            units: self.words.count(category.units),
            alone: format!(
                "{} ({} {} {})",
                number(category.unconditional),
                number(low),
                self.furniture.until,
                number(high)
            ),
            beside: self.beside(evenness, attribute, &category.conditional),
            reading: if low > 0.0 {
                self.furniture.more_often
            } else if high < 0.0 {
                self.furniture.less_often
            } else {
                self.furniture.as_others
            },
        }
    }

    fn indicator(&self, indicator: &Indicator) -> String {
        self.words.decimal(indicator.value, 3)
    }

    /// Returns what an attribute tells beside the others; nothing where the model leaves it out.
    fn beside(
        &self,
        evenness: &Evenness,
        attribute: FrameAttribute,
        indicator: &Indicator,
    ) -> String {
        let modelled = evenness.attributes.contains(&attribute);
        if modelled { self.indicator(indicator) } else { String::new() }
    }

    fn attribute(&self, attribute: FrameAttribute) -> &'static str {
        let [size, centrality, county, kind, kostra_group] = self.furniture.cell_names;
        match attribute {
            FrameAttribute::Size => size,
            FrameAttribute::County => county,
            FrameAttribute::Centrality => centrality,
            FrameAttribute::Kind => kind,
            FrameAttribute::KostraGroup => kostra_group,
        }
    }

    fn sections(&self) -> Vec<SectionRow> {
        let all = self.data.units.len() as f64;
        let sections = self.round.figures.section_response();
        sections
            .into_iter()
            .map(|response| SectionRow {
                title: self.section(response.section),
                handed_in: self.words.count(response.handed_in),
                rate: self.words.percent_sign(response.handed_in as f64 / all * 100.0),
            })
            .collect()
    }

    fn section(&self, id: &SectionId) -> String {
        let instrument = self.round.input.instrument;
        let section = instrument.and_then(|i| i.sections.iter().find(|section| section.id == *id));
        section.map_or(id.as_str(), |section| section.title.get(self.words.lang)).to_owned()
    }

    /// Returns the questions that the report uses and somebody left blank, the most often left
    /// blank first.
    fn items(&self, document: &Document) -> Vec<ItemRow> {
        let mut items = vec![];
        for (index, variable) in self.data.variables.iter().enumerate() {
            if document.ledger.mentions(&variable.name) {
                items.push((self.round.figures.item_response(index), variable));
            }
        }
        items.retain(|(response, _)| response.blank > 0);
        items.sort_by_key(|(response, _)| std::cmp::Reverse(response.blank));
        let share = |count: usize, of: usize| {
            let rate = self.words.percent_tenths(count as f64 / of as f64 * 100.0);
            format!("{} ({rate})", self.words.count(count))
        };
        items
            .into_iter()
            .map(|(response, variable)| ItemRow {
                anchor: question_anchor(&variable.name),
                label: self.label(variable),
                asked: self.words.count(response.asked),
                blank: share(response.blank, response.asked),
                evaded: share(response.evaded, response.asked),
            })
            .collect()
    }

    /// Returns what a variable is called where its question does not stand above it.
    fn label(&self, variable: &CodebookVariable) -> String {
        variable.label.get(self.words.lang).to_owned()
    }

    fn bounds(&self, document: &Document) -> Vec<BoundsRow> {
        let labels = Labels::new(self.data, self.words.lang);
        let mut rows = vec![];
        for anchor in &document.main_figures {
            let mut stated = document.ledger.figures();
            let Some((_, stated)) = stated.find(|(key, _)| key.anchor() == *anchor) else {
                continue;
            };
            let figure = &stated.figure;
            let Some(bounds) = self.round.figures.bounds(figure) else { continue };
            let Ok((variable, _)) = self.round.figures.now.variable(&figure.variable) else {
                continue;
            };
            rows.push(BoundsRow {
                anchor: anchor.clone(),
                label: self.label(variable),
                answer: labels.options(&figure.variable, &figure.codes),
                published: self.words.short_figure(figure),
                low: self.words.percent_sign(bounds.low.value * 100.0),
                high: self.words.percent_sign(bounds.high.value * 100.0),
            });
        }
        rows
    }
}

/// Returns what a group of units is called.
fn group_name(data: &DataSet, attribute: FrameAttribute, code: &str, lang: Lang) -> String {
    let furniture = Furniture::of(lang);
    match attribute {
        FrameAttribute::Size => {
            let class = data.size_classes.iter().find(|(class, _)| class.as_str() == code);
            hard_spaces(class.map_or(code, |(_, title)| title.get(lang)))
        }
        FrameAttribute::County => {
            let unit = data.units.iter().find(|unit| unit.county_id == code);
            unit.map_or(code, |unit| unit.county.as_str()).to_owned()
        }
        FrameAttribute::Centrality => match code {
            "1" => format!("{code} ({})", furniture.most_central),
            "6" => format!("{code} ({})", furniture.least_central),
            _ => code.to_owned(),
        },
        FrameAttribute::KostraGroup => code.to_owned(),
        FrameAttribute::Kind if code == UnitKind::District.as_str() => capital(furniture.districts),
        FrameAttribute::Kind => capital(furniture.municipalities),
    }
}
