//! The columns that formulas speak of: numbers, and categories with their levels in order.

use std::collections::BTreeMap;

/// Named columns of one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Columns {
    columns: BTreeMap<String, Column>,
    rows: usize,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers; a missing one is NaN.
    Numbers(Vec<f64>),
    /// Categories; a missing one is none.
    Levels(Levels),
}

/// Categories as positions in a list of levels, whose order is the order of results.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// The names of the levels.
    pub names: Vec<String>,
    /// The level of every row.
    pub codes: Vec<Option<usize>>,
}

impl Columns {
    /// Returns an empty table of this many rows.
    pub fn new(rows: usize) -> Self {
        Self { columns: BTreeMap::new(), rows }
    }

    /// Puts in a column, which must have as many rows as the table.
    pub fn insert(&mut self, name: &str, column: Column) {
        debug_assert_eq!(column.len(), self.rows, "column {name}");
        self.columns.insert(name.to_owned(), column);
    }

    /// Returns a column by name.
    pub fn get(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }
}

impl Column {
    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Numbers(numbers) => numbers.len(),
            Column::Levels(levels) => levels.codes.len(),
        }
    }

    /// Returns whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the column as categories; numbers are their own levels, in rising order.
    pub fn levels(&self) -> Levels {
        match self {
            Column::Levels(levels) => levels.clone(),
            Column::Numbers(numbers) => {
                let mut values: Vec<f64> =
                    numbers.iter().copied().filter(|x| !x.is_nan()).collect();
                values.sort_by(f64::total_cmp);
                values.dedup();
                let code = |x: &f64| values.binary_search_by(|value| value.total_cmp(x)).ok();
                let codes = numbers.iter().map(code).collect();
                Levels { names: values.iter().map(f64::to_string).collect(), codes }
            }
        }
    }
}

impl Levels {
    /// Returns the levels of text, in the order of the text.
    pub fn of_text(values: &[Option<&str>]) -> Self {
        let mut names: Vec<String> =
            values.iter().flatten().map(|text| (*text).to_owned()).collect();
        names.sort();
        names.dedup();
        Self::with_names(names, values)
    }

    /// Returns text as levels of the given order; text that is no level is missing.
    pub fn with_names(names: Vec<String>, values: &[Option<&str>]) -> Self {
        let places: BTreeMap<&str, usize> =
            names.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        let codes = values.iter().map(|value| places.get((*value)?).copied()).collect();
        Self { codes, names }
    }

    /// Returns the same without levels that no row inside the mask has.
    pub fn used(&self, inside: &[bool]) -> Self {
        let rows = self.codes.iter().zip(inside).filter(|(_, inside)| **inside);
        let mut used = vec![false; self.names.len()];
        rows.filter_map(|(code, _)| *code).for_each(|code| used[code] = true);
        let mut places = vec![None; used.len()];
        let mut names = Vec::new();
        for (code, name) in self.names.iter().enumerate().filter(|(code, _)| used[*code]) {
            places[code] = Some(names.len());
            names.push(name.clone());
        }
        Self { names, codes: self.codes.iter().map(|code| places[(*code)?]).collect() }
    }

    /// Returns the combinations of several columns; the first varies fastest.
    pub fn crossed(columns: &[Levels], separator: &str) -> Self {
        let mut crossed = Self { names: vec![String::new()], codes: vec![] };
        for (index, column) in columns.iter().enumerate() {
            let join = |left: &String, right: &String| match index {
                0 => right.clone(),
                _ => format!("{left}{separator}{right}"),
            };
            let names = &crossed.names;
            let joined = column.names.iter().flat_map(|r| names.iter().map(move |l| join(l, r)));
            let width = names.len();
            let codes = match index {
                0 => column.codes.clone(),
                _ => {
                    let pairs = crossed.codes.iter().zip(&column.codes);
                    pairs.map(|(l, r)| Some((*l)? + width * (*r)?)).collect()
                }
            };
            crossed = Self { names: joined.collect(), codes };
        }
        crossed
    }

    /// Returns a column of zeros and ones for every level; rows without a level are NaN.
    pub fn indicators(&self) -> Vec<Vec<f64>> {
        let mark = |level: usize, code: &Option<usize>| {
            code.map_or(f64::NAN, |code| f64::from(u8::from(code == level)))
        };
        (0..self.names.len())
            .map(|level| self.codes.iter().map(|code| mark(level, code)).collect())
            .collect()
    }
}
