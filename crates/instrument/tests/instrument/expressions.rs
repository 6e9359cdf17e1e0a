//! What conditions mean: each case is a condition, the answers it looks at, and what it comes to.

use instrument::expression::{
    Attribute, BinaryOperator, Case, Expression, ExpressionKind, Scope, UnitAttributes, check,
    parse,
};
use instrument::{Instrument, read};
use proptest::prelude::*;

use crate::sample::{UNIT, alesund, answers, plain_survey, right};

pub(crate) const QUESTIONNAIRE: &str = "
round: 2025
sections:
  - id: del
    role: informant
    title: Del
    pages:
      - questions:
          - { id: tolk, kind: select_one, text: Tolk?, options: { ja: Ja, nei: Nei, vet_ikke: { text: Vet ikke, missing: dont_know } } }
          - { id: før, kind: select_one, text: Før?, options: { ja: Ja, nei: Nei } }
          - { id: språk, kind: select_multiple, text: Språk?, options: { arabisk: Arabisk, dari: Dari, annet: { text: Annet, specify: Hva da? } } }
          - { id: alder, kind: grid, text: Alder?, rows: { 0_15: Barn, 16_67: Voksne }, options: { få: Få, mange: Mange } }
          - { id: bosatte, kind: integer, text: Bosatte? }
          - { id: arsverk, kind: decimal, text: Årsverk? }
          - { id: navn, kind: text, text: Navn? }
";

fn instrument() -> Instrument {
    let file = "rounds/2025/questionnaire.yaml";
    right(read::questionnaire(file, QUESTIONNAIRE, &plain_survey(), UNIT, None))
}

fn evaluate(
    instrument: &Instrument,
    condition: &str,
    written: &str,
    unit: &UnitAttributes,
) -> Option<bool> {
    let Instrument { questions, variables, .. } = instrument;
    let scope = Scope::of(questions, variables, UNIT);
    let (checked, problems) = check(&parse(condition).unwrap(), &scope);
    assert_eq!(problems, [], "{condition}");
    let (answers, asked) = (answers(instrument, written), vec![true; questions.len()]);
    checked.unwrap().evaluate(&Case::new(unit, &answers, &asked))
}

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);
const UNKNOWN: Option<bool> = None;

#[test]
fn conditions_come_to_true_false_or_unknown() {
    let instrument = instrument();
    for (condition, written, expected) in [
        // An answer is compared; without one, everything but `answered` is unknown.
        (r#"tolk == "ja""#, "tolk=ja", YES),
        (r#"tolk == "ja""#, "tolk=vet_ikke", NO),
        (r#"tolk == "ja""#, "", UNKNOWN),
        (r#"!(tolk == "ja")"#, "", UNKNOWN),
        (r#"tolk != 'ja'"#, "tolk=nei", YES),
        (r#"tolk != "ja""#, "", UNKNOWN),
        ("tolk == før", "tolk=ja; før=ja", YES),
        ("tolk == før", "tolk=ja", UNKNOWN),
        (r#"tolk in ["nei", "vet_ikke"]"#, "tolk=vet_ikke", YES),
        (r#"tolk in ["nei", "vet_ikke"]"#, "tolk=ja", NO),
        (r#"tolk in ["nei", "vet_ikke"]"#, "", UNKNOWN),
        ("answered(tolk)", "", NO),
        ("answered(tolk)", "tolk=vet_ikke", YES),
        ("answered(språk) || answered(alder.0_15) || answered(bosatte)", "bosatte=0", YES),
        // Kleene: one side can decide.
        (r#"tolk == "ja" && bosatte > 5"#, "bosatte=3", NO),
        (r#"tolk == "ja" && bosatte > 5"#, "bosatte=8", UNKNOWN),
        (r#"tolk == "ja" || bosatte > 5"#, "bosatte=8", YES),
        (r#"tolk == "ja" || bosatte > 5"#, "tolk=nei", UNKNOWN),
        // Multiple choice, grids, and the text of an "other, specify".
        (r#""dari" in språk"#, "språk=arabisk dari", YES),
        (r#""dari" in språk"#, "språk=annet", NO),
        (r#""dari" in språk"#, "", UNKNOWN),
        ("size(språk) >= 2", "språk=arabisk dari", YES),
        ("size(språk) >= 2", "", UNKNOWN),
        (r#"alder.0_15 == "mange""#, "alder.0_15=mange; alder.16_67=få", YES),
        (r#"alder.16_67 == "mange""#, "alder.0_15=mange; alder.16_67=få", NO),
        (r#"språk.annet == "tigrinja""#, "språk.annet=tigrinja", YES),
        // Numbers are of one kind; `*` binds before `+`, and `-` goes from the left.
        ("bosatte + 0.5 > arsverk", "bosatte=2; arsverk=2.25", YES),
        ("2 + 3 * 4 == 14", "", YES),
        ("10 - 4 - 3 == 3", "", YES),
        ("(2 + 3) * 4 == 20 && -bosatte < -1", "bosatte=2", YES),
        ("7 / 2 == 3.5", "", YES),
        ("bosatte / arsverk > 1", "bosatte=4; arsverk=0", UNKNOWN),
        ("bosatte in [1, 2, bosatte]", "bosatte=3", YES),
        ("2 <= bosatte && bosatte < 3", "bosatte=2", YES),
        ("size(navn) == 5", "navn=Ålesu", YES),
        // `&&` binds before `||`, and a condition may choose between two.
        ("true || false && false", "", YES),
        (r#"tolk == "ja" ? bosatte > 1 : bosatte > 9"#, "tolk=ja; bosatte=5", YES),
        (r#"tolk == "ja" ? bosatte > 1 : bosatte > 9"#, "tolk=nei; bosatte=5", NO),
        (r#"tolk == "ja" ? true : true"#, "", UNKNOWN),
        (r#"(tolk == "ja" ? "x" : navn) == "x""#, "tolk=ja", YES),
        (r#"(tolk == "ja") == (før == "ja")"#, "tolk=nei; før=nei", YES),
        // Rows: the name of the grid stands for each row in turn.
        (r#"any(alder == "mange")"#, "alder.0_15=få; alder.16_67=mange", YES),
        (r#"any(alder == "mange")"#, "alder.0_15=få; alder.16_67=få", NO),
        (r#"any(alder == "mange")"#, "alder.0_15=få", UNKNOWN),
        (r#"all(alder == "mange")"#, "alder.0_15=mange; alder.16_67=mange", YES),
        (r#"all(alder == "mange")"#, "alder.0_15=få", NO),
        (r#"all(alder == "mange")"#, "alder.0_15=mange", UNKNOWN),
        ("all(answered(alder))", "alder.0_15=mange", NO),
        (r#"any(alder == "mange" && bosatte > 5)"#, "alder.0_15=mange; bosatte=8", YES),
        (r#"count(alder == "mange") == 1"#, "alder.0_15=mange; alder.16_67=få", YES),
        (r#"count(alder == "mange") == 0"#, "", UNKNOWN),
        ("count(alder) == 1", "alder.16_67=få", YES),
        ("count(alder) == 0", "", YES),
        ("count(språk) == 2", "språk=arabisk dari", YES),
        (r#"sum(alder == "mange" ? 2 : 1) == 3"#, "alder.0_15=mange; alder.16_67=få", YES),
        (r#"sum(alder == "mange" ? 2 : 1) > 0"#, "", UNKNOWN),
        // Days are compared, moved by days, and days lie between two.
        (r#"date("2025-01-01") < date("2025-01-02")"#, "", YES),
        (r#"date("2024-03-01") - date("2024-02-01") == 29"#, "", YES),
        (r#"date("2025-01-31") + 1 == date("2025-02-01")"#, "", YES),
        (r#"date("2025-02-01") - 1 == date("2025-01-31")"#, "", YES),
        (r#"date("2025-02-01") in [date("2025-01-31")]"#, "", NO),
        (r#"date(navn) >= date("2025-01-01")"#, "navn=2025-06-01", YES),
        (r#"date(navn) >= date("2025-01-01")"#, "navn=i fjor", UNKNOWN),
        // The unit; a missing attribute is unknown.
        (r#"unit.kind == "municipality" && unit.population > 50000"#, "", YES),
        (r#"unit.id in ["0301", "1508"]"#, "", YES),
        ("unit.sami_area", "", UNKNOWN),
        ("!unit.sami_area || true", "", YES),
    ] {
        let found = evaluate(&instrument, condition, written, &alesund());
        assert_eq!(found, expected, "{condition} with {written:?}");
    }
}

#[test]
fn checks_look_at_the_day_and_the_role() {
    let instrument = instrument();
    let Instrument { questions, variables, .. } = &instrument;
    let survey = plain_survey();
    let role = Some(&survey.roles[0].id);
    let scope =
        Scope { beyond: true, roles: &survey.roles, role, ..Scope::of(questions, variables, UNIT) };
    let condition = r#"role == "informant" && today - date("2025-11-01") > 30"#;
    let (checked, problems) = check(&parse(condition).unwrap(), &scope);
    assert_eq!(problems, []);
    let (none, asked) = (answers(&instrument, ""), vec![true; questions.len()]);
    let on =
        |unit: UnitAttributes| checked.as_ref().unwrap().evaluate(&Case::new(&unit, &none, &asked));
    assert_eq!(on(alesund().on(jiff::civil::date(2025, 12, 2))), YES);
    assert_eq!(on(alesund().on(jiff::civil::date(2025, 12, 1))), NO);
    assert_eq!(on(alesund()), UNKNOWN);
}

#[test]
fn a_flag_is_true_or_false_where_it_is_known() {
    let unit = UnitAttributes::new([("sami_area", Attribute::Flag(true))]);
    assert_eq!(evaluate(&instrument(), "unit.sami_area", "", &unit), YES);
    assert_eq!(evaluate(&instrument(), "unit.population > 1", "", &unit), UNKNOWN);
}

#[test]
fn operators_bind_as_in_cel() {
    let kind = |source: &str| match parse(source).unwrap().kind {
        ExpressionKind::Binary { operator, .. } => operator,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind("a || b && c"), BinaryOperator::Or);
    assert_eq!(kind("a && b == c"), BinaryOperator::And);
    assert_eq!(kind("a == b + c"), BinaryOperator::Equal);
    assert_eq!(kind("a + b * c"), BinaryOperator::Add);
    assert_eq!(kind("!a == b"), BinaryOperator::Equal);
    assert_eq!(kind("x in [1] && y"), BinaryOperator::And);
}

#[test]
fn every_part_knows_its_place() {
    let source = r#"change( "q.år", ["ja"], since: 2021 ) "#;
    let Expression { kind, span } = parse(source).unwrap();
    assert_eq!(&source[span], r#"change( "q.år", ["ja"], since: 2021 )"#);
    let ExpressionKind::Call { function, arguments } = kind else { panic!("{kind:?}") };
    assert_eq!((function.name.as_str(), &source[function.span]), ("change", "change"));
    assert_eq!(&source[arguments[0].value.span.clone()], r#""q.år""#);
    assert_eq!(&source[arguments[1].value.span.clone()], r#"["ja"]"#);
    let since = arguments[2].name.as_ref().unwrap();
    assert_eq!((since.name.as_str(), &source[since.span.clone()]), ("since", "since"));
    assert_eq!(arguments[2].value.kind, ExpressionKind::Integer(2021));
}

#[test]
fn texts_have_two_kinds_of_quotes_and_escapes() {
    let text = |source: &str| parse(source).unwrap().kind;
    assert_eq!(text(r#""et 'ord'""#), ExpressionKind::Text("et 'ord'".into()));
    assert_eq!(text(r#"'et "ord"'"#), ExpressionKind::Text("et \"ord\"".into()));
    assert_eq!(text(r#""\"\\\n""#), ExpressionKind::Text("\"\\\n".into()));
    assert_eq!(parse(r#""a\q""#).unwrap_err().span, 2..4);
    assert_eq!(parse("'a").unwrap_err().message, "the text has no closing quote");
}

#[test]
fn what_is_not_an_expression_is_refused_where_it_goes_wrong() {
    for (source, message, span) in [
        ("", "expected a name or a value, found the end", 0..0),
        ("a ==", "expected a name or a value, found the end", 4..4),
        ("(a", "expected `)`, found the end", 2..2),
        ("a b", "expected an operator, found `b`", 2..3),
        ("a.", "expected a name, found the end", 2..2),
        ("f(a b)", "expected `,`, found `b`", 4..5),
        ("[1,]", "expected a name or a value, found `]`", 3..4),
        ("a ? b", "expected `:`, found the end", 5..5),
        ("a # b", "`#` has no meaning here", 2..3),
        ("99999999999999999999", "the number is too large", 0..20),
    ] {
        let error = parse(source).unwrap_err();
        assert_eq!((error.message.as_str(), error.span), (message, span), "{source}");
    }
}

/// A condition over three questions, without `answered`.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        r#"tolk == "ja""#,
        r#"før in ["ja", "nei"]"#,
        "bosatte > 3",
        "bosatte / 0 == 1",
        "true",
        "false",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) || ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) == ({b})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("({a}) ? ({b}) : ({c})")),
        ]
    })
}

proptest! {
    /// Kleene's logic is monotone: what is known from some answers stays known, and stays the
    /// same, whatever is answered next.
    #[test]
    fn a_further_answer_never_changes_what_was_known(
        condition in condition(),
        answers in prop::sample::subsequence(vec!["tolk=ja", "før=nei", "bosatte=5"], 0..=3),
        later in prop::sample::select(vec!["tolk=ja", "tolk=nei", "før=ja", "bosatte=0"]),
    ) {
        let instrument = instrument();
        let variable = later.split('=').next().unwrap();
        prop_assume!(!answers.iter().any(|answer| answer.starts_with(variable)));
        let some = evaluate(&instrument, &condition, &answers.join("; "), &alesund());
        let all: Vec<&str> = answers.iter().copied().chain([later]).collect();
        let more = evaluate(&instrument, &condition, &all.join("; "), &alesund());
        prop_assert!(some.is_none() || some == more, "{some:?} became {more:?}");
    }
}
