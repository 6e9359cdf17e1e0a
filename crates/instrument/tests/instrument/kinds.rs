//! Each kind of question: its example, its page in the guide, and what it accepts.

use std::fmt::Write;
use std::fs;

use instrument::expression::{Attribute, Case, UnitAttributes};
use instrument::path::{open_checks, path};
use instrument::{Hash, InputProblem, Instrument, KINDS, Lang, Level, Value, read};

use crate::sample::{UNIT, alesund, answers, plain_survey, right, rounds, surveys, tiny_surveys};

const PAGE: &str = "../docs/guide/kinds.md";

const HEAD: &str =
    "<!-- Made from the table of kinds: `cargo xtask bless instrument` renews it. -->

# The kinds of question

Every question has `id`, `kind` and `text`, and may have `help`, `show_if`, `required` or
`asked_to_answer`, `checks` with a `reason`, `trend` and `release` (a note has only `help` and `show_if`
of these, and a calculation neither `required` nor `asked_to_answer`). A field that one writes in may have
`missing`: boxes beside it for those who cannot answer, each with its text, as in
`missing: { dont_know: Vet ikke, not_relevant: …, will_not_answer: … }`. The kinds of missing are told
apart in the data set.

[Write a questionnaire](write-a-questionnaire.md) tells how they are put together. This page has the fields that
each kind adds, with an example as short as can be: in a survey with several languages each text is
written as `{ nb: …, nn: …, en: … }`.

";

/// Returns a questionnaire with one question, written as YAML without indentation.
fn asking(question: &str) -> Instrument {
    let mut text = "round: 2025\nsections:\n  - id: del\n    role: informant\n    title: Del\n    \
                    pages:\n      - questions:\n          -"
        .to_owned();
    for line in question.lines() {
        let gap = if text.ends_with('-') { " " } else { "            " };
        let _ = writeln!(text, "{gap}{line}");
    }
    let (survey, file) = (plain_survey(), "rounds/2025/questionnaire.yaml");
    right(read::questionnaire(file, &text, &survey, UNIT, None))
}

#[test]
fn each_example_is_a_question_of_its_kind() {
    for entry in KINDS {
        let instrument = asking(entry.example);
        assert_eq!(instrument.questions[0].kind.name(), entry.name);
        // What may be left out need not be shown each time.
        let optional =
            ["max_length", "missing", "decimals", "unit", "order", "several", "options_from"];
        let fields = entry.fields.iter().filter(|field| !optional.contains(field));
        for field in fields.filter(|_| entry.name != "decimal") {
            assert!(entry.example.contains(&format!("{field}:")) || *field == "min", "{field}");
        }
    }
}

#[test]
fn the_page_of_the_guide_is_as_the_table_is() {
    let mut page = HEAD.to_owned();
    for entry in KINDS {
        let fields: Vec<String> = entry.fields.iter().map(|field| format!("`{field}`")).collect();
        let fields = if fields.is_empty() { "none".to_owned() } else { fields.join(", ") };
        let _ = write!(
            page,
            "\n## `{}`\n\n{}\n\nFields: {fields}. In the data set: {}.\n\n```yaml\n{}\n```\n",
            entry.name, entry.about, entry.column, entry.example
        );
    }
    let file = surveys().join(PAGE);
    // As with golden files: the same switch renews them.
    if std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
        fs::write(&file, &page).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "{PAGE} is stale: run `cargo xtask bless instrument`");
}

#[test]
fn every_kind_is_asked_by_an_example_survey() {
    let mut asked = vec![];
    for survey in tiny_surveys() {
        for round in rounds(&survey) {
            asked.extend(round.questions.iter().map(|question| question.kind.name()));
        }
    }
    for entry in KINDS {
        assert!(
            asked.contains(&entry.name),
            "no tiny survey asks a question of kind {}",
            entry.name
        );
    }
}

/// Reads `input` as the answer to the first variable of a question; returns it as it is stored.
fn stored(question: &str, input: &[&str]) -> Result<Option<String>, InputProblem> {
    let instrument = asking(question);
    let variable = &instrument.variables[0];
    let value = instrument.read_input(variable, input)?;
    let text = value.as_ref().map(Value::encode);
    let again = text.as_ref().map(|text| instrument.decode(variable, text).unwrap());
    assert_eq!(again, value, "what is stored is read back");
    Ok(text)
}

#[test]
fn what_is_written_is_stored_in_its_normal_form() {
    for (kind, fields, input, expected) in [
        ("date", "", " 3.11.2025 ", "2025-11-03"),
        ("month", "", "11/2025", "2025-11"),
        ("year", "", "2019", "2019"),
        ("time", "", "9.05", "09:05"),
        ("email", "", "Post@Kommune.NO", "Post@kommune.no"),
        ("url", "", "kommune.no", "https://kommune.no"),
        ("organisation_number", "", "974 760 673", "974760673"),
        ("pattern", "\npattern: a+\nexample: a\nmessage: M", "aaa", "aaa"),
        ("consent", "\nagree: Ja", "yes", "yes"),
    ] {
        let question = format!("id: q\nkind: {kind}\ntext: T{fields}");
        assert_eq!(stored(&question, &[input]), Ok(Some(expected.to_owned())), "{kind}");
        assert_eq!(stored(&question, &["  "]), Ok(None), "{kind}");
        assert_eq!(stored(&question, &[input, input]), Err(InputProblem::SeveralValues), "{kind}");
    }
}

#[test]
fn what_cannot_be_an_answer_is_refused() {
    for (kind, fields, input, expected) in [
        ("date", "\nmax: 2025-01-01", "2.1.2025", "after 2025-01-01"),
        ("date", "", "snart", "does not have the shape that is asked for"),
        ("year", "", "25", "below 1000"),
        ("year", "\nmax: 2025", "2026", "above 2025"),
        ("organisation_number", "", "974760674", "the check digit does not fit"),
        (
            "pattern",
            "\npattern: a|b\nexample: a\nmessage: M",
            "ab",
            "does not have the shape that is asked for",
        ),
        (
            "pattern",
            "\npattern: a\nexample: a\nmessage: M",
            "a\na",
            "does not have the shape that is asked for",
        ),
        ("consent", "\nagree: Ja", "no", "`no` is not an option of this question"),
        ("file", "\ntypes: [pdf]", "given", "a file is asked for, not a text"),
        ("file", "\ntypes: [pdf]", "plan.pdf", "a file is asked for, not a text"),
    ] {
        let question = format!("id: q\nkind: {kind}\ntext: T{fields}");
        let problem = stored(&question, &[input]).unwrap_err();
        assert_eq!(problem.to_string(), expected, "{kind} {input}");
    }
}

/// Returns which checks of the questionnaire's only section are open.
fn open(instrument: &Instrument, written: &str) -> Vec<String> {
    let (unit, mut answers) = (alesund(), answers(instrument, written));
    let path = path(instrument, &unit, &mut answers);
    let checks = open_checks(instrument, &unit, &answers, &path, 0);
    let name = |variable: usize| &instrument.variables[variable].name;
    checks.iter().map(|check| format!("{} {:?}", name(check.variable), check.message)).collect()
}

#[test]
fn an_order_has_each_place_once() {
    let instrument =
        asking("id: q\nkind: rank\ntext: T\ntop: 2\nrequired: true\nrows: { a: A, b: B, c: C }");
    for (written, expected) in [
        ("q.a=1; q.c=2", vec![]),
        ("q.a=1", vec!["q.b Required"]),
        ("q.a=2; q.c=2", vec!["q.c SamePlace(2)"]),
    ] {
        assert_eq!(open(&instrument, written), expected, "{written}");
    }
    let variable = &instrument.variables[0];
    assert_eq!(instrument.read_input(variable, &["3"]), Err(InputProblem::AboveMaximum(2.0)));
    assert_eq!(instrument.read_input(variable, &["0"]), Err(InputProblem::BelowMinimum(1.0)));
}

#[test]
fn parts_make_the_whole() {
    let instrument = &rounds("distribution")[0];
    for (written, expected) in [
        ("bosatte=5; boliger.kommunal=2; boliger.privat=3", vec![]),
        ("bosatte=5; tid.veiledning=50; tid.saker=49.5; tid.annet=0.5", vec![]),
        // Not all parts are there yet.
        ("bosatte=5; boliger.kommunal=2", vec![]),
        (
            "bosatte=5; boliger.kommunal=6",
            vec!["boliger.kommunal OtherSum { sum: 6.0, total: 5.0 }"],
        ),
        (
            "bosatte=5; boliger.kommunal=2; boliger.privat=2",
            vec!["boliger.kommunal OtherSum { sum: 4.0, total: 5.0 }"],
        ),
        // Of nobody there are no parts: the question is off the path.
        ("bosatte=0; boliger.kommunal=2; boliger.privat=2", vec![]),
        // Thirds make a whole though doubles cannot hold them.
        ("bosatte=1; boliger.kommunal=0.1; boliger.privat=0.9", vec![]),
    ] {
        assert_eq!(open(instrument, written), expected, "{written}");
    }
}

#[test]
fn a_box_is_an_answer_without_a_value() {
    let instrument =
        asking("id: q\nkind: integer\ntext: T\nrequired: true\nmissing: { dont_know: V }");
    let variable = &instrument.variables[0];
    let ticked = instrument.read_missing(variable, "dont_know").unwrap();
    assert_eq!(instrument.decode(variable, &ticked.encode()), Ok(ticked.clone()));
    assert_eq!(open(&instrument, &format!("q={}", ticked.encode())), [""; 0]);
    assert_eq!(open(&instrument, ""), ["q Required"]);
    // The question has no such box, and what is typed is never one.
    assert!(instrument.read_missing(variable, "not_relevant").is_err());
    assert!(instrument.read_input(variable, &["dont_know"]).is_err());
}

/// Returns the values of the tiny survey of calculations, and what its last question reads as where
/// it is asked.
fn reckoned(written: &str) -> (Vec<Option<String>>, Option<String>) {
    let instrument = &rounds("calculate")[0];
    let (unit, mut answers) = (alesund(), answers(instrument, written));
    let path = path(instrument, &unit, &mut answers);
    let value = |name| {
        let variable = instrument.variable(name).unwrap();
        answers.get(variable).map(Value::encode)
    };
    let last = instrument.questions.last().unwrap();
    let case = Case::new(&unit, &answers, &path.questions);
    let text = || instrument.fill(&last.text, Lang::EN, &case).plain();
    let values = ["andel", "storrelse"].map(value).to_vec();
    (values, path.questions.last().unwrap().then(text))
}

#[test]
fn a_calculation_follows_from_answers_and_later_ones_from_it() {
    let large = Some("stor".to_owned());
    let percent = |number: &str| Some(number.to_owned());
    for (written, share, asked) in [
        ("bosatte=12; enslige=8", percent("66.7"), Some("Why are as many as 66.7 percent minors?")),
        ("bosatte=12; enslige=1", percent("8.3"), None),
        // What rests on something unknown is missing, and so is what nothing is divided by.
        ("bosatte=12", None, None),
        ("bosatte=0; enslige=0", None, None),
        // What somebody has put in its place counts for nothing.
        ("bosatte=12; andel=99; storrelse=liten", None, None),
    ] {
        let expected = (vec![share, large.clone()], asked.map(str::to_owned));
        assert_eq!(reckoned(written), expected, "{written}");
    }
}

#[test]
fn a_calculation_that_is_not_asked_has_no_value() {
    let text = "id: q\nkind: calculate\ntext: T\nvalue: unit.population\ndecimals: 0";
    for (condition, expected) in
        [("population > 1", Some(Value::Integer(59198))), ("sami_area", None)]
    {
        let instrument = asking(&format!("{text}\nshow_if: unit.{condition}"));
        let mut answers = answers(&instrument, "q=5");
        path(&instrument, &alesund(), &mut answers);
        assert_eq!(answers.get(0), expected.as_ref(), "{condition}");
    }
}

#[test]
fn nobody_is_asked_to_answer_a_calculation() {
    let instrument = asking("id: q\nkind: calculate\ntext: T\nvalue: unit.population");
    let question = &instrument.questions[0];
    assert!(question.fields().is_empty() && question.variables == (0..1));
    assert!(question.is_complete(&answers(&instrument, "")), "nothing is left to answer");
}

/// Returns the codes of the options of a question that a unit is offered, in their order.
fn offered(instrument: &Instrument, id: &str, unit: &UnitAttributes, written: &str) -> Vec<String> {
    let mut answers = answers(instrument, written);
    let path = path(instrument, unit, &mut answers);
    let question = instrument.question(id).unwrap();
    let case = Case::new(unit, &answers, &path.questions);
    let options = question.options_for(&case, Lang::EN).into_iter();
    options.map(|option| question.kind.options()[option].code.to_string()).collect()
}

#[test]
fn options_follow_the_answers_and_stand_in_order() {
    let instrument = &rounds("offered")[0];
    let seen = |written: &str| offered(instrument, "viktigst", &alesund(), written).join(" ");
    assert_eq!(seen(""), "vet_ikke");
    // By their English texts: A talk, Help with finding, Norwegian; what is no answer comes last.
    assert_eq!(seen("tjenester=norsk arbeid helse"), "helse arbeid norsk vet_ikke");
}

#[test]
fn a_shuffled_order_is_the_units_own_and_leaves_the_last_ones_last() {
    let instrument = &rounds("offered")[0];
    let mut orders = vec![];
    for id in 0..200 {
        let unit = UnitAttributes::new([("id", Attribute::Text(id.to_string()))]);
        let order = offered(instrument, "tjenester", &unit, "");
        assert_eq!(order, offered(instrument, "tjenester", &unit, "tjenester=helse"), "{id}");
        assert_eq!(order[4..], ["annet", "ingen"], "{id}");
        orders.push(order[..4].join(" "));
    }
    // Each of the four comes first about 50 times of 200; fewer than 30 has a chance of one in
    // a thousand (three standard deviations of 6.1), and the seeds are fixed.
    for code in ["norsk", "bolig", "arbeid", "helse"] {
        let first = orders.iter().filter(|order| order.starts_with(code)).count();
        assert!((30..=70).contains(&first), "{code} comes first {first} times");
    }
    orders.sort();
    orders.dedup();
    assert_eq!(orders.len(), 24, "every order of four is some unit's");
}

#[test]
fn what_is_not_offered_counts_for_nothing() {
    let instrument = &rounds("offered")[0];
    let settled = |written: &str| {
        let mut answers = answers(instrument, written);
        let path = path(instrument, &alesund(), &mut answers);
        let counted = instrument.variables.iter().enumerate().filter_map(|(index, variable)| {
            answers.get(index)?;
            let asked = path.asks(instrument, index) && !answers.leaves_out(index);
            Some(format!("{}{}", variable.name, if asked { "" } else { " off" }))
        });
        let asked = instrument.questions.iter().zip(&path.questions);
        let asked = asked.filter(|(_, asked)| **asked).map(|(question, _)| question.id.to_string());
        (counted.collect::<Vec<_>>().join(" "), asked.collect::<Vec<_>>().join(" "))
    };
    let rows = "hvor_godt.norsk=godt; hvor_godt.helse=darlig";
    for (written, counted, asked) in [
        // A row that is not asked does not keep the others from being all.
        (
            format!("tjenester=norsk bolig; viktigst=helse; {rows}; hvor_godt.bolig=godt"),
            "tjenester hvor_godt.norsk hvor_godt.bolig",
            "tjenester viktigst hvor_godt samlet",
        ),
        (
            format!("tjenester=norsk helse; viktigst=helse; {rows}"),
            "tjenester viktigst hvor_godt.norsk hvor_godt.helse",
            "tjenester viktigst hvor_godt",
        ),
        // Where no row is asked, neither is the question, and nothing holds of all its rows.
        (format!("tjenester=annet; {rows}"), "tjenester", "tjenester viktigst"),
    ] {
        assert_eq!(settled(&written), (counted.to_owned(), asked.to_owned()), "{written}");
    }
}

#[test]
fn a_required_grid_needs_the_rows_that_are_asked() {
    let instrument = &rounds("offered")[0];
    let answered = "tjenester=norsk helse; hvor_godt.helse=godt";
    assert_eq!(open(instrument, answered), ["hvor_godt.norsk Required"]);
    assert_eq!(open(instrument, &format!("{answered}; hvor_godt.norsk=godt")), [""; 0]);
}

#[test]
fn a_row_of_several_takes_a_set() {
    let instrument = &rounds("grid_several")[0];
    let variable = &instrument.variables[0];
    let read = |input: &[&str]| instrument.read_input(variable, input);
    let set = read(&["telefon", "nett"]).unwrap().unwrap();
    assert_eq!(set.encode(), "nett telefon", "in the order of the questionnaire");
    assert_eq!(instrument.decode(variable, "nett telefon"), Ok(set));
    let alone = read(&["ingen", "nett"]).unwrap_err();
    assert!(matches!(alone, InputProblem::Exclusive(_)), "{alone}");
    for (written, asked) in [
        ("kanaler.nav=nett; kanaler.skole=nett telefon; kanaler.helse=ingen", true),
        ("kanaler.nav=nett; kanaler.skole=oppmote; kanaler.helse=ingen", false),
    ] {
        let path = path(instrument, &alesund(), &mut answers(instrument, written));
        assert_eq!(path.questions, [true, asked], "{written}");
    }
}

#[test]
fn a_reason_confirms_a_warning_and_belongs_to_it() {
    let instrument = &rounds("reasons")[0];
    let count = |written: &str| open(instrument, &format!("kanal=brev; {written}")).len();
    assert_eq!([count("bosatte=12"), count("bosatte=12; bosatte.reason=Familie")], [1, 0]);
    // No answer is changed by a reason that nothing asks for.
    let unit = alesund();
    for (written, asked) in [("bosatte=12", true), ("bosatte=5; bosatte.reason=Familie", false)] {
        let mut answers = answers(instrument, written);
        let path = path(instrument, &unit, &mut answers);
        let case = Case::new(&unit, &answers, &path.questions);
        assert_eq!(instrument.questions[0].may_be_warned(&case), asked, "{written}");
    }
}

#[test]
fn a_question_that_one_is_asked_to_answer_may_stay_blank() {
    let instrument = &rounds("reasons")[0];
    assert_eq!(open(instrument, "bosatte=5"), ["kanal Blank"]);
    let (unit, mut answers) = (alesund(), answers(instrument, "bosatte=5"));
    let path = path(instrument, &unit, &mut answers);
    let checks = open_checks(instrument, &unit, &answers, &path, 0);
    assert!(checks.iter().all(|check| check.level == Level::Warning), "it can be handed in");
}

#[test]
fn a_list_is_searched_by_what_its_options_are_called() {
    let instrument = &rounds("listed")[0];
    let variable = &instrument.variables[0];
    for (written, expected) in [
        ("ukraina", Ok("ua")),
        // Whoever reads another language, and whoever writes a code.
        ("Türkiye", Ok("tr")),
        ("ss", Ok("ss")),
        ("Sudan", Ok("sd")),
        ("Kong", Err("`Kong` is not on the list")),
    ] {
        let read = instrument.read_input(variable, &[written]);
        let read = read.map(|value| value.unwrap().encode()).map_err(|error| error.to_string());
        assert_eq!(read, expected.map(str::to_owned).map_err(str::to_owned), "{written}");
    }
    let ticked = instrument.read_missing(variable, "dont_know").unwrap();
    assert_eq!(instrument.decode(variable, &ticked.encode()), Ok(ticked));
    // The hash of the questionnaire is that of its lists too.
    let text = fs::read_to_string(surveys().join("listed/rounds/2025/questionnaire.yaml")).unwrap();
    assert_ne!(instrument.hash, Hash::of(text));
}

#[test]
fn a_file_is_looked_at_as_what_was_given() {
    let instrument = &rounds("file")[0];
    let index = |name: &str| instrument.variables.iter().position(|v| v.name == name).unwrap();
    let variable = &instrument.variables[index("plan")];
    let rule = instrument.file_rule(variable).unwrap();
    let given = Value::File(rule.example());
    assert_eq!(instrument.decode(variable, &given.encode()), Ok(given.clone()));
    let none = instrument.read_missing(variable, "not_relevant").unwrap();
    for (value, asked) in [(None, false), (Some(none), false), (Some(given), true)] {
        let (unit, mut all) = (alesund(), answers(instrument, ""));
        all.set(index("plan"), value.clone());
        let path = path(instrument, &unit, &mut all);
        assert_eq!(path.asks(instrument, index("vedtatt")), asked, "{value:?}");
    }
}
