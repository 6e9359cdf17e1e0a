//! Claims: what holds, what does not, and what is no claim.

use std::collections::BTreeMap;

use estimate::Verdict;
use instrument::{Diagnostic, RoundId};
use report::{ClaimedValue, Previous, RoundInput, TestedClaim, verify};

use crate::{WORLD, fixture};

fn ask(claim: &str) -> Result<TestedClaim, Box<Diagnostic>> {
    let previous = Some(Previous { data: &WORLD.before, overlap: fixture::overlap() });
    let round = RoundInput {
        plan: &WORLD.plan,
        data: &WORLD.now,
        previous,
        reports: BTreeMap::new(),
        instrument: None,
        frame: None,
        published: vec![],
        coded: vec![],
        downloads: vec![],
        known: Default::default(),
        boundaries: None,
    };
    verify(&round, claim)
}

#[test]
fn claims_hold_or_do_not() {
    // 139 of 215 said yes to guidelines: 64.651 percent. The settled are 1, 2 … 215: mean 108.
    for (claim, holds) in [
        ("share('tolk', 'ja') == 65 percent", true),
        ("share('tolk', 'ja') == 65", true),
        ("share(\"tolk\", \"ja\")==65%", true),
        ("share('tolk', 'ja') == 64.7 prosent", true),
        ("share('tolk', 'ja') == 64.6 percent", false),
        ("share('tolk', 'ja') == 64 percent", false),
        ("share('tolk', 'ja') != 64 percent", true),
        // What prints as 65 is not 65 or more.
        ("share('tolk', 'ja') >= 65 percent", false),
        ("share('tolk', 'ja') > 64 percent", true),
        ("share('tolk', 'ja') < 65 percent", true),
        ("share('tolk', 'ja') <= 64.6 percent", false),
        ("number('tolk', 'ja') == 139", true),
        ("base('tolk') == 215", true),
        ("mean('bosatte') == 108", true),
        ("median('bosatte') == 108.0", true),
        // 215 of 371 are 57.95 percent, 224 are 60.38.
        ("response_rate() == 58 percent", true),
        ("response_rate(round: 2021) == 60 percent", true),
        ("answered() == 215", true),
        ("invited(round: 2021) == 371", true),
        ("change('tolk', 'ja', since: 2021) == up", true),
        ("change('tolk', 'ja', since: 2021) != down", true),
        ("change('mangfold', 'ja', since: 2021) == down", true),
        ("change('mangfold', 'ja', since: 2021) == same", false),
    ] {
        assert_eq!(ask(claim).map(|tested| tested.holds), Ok(holds), "{claim}");
    }
}

#[test]
fn what_the_data_say_stands_beside_the_verdict() {
    let tested = ask("share('tolk', 'ja') == 65 percent").unwrap();
    let ClaimedValue::Number { value, percent: true, rounded: Some(rounded) } = tested.value else {
        unreachable!("a share is a percentage")
    };
    assert_eq!((tested.base, rounded.value, rounded.decimals), (215, 65.0, 0));
    assert!((value - 13_900.0 / 215.0).abs() < 1e-9);
    let (low, high) = tested.interval.unwrap();
    assert!(low < value && value < high);

    let tested = ask("change('tolk', 'ja', since: 2021) == up").unwrap();
    let ClaimedValue::Change { verdict, before, after, difference } = tested.value else {
        unreachable!("a change has two ends")
    };
    assert_eq!(verdict, Verdict::Up);
    assert!((before - 5_700.0 / 220.0).abs() < 1e-9 && (after - before - difference).abs() < 1e-9);
}

#[test]
fn what_is_no_claim_is_told_where_and_why() {
    for (claim, code, at) in [
        ("share('tolk', 'ja')", "RR0801", "share('tolk', 'ja')"),
        ("share('tolk', 'ja') + 1", "RR0801", "share('tolk', 'ja') + 1"),
        ("65 == share('tolk', 'ja')", "RR0201", "65"),
        ("share('tolk', 'ja') ==", "RR0103", ""),
        ("share('tolk', 'ja') == 'ja'", "RR0804", "'ja'"),
        ("share('tolk', 'jo') == 1 percent", "RR0302", "'jo'"),
        ("share('tulk', 'ja') == 1 percent", "RR0301", "'tulk'"),
        ("share('hemmelig', 'ja') == 1 percent", "RR0401", "'hemmelig'"),
        ("share('sjelden', 'ja') == 1 percent", "RR0402", "'sjelden'"),
        ("mean('bosatte') == 9 percent", "RR0803", "percent"),
        ("top('utfordringer', 2) == 1", "RR0802", "top('utfordringer', 2)"),
        ("change('tolk', 'ja', since: 2021) == better", "RR0805", "better"),
        ("change('tolk', 'ja', since: 2021) > up", "RR0805", "up"),
        ("change('endret', 'ja', since: 2021) == up", "RR0504", "'endret'"),
    ] {
        let found = ask(claim).unwrap_err();
        let span = found.span.clone().unwrap();
        assert_eq!((found.code, &claim[span]), (code, at), "{claim}");
    }
}

#[test]
fn a_change_needs_its_round() {
    let found = ask("change('tolk', 'ja', since: 2019) == up").unwrap_err();
    let known = RoundId::new(2021).unwrap();
    assert_eq!((found.code, found.hint), ("RR0501", Some(format!("the round before is {known}"))));
}
