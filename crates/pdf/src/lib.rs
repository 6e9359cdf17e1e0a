//! How we print it: the report, the questionnaire and the receipt as PDF. The only room that will
//! know Typst, the largest dependency.
//!
//! Nothing is printed yet. The report and the receipt are web pages that print well.
