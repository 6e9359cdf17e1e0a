//! The tiny surveys as this crate sees them: what each asks after which answers, and the page that
//! lists them.

use std::fmt::Write;
use std::fs;

use instrument::expression::Case;
use instrument::lineage::predecessor;
use instrument::path::{Path, path};
use instrument::{Instrument, Lang};

use crate::sample::{alesund, answers, rounds, surveys, tiny_surveys};

/// A survey, what Ålesund answers, and the questions that it is asked then.
const ASKED: &[(&str, &str, &str)] = &[
    ("routing_and", "frivillige=ja", "frivillige avtale"),
    ("routing_and", "frivillige=ja; avtale=ja", "frivillige avtale innhold"),
    ("routing_or", "frivillige=nei; avtale=nei", "frivillige avtale"),
    ("routing_or", "avtale=ja", "frivillige avtale erfaring"),
    ("routing_in", "ofte=sjeldnere", "ofte"),
    ("routing_in", "ofte=ukentlig", "ofte avtale"),
    ("routing_any", "samarbeid.nav=darlig", "samarbeid"),
    ("routing_any", "samarbeid.nav=darlig; samarbeid.helse=godt", "samarbeid grunn"),
    // A row without an answer is unknown, and so is "all".
    ("routing_all", "samarbeid.nav=godt; samarbeid.skole=godt", "samarbeid"),
    (
        "routing_all",
        "samarbeid.nav=godt; samarbeid.skole=godt; samarbeid.helse=godt",
        "samarbeid hemmelighet",
    ),
    ("routing_row", "samarbeid.skole=godt", "samarbeid"),
    ("routing_row", "samarbeid.nav=godt", "samarbeid nav_grunn"),
    ("routing_count", "partnere=nav", "partnere samarbeid"),
    ("routing_count", "partnere=nav skole", "partnere samarbeid samordning"),
    (
        "routing_sum",
        "samarbeid.nav=godt; samarbeid.skole=darlig; samarbeid.helse=darlig",
        "samarbeid",
    ),
    (
        "routing_sum",
        "samarbeid.nav=godt; samarbeid.skole=godt; samarbeid.helse=darlig",
        "samarbeid deling",
    ),
    ("routing_numbers", "bosatte=10; ansatte=20", "bosatte ansatte"),
    ("routing_numbers", "bosatte=20; ansatte=10", "bosatte ansatte belastning"),
    ("routing_numbers", "bosatte=90; ansatte=10", "bosatte ansatte"),
    ("routing_dates", "vedtak=2023-05-01", "vedtak"),
    ("routing_dates", "vedtak=2024-05-01", "vedtak nytt"),
    // Ålesund has 59,198 inhabitants; how central it is, is not known here.
    ("routing_unit", "", "plan storby"),
    ("routing_missing", "", "kjent"),
    ("routing_missing", "kjent=vet_ikke", "kjent hvem mer"),
    ("routing_missing", "kjent=nei", "kjent mer"),
    ("routing_parts", "boliger.kommunal=50; viktigst.pris=2", "boliger viktigst"),
    ("routing_parts", "boliger.kommunal=51; viktigst.pris=1", "boliger viktigst kommunale pris"),
    ("routing_chain", "tolk=ja; opplaring=ja", "tolk opplaring nok"),
    // What was answered off the path counts for nothing further on.
    ("routing_chain", "tolk=nei; opplaring=ja", "tolk"),
    ("pages_skipped", "", "tolk slutt"),
    ("sections_routed", "tolk=nei", "tolk hvordan"),
    ("sections_routed", "tolk=ja", "tolk kvalitet"),
    ("specify", "steder=bibliotek", "steder"),
    ("specify", "steder=annet; steder.annet=På kafeen", "steder stotte"),
    ("rows_offered", "", "tilbud"),
    ("rows_offered", "tilbud=morsmal", "tilbud plasser"),
    ("calculate_class", "bosatte=40; arsverk=2", "bosatte arsverk bemanning"),
    ("calculate_class", "bosatte=41; arsverk=2", "bosatte arsverk bemanning folger"),
    ("negative_numbers", "endring=-1", "endring hvorfor"),
    ("notes_shown", "enslige=nei", "enslige"),
    ("notes_shown", "enslige=ja", "enslige husk antall"),
    ("list_shared", "oftest=ar; vanskeligst=ti", "oftest vanskeligst"),
    ("list_shared", "oftest=ti; vanskeligst=ti", "oftest vanskeligst losning"),
    ("repeat_all", "kurs=2; kurs_1_fullt=ja; kurs_2_fullt=nei", "kurs kurs_1_fullt kurs_2_fullt"),
    (
        "repeat_all",
        "kurs=2; kurs_1_fullt=ja; kurs_2_fullt=ja; kurs_3_fullt=nei",
        "kurs kurs_1_fullt kurs_2_fullt venteliste",
    ),
    (
        "repeat_count",
        "kurs=2; kurs_1_plasser=10; kurs_2_plasser=9",
        "kurs kurs_1_plasser kurs_2_plasser",
    ),
    (
        "repeat_count",
        "kurs=2; kurs_1_plasser=10; kurs_2_plasser=12",
        "kurs kurs_1_plasser kurs_2_plasser store",
    ),
    ("repeat_fewest", "", "kontor kontor_1_navn"),
];

#[test]
fn each_survey_asks_what_it_is_about() {
    for (survey, written, expected) in ASKED {
        let instrument = rounds(survey).pop().expect("a round");
        let Path { questions, .. } =
            path(&instrument, &alesund(), &mut answers(&instrument, written));
        let asked = instrument.questions.iter().zip(questions).filter(|(_, asked)| *asked);
        let asked: Vec<&str> = asked.map(|(question, _)| question.id.as_str()).collect();
        assert_eq!(asked.join(" "), *expected, "{survey}: {written}");
    }
}

/// A survey, what was answered, a question, and its text as it reads then.
const TEXTS: &[(&str, &str, &str, &str)] = &[
    ("piping_numbers", "kurs=1; timer=1", "nytte", "Hva var nytten av 1 kurs på 1 time?"),
    (
        "piping_numbers",
        "kurs=2; timer=1234.5",
        "nytte",
        "Hva var nytten av 2 kurs på 1234,5 timer?",
    ),
    (
        "piping_options",
        "kanaler=sms brev annet",
        "oversatt",
        "Dere når dem på SMS, i brev og på en annen måte. Er det dere skriver, oversatt?",
    ),
    (
        "piping_dates",
        "vedtak=2025-01-31",
        "innen",
        "Vedtaket er fra 31. januar 2025. Var det gjennomført innen 30. juli 2025?",
    ),
    (
        "specify",
        "steder=annet; steder.annet=Kafeen",
        "stotte",
        "Får stedet «Kafeen» støtte fra kommunen?",
    ),
    ("list_shared", "oftest=ti", "losning", "Hva gjør dere når det ikke finnes tolk i tigrinja?"),
    (
        "repeat_piped",
        "tiltak=2; tiltak_1_navn=Kafé; tiltak_1_deltakere=1; tiltak_2_navn=Kor; tiltak_2_deltakere=8",
        "tiltak_1_plass",
        "Er det plass til flere enn 1 deltaker på «Kafé»?",
    ),
    (
        "repeat_piped",
        "tiltak=2; tiltak_1_navn=Kafé; tiltak_1_deltakere=1; tiltak_2_navn=Kor; tiltak_2_deltakere=8",
        "tiltak_2_plass",
        "Er det plass til flere enn 8 deltakere på «Kor»?",
    ),
];

#[test]
fn each_text_pipes_what_was_answered() {
    for (survey, written, question, expected) in TEXTS {
        let instrument = rounds(survey).pop().expect("a round");
        let (unit, mut answers) = (alesund(), answers(&instrument, written));
        let path = path(&instrument, &unit, &mut answers);
        let case = Case::new(&unit, &answers, &path.questions);
        let text = &instrument.question(question).expect("the survey asks it").text;
        assert_eq!(instrument.fill(text, Lang::NB, &case).plain(), *expected, "{survey}");
    }
}

#[test]
fn a_row_looks_back_at_the_same_row() {
    let [before, now] = <[Instrument; 2]>::try_from(rounds("repeat_last")).expect("two rounds");
    let second = now.variable("kurs_2_plasser").unwrap();
    let predecessor = predecessor(&now, &before, second).expect("the list continues another");
    assert_eq!(before.variables[predecessor.variable].name, "norskkurs_2_antall");

    let then = answers(&before, "norskkurs=2; norskkurs_1_antall=7; norskkurs_2_antall=9");
    let unit = alesund().with_last(then);
    let mut answers = answers(&now, "kurs=2");
    let path = path(&now, &unit, &mut answers);
    let case = Case::new(&unit, &answers, &path.questions);
    let help = now.question("kurs_2_plasser").and_then(|question| question.help.as_ref());
    let text = now.fill(help.expect("it has a help"), Lang::NB, &case).plain();
    assert_eq!(text, "Sist svarte dere 9.");
}

const HEAD: &str = "<!-- Made from the surveys: `cargo xtask bless instrument` renews it. -->

# Surveys

[kommuneundersokelsen](kommuneundersokelsen) is the survey that the program must carry whole. The others are
tiny, one for each feature of the language of questionnaires: look one up to see how something is written, or
show it with `runde preview surveys/NAME 2025`. The tests read them, draw answers to them, answer them as
people do and freeze them.

| Survey | What it shows |
| --- | --- |
";

#[test]
fn the_page_lists_every_survey() {
    let mut page = HEAD.to_owned();
    for survey in tiny_surveys() {
        let text = fs::read_to_string(surveys().join(&survey).join("survey.yaml")).unwrap();
        let about = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let about = about.unwrap_or_else(|| panic!("{survey}/survey.yaml says what it is for"));
        let _ = writeln!(page, "| [{survey}]({survey}/rounds/2025/questionnaire.yaml) | {about} |");
    }
    let file = surveys().join("README.md");
    // As with golden files: the same switch renews it.
    if std::env::var_os("INSTA_UPDATE").is_some_and(|value| value == "always") {
        fs::write(&file, &page).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "surveys/README.md is stale: run `cargo xtask bless instrument`");
}
