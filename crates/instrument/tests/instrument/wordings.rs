//! Conditions in words.

use instrument::expression::in_words;
use instrument::{Lang, read};

use crate::expressions::QUESTIONNAIRE;
use crate::sample::{UNIT, plain_survey, right};

#[test]
fn routing_is_said_in_three_languages() {
    let file = "rounds/2025/questionnaire.yaml";
    let survey = instrument::Survey { languages: vec![Lang::NB], ..plain_survey() };
    let instrument = right(read::questionnaire(file, QUESTIONNAIRE, &survey, UNIT, None));
    for (condition, lang, words) in [
        (r#"tolk == "ja""#, Lang::NB, "spørsmål 1 «Tolk?» er «Ja»"),
        (r#"tolk != "ja""#, Lang::NB, "spørsmål 1 «Tolk?» ikke er «Ja»"),
        (r#"!(tolk == "ja")"#, Lang::NN, "spørsmål 1 «Tolk?» ikkje er «Ja»"),
        (r#"tolk in ["ja", "nei"]"#, Lang::EN, "question 1 “Tolk?” is “Ja” or “Nei”"),
        (r#""dari" in språk"#, Lang::NB, "«Dari» er valgt i spørsmål 3 «Språk?»"),
        (r#"!("dari" in språk)"#, Lang::NN, "«Dari» ikkje er vald i spørsmål 3 «Språk?»"),
        (
            "answered(tolk) && bosatte >= 10000",
            Lang::NB,
            "spørsmål 1 «Tolk?» er besvart og spørsmål 5 «Bosatte?» er minst 10\u{a0}000",
        ),
        (
            r#"tolk == "ja" && (bosatte > 5 || !answered(navn))"#,
            Lang::EN,
            "question 1 “Tolk?” is “Ja” and (question 5 “Bosatte?” is more than 5 or question 7 “Navn?” is not answered)",
        ),
        (r#"alder.0_15 == "mange""#, Lang::NB, "«Barn» i spørsmål 4 «Alder?» er «Mange»"),
        (r#"any(alder == "mange")"#, Lang::NB, "minst én rad i spørsmål 4 «Alder?» er «Mange»"),
        (
            r#"count(alder == "mange") > 1"#,
            Lang::EN,
            "the number of rows of question 4 “Alder?” where the row is “Mange” is more than 1",
        ),
        (r#"unit.kind == "district""#, Lang::NN, "eininga er «bydel»"),
        (r#"unit.population < 5000.5"#, Lang::NB, "folketallet er mindre enn 5000,5"),
        (
            r#"date(navn) < date("2025-01-31")"#,
            Lang::NB,
            "spørsmål 7 «Navn?» er før 31. januar 2025",
        ),
        ("size(språk) == 2", Lang::NB, "antall svar i spørsmål 3 «Språk?» er 2"),
    ] {
        assert_eq!(in_words(condition, &instrument, lang), words, "{condition}");
    }
}
