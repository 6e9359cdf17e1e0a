//! The names of the columns.

use dataset::CodebookVariable;
use instrument::VariableKind;

/// What the table tells of each unit, in order. No question can be called `unit`.
pub(crate) const UNIT: [&str; 10] = [
    "unit.id",
    "unit.name",
    "unit.kind",
    "unit.county_id",
    "unit.county",
    "unit.population",
    "unit.size",
    "unit.centrality",
    "unit.kostra_group",
    "unit.disposition",
];

/// Returns the columns that a variable fills. A multiple choice has one for each substantive
/// option; the rest have one.
pub(crate) fn columns(variable: &CodebookVariable) -> Vec<String> {
    let name = &variable.name;
    match variable.kind {
        VariableKind::Categories => {
            let substantive = variable.options.iter().filter(|option| option.missing.is_none());
            substantive.map(|option| format!("{name}.{}", option.code)).collect()
        }
        // The option that asks for a text has the same name in a multiple choice.
        VariableKind::Text if name != variable.question.as_str() => vec![format!("{name}.text")],
        VariableKind::Category
        | VariableKind::Integer
        | VariableKind::Decimal
        | VariableKind::Text => vec![name.clone()],
    }
}
