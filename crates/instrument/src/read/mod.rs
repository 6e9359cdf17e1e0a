//! Reads the files of a survey folder: a checked value and all diagnostics at once.

use crate::expression::UnitNames;
use crate::{Diagnostic, Instrument, Plan, Survey};

/// Reads `survey.yaml`. The value is there only where there is no error.
pub fn survey(file: &str, text: &str) -> (Option<Survey>, Vec<Diagnostic>) {
    let _ = (file, text);
    unimplemented!()
}

/// Reads the `questionnaire.yaml` of a round. `before` is the last round's questionnaire, which
/// the lineage of the questions is checked against. The value is there only where there is no
/// error.
pub fn questionnaire(
    file: &str,
    text: &str,
    survey: &Survey,
    unit: &UnitNames,
    before: Option<&Instrument>,
) -> (Option<Instrument>, Vec<Diagnostic>) {
    let _ = (file, text, survey, unit, before);
    unimplemented!()
}

/// Reads the `plan.yaml` of a round. The value is there only where there is no error.
pub fn plan(file: &str, text: &str, survey: &Survey) -> (Option<Plan>, Vec<Diagnostic>) {
    let _ = (file, text, survey);
    unimplemented!()
}
