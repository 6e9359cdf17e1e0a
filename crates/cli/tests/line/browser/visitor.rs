//! What somebody who answers needs of the program that shows the pages, whichever it is: Chromium, or one
//! that reads their HTML and sends their forms.

/// A field of the page that is open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) value: String,
    pub(crate) checked: bool,
    /// Whether the option shuts out the others.
    pub(crate) alone: bool,
    pub(crate) number: bool,
    /// What the page gives as an example of what to write; empty where anything will do.
    pub(crate) example: String,
    /// What is left of a whole for a part of it: all for the first, nothing for the others.
    pub(crate) left: String,
    pub(crate) invalid: bool,
    /// What stands first in the list that it searches; empty where there is none.
    pub(crate) listed: String,
    /// Whether it asks why an answer is right that a warning fires at.
    pub(crate) reason: bool,
    /// What the names of the files that it takes end with; empty for other fields.
    pub(crate) accept: String,
    /// Whether its question was filled in for those who asked for it.
    pub(crate) filled: bool,
}

/// A program that shows pages, in the hands of a person.
pub(crate) trait Visitor {
    /// Opens a page.
    async fn open(&mut self, address: &str);

    /// Forgets who it was, as a browser does that is closed and cleaned up.
    async fn forget(&mut self);

    /// Returns the address of the page that is open, from its host on.
    async fn place(&mut self) -> String;

    /// Looks at the page that is open, and notes what is wrong with it.
    async fn look(&mut self);

    /// Returns how often the selector finds something on the page that is open.
    async fn count(&mut self, selector: &str) -> usize;

    /// Returns the text of all that the selector finds.
    async fn text(&mut self, selector: &str) -> String;

    /// Returns an attribute of all that the selector finds and that have it.
    async fn attribute(&mut self, selector: &str, name: &str) -> Vec<String>;

    /// Presses one of what the selector finds, counted from 0, and waits for the page that it leads to.
    async fn press(&mut self, selector: &str, nth: usize);

    /// Returns the fields of the page's form.
    async fn fields(&mut self) -> Vec<Field>;

    /// Chooses an option, or ticks a box.
    async fn choose(&mut self, field: &Field);

    /// Picks a value of those that a field lists; false where it does not list it.
    async fn pick(&mut self, field: &Field, value: &str) -> bool;

    /// Chooses a file of this name and content, and presses the button by the field that hands it over.
    async fn hand_over(&mut self, field: &Field, name: &str, content: &[u8]);

    /// Writes a text in the place of what stands in a field; false where the field is not shown.
    async fn write(&mut self, field: &Field, text: &str) -> bool;
}
