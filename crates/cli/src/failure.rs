//! Errors sorted by who must act: whoever wrote the input, or we.

use std::fmt::Display;

use store::StoreError;

/// Something that the person at the keyboard can mend: exit status 1, where everything else is 3.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// Returns an error that the person at the keyboard can mend.
pub fn refused(message: impl Display) -> anyhow::Error {
    Refused(message.to_string()).into()
}

/// Returns the exit status for an error: 1 for the input, 3 for us.
pub fn exit_status(error: &anyhow::Error) -> u8 {
    let refused = error.chain().any(<dyn std::error::Error>::is::<Refused>);
    let input = error.chain().filter_map(|cause| cause.downcast_ref()).any(input_at_fault);
    if refused || input { 1 } else { 3 }
}

fn input_at_fault(error: &StoreError) -> bool {
    match error {
        StoreError::Open { .. }
        | StoreError::Newer { .. }
        | StoreError::Altered { .. }
        | StoreError::Foreign { .. }
        | StoreError::NoRound(_)
        | StoreError::NoCase(_)
        | StoreError::OtherParent { .. }
        | StoreError::Closed(_)
        | StoreError::Signed(_)
        | StoreError::UserExists(_) => true,
        StoreError::Conflict(_)
        | StoreError::NotTheirs(_)
        | StoreError::NotOpen(_)
        | StoreError::Changed(_)
        | StoreError::DataSet(_)
        | StoreError::Stored { .. }
        | StoreError::Password(_)
        | StoreError::NotCommitted(_)
        | StoreError::Sql(_) => false,
    }
}
