//! A survey of two sections that every test uses: routing, an option for each kind of missing, an
//! "other, specify", and a section that districts are not asked.

use frame::Frame;
use instrument::{Diagnostic, Instrument, Plan, RoundId, Survey, read};

pub(crate) struct Tiny {
    pub(crate) survey: Survey,
    pub(crate) instrument: Instrument,
    pub(crate) frame: Frame,
    pub(crate) plan: Plan,
}

impl Tiny {
    pub(crate) fn read() -> Tiny {
        let survey = sound(read::survey("survey.yaml", include_str!("tiny/survey.yaml")));
        let plan = sound(read::plan("plan.yaml", include_str!("tiny/plan.yaml"), &survey));
        let questionnaire = include_str!("tiny/questionnaire.yaml");
        let names = frame::UNIT_NAMES;
        let instrument =
            read::questionnaire("questionnaire.yaml", questionnaire, &survey, names, None);
        let round = RoundId::new(2025).unwrap();
        let frame = frame::frame("frame.csv", include_str!("tiny/frame.csv"), round);
        Tiny { survey, instrument: sound(instrument), frame: sound(frame), plan }
    }
}

fn sound<T>((value, diagnostics): (Option<T>, Vec<Diagnostic>)) -> T {
    assert_eq!(diagnostics, vec![]);
    value.unwrap()
}
