//! The plural forms of languages, after CLDR's rules for whole numbers.

use crate::Lang;

/// A plural form, by CLDR's name of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// For nothing.
    Zero,
    /// For one.
    One,
    /// For two.
    Two,
    /// For a few.
    Few,
    /// For many.
    Many,
    /// For the rest, and for numbers with decimals.
    Other,
}

/// The forms by their names.
pub const FORMS: [(&str, Form); 6] = [
    ("zero", Form::Zero),
    ("one", Form::One),
    ("two", Form::Two),
    ("few", Form::Few),
    ("many", Form::Many),
    ("other", Form::Other),
];

/// When a language uses a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluralRule {
    /// The form.
    pub form: Form,
    /// The numbers that take it.
    pub is: Vec<u64>,
    /// The last digits, one or two, of other numbers that take it.
    pub ends: Vec<u64>,
    /// The last digits of those that do not take it all the same.
    pub but: Vec<u64>,
}

impl Form {
    /// Returns CLDR's name of the form.
    pub fn as_str(self) -> &'static str {
        FORMS.iter().find(|(_, form)| *form == self).map_or("other", |(name, _)| name)
    }
}

impl PluralRule {
    fn takes(&self, number: u64) -> bool {
        let ends = |ends: &[u64]| {
            ends.iter().any(|end| number % (if *end < 10 { 10 } else { 100 }) == *end)
        };
        self.is.contains(&number) || ends(&self.ends) && !ends(&self.but)
    }
}

/// Returns the form of a number by the rules of its language.
pub fn form(rules: &[PluralRule], number: f64) -> Form {
    let size = number.abs();
    if size.fract() != 0.0 || size > 1e15 {
        return Form::Other;
    }
    let number = size as u64;
    rules.iter().find(|rule| rule.takes(number)).map_or(Form::Other, |rule| rule.form)
}

/// Returns the rules of a language; those of English for one that is not known here. A survey
/// writes others under `plurals`.
pub fn rules(lang: Lang) -> Vec<PluralRule> {
    let rule = |form, is: &[u64], ends: &[u64], but: &[u64]| PluralRule {
        form,
        is: is.to_vec(),
        ends: ends.to_vec(),
        but: but.to_vec(),
    };
    match lang.as_str() {
        // CLDR 46, supplemental/plurals.xml.
        "fr" => vec![rule(Form::One, &[0, 1], &[], &[])],
        "se" | "sma" | "smj" | "smn" | "sms" => {
            vec![rule(Form::One, &[1], &[], &[]), rule(Form::Two, &[2], &[], &[])]
        }
        "pl" => vec![
            rule(Form::One, &[1], &[], &[]),
            rule(Form::Few, &[], &[2, 3, 4], &[12, 13, 14]),
            rule(Form::Many, &[], &[0, 1, 5, 6, 7, 8, 9, 12, 13, 14], &[]),
        ],
        "uk" | "ru" => vec![
            rule(Form::One, &[], &[1], &[11]),
            rule(Form::Few, &[], &[2, 3, 4], &[12, 13, 14]),
            rule(Form::Many, &[], &[0, 5, 6, 7, 8, 9, 11, 12, 13, 14], &[]),
        ],
        _ => vec![rule(Form::One, &[1], &[], &[])],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_clders() {
        // The samples of CLDR's plurals.xml for each form.
        for (lang, form_name, numbers) in [
            ("nb", "one", &[1.0][..]),
            ("nb", "other", &[0.0, 2.0, 21.0, 1.5, 100.0]),
            ("en", "one", &[1.0]),
            ("se", "two", &[2.0]),
            ("se", "other", &[0.0, 3.0, 12.0]),
            ("fr", "one", &[0.0, 1.0]),
            ("pl", "few", &[2.0, 3.0, 4.0, 22.0, 102.0]),
            ("pl", "many", &[0.0, 5.0, 12.0, 14.0, 21.0, 112.0]),
            ("uk", "one", &[1.0, 21.0, 101.0]),
            ("uk", "many", &[0.0, 11.0, 19.0, 100.0, 111.0]),
        ] {
            let rules = rules(lang.parse().unwrap());
            for number in numbers {
                assert_eq!(form(&rules, *number).as_str(), form_name, "{lang} {number}");
            }
        }
    }
}
