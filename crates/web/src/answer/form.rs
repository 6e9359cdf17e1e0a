//! The form of a page as it comes and goes: its name, and how often it has been sent.

use store::{Form, Token};

use crate::posted::Posted;

/// The name of the hidden field.
const FIELD: &str = ":form";

/// Returns a name for the form of a page that is being made: `TOKEN.0`.
pub(super) fn fresh() -> String {
    format!("{}.0", Token::random().reveal())
}

/// Returns the form that was sent; `None` where it has no name, or one that we did not make.
pub(super) fn of(posted: &Posted) -> Option<Form> {
    let (token, step) = posted.first(FIELD)?.split_once('.')?;
    let token: Token = token.parse().ok()?;
    Some(Form { token: token.reveal().into(), step: step.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_known_by_its_name() {
        let posted = |value: &str| -> Posted {
            [(FIELD.to_owned(), value.to_owned())].into_iter().collect()
        };
        let name = fresh();
        let form = of(&posted(&name)).unwrap();
        assert_eq!((format!("{}.0", form.token), form.step), (name, 0));
        for wrong in ["", "x.0", "0123456789abcdefghjkmnpqrs", "0123456789abcdefghjkmnpqrs.-1"] {
            assert_eq!(of(&posted(wrong)), None, "{wrong}");
        }
    }
}
