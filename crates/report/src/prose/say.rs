//! Sentences: numbers in words, parts, places, comparisons, and words that rest on a claim.

use estimate::Verdict;

use super::Problem;
use super::arguments::Call;
use super::claim::{Subject, direction, subject, test};
use super::evaluate::{Evaluator, Piece, no_options, problem};
use super::lexicon::{self, Sense};
use crate::portions::portion;
use crate::words::HARD_SPACE;

impl Evaluator<'_> {
    /// Says how many in words up to twelve, with the team's noun for one and for many.
    pub(super) fn in_words(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let (one, many) = (call.optional_text("one")?, call.optional_text("many")?);
        let share = self.share(call)?;
        let number = self.words.notation().count_in_words(share.count);
        let text = match (share.count, one, many) {
            // The noun for one brings its own word for one: "éi kommune", "éin bydel".
            (1, Some(one), _) => one,
            (_, _, Some(many)) => format!("{number}{HARD_SPACE}{many}"),
            _ => number,
        };
        let anchor = Some(self.ledger.state(&share));
        Ok(Piece { text, anchor, is_figure: true, ..Piece::default() })
    }

    /// Says about how large a part.
    pub(super) fn portion(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let share = self.share(call)?;
        let anchor = Some(self.ledger.state(&share));
        let text = portion(share.published().value, self.words);
        let key = Some(self.words.short_figure(&share));
        Ok(Piece { text, anchor, key, ..Piece::default() })
    }

    /// Says by how much more gave a good answer than a bad one.
    pub(super) fn net(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let (good, bad) = (call.codes("good")?, call.codes("bad")?);
        let net = self.figures.net(&call.text("variable")?, (&good, &bad));
        net.map(|net| self.figure(&net)).map_err(|error| problem(call, &error))
    }

    /// Says how one group of units stands to another.
    pub(super) fn compare(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let (of, with) = (call.group("of")?, call.group("with")?);
        if of == with {
            let message = "a group is held against another, not against itself";
            return Err(Problem::new("RR0208", call.span_of("with"), message));
        }
        let (variable, codes) = (call.text("variable")?, call.codes("options")?);
        let contrast = self.figures.contrast(&variable, &codes, (&of, &with));
        let contrast = contrast.map_err(|error| problem(call, &error))?;
        self.ledger.state(&contrast.of);
        let anchor = Some(self.ledger.state(&contrast.with));
        let other = self.labels.group_within(&with, self.words);
        let text = self.words.contrast(&contrast, &other);
        Ok(Piece { text, anchor, ..Piece::default() })
    }

    /// Says the place of an option among all.
    pub(super) fn place(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let (variable, codes) = (call.text("variable")?, call.codes("option")?);
        self.figures.share(&variable, &codes).map_err(|error| problem(call, &error))?;
        let ranking = self.figures.ranking(&variable).map_err(|error| problem(call, &error))?;
        let ranked = ranking.iter().find(|ranked| ranked.figure.codes == codes);
        let ranked = ranked.ok_or_else(|| no_options(call))?;
        let anchor = Some(self.ledger.state_ranked(ranked));
        let word = self.words.notation().place_in_words(ranked.rank);
        let text = word.map_or_else(|| self.words.count(ranked.rank), str::to_owned);
        Ok(Piece { text, anchor, ..Piece::default() })
    }

    /// Says the team's own words, where the data bear them out.
    pub(super) fn word(&mut self, call: &Call<'_>) -> Result<Piece, Problem> {
        let (text, claims) = (call.text("text")?, call.texts("claim")?);
        if text.contains(char::is_numeric) {
            let message = "words of your own can hold no digit";
            return Err(Problem::new("RR0104", call.span_of("text"), message)
                .hint("use `share`, `number` and the like"));
        }
        for claim in &claims {
            self.holds(call, claim)?;
        }
        self.same_way(call, ("text", &text), &claims)?;
        let anchor = claims.first().and_then(|claim| self.claimed(claim));
        Ok(Piece { text, anchor, ..Piece::default() })
    }

    /// Tests a claim that words rest on.
    pub(super) fn holds(&self, call: &Call<'_>, claim: &str) -> Result<(), Problem> {
        // The claim stands within quotes: what is wrong with it is pointed at as a whole.
        let at_claim = |wrong: Problem| Problem { span: call.span_of("claim"), ..wrong };
        let tested = test(claim, self.figures).map_err(at_claim)?;
        if tested.holds {
            return Ok(());
        }
        let message = format!("the data do not bear out `{claim}`: {}", tested.told());
        Err(Problem::new("RR0902", call.span_of("claim"), message)
            .hint("change the words, or the claim that they rest on"))
    }

    /// Records what a claim speaks of, so that its words lead to a card too.
    fn claimed(&mut self, claim: &str) -> Option<String> {
        match subject(claim, self.figures)? {
            Subject::Figure(figure) => Some(self.ledger.state(&figure)),
            Subject::Change(change) => Some(self.ledger.state_change(&change)),
        }
    }

    /// Errs where the words go up and the claim goes down, or the other way round.
    pub(super) fn same_way(
        &self,
        call: &Call<'_>,
        (argument, text): (&str, &str),
        claims: &[String],
    ) -> Result<(), Problem> {
        let ways: Vec<Verdict> = claims.iter().filter_map(|claim| direction(claim)).collect();
        for found in lexicon::find(text, self.words.lang) {
            let wanted = match found.sense {
                Sense::Up => Verdict::Up,
                Sense::Down => Verdict::Down,
                Sense::Quantity | Sense::Rank => continue,
            };
            if !ways.is_empty() && !ways.contains(&wanted) {
                let word = &text[found.place];
                let message = format!("`{word}` says another thing than the claim beside it");
                return Err(Problem::new("RR0903", call.span_of(argument), message)
                    .hint("the word and the claim must go the same way"));
            }
        }
        Ok(())
    }
}
