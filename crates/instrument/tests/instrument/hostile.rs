//! Whatever stands in a file, reading it ends, and ends with a diagnostic rather than a panic.

use std::fs;

use instrument::expression::parse;
use instrument::path::path;
use instrument::read;
use proptest::prelude::*;

use crate::sample::{UNIT, alesund, answers, plain_survey, right, surveys};
use crate::targets;

const FILE: &str = "rounds/2025/questionnaire.yaml";

/// Reads a text as each kind of file.
fn read_as_all(text: &str) {
    targets::read_survey(text);
    targets::read_plan(text);
    targets::read_questionnaire(text);
}

#[test]
fn deep_and_large_files_are_refused() {
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n\
                b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n\
                c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n";
    for (text, code) in [
        ("[".repeat(100_000), "RQ0103"),
        ("{a: ".repeat(100_000), "RQ0103"),
        ("- ".repeat(100_000), "RQ0103"),
        (format!("a: {}", "x".repeat(read::yaml::MAX_BYTES)), "RQ0103"),
        (format!("[{}]", "x,".repeat(500_000)), "RQ0103"),
        (bomb.to_owned(), "RQ0104"),
    ] {
        let (survey, said) = read::survey(FILE, &text);
        let codes: Vec<&str> = said.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!((survey, codes), (None, vec![code]), "{text:.20}");
    }
}

#[test]
fn deep_and_long_expressions_are_refused() {
    for part in ["(", "[", "f(", "!", "-", "a.", "a || ", "a ? ", "1 + ", "a ? b : ", "x in ["] {
        for times in [300, 100_000] {
            assert!(parse(&part.repeat(times)).is_err(), "{part} {times} times");
            let closed = format!("{}a", part.repeat(times));
            assert!(parse(&closed).is_err(), "{part} {times} times, then a name");
        }
    }
    // The longest that are accepted go through everything that walks the tree.
    let chain = vec!["answered(tolk)"; 100].join(" || ");
    let condition = format!("{}{chain}{}", "!(".repeat(15), ")".repeat(15));
    let text = format!(
        "round: 2025\nsections:\n- id: del\n  role: informant\n  title: Del\n  pages:\n  - questions:\n\
         \x20   - {{ id: tolk, kind: text, text: Tolk? }}\n\
         \x20   - {{ id: navn, kind: text, text: Navn?, show_if: '{condition}' }}\n"
    );
    let instrument = right(read::questionnaire(FILE, &text, &plain_survey(), UNIT, None));
    let path = path(&instrument, &alesund(), &mut answers(&instrument, ""));
    assert_eq!(path.questions, [true, true], "an odd number of `!` before what does not hold");
}

#[test]
fn a_file_cut_anywhere_is_read_to_its_end() {
    let text = fs::read_to_string(surveys().join("checks").join(FILE)).unwrap();
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        read_as_all(&text[..end]);
    }
}

/// A questionnaire in which some bytes have been replaced.
fn damaged() -> impl Strategy<Value = String> {
    let names = ["checks", "grid", "routing", "select_multiple"];
    let texts = names.map(|name| fs::read_to_string(surveys().join(name).join(FILE)).unwrap());
    let change = (any::<prop::sample::Index>(), "[\\[\\]{}:,&*!|>'\"%@` \n\t-]{0,3}|[a-zæ]{1,3}");
    (prop::sample::select(texts.to_vec()), prop::collection::vec(change, 1..6)).prop_map(
        |(text, changes)| {
            let mut chars: Vec<String> = text.chars().map(String::from).collect();
            for (place, new) in changes {
                let place = place.index(chars.len());
                chars[place] = new;
            }
            chars.concat()
        },
    )
}

proptest! {
    #[test]
    fn any_text_is_a_file(text in "\\PC{0,200}|[\\[\\]{}:,&*!|>'\" \n-]{0,200}") {
        read_as_all(&text);
    }

    #[test]
    fn a_damaged_questionnaire_is_read_to_its_end(text in damaged()) {
        read_as_all(&text);
    }

    #[test]
    fn any_text_is_a_list_or_errors_with_places(
        text in "\\PC{0,80}|code,nb,nn,en\n([a-cA-Cæ]{0,3}[,\"\n]?){0,40}"
    ) {
        targets::read_list(&text);
    }

    #[test]
    fn any_text_is_an_expression_or_an_error_with_a_place(
        source in "\\PC{0,80}|([a-zå_]{1,3}|[0-9.]{1,4}|==|&&|\\|\\||[-!<>+*/?:(),.\\[\\]]|\"x\"| ){0,40}"
    ) {
        targets::read_expression(&source);
    }

    #[test]
    fn any_text_can_stand_in_a_questionnaire(
        text in "\\PC{0,80}|(\\{\\{|\\}\\}|tall|unit\\.kind|[*_`<>\\[\\]()!#]|https?:|term:|plural\\(|, one: \"x\"| ){0,30}"
    ) {
        targets::read_text(&text);
    }

    #[test]
    fn an_accepted_answer_is_read_back(written in "\\PC{0,40}|[-0-9., :/]{0,12}|ja|a\u{1f}b") {
        targets::read_answer(&written);
    }

    #[test]
    fn white_space_and_needless_brackets_change_nothing(
        terms in prop::collection::vec("[a-d]|[0-9]|\"[a-z]\"", 1..8),
        operators in prop::collection::vec(prop::sample::select(vec!["||", "&&", "==", "<", "+", "*"]), 7),
    ) {
        let plain = join(&terms, &operators, str::to_owned);
        let bracketed = format!("({})", join(&terms, &operators, |term| format!(" ( {term} )")));
        prop_assert_eq!(shape(&plain), shape(&bracketed));
    }
}

fn join(terms: &[String], operators: &[&str], show: impl Fn(&str) -> String) -> String {
    let pairs = terms.iter().zip(std::iter::once(&"").chain(operators));
    pairs.map(|(term, operator)| format!("{operator}{}", show(term))).collect()
}

/// The tree of an expression without its places.
fn shape(source: &str) -> String {
    let text = format!("{:?}", parse(source).unwrap());
    let places = text.split("span: ");
    places.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')).collect()
}
