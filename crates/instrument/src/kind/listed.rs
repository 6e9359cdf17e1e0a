//! Options that are found in a long list by writing what they are called.

use crate::spelling::{alphabet, closest};
use crate::{Choice, Code, InputProblem, Lang};

/// The most options that are offered to whoever wrote something that is none.
const MOST_CANDIDATES: usize = 10;

/// Finds the option that somebody has written: by its text in any language, in large or small
/// letters, or by its code.
pub(crate) fn find_listed(options: &[Choice], written: &str) -> Result<Code, InputProblem> {
    let wanted = alphabet(written);
    let by_text = options.iter().find(|option| {
        option.text.iter().any(|(_, text)| text == written || alphabet(text) == wanted)
    });
    let by_code = || options.iter().find(|option| option.code.as_str() == written);
    match by_text.or_else(by_code) {
        Some(option) => Ok(option.code.clone()),
        None => Err(InputProblem::NotListed(written.to_owned())),
    }
}

/// Returns the options that somebody may have meant, by their indexes: those whose text begins with
/// what is written, then those that hold it, and otherwise the nearest one.
pub fn candidates(options: &[Choice], written: &str, lang: Lang) -> Vec<usize> {
    let wanted = alphabet(written.trim());
    let texts: Vec<String> = options.iter().map(|option| alphabet(option.text.get(lang))).collect();
    let places = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..texts.len()).filter(|place| fits(&texts[*place])).collect()
    };
    let mut found = places(&|text| text.starts_with(&wanted));
    found.extend(places(&|text| !text.starts_with(&wanted) && text.contains(&wanted)));
    if found.is_empty() {
        let near = closest(&wanted, texts.iter().map(String::as_str)).map(str::to_owned);
        found = places(&|text| near.as_deref() == Some(text));
    }
    found.truncate(MOST_CANDIDATES);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;

    #[test]
    fn a_text_is_found_as_people_write_it() {
        let option = |code: &str, text: &str| Choice {
            code: Code::new(code).unwrap(),
            text: Text::new(vec![(Lang::NB, text.to_owned())]),
            missing: None,
            exclusive: false,
            specify: None,
        };
        let options =
            [option("no", "Norge"), option("nm", "Nord-Makedonia"), option("kp", "Nord-Korea")];
        let find = |written| find_listed(&options, written).map(|code| code.to_string());
        assert_eq!(find("norge"), Ok("no".to_owned()));
        assert_eq!(find("kp"), Ok("kp".to_owned()));
        assert_eq!(find("nord"), Err(InputProblem::NotListed("nord".to_owned())));
        for (written, expected) in
            [("nord", vec![1, 2]), ("korea", vec![2]), ("Norgge", vec![0]), ("xyzzy", vec![])]
        {
            assert_eq!(candidates(&options, written, Lang::NB), expected, "{written}");
        }
    }
}
