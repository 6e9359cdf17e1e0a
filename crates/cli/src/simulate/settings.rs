//! `simulation.yaml`: how the answers of a round are drawn.

use frame::UnitId;
use instrument::read::{Fields, Reader, yaml::Node};
use instrument::rules::{self, Rule};
use instrument::spelling::suggest;
use instrument::{
    Diagnostic, Instrument, Item, Kind, Lang, Question, Severity, Value, Variable, VariableKind,
};

use super::counts::{Bounds, stands_alone};

/// How the answers of a round are drawn, checked against its questionnaire.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How many units hand in at least one section.
    pub respond: usize,
    /// Units that are left for a person to answer.
    pub leave: Vec<UnitId>,
    /// For each section of the instrument, the percent of the responding units that hand it in.
    pub sections: Vec<usize>,
    /// The percent of items that are left blank though asked.
    pub item_nonresponse: usize,
    /// For each variable of the instrument, how its answers are distributed.
    pub variables: Vec<Distribution>,
}

/// How the answers to a variable are distributed.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// The percent of each option, of those who answer.
    Shares(Vec<usize>),
    /// Numbers.
    Number(Number),
    /// Texts.
    Text(Bank),
}

/// How numbers are distributed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Many small and few large ones.
    LogNormal {
        /// Half of them are below it.
        median: f64,
        /// The standard deviation of their logarithms.
        sigma: f64,
        /// Whether the median is per 1 000 inhabitants.
        per_1000: bool,
    },
    /// As many below the mean as above.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        sd: f64,
    },
}

/// Texts to draw from.
#[derive(Clone, Debug, PartialEq)]
pub struct Bank {
    /// The percent of those asked who write something.
    pub share: usize,
    /// The texts by language; never empty, and none of them is.
    pub texts: Vec<(Lang, Vec<Value>)>,
}

const fn rule(
    code: &'static str,
    severity: Severity,
    title: &'static str,
    remedy: &'static str,
) -> Rule {
    Rule { code, severity, title, remedy }
}

const NOT_DRAWN: &Rule = &rule(
    "RS0101",
    Severity::Error,
    "A name is not what can be drawn",
    "Use the name of a question or variable that can be drawn so; the hint names the nearest",
);
const UNKNOWN_CODE: &Rule = &rule(
    "RS0102",
    Severity::Error,
    "An option is unknown",
    "Use an option of the question; the hint names the nearest",
);
const IMPOSSIBLE: &Rule = &rule(
    "RS0103",
    Severity::Error,
    "Shares cannot hold together",
    "Change the shares so that they can all be true at once: percents of one answer sum to 100",
);
const BAD_TEXT: &Rule = &rule(
    "RS0104",
    Severity::Error,
    "A text cannot be an answer",
    "Shorten the text, or raise `max_length` of the question",
);
const BY_DEFAULT: &Rule = &rule(
    "RS0105",
    Severity::Warning,
    "A question is drawn by default",
    "Say how the question is drawn, or leave it as it is: each answer is then as likely as the others",
);

/// Every rule of this file, for the guide's catalogue.
#[cfg(test)]
pub const RULES: &[&Rule] = &[NOT_DRAWN, UNKNOWN_CODE, IMPOSSIBLE, BAD_TEXT, BY_DEFAULT];

const FIELDS: &[&str] =
    &["respond", "leave", "sections", "item_nonresponse", "shares", "numbers", "texts"];

/// Reads `simulation.yaml`. The value is there only where there is no error.
pub fn read(
    file: &str,
    text: &str,
    instrument: &Instrument,
) -> (Option<Settings>, Vec<Diagnostic>) {
    let (reader, node) = Reader::open(file, text);
    let mut reading = Reading { reader, instrument };
    let settings = node.as_ref().and_then(|node| reading.settings(node));
    reading.reader.close(settings)
}

struct Reading<'a> {
    reader: Reader<'a>,
    instrument: &'a Instrument,
}

impl Reading<'_> {
    fn settings(&mut self, node: &Node) -> Option<Settings> {
        let fields = self.reader.fields(node, "a simulation", FIELDS)?;
        let respond = self.reader.required(fields, "respond", |reader, node| {
            reader.integer(node, 1..=1_000_000).map(|count| count as usize)
        });
        let leave = self.reader.optional(fields, "leave", |reader, node| reader.list(node, unit));
        let item_nonresponse = self.reader.optional(fields, "item_nonresponse", percent);
        let sections = self.sections(fields);
        let mut given = vec![None; self.instrument.variables.len()];
        self.distributions(fields, "shares", &mut given, Reading::shares);
        self.distributions(fields, "numbers", &mut given, Reading::number);
        self.distributions(fields, "texts", &mut given, Reading::bank);
        self.warn_of_defaults(&given);
        let variables = self.instrument.variables.iter().zip(given);
        Some(Settings {
            respond: respond?,
            leave: leave.unwrap_or_default(),
            sections,
            item_nonresponse: item_nonresponse.unwrap_or(0),
            variables: variables
                .map(|(variable, given)| given.unwrap_or_else(|| self.default(variable)))
                .collect(),
        })
    }

    fn sections(&mut self, fields: Fields<'_>) -> Vec<usize> {
        let mut percents = vec![95; self.instrument.sections.len()];
        let Some(node) = fields.get("sections") else { return percents };
        for entry in self.reader.entries(node).unwrap_or_default() {
            match self.instrument.section(&entry.key) {
                Some(section) => {
                    let given = percent(&mut self.reader, &entry.value);
                    percents[section] = given.unwrap_or(percents[section]);
                }
                None => {
                    let known = self.instrument.sections.iter().map(|section| section.id.as_str());
                    let message = format!("the questionnaire has no section `{}`", entry.key);
                    let hint = suggest(&entry.key, known);
                    self.reader.report::<()>(NOT_DRAWN, entry.key_span.clone(), message, hint);
                }
            }
        }
        percents
    }

    /// Reads one of the fields that map variables to how they are drawn.
    fn distributions(
        &mut self,
        fields: Fields<'_>,
        field: &str,
        given: &mut [Option<Distribution>],
        read: impl Fn(&mut Self, &Node, &Variable) -> Option<Distribution>,
    ) {
        let Some(node) = fields.get(field) else { return };
        for entry in self.reader.entries(node).unwrap_or_default() {
            let Some(index) = self.instrument.variable(&entry.key) else {
                let known = self.instrument.variables.iter().map(|v| v.name.as_str());
                let message = format!("the questionnaire has no variable `{}`", entry.key);
                let hint = suggest(&entry.key, known);
                self.reader.report::<()>(NOT_DRAWN, entry.key_span.clone(), message, hint);
                continue;
            };
            let variable = &self.instrument.variables[index];
            let question = self.instrument.question_of(variable);
            let calculated = variable.item != Item::Reason && !question.kind.is_answered();
            if calculated || variable.item == Item::Prefill {
                let what = if calculated { "is calculated" } else { "follows from the answer" };
                let message = format!("`{}` {what}, not drawn", entry.key);
                let hint = Some("draw the answers that it rests on".to_owned());
                self.reader.report::<()>(NOT_DRAWN, entry.key_span.clone(), message, hint);
            } else if field_of(variable) == field {
                // What has an error is drawn as by default: nothing is drawn of a file with errors.
                let read = read(self, &entry.value, variable);
                given[index] = Some(read.unwrap_or_else(|| self.default(variable)));
            } else {
                let message = format!("`{}` is not drawn by {field}", entry.key);
                let hint = Some(format!("write it under `{}`", field_of(variable)));
                self.reader.report::<()>(NOT_DRAWN, entry.key_span.clone(), message, hint);
            }
        }
    }

    fn shares(&mut self, node: &Node, variable: &Variable) -> Option<Distribution> {
        let question = self.instrument.question_of(variable);
        let options = question.kind.options();
        let mut shares = vec![0; options.len()];
        let mut sound = true;
        for entry in self.reader.entries(node)? {
            let share = percent(&mut self.reader, &entry.value);
            let option = options.iter().position(|option| option.code.as_str() == entry.key);
            if option.is_none() {
                let message = format!("`{}` has no option `{}`", variable.name, entry.key);
                let hint = suggest(&entry.key, options.iter().map(|option| option.code.as_str()));
                self.reader.report::<()>(UNKNOWN_CODE, entry.key_span.clone(), message, hint);
            }
            match (option, share) {
                (Some(option), Some(share)) => shares[option] = share,
                (None, _) | (_, None) => sound = false,
            }
        }
        let problem = if sound { impossible(question, variable, &shares) } else { return None };
        match problem {
            Some(message) => self.reader.report(IMPOSSIBLE, node.head(), message, None),
            None => Some(Distribution::Shares(shares)),
        }
    }

    fn number(&mut self, node: &Node, _: &Variable) -> Option<Distribution> {
        let reader = &mut self.reader;
        let known = ["median", "sigma", "per_1000", "mean", "sd"];
        let fields = reader.fields(node, "the distribution of a number", &known)?;
        if fields.get("mean").is_some() {
            let mean = reader.required(fields, "mean", |r, node| r.decimal(node, -1e9..=1e9));
            let sd = reader.required(fields, "sd", |r, node| r.decimal(node, 0.0..=1e9));
            return Some(Distribution::Number(Number::Normal { mean: mean?, sd: sd? }));
        }
        let median = reader.required(fields, "median", |r, node| r.decimal(node, 1e-9..=1e9));
        // Six standard deviations of 3 are a factor of sixty million.
        let sigma = reader.required(fields, "sigma", |r, node| r.decimal(node, 0.0..=3.0));
        let per_1000 = reader.optional(fields, "per_1000", Reader::flag).unwrap_or(false);
        Some(Distribution::Number(Number::LogNormal { median: median?, sigma: sigma?, per_1000 }))
    }

    fn bank(&mut self, node: &Node, variable: &Variable) -> Option<Distribution> {
        let languages = &self.instrument.languages;
        let known: Vec<&str> =
            ["share"].into_iter().chain(languages.iter().map(Lang::as_str)).collect();
        let fields = self.reader.fields(node, "a bank of texts", &known)?;
        let share = self.reader.required(fields, "share", percent);
        let instrument = self.instrument;
        let mut texts = vec![];
        for lang in languages {
            let read = |reader: &mut Reader<'_>, node: &Node| {
                reader.list(node, |reader, node| text(reader, node, instrument, variable))
            };
            let bank = self.reader.optional(fields, lang.as_str(), read);
            texts.extend(bank.map(|bank| (*lang, bank)));
        }
        if texts.is_empty() {
            let message = format!("`{}` has no texts to draw from", variable.name);
            return self.reader.report(rules::MISSING_FIELD, node.head(), message, None);
        }
        Some(Distribution::Text(Bank { share: share?, texts }))
    }

    /// Warns of every question of which nothing is said.
    fn warn_of_defaults(&mut self, given: &[Option<Distribution>]) {
        for question in &self.instrument.questions {
            let missing = question.answer_fields().find(|index| {
                let specify = matches!(self.instrument.variables[*index].item, Item::Specify(_));
                given[*index].is_none() && !specify
            });
            if let Some(index) = missing {
                let variable = &self.instrument.variables[index];
                let message = format!("nothing is said of `{}`", variable.name);
                let hint = format!("write it under `{}`", field_of(variable));
                self.reader.report::<()>(BY_DEFAULT, 0..0, message, Some(hint));
            }
        }
    }

    /// Returns how a variable is drawn of which nothing is said.
    fn default(&self, variable: &Variable) -> Distribution {
        let question = self.instrument.question_of(variable);
        match variable.kind {
            VariableKind::Category | VariableKind::Categories => {
                Distribution::Shares(default_shares(question))
            }
            VariableKind::Integer | VariableKind::Decimal => {
                Distribution::Number(default_number(&question.kind))
            }
            VariableKind::Text => {
                let (share, texts) = match (&question.kind, &variable.item) {
                    (Kind::Shaped(shape), Item::Whole) => (95, shape.examples()),
                    (_, Item::Specify(_)) => (100, vec!["Det varierer".to_owned()]),
                    (_, Item::Whole | Item::Row(_) | Item::Prefill | Item::Reason) => {
                        (0, vec!["Det varierer".to_owned()])
                    }
                };
                let texts = texts.into_iter().map(Value::Text).collect();
                let texts = vec![(self.instrument.languages[0], texts)];
                Distribution::Text(Bank { share, texts })
            }
        }
    }
}

fn percent(reader: &mut Reader<'_>, node: &Node) -> Option<usize> {
    reader.integer(node, 0..=100).map(|percent| percent as usize)
}

fn unit(reader: &mut Reader<'_>, node: &Node) -> Option<UnitId> {
    let text = reader.scalar(node)?;
    match UnitId::new(text) {
        Ok(id) => Some(id),
        Err(error) => {
            reader.report(rules::INVALID_NAME, node.span.clone(), error.to_string(), None)
        }
    }
}

/// Reads a text that must be a possible answer: not too long, not empty.
fn text(
    reader: &mut Reader<'_>,
    node: &Node,
    instrument: &Instrument,
    variable: &Variable,
) -> Option<Value> {
    let text = reader.scalar(node)?;
    let problem = match instrument.read_input(variable, &[text]) {
        Ok(Some(value)) => return Some(value),
        Ok(None) => "empty".to_owned(),
        Err(problem) => problem.to_string(),
    };
    let message = format!("the text cannot answer `{}`: {problem}", variable.name);
    reader.report(BAD_TEXT, node.span.clone(), message, None)
}

/// The field under which a variable is drawn.
fn field_of(variable: &Variable) -> &'static str {
    match variable.kind {
        VariableKind::Category | VariableKind::Categories => "shares",
        VariableKind::Integer | VariableKind::Decimal => "numbers",
        VariableKind::Text => "texts",
    }
}

/// Returns how many options may be chosen of a multiple choice; `None` where one is chosen.
pub fn bounds(question: &Question) -> Option<Bounds> {
    match &question.kind {
        Kind::SelectMultiple { options, min, max } => Some(Bounds {
            min: min.unwrap_or(1).max(1) as usize,
            max: max.map_or(options.len(), |max| max as usize),
        }),
        Kind::Grid { options, several: true, .. } => Some(Bounds { min: 1, max: options.len() }),
        Kind::SelectOne { .. }
        | Kind::Grid { several: false, .. }
        | Kind::Rank { .. }
        | Kind::Distribution { .. }
        | Kind::Range { .. }
        | Kind::Integer { .. }
        | Kind::Decimal { .. }
        | Kind::Year { .. }
        | Kind::Text { .. }
        | Kind::Multiline { .. }
        | Kind::Shaped(_)
        | Kind::File(_)
        | Kind::Consent { .. }
        | Kind::Repeat { .. }
        | Kind::Calculate { .. }
        | Kind::Note => None,
    }
}

/// Returns why nobody's answers can have these shares.
fn impossible(question: &Question, variable: &Variable, shares: &[usize]) -> Option<String> {
    let name = &variable.name;
    let total: usize = shares.iter().sum();
    let Some(Bounds { min, max }) = bounds(question) else {
        return (total != 100)
            .then(|| format!("the shares of `{name}` are {total} together, not 100"));
    };
    let options = question.kind.options().iter();
    let alone: usize = options
        .zip(shares)
        .filter(|(option, _)| stands_alone(option))
        .map(|(_, share)| share)
        .sum();
    let Some(others) = 100_usize.checked_sub(alone) else {
        return Some(format!(
            "the options of `{name}` that stand alone are {alone} percent together"
        ));
    };
    let chosen = total - alone;
    let options = question.kind.options().iter().zip(shares);
    let crowded = options.filter(|(option, _)| !stands_alone(option)).find(|(_, s)| **s > others);
    match crowded {
        Some((option, share)) => Some(format!(
            "{share} percent are to choose `{}` of `{name}`, but {alone} percent choose what \
             stands alone",
            option.code
        )),
        None if chosen < min * others => Some(format!(
            "the {others} percent who choose other options of `{name}` choose {chosen} per hundred \
             together: fewer than {min} each"
        )),
        None if chosen > max * others => Some(format!(
            "the {others} percent who choose other options of `{name}` choose {chosen} per hundred \
             together: more than {max} each"
        )),
        None => None,
    }
}

/// Five percent for each option that is no answer or stands alone, and the rest as evenly as
/// percents can be; in a multiple choice everyone chooses about as few as they may.
fn default_shares(question: &Question) -> Vec<usize> {
    let options = question.kind.options();
    let others = options.iter().filter(|option| !stands_alone(option)).count();
    let bounds = bounds(question);
    let total =
        bounds.map_or(1, |bounds| bounds.min) * (100 - 5 * (options.len() - others).min(20));
    let mut place = 0;
    let share = |option| {
        if stands_alone(option) {
            return 5;
        }
        place += 1;
        // The differences of rounded parts of the total add up to the total.
        total * place / others - total * (place - 1) / others
    };
    options.iter().map(share).collect()
}

fn default_number(kind: &Kind) -> Number {
    match kind {
        Kind::Range { min, max, .. } => {
            let (min, max) = (*min as f64, *max as f64);
            Number::Normal { mean: (min + max) / 2.0, sd: (max - min) / 5.0 }
        }
        // The last dozen years, most of them in the middle.
        Kind::Year { min, max } => {
            let (first, last) = ((*min).max(*max - 12) as f64, (*max).min(2025) as f64);
            Number::Normal { mean: f64::midpoint(first, last), sd: (last - first).abs() / 5.0 }
        }
        // Most lists are short.
        Kind::Repeat { min, max, .. } => {
            let (min, max) = (f64::from(*min), f64::from(*max));
            Number::Normal { mean: min + (max - min) / 3.0, sd: (max - min) / 5.0 }
        }
        Kind::Rank { rows, .. } => {
            Number::Normal { mean: rows.len() as f64 / 2.0, sd: rows.len() as f64 / 3.0 }
        }
        Kind::SelectOne { .. }
        | Kind::SelectMultiple { .. }
        | Kind::Grid { .. }
        | Kind::Distribution { .. }
        | Kind::Integer { .. }
        | Kind::Decimal { .. }
        | Kind::Text { .. }
        | Kind::Multiline { .. }
        | Kind::Shaped(_)
        | Kind::File(_)
        | Kind::Consent { .. }
        | Kind::Calculate { .. }
        | Kind::Note => Number::LogNormal { median: 10.0, sigma: 0.6, per_1000: false },
    }
}

#[cfg(test)]
mod tests {
    use frame::UNIT_NAMES;
    use instrument::read::{questionnaire, survey};

    use super::*;

    const SURVEY: &str = "{ survey: s, title: S, owner: O, languages: [nb], credits: C, \
        roles: [{ id: r, title: R }], size_classes: [{ id: all, from: 0, title: A }] }";

    const QUESTIONNAIRE: &str = r#"
round: 2023
sections:
  - id: a
    role: r
    title: A
    pages:
      - questions:
          - { id: one, kind: select_one, text: T, options: { ja: Ja, nei: Nei, vet: { text: V, missing: dont_know } } }
          - { id: many, kind: select_multiple, text: T, max: 2, options: { x: X, y: Y, z: { text: Z, specify: W }, ingen: { text: I, exclusive: true } } }
          - { id: number, kind: integer, text: T }
          - { id: scale, kind: range, text: T, min: 0, max: 10, low: L, high: H }
          - { id: word, kind: text, max_length: 10, text: T }
"#;

    const SIMULATION: &str = "respond: 5
leave: [0301]
sections: { a: 90 }
item_nonresponse: 2
shares:
  one: { ja: 60, nei: 30, vet: 10 }
  many: { x: 60, y: 50, z: 10, ingen: 10 }
numbers:
  number: { median: 9, sigma: 0.5, per_1000: true }
  scale: { mean: 5, sd: 2 }
texts:
  word: { share: 20, nb: [ Kort ] }
";

    fn instrument() -> Instrument {
        let (survey, _) = survey("survey.yaml", SURVEY);
        let (instrument, diagnostics) =
            questionnaire("q.yaml", QUESTIONNAIRE, &survey.unwrap(), UNIT_NAMES, None);
        instrument.unwrap_or_else(|| panic!("{diagnostics:#?}"))
    }

    #[test]
    fn what_is_written_is_read_and_the_rest_has_a_default() {
        let (settings, diagnostics) = read("simulation.yaml", SIMULATION, &instrument());
        assert_eq!(diagnostics, []);
        let settings = settings.unwrap();
        assert_eq!((settings.respond, settings.item_nonresponse), (5, 2));
        assert_eq!((settings.sections, settings.leave[0].as_str()), (vec![90], "0301"));
        assert_eq!(settings.variables[0], Distribution::Shares(vec![60, 30, 10]));
        // The text of "other, specify" may be left out: everyone who chose the option writes one.
        assert!(matches!(&settings.variables[2], Distribution::Text(Bank { share: 100, .. })));
    }

    #[test]
    fn defaults_are_possible_and_warned_of() {
        let instrument = instrument();
        let (settings, diagnostics) = read("simulation.yaml", "respond: 5", &instrument);
        let codes: Vec<&str> = diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(codes, ["RS0105"; 5], "one for each question");
        let settings = settings.unwrap();
        // 95 percent between two and three options, and 5 for the one that is no answer.
        assert_eq!(settings.variables[0], Distribution::Shares(vec![47, 48, 5]));
        assert_eq!(settings.variables[1], Distribution::Shares(vec![31, 32, 32, 5]));
        for (variable, distribution) in instrument.variables.iter().zip(&settings.variables) {
            if let Distribution::Shares(shares) = distribution {
                assert_eq!(impossible(instrument.question_of(variable), variable, shares), None);
            }
        }
    }

    #[test]
    fn mistakes_are_found_all_at_once() {
        let cases = [
            ("respond: 5", "respond: fem", "RQ0205"),
            ("sections: { a: 90 }", "sections: { b: 90 }", "RS0101"),
            ("  one: {", "  en: {", "RS0101"),
            ("{ ja: 60", "{ jaa: 60", "RS0102"),
            ("ja: 60", "ja: 50", "RS0103"),
            // 15 per hundred choices are too few for the 90 percent who choose other options.
            ("{ x: 60, y: 50, z: 10", "{ x: 5, y: 5, z: 5", "RS0103"),
            // At most two each: 180 per hundred.
            ("{ x: 60, y: 50, z: 10", "{ x: 80, y: 80, z: 80", "RS0103"),
            ("x: 60", "x: 95", "RS0103"),
            ("  scale: { mean: 5, sd: 2 }", "  word: { mean: 5, sd: 2 }", "RS0101"),
            ("[ Kort ]", "[ Ikke kort nok ]", "RS0104"),
            ("nb: [ Kort ]", "nb: []", "RQ0206"),
        ];
        let instrument = instrument();
        let mut all = SIMULATION.to_owned();
        for (right, wrong, code) in cases {
            let (settings, diagnostics) =
                read("simulation.yaml", &SIMULATION.replacen(right, wrong, 1), &instrument);
            let codes: Vec<&str> = diagnostics.iter().map(|d| d.code).collect();
            assert!(settings.is_none() && codes.contains(&code), "{wrong}: {diagnostics:#?}");
            all = all.replacen(right, wrong, 1);
        }
        let (_, diagnostics) = read("simulation.yaml", &all, &instrument);
        let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
        assert!(errors.count() >= 6, "{diagnostics:#?}");
    }
}
